// The end of a mailbox's delegation through what 60 days bring: restarts, an outage over the day itself, a killed process; and who must say yes first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { person } from '../../../sandbox/people.ts';
import { DAY_MS } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';

const GRACE = person('grace').email;
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-mailbox-'));
let office: Office;

afterEach(() => office.close());
afterAll(() => rmSync(folder, { recursive: true }));

function delegates(): readonly string[] {
  const { users = [] } = (office.google?.state() ?? {}) as {
    users?: readonly { key: string; mailbox: { delegates: readonly { email: string }[] } }[];
  };
  return users.find((one) => one.key === 'dana')?.mailbox.delegates.map((one) => one.email) ?? [];
}
function isSuspended(): boolean | undefined {
  const { users = [] } = (office.google?.state() ?? {}) as { users?: readonly { key: string; suspended: boolean }[] };
  return users.find((one) => one.key === 'dana')?.suspended;
}
const step = async (name: string) => (await office.steps())[name];
const inTime = async (holds: () => unknown): Promise<void> => {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 60) throw new Error(`still not so: ${holds}\n${JSON.stringify(await step('google.mailbox_end'))}`);
    office.pass(5_000);
    await office.until(holds, 300).catch(() => undefined);
  }
};
function policy(text: string): string {
  const file = path.join(folder, `${text.length}.yaml`);
  writeFileSync(file, text);
  return file;
}

it('60 restarts on the way and an outage over the day do not lose the end', async () => {
  office = await anOffice({ google: true, started: false });
  let app = await office.start();
  await office.offboard(office.lin, 'dana@acme.test');
  await inTime(() => delegates().includes(GRACE));
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'waiting');
  for (let restart = 0; restart < 60; restart += 1) {
    await app.stop();
    office.pass(0.95 * DAY_MS);
    app = await office.start();
  }
  expect(delegates()).toEqual([GRACE]);
  // Nobody is up on day 60.
  await app.stop();
  office.pass(9 * DAY_MS);
  expect(delegates()).toEqual([GRACE]);

  await office.start();
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'done');
  expect(delegates()).toEqual([]);
}, 120_000);

it('a process that is gone between the grant and its answer leaves one grant, and its end to another', async () => {
  office = await anOffice({ google: true, started: false });
  const first = await office.start();
  office.google?.faults.add({ kind: 'hold_answer', operation: 'google.gmail.users.settings.delegates.create' });
  await office.offboard(office.lin, 'dana@acme.test');
  await office.until(() => delegates().includes(GRACE));
  const stopped = first.stop();
  office.google?.faults.clear();
  await stopped;

  await office.start();
  await inTime(async () => (await step('google.mailbox_end'))?.after?.endsAt !== undefined);
  const created = office.google?.journal.calls.filter((call) => call.operation.endsWith('delegates.create')) ?? [];
  expect([delegates(), created.length]).toEqual([[GRACE], 1]);
  office.pass(60 * DAY_MS);
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'done');
  expect(delegates()).toEqual([]);
}, 60_000);

it('where the policy names who must say yes for a country nothing is granted before, and by nobody else', async () => {
  const text = 'mailbox:\n  countries:\n    - countries: [KR, Germany]\n      yesFrom: [U0SAM]\n';
  // No HR system is set up, so the country is not known: asked all the same.
  office = await anOffice({ google: true, settings: { SENDOFF_POLICY: policy(text) } });
  await office.offboard(office.lin, 'dana@acme.test');
  await inTime(async () => (await step('google.mailbox'))?.need?.kind === 'question');
  expect(delegates()).toEqual([]);
  await office.until(() => office.channel.thread().some((one) => /May their mailbox be handed over.*U0SAM/s.test(one)));

  await office.lin.clicks('step_approve');
  await office.until(() => office.lin.told().some((one) => one.includes('names who answers')));
  await office.sam.clicks('step_approve');
  await inTime(() => delegates().includes(GRACE));
}, 60_000);

it('an account that was suspended again after its mailbox was taken back is not made active by an answer that comes later', async () => {
  office = await anOffice({ google: true, settings: { SENDOFF_POLICY: policy('mailbox:\n  days: 1\n') } });
  await office.offboard(office.lin, 'dana@acme.test');
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'waiting');
  // Four times something suspends it: three are undone, then a person is asked, who does not answer for a day.
  for (const _ of [1, 2, 3, 4]) {
    await inTime(async () => (await step('google.keep'))?.cause === 'vendor');
    office.google?.command('suspend', { user: 'dana' });
    const looked = (await step('google.keep'))?.attempt ?? 0;
    office.pass(15 * 60_000);
    await inTime(async () => ((await step('google.keep'))?.attempt ?? 0) > looked);
  }
  await inTime(async () => (await step('google.keep'))?.status === 'needs_human');
  office.pass(DAY_MS);
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'done');
  expect([isSuspended(), delegates()]).toEqual([true, []]);

  await office.sam.clicks('step_approve');
  await inTime(async () => (await office.runs())[0]?.status === 'closed');
  expect(await step('google.keep')).toMatchObject({ status: 'skipped', cause: 'suspended_after_mailbox' });
  expect(isSuspended()).toBe(true);
  const activated = office.google?.journal.calls.filter(
    (call) =>
      call.applied &&
      call.operation.endsWith('users.patch') &&
      Object.keys((call.detail.sent ?? {}) as object).length === 3,
  );
  // Three by the watch, one for the removal.
  expect(activated).toHaveLength(4);
}, 60_000);
