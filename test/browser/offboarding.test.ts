// One offboarding by hand, from the slash to the report: what two operators press, and what the vendors' admins see of it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  closeWindow,
  expectNoProblems,
  moveParcel,
  openPanel,
  openVendor,
  press,
  pressSurely,
  readPasscode,
  receive,
  reply,
  see,
  seeInTime,
  threadOf,
  unlockMac,
} from '../support/sandbox-acts.ts';
import {
  become,
  composer,
  LIN,
  messageWith,
  modal,
  openSandbox,
  SAM,
  type SandboxUnderTest,
  seriousFaults,
  submit,
} from '../support/sandbox-page.ts';

const NAME = 'Dana Whitfield';
const MAC = 'C02DANA0001';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let sandbox: SandboxUnderTest;
let page: Page;
beforeAll(async () => {
  sandbox = await openSandbox();
  page = await sandbox.open(LIN);
});
afterAll(() => sandbox.stop());

/** In this order: each act needs the one before. */
describe('an ordinary offboarding', () => {
  it('is typed with the help of the composer, read, and confirmed', async () => {
    await breakJira();
    await composer(page).pressSequentially('/off');
    await page.getByRole('option', { name: '/offboard' }).click();
    await composer(page).pressSequentially('dana@acme.test');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await see(modal(page).getByRole('button', { name: 'Offboard Dana' }));
    expect(await modal(page).textContent()).toContain('Cannot be undone');
    expect(await seriousFaults(page)).toEqual([]);
    await submit(page);
    await closeWindow(page);
    await threadOf(page, NAME);
    await see(reply(page, 'Okta account deactivated'));
    const okta = await openVendor(page, 'Okta');
    await okta.getByLabel('Find a person in Okta').fill('dana@');
    await see(okta.getByText('DEPROVISIONED'));
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('says what broke, and goes on by Retry once it is mended', async () => {
    await threadOf(page, NAME);
    const failed = reply(page, 'Jira').filter({ has: page.getByRole('button', { name: /^Retry/ }) });
    await seeInTime(sandbox, failed, { stepMs: MINUTE_MS });
    const faults = await openPanel(page, 'Break things');
    await faults.getByRole('button', { name: 'Mend' }).click();
    await see(faults.getByText('Nothing is broken.'));
    await threadOf(page, NAME);
    await press(failed, /^Retry/);
    await see(reply(page, 'Jira ticket opened').filter({ hasText: 'retried by Lin Okafor' }));
    expect(await seriousFaults(page)).toEqual([]);
  });

  it('shows the passcode to an approver alone, who may type it on the Mac', async () => {
    await press(reply(page, 'Mac locked'), /^Show passcode/);
    await see(reply(page, 'Only an approver may see a passcode').getByText('Only visible to you'));
    await become(page, SAM);
    await threadOf(page, NAME);
    const pin = await readPasscode(reply(page, 'Mac locked'));
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await modal(page).waitFor({ state: 'detached' });
    await unlockMac(page, MAC, pin);
  });

  it('takes the laptop back: parcels, receipt, and another person’s word before it is erased', async () => {
    await moveParcel(page);
    expect(await seriousFaults(page)).toEqual([]);
    await become(page, LIN);
    await threadOf(page, NAME);
    await seeInTime(sandbox, reply(page, 'Device: delivered'), { stepMs: HOUR_MS });
    await receive(page, 'C02WRONG001');
    await see(reply(page, `typed C02WRONG001, and this run is about ${MAC}`));
    await receive(page, MAC);
    await see(reply(page, 'Device received'));
    const erasure = reply(page, 'Erase this Mac?');
    await seeInTime(sandbox, erasure, { stepMs: 10 * MINUTE_MS });
    await become(page, SAM);
    await threadOf(page, NAME);
    await pressSurely(erasure, /^Erase it/);
    await see(reply(page, 'Mac erased'));
    await see(reply(page, 'Device back in the inventory'));
  });

  it('lets an approver extend the mailbox, and ends with a report', async () => {
    await skip(47);
    await threadOf(page, NAME);
    await press(reply(page, 'is taken back'), /^Extend/);
    await see(modal(page).getByLabel('Why longer?'));
    const day = new Date(Date.now() + 70 * 24 * HOUR_MS).toISOString().slice(0, 10);
    await modal(page).getByLabel('Taken back when this day begins').fill(day);
    await modal(page).getByLabel('Why longer?').fill('The handover is not done');
    expect(await seriousFaults(page)).toEqual([]);
    await submit(page);
    await see(reply(page, 'Extended by Sam Rivera'));
    await skip(60);
    await seeInTime(sandbox, messageWith(page, `${NAME} is offboarded`), { stepMs: 24 * HOUR_MS });
    await threadOf(page, NAME);
    await see(reply(page, 'Report: '));
    expect(await seriousFaults(page)).toEqual([]);
    expectNoProblems(page);
  });
});

async function breakJira(): Promise<void> {
  const faults = await openPanel(page, 'Break things');
  await faults.getByLabel('Vendor').selectOption('jira');
  await faults.getByLabel('Fault').selectOption({ label: 'answers 503' });
  await faults.getByLabel('How often').selectOption({ label: 'until mended' });
  await faults.getByRole('button', { name: 'Break it' }).click();
  await see(faults.getByText('server errors, until mended'));
  expect(await seriousFaults(page)).toEqual([]);
}

/** By the panel where it has such a button. */
async function skip(days: 47 | 60): Promise<void> {
  if (days === 47) return sandbox.advance(days * 24 * HOUR_MS);
  const faults = await openPanel(page, 'Break things');
  await faults.getByRole('button', { name: 'Skip 60 days' }).click();
}
