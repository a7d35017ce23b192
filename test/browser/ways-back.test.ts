// Ways back: a laptop from somebody who stays, and an offboarding that was wrong.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  closeWindow,
  expectNoProblems,
  moveParcel,
  offboard,
  oktaStatus,
  planOf,
  press,
  pressSurely,
  readPasscode,
  receive,
  reply,
  rootOf,
  see,
  seeInTime,
  startOver,
  threadOf,
  unlockMac,
} from '../support/sandbox-acts.ts';
import {
  become,
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

it('fetches, receives, erases and stocks a laptop that is replaced', async () => {
  const plan = await planOf(page, '/return-device dana@acme.test');
  await plan.getByLabel('Laptop refresh').check();
  await plan.getByLabel('Ask for the charger too').check();
  await plan.getByLabel('Erase it after the return').check();
  expect(await seriousFaults(page)).toEqual([]);
  await submit(page);
  await closeWindow(page);
  await threadOf(page, NAME);
  await see(reply(page, 'Return box ordered'));
  await moveParcel(page);
  await threadOf(page, NAME);
  await seeInTime(sandbox, reply(page, 'Device: delivered'), { stepMs: HOUR_MS });
  await receive(page, MAC);
  await pressSurely(reply(page, 'Is the replacement of this device in use?'), /^Yes, in use/);
  expect(await seriousFaults(page)).toEqual([]);
  const erasure = await seeInTime(sandbox, reply(page, 'Erase this Mac?'), { stepMs: 10 * MINUTE_MS });
  await become(page, SAM);
  await threadOf(page, NAME);
  await pressSurely(erasure, /^Erase it/);
  await see(reply(page, 'Mac erased'));
  await seeInTime(sandbox, messageWith(page, 'Device return of Dana Whitfield is done'), { stepMs: 10 * MINUTE_MS });
  expect(await oktaStatus(sandbox, 'dana')).toBe('ACTIVE');
  expectNoProblems(page);
});

it('brings Dana back as far as that goes', async () => {
  await become(page, LIN);
  await startOver(page);
  await offboard(page, 'dana@acme.test', NAME);
  await see(reply(page, 'Mailbox handed over'));
  await see(reply(page, 'Return box ordered'));
  await become(page, SAM);
  await threadOf(page, NAME);
  const pin = await readPasscode(reply(page, 'Mac locked'));
  await page.keyboard.press('Escape');
  await modal(page).waitFor({ state: 'detached' });
  await become(page, LIN);
  await press(rootOf(page, NAME), /^Undo/);
  await see(modal(page).getByText('Cannot come back'));
  await modal(page).getByLabel('Reason').fill('HR mixed up two people');
  expect(await seriousFaults(page)).toEqual([]);
  await submit(page);
  await see(modal(page).getByText('waits for approval'));
  await page.keyboard.press('Escape');
  await modal(page).waitFor({ state: 'detached' });
  const asked = messageWith(page, 'Approval needed to undo');
  await see(asked);

  await become(page, SAM);
  await pressSurely(asked, /^Approve/);
  await threadOf(page, 'REH-');
  await seeInTime(sandbox, reply(page, 'Okta account is alive again'), { stepMs: MINUTE_MS });
  expect(await seriousFaults(page)).toEqual([]);
  await unlockMac(page, MAC, pin);
  await threadOf(page, 'REH-');
  for (const question of ['Retriever takes a cancellation', 'assigned one by one']) await pressFirstYes(question);
  for (const done of ['Return box dealt with', 'Apps looked through', 'The Mac is unlocked'])
    await see(reply(page, done));
  await see(messageWith(page, '3 groups'));
  expectNoProblems(page);

  async function pressFirstYes(question: string): Promise<void> {
    const asking = await seeInTime(sandbox, reply(page, question), { stepMs: MINUTE_MS });
    await asking.getByRole('button').first().click();
    await (await see(page.locator('.confirm .dialog-foot button').last())).click();
  }
});
