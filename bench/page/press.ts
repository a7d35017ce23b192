// From a press in the browser until the thread shows what came of it: real clicks, each of another kind or on another message.
import type { Locator, Page } from 'playwright-core';
import { closeWindow, openPanel, planOf, see, threadOf } from '../../test/support/sandbox-acts.ts';
import { modal, openSandbox, SAM, type SandboxUnderTest } from '../../test/support/sandbox-page.ts';
import { quantile } from '../figures.ts';
import { heading, held, line } from '../table.ts';

/** As the page's own “is busy” says it. */
const RETRY_AFTER_SECONDS = 2;
const HOUR_MS = 61 * 60_000;
const PATIENCE_MS = 30_000;
/** Nothing is drawn that comes from before. */
const QUIET_MS = 2_500;
const THREAD = `document.querySelector('aside[aria-label="Thread"]')`;

interface Press {
  readonly what: string;
  readonly ms: number;
}

export async function measurePresses(): Promise<void> {
  const sandbox = await openSandbox();
  try {
    heading('the page');
    held('gzipped', Math.round(sandbox.announced.gzippedBytes / 1_000), 500, ' kB');
    const page = await sandbox.open(SAM);
    const plain = await pressAll(sandbox, page, 'plain', false);
    heading('press → redrawn thread, in Chromium');
    for (const { what, ms } of plain) line(what, `${Math.round(ms)} ms`.padStart(10));
    held(`median of ${plain.length}`, Math.round(medianOf(plain)), 1_500, ' ms');
    // Else it would be too many in one hour.
    await sandbox.advance(HOUR_MS);
    const busy = await pressAll(sandbox, page, 'busy', true);
    heading(`the same, Slack answers 429 once on the way (Retry-After ${RETRY_AFTER_SECONDS} s)`);
    for (const { what, ms } of busy) line(what, `${Math.round(ms)} ms`.padStart(10));
    held(`median of ${busy.length}`, Math.round(medianOf(busy)), 4_000, ' ms');
    await measurePanel(page);
  } finally {
    await sandbox.stop();
  }
}

const medianOf = (all: readonly Press[]): number =>
  quantile(
    all.map(({ ms }) => ms),
    0.5,
  );

/** Five people, each taken out and pressed about: confirm, Retry twice, Mark done or Skip. */
async function pressAll(
  sandbox: SandboxUnderTest,
  page: Page,
  prefix: string,
  isBusy: boolean,
): Promise<readonly Press[]> {
  const found: Press[] = [];
  const people = 5;
  await command(sandbox, 'okta', 'copy_user', { user: 'ada', count: people, prefix });
  await fault(sandbox, 'okta', { kind: 'status', status: 400, operation: 'okta.deactivateDevice', times: 10_000 });
  const busy = async (operation: string): Promise<void> => {
    if (isBusy)
      await fault(sandbox, 'slack', { kind: 'rate_limit', operation, retryAfterSeconds: RETRY_AFTER_SECONDS });
  };
  for (let at = 0; at < people; at += 1) {
    const login = `${prefix}${at}@acme.test`;
    const name = `${prefix}-${at}`;
    await command(sandbox, 'okta', 'set_user', {
      user: login,
      patch: { profile: { firstName: name, displayName: name } },
    });
    await planOf(page, `/offboard ${login}`);
    await busy('slack.chat.postMessage');
    const root = `[...document.querySelectorAll('main article')].some((one) => one.textContent.includes(${JSON.stringify(name)}))`;
    found.push({ what: 'Offboard', ms: await timed(page, modal(page).locator('button[type=submit]'), root) });
    await closeWindow(page);
    await threadOf(page, name);
    const failed = page
      .getByRole('complementary', { name: 'Thread' })
      .getByRole('article')
      .filter({ has: page.getByRole('button', { name: /^Retry/ }) })
      .last();
    await see(failed);
    for (let times = 1; times <= 2; times += 1) {
      await quiet(page);
      await busy('slack.chat.update');
      const told = `(${THREAD}?.textContent.match(/retried by/g) ?? []).length > ${await count(page, 'retried by')}`;
      found.push({ what: 'Retry', ms: await timed(page, failed.getByRole('button', { name: /^Retry/ }), told) });
      await see(failed);
    }
    const isSkip = at % 2 === 0;
    await quiet(page);
    await failed.getByRole('button', { name: isSkip ? /^Skip/ : /^Mark/ }).click();
    await modal(page).getByRole('textbox').fill('Looked at by hand, nothing is left there');
    await busy('slack.chat.update');
    const words = isSkip ? 'Skipped by' : 'by hand by';
    const shows = `(${THREAD}?.textContent ?? '').includes(${JSON.stringify(words)})`;
    const label = isSkip ? 'Skip' : 'Mark done by hand';
    found.push({ what: label, ms: await timed(page, modal(page).locator('button[type=submit]'), shows) });
    await page.keyboard.press('Escape');
    await modal(page).waitFor({ state: 'detached' });
  }
  for (const vendor of ['okta', 'slack'])
    await fetch(`${sandbox.announced.control[vendor]}/faults`, { method: 'DELETE' });
  return found;
}

/** What hands do at a vendor is seen in that vendor's panel. */
async function measurePanel(page: Page): Promise<void> {
  const panel = await openPanel(page, 'Vendors');
  await panel.getByRole('tab', { name: 'Google', exact: true }).click();
  const found: Press[] = [];
  await panel.getByRole('searchbox').fill('alex@');
  for (let at = 0; at < 6; at += 1) {
    const button = panel.getByRole('button', { name: /^(Suspend|Unsuspend|Make active)/ }).first();
    const label = JSON.stringify((await (await see(button)).textContent()) ?? '');
    const changed = `!document.querySelector('#tab-body')?.textContent.includes(${label})`;
    found.push({ what: 'Google', ms: await timed(page, button, changed) });
  }
  heading('press → the vendor’s own panel');
  held(`median of ${found.length}`, Math.round(medianOf(found)), 500, ' ms');
}

/** From the click, as the page itself saw it, until `holds` is true of the page. */
async function timed(page: Page, button: Locator, holds: string): Promise<number> {
  const looking = page.evaluate(`new Promise((done, fail) => {
    let pressedAt = null;
    addEventListener('click', () => { pressedAt = performance.now(); }, { capture: true, once: true });
    const look = () => {
      const now = performance.now();
      if (pressedAt !== null && (${holds})) done(now - pressedAt);
      else if (pressedAt !== null && now - pressedAt > ${PATIENCE_MS}) fail(new Error('nothing was redrawn'));
      else requestAnimationFrame(look);
    };
    look();
  })`);
  await button.click();
  return Number(await looking);
}

async function count(page: Page, words: string): Promise<number> {
  return Number(await page.evaluate(`(${THREAD}?.textContent.match(/${words}/g) ?? []).length`));
}

async function quiet(page: Page): Promise<void> {
  let before = '';
  for (let now = await text(page); now !== before; now = await text(page)) {
    before = now;
    await page.waitForTimeout(QUIET_MS);
  }
}

async function text(page: Page): Promise<string> {
  return (await page.getByRole('log').allTextContents()).join('\n');
}

async function fault(sandbox: SandboxUnderTest, vendor: string, plan: object): Promise<void> {
  await fetch(`${sandbox.announced.control[vendor]}/faults`, { method: 'POST', body: JSON.stringify(plan) });
}

async function command(sandbox: SandboxUnderTest, vendor: string, name: string, argument: object): Promise<void> {
  const address = `${sandbox.announced.control[vendor]}/command/${name}`;
  await fetch(address, { method: 'POST', body: JSON.stringify(argument) });
}
