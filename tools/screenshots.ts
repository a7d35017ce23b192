// `npm run screenshots`: the pictures of README and docs/tour.md, taken from the sandbox in a browser, while one offboarding is played.
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import {
  closeWindow,
  moveParcel,
  openPanel,
  planOf,
  press,
  readPasscode,
  receive,
  reply,
  see,
  seeInTime,
  threadOf,
  unlockMac,
} from '../test/support/sandbox-acts.ts';
import { become, LIN, messageWith, modal, openSandbox, SAM, submit } from '../test/support/sandbox-page.ts';

const FOLDER = path.resolve(import.meta.dirname, '../docs/pictures');
const MOST_BYTES = 150_000;
const NAME = 'Dana Whitfield';
const MAC = 'C02DANA0001';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Evaluated in the page: is there more green than red in a tick? */
const LOOKS_COLOURED = `(() => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '20px sans-serif';
  pen.fillText('✅', 0, 20);
  const { data } = pen.getImageData(0, 0, 24, 24);
  return data.some((value, at) => at % 4 === 1 && value > data[at - 1] + 40);
})()`;

const sandbox = await openSandbox();
try {
  const page = await sandbox.open(LIN, { viewport: { width: 1080, height: 600 } });
  await needEmoji(page);
  await breakOkta();
  await planOf(page, '/offboard dana@acme.test');
  await take(page, 'plan');
  await submit(page);
  await closeWindow(page);
  await threadOf(page, NAME);
  const failed = reply(page, 'devices').filter({ has: page.getByRole('button', { name: /^Retry/ }) });
  await seeInTime(sandbox, failed, { stepMs: 2_000 });
  await seeInTime(sandbox, reply(page, 'Okta account deactivated'), { stepMs: 30_000 });
  await quiet(page);
  await show(failed);
  await show(page.getByRole('main').getByRole('article').filter({ hasText: NAME }).last());
  await take(page, 'retry');
  await (await openPanel(page, 'Break things')).getByRole('button', { name: 'Mend' }).click();
  await threadOf(page, NAME);
  await press(failed, /^Retry/);
  await see(reply(page, 'devices removed').filter({ hasText: 'retried by' }));
  await see(reply(page, 'Mailbox handed over'));
  await quiet(page);
  await show(reply(page, 'Registered devices removed'));
  await show(messageWith(page, NAME));
  await take(page, 'thread');

  await become(page, SAM);
  await threadOf(page, NAME);
  const pin = await readPasscode(reply(page, 'Mac locked'));
  await page.keyboard.press('Escape');
  await modal(page).waitFor({ state: 'detached' });
  await unlockMac(page, MAC, pin);
  await moveParcel(page);
  await take(page, 'parcel');
  await become(page, LIN);
  await threadOf(page, NAME);
  await seeInTime(sandbox, reply(page, 'Device: delivered'), { stepMs: HOUR_MS });
  await receive(page, MAC);
  const erasure = await seeInTime(sandbox, reply(page, 'Erase this Mac?'), { stepMs: 10 * MINUTE_MS });
  await become(page, SAM);
  await threadOf(page, NAME);
  await press(erasure, /^Erase it/);
  await take(page, 'erase');
  await page.locator('.confirm .dialog-foot button').last().click();
  await see(reply(page, 'Device back in the inventory'));
  await page.getByRole('navigation').getByRole('button', { name: 'Sendoff' }).first().click();
  await see(page.getByRole('main').getByText('Operators'));
  await see(page.getByRole('main').getByText('Running now'));
  await take(page, 'home');

  await page.getByRole('navigation').getByRole('button', { name: 'it-offboarding' }).click();
  await sandbox.advance(60 * DAY_MS);
  await seeInTime(sandbox, messageWith(page, `${NAME} is offboarded`), { stepMs: HOUR_MS });
  await threadOf(page, NAME);
  await show(await see(reply(page, 'Report: ')));
  const phone = await sandbox.open(LIN, { viewport: { width: 390, height: 760 }, colorScheme: 'dark' });
  await threadOf(phone, `${NAME} is offboarded`);
  await quiet(phone);
  await show(await see(reply(phone, 'Report: ')));
  await take(phone, 'phone');
} finally {
  await sandbox.stop();
}

async function breakOkta(): Promise<void> {
  await fetch(`${sandbox.announced.control.okta}/faults`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'status', status: 503, operation: 'okta.deactivateDevice', times: 1_000 }),
  });
}

/** At the top of what scrolls. */
async function show(what: Locator): Promise<void> {
  await what.evaluate((one) => one.scrollIntoView({ block: 'start' }));
}

/** Nothing is redrawn any more. */
async function quiet(page: Page): Promise<void> {
  let before = '';
  for (let now = await text(page); now !== before; now = await text(page)) {
    before = now;
    await page.waitForTimeout(2_500);
  }
}

async function text(page: Page): Promise<string> {
  return (await page.getByRole('log').allTextContents()).join('\n');
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate('document.fonts.ready.then(() => true)');
  mkdirSync(FOLDER, { recursive: true });
  const file = path.join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  const { size } = statSync(file);
  console.log(`${path.relative(process.cwd(), file)}  ${Math.round(size / 1_000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${name} is larger than ${MOST_BYTES} bytes`);
}

/** Without a font for them every icon would be an empty box. */
async function needEmoji(page: Page): Promise<void> {
  const hasColour = await page.evaluate(LOOKS_COLOURED);
  if (!hasColour) throw new Error('no font with emoji: apt-get install fonts-noto-color-emoji');
}
