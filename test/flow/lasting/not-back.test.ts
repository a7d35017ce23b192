// A device that does not come back, whole: who is reminded when, who may give it up, and what a write-off locks, keeps and tells.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { auditOf, DAY_MS } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { fetchedIn, replyWith } from '../../support/office-fetched.ts';
import { wordsOf } from '../../support/words.ts';

const TEAM = 'T0ACME';
const DANAS = 'C02DANA0001';
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-not-back-'));
const SENDOFF_POLICY = path.join(folder, 'sendoff.policy.yaml');
writeFileSync(SENDOFF_POLICY, 'inventory:\n  lostStatus: Broken & Lost\n');
let office: Office;
let fetched: ReturnType<typeof fetchedIn>;

beforeAll(async () => {
  office = await anOffice({ jamf: true, snipeit: true, settings: { SENDOFF_POLICY } });
  fetched = fetchedIn(office);
});
beforeEach(() => office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'operator', 'test'));
afterEach(() => office.clear());
afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true });
});

const locks = () => fetched.mac(DANAS).commands.filter((one) => one.type === 'DEVICE_LOCK');
const reminders = () => office.channel.thread().filter((reply) => reply.includes('Not back after'));
const closed = () => fetched.inTime(async () => (await office.runs())[0]?.status === 'closed');

async function writesOff(words = 'Is the device here?'): Promise<void> {
  await office.lin.clicks('step_write_off_open', { messageTs: replyWith(office, words) });
  await office.until(() => office.lin.screen().includes('Why is it given up?'));
  await office.lin.submits({ note: 'stolen, police report 4711' });
}

it('is reminded of after 3, 7 and 14 days, once each, the last time with approvers, and no more once it is here', async () => {
  await fetched.started('dana@acme.test');
  office.pass(2 * DAY_MS);
  expect((await fetched.step('return.receive'))?.status).toBe('needs_human');
  expect(reminders()).toEqual([]);
  office.pass(DAY_MS + 60_000);
  await office.until(() => reminders().length === 1);
  expect(reminders()[0]).toContain('Not back after 3 days');
  expect(reminders()[0]).not.toContain('Write off…');
  office.pass(4 * DAY_MS);
  await office.until(() => reminders().length === 2);
  office.pass(7 * DAY_MS);
  await office.until(() => reminders().length === 3);
  expect(reminders()[2]).toMatch(/Not back after 14 days.* <@U0LIN>\n.*Write off…/s);
  office.pass(30 * DAY_MS);

  await fetched.receives(DANAS);
  await fetched.standsAt('return.receive', 'done');
  await office.until(() => reminders().length === 0);
  expect(office.channel.thread().filter((reply) => reply.includes('A reminder stood here'))).toHaveLength(3);
});

it('that somebody who stays has is asked for in a direct message too, once a reminder', async () => {
  await fetched.started('dana@acme.test');
  // As in a run about the return of a device alone, which pins why.
  await office.db.query(`UPDATE run SET ids = ids || '{"return.reason": "refresh", "slack": "U0DANA"}'`, []);
  await office.slack.command('person', { user: 'U0DANA', deleted: false });
  await fetched.receives('C02OTHER001');
  await office.until(() => fetched.isTold('Not received:'));
  office.pass(3 * DAY_MS + 60_000);
  await office.until(() => reminders().length === 1);
  const direct = () =>
    [...office.slack.workspace.channels.values()]
      .filter((one) => one.id.startsWith('D'))
      .flatMap((one) => one.messages.map(({ blocks }) => wordsOf(blocks)));
  await office.until(() => reminders()[0]?.includes('was told by direct message'));
  expect(direct()).toEqual([expect.stringContaining('Please return your device (Dana’s MacBook, C02DANA0001)')]);
  office.pass(60_000);
  expect(direct()).toHaveLength(1);
});

it('tells the newest reminder alone where an outage skipped others', async () => {
  await fetched.started('dana@acme.test');
  office.pass(8 * DAY_MS);
  await office.until(() => reminders().length === 1);

  expect(reminders()[0]).toContain('Not back after 7 days');
});

it('is written off by an approver alone, with a reason; nothing is erased, and the inventory hears that it is lost', async () => {
  await fetched.started('dana@acme.test');
  await office.sam.clicks('step_write_off_open', { messageTs: replyWith(office, 'Is the device here?') });
  await office.until(() => office.sam.told().some((line) => line.includes('Only an approver may write a device off')));
  await writesOff();
  await closed();

  const steps = await office.steps();
  expect(steps['return.receive']).toMatchObject({ status: 'skipped', cause: 'written_off' });
  expect(steps['jamf.erase']).toMatchObject({ status: 'skipped', cause: 'cannot_start' });
  expect(fetched.mac(DANAS).erasedAt).toEqual([]);
  const asset = fetched.inventory().assets.find((one) => one.serial === DANAS);
  expect(asset).toMatchObject({ statusId: 3, assignedTo: 'dana', checkins: 0 });
  expect(asset?.notes).toMatch(/^Sendoff OFF-\d+: written off$/);
  await office.until(() => fetched.isTold('“stolen, police report 4711”'));
  const [run] = await office.runs();
  const said = (await auditOf(office, String(run?.id))).filter((one) => one.action === 'step.written_off');
  expect(said.map((one) => [one.actor, one.detail.answer])).toEqual([
    [`${TEAM}/U0LIN`, { reason: 'stolen, police report 4711' }],
  ]);
});

it.each([
  ['that was held back', null],
  ['that somebody left unlocked', 'step_decline'],
] as const)('is locked by its write-off: a Mac %s', async (_, answer) => {
  await fetched.started('dana@acme.test', { device_fate: 'hold' });
  await office.until(() => fetched.isTold('Lock this Mac now?'));
  if (answer) {
    await office.lin.clicks(answer, { messageTs: replyWith(office, 'Lock this Mac now?') });
    await fetched.standsAt('jamf.lock', 'skipped');
  }
  expect(locks()).toEqual([]);
  await writesOff();
  await closed();

  expect(locks()).toHaveLength(1);
  expect(await fetched.step('jamf.lock')).toMatchObject({ status: 'done', evidence: 'read_back' });
});
