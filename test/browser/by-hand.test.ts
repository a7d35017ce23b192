// What operators do beside an ordinary offboarding, each by hand: decline, shortcut, hold, cancel, schedule, HR's word, a batch.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  choose,
  closeWindow,
  expectNoProblems,
  oktaStatus,
  openPanel,
  openVendor,
  planOf,
  press,
  pressSurely,
  reply,
  rootOf,
  see,
  seeInTime,
  threadOf,
} from '../support/sandbox-acts.ts';
import {
  AMARA,
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

const HOUR_MS = 3_600_000;

let sandbox: SandboxUnderTest;
let page: Page;
beforeAll(async () => {
  sandbox = await openSandbox();
  page = await sandbox.open(LIN);
});
afterAll(() => sandbox.stop());

it('HR says that somebody has left: one run is stopped in time, another is let go on', async () => {
  for (const email of ['passwordexpired@acme.test', 'lockedout@acme.test']) {
    const hr = await openVendor(page, 'BambooHR');
    await hr.getByLabel('Find a person in BambooHR').fill(email);
    await press(hr, 'Last day is today');
    await see(hr.getByText('Inactive', { exact: true }));
  }
  const stopped = messageWith(page, 'Pia Expired');
  await see(stopped.getByText('unless somebody stops it'));
  expect(await seriousFaults(page)).toEqual([]);
  await pressSurely(stopped, /^Stop/);
  await see(messageWith(page, 'Pia Expired').getByText('Cancelled by Lin Okafor'));
  await see(messageWith(page, 'Lars Locked').getByText('unless somebody stops it'));
  const panel = await openPanel(page, 'Break things');
  await press(panel, 'Skip 1 h');
  await threadOf(page, 'Lars Locked');
  await see(reply(page, 'Okta account deactivated'));
  expect([await oktaStatus(sandbox, 'passwordExpired'), await oktaStatus(sandbox, 'lockedOut')]).toEqual([
    'PASSWORD_EXPIRED',
    'DEPROVISIONED',
  ]);
  expectNoProblems(page);
});

it('a protected person: the whole address is typed; who asked is refused; an approver declines, and later agrees', async () => {
  const asked = await asks('Said to leave', true);
  await pressSurely(asked, /^Approve/);
  await see(messageWith(page, 'Only visible to you'));
  await become(page, SAM);
  await press(asked, /^Decline/);
  await see(modal(page).getByLabel('Why decline it?'));
  await modal(page).getByLabel('Why decline it?').fill('She stays; it was another Grace');
  expect(await seriousFaults(page)).toEqual([]);
  await submit(page);
  await modal(page).waitFor({ state: 'detached' });
  const declined = await see(messageWith(page, 'Grace Njeri').filter({ hasText: 'Declined by Sam Rivera' }));
  expect(await declined.textContent()).toContain('it was another Grace');
  expect(await oktaStatus(sandbox, 'grace')).toBe('ACTIVE');

  await become(page, LIN);
  const again = await asks('Leaves for good', false);
  await become(page, SAM);
  await pressSurely(again, /^Approve/);
  await see(messageWith(page, 'Grace Njeri').getByText('Okta account deactivated'));
  expect(await oktaStatus(sandbox, 'grace')).toBe('DEPROVISIONED');
  expectNoProblems(page);

  async function asks(reason: string, isMistyped: boolean): Promise<Locator> {
    const plan = await planOf(page, '/offboard grace@acme.test');
    expect(await plan.textContent()).toContain('Grace Njeri is protected');
    await plan.getByLabel('Reason').fill(reason);
    const address = plan.getByLabel('Type grace@acme.test to confirm');
    if (isMistyped) {
      await address.fill('grace@acme.tst');
      await submit(page);
      await see(plan.getByText('That does not match grace@acme.test'));
    }
    await address.fill('grace@acme.test');
    await submit(page);
    await see(modal(page).getByText('waits for approval'));
    await closeWindow(page);
    return see(messageWith(page, 'Approval needed to offboard Grace Njeri'));
  }
});

it('a shortcut finds the person; a hold is set and lifted; what is left is cancelled', async () => {
  await become(page, SAM);
  const plan = await shortcut('Offboard someone', 'Who is leaving?', 'danna');
  await see(plan.getByRole('button', { name: 'Offboard Danna' }));
  await submit(page);
  await closeWindow(page);
  const root = rootOf(page, 'Danna Whitfield');
  await threadOf(page, 'Danna Whitfield');
  await see(reply(page, 'Okta account deactivated'));

  await hold(/^Legal hold/, 'Why is it set?', 'Matter 12, asked for by counsel');
  await see(root.getByText('Matter 12, asked for by counsel'));
  await hold(/^Lift legal hold/, 'Why is it lifted?', 'Matter 12 is closed');
  await see(root.getByRole('button', { name: /^Legal hold/ }));

  await pressSurely(root, /^Cancel remaining steps/);
  await see(messageWith(page, 'Danna Whitfield').getByText('Cancelled by Sam Rivera'));
  expect(await oktaStatus(sandbox, 'danna')).toBe('DEPROVISIONED');
  expectNoProblems(page);

  async function hold(label: RegExp, question: string, reason: string): Promise<void> {
    await press(root, label);
    await see(modal(page).getByLabel(question));
    await modal(page).getByLabel(question).fill(reason);
    expect(await seriousFaults(page)).toEqual([]);
    await submit(page);
    await modal(page).waitFor({ state: 'detached' });
  }
});

it('the other shortcut shows the plan of a return, and closing it starts nothing', async () => {
  const plan = await shortcut('Return a device', 'Whose device?', 'ada');
  await see(plan.getByRole('button', { name: 'Start the return' }));
  expect(await seriousFaults(page)).toEqual([]);
  await plan.locator('footer').getByRole('button', { name: 'Cancel', exact: true }).click();
  await modal(page).waitFor({ state: 'detached' });
  expect(await page.getByRole('main').getByText('Ada Byrne').count()).toBe(0);
});

it('an offboarding is agreed for later, moved, and begins at its moment by itself', async () => {
  const [first, second] = [dayIn(3), dayIn(5)];
  await become(page, LIN);
  const plan = await planOf(page, '/offboard recovery@acme.test');
  await when(plan, first);
  await closeWindow(page);
  const root = messageWith(page, 'Rhea Recovery is scheduled: access ends');
  await see(root.getByText(`18:00 on ${first}`));
  await press(root, /^Start now or move/);
  await see(modal(page).getByText('is scheduled and has done nothing'));
  await when(modal(page), second);
  await closeWindow(page);
  await see(root.getByText(`18:00 on ${second}`));
  expect(await seriousFaults(page)).toEqual([]);
  await sandbox.advance(4 * 24 * HOUR_MS);
  expect(await oktaStatus(sandbox, 'recovery')).toBe('RECOVERY');
  await seeInTime(sandbox, rootOf(page, 'Rhea Recovery').getByText('Okta account deactivated'), {
    stepMs: 24 * HOUR_MS,
    most: 3,
  });
  expect(await oktaStatus(sandbox, 'recovery')).toBe('DEPROVISIONED');
  expectNoProblems(page);

  async function when(window: Locator, day: string): Promise<void> {
    await window.getByLabel('When?').fill(day);
    await window.getByLabel('At, by the clock where they are').fill('18:00');
    await submit(page);
    await see(modal(page).getByRole('heading', { name: 'Offboarding scheduled' }));
  }
});

it('a batch: pasted, looked up, agreed to by two others, and told of when all have ended', async () => {
  const window = await planOf(page, '/offboard batch');
  await fetch(`${sandbox.announced.control.okta}/command/add_user`, {
    method: 'POST',
    body: JSON.stringify({ count: 2, prefix: 'lisbon' }),
  });
  const list = ['lisbon0@acme.test', 'lisbon1@acme.test', 'pat@acme.test', 'nobody@acme.test'];
  await window.getByLabel('Who is leaving?').fill(list.join('\n'));
  await window.getByLabel('Reason').fill('The Lisbon office closes');
  await submit(page);
  await see(modal(page).getByText('2 people are ready'));
  await see(modal(page).getByText('Left out: 2'));
  expect(await modal(page).textContent()).toContain('no one has that address');
  expect(await seriousFaults(page)).toEqual([]);
  await submit(page);
  await see(modal(page).getByText('waits for two approvals'));
  await closeWindow(page);
  const asked = messageWith(page, 'BAT-');
  await see(asked.getByText('Two approvals needed to offboard 2 people'));
  for (const user of [SAM, AMARA]) {
    await become(page, user);
    await pressSurely(asked, /^Approve/);
    await see(asked.getByText(user === SAM ? '1 of 2 missing' : 'Offboarding 2 people'));
  }
  await seeInTime(sandbox, asked.getByText('has ended'), { stepMs: 24 * HOUR_MS, most: 90 });
  await threadOf(page, 'BAT-');
  await see(reply(page, /All of BAT-\d+ has ended/));
  expect([await oktaStatus(sandbox, 'lisbon0@acme.test'), await oktaStatus(sandbox, 'lisbon1@acme.test')]).toEqual([
    'DEPROVISIONED',
    'DEPROVISIONED',
  ]);
  expect(await seriousFaults(page)).toEqual([]);
  expectNoProblems(page);
});

/** From the plus below the composer to the plan of whom one has found. */
async function shortcut(name: string, question: string, typed: string): Promise<Locator> {
  await page.getByRole('main').getByRole('button', { name: 'Shortcuts' }).click();
  await page.getByRole('menuitem', { name }).click();
  await choose(modal(page), question, typed, `${typed}@acme.test`);
  expect(await seriousFaults(page)).toEqual([]);
  await submit(page);
  return modal(page);
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}
