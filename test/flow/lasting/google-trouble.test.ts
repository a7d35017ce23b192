// What goes wrong with Google inside a step, told in the thread: what happened, what is not done, what to do; and that Retry goes
// on once it is repaired. And what people do with a mailbox that was given: its end comes all the same.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import { DAY_MS } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';

const LEAVER = 'dana@acme.test';
const [RECEIVER, CREATE] = ['grace@acme.test', 'google.gmail.users.settings.delegates.create'] as const;

let office: Office;
let google: GoogleSimulator;

beforeAll(async () => {
  office = await anOffice({ google: true });
  google = office.google as GoogleSimulator;
});
afterEach(() => {
  google.command('disable_service_account', { disabled: false });
  google.command('set_delegation_list', {});
  return office.clear();
});
afterAll(() => office.close());

const step = async (name: string) => (await office.steps())[name];
const statusOf = async (name: string) => (await step(name))?.status;
interface Mailbox {
  readonly delegates: readonly { readonly email: string }[];
}
const mailbox = (): Mailbox => {
  const { users } = google.state() as { users: readonly { key: string; mailbox: Mailbox }[] };
  return users.find((one) => one.key === 'dana')?.mailbox ?? { delegates: [] };
};
const delegates = (): readonly string[] => mailbox().delegates.map((one) => one.email);
/** Short waits pass by themselves. */
const inTime = async (holds: () => unknown): Promise<void> => {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 80) throw new Error(`still not so: ${holds}\n${JSON.stringify(await office.steps())}`);
    office.pass(5_000);
    await office.until(holds, 300).catch(() => undefined);
  }
};
/** The thread's one reply that says this. */
async function reply(words: RegExp): Promise<string> {
  await office.until(() => office.channel.thread().some((one) => words.test(one)), 12_000);
  return office.channel.thread().find((one) => words.test(one)) ?? '';
}
const isClosed = async () => (await office.runs())[0]?.status === 'closed';

describe('Google, in the middle of a step,', () => {
  it('says that it is asked too much: the step waits, no try is spent, nobody is called, and it goes on by itself', async () => {
    google.command('quota_error', {
      kind: 'userRateLimitExceeded',
      operation: 'google.directory.users.signOut',
      times: 6,
    });
    await office.offboard(office.lin, LEAVER);
    await office.until(async () => (await step('google.contain'))?.cause === 'paused');
    await office.until(() => office.channel.root().includes('Google asked to slow down'), 12_000);
    // More often than a step that fails is tried.
    await inTime(async () => (await statusOf('google.contain')) === 'done');

    const asked = google.journal.calls.filter((call) => call.operation === 'google.directory.users.signOut');
    expect([asked.length, asked.filter((call) => call.applied).length]).toEqual([7, 1]);
    expect(office.channel.thread().filter((one) => /Failed|failed|did not answer/.test(one))).toEqual([]);
  }, 60_000);

  it('takes our key no more (invalid_grant): what is not done, what to do, and Retry after the repair', async () => {
    google.faults.add({ kind: 'hold_before', operation: 'google.directory.users.signOut' });
    await office.offboard(office.lin, LEAVER);
    await office.until(() => google.faults.held().length === 1);
    google.command('disable_service_account');
    google.faults.clear();
    await inTime(async () => (await statusOf('google.contain')) === 'needs_human');

    const told = await reply(/Google does not accept Sendoff’s credentials, or they lack a permission/);
    // The password was replaced before that.
    expect(told).toMatch(/Google accepted at least one request of this step, so part of it is done.*Not finished:/s);
    expect(told).toMatch(/Run .npm run doctor.*Then press Retry/s);
    expect(delegates()).toEqual(['alex@acme.test']);

    google.command('disable_service_account', { disabled: false });
    await office.lin.clicks('step_retry');
    await inTime(async () => (await statusOf('google.contain')) === 'done');
    await inTime(() => delegates().includes(RECEIVER));
  }, 60_000);

  it('does not know our client for a scope (unauthorized_client): what was done stays, the grant waits, and Retry gives it', async () => {
    google.command('set_delegation_list', { without: ['gmail.settings.sharing'] });
    // Tokens given before live for an hour.
    office.pass(3_600_000);
    await office.offboard(office.lin, LEAVER);
    await inTime(async () => (await statusOf('google.mailbox')) === 'needs_human');

    const told = await reply(/Google does not accept Sendoff’s credentials, or they lack a permission \(HTTP 401\)/);
    expect(told).toMatch(/Not (?:done|finished):/);
    expect(told).toMatch(/which scope is missing in Google’s Admin console.*Domain-wide delegation/s);
    expect((await step('google.mailbox'))?.need?.why).toContain('gmail.settings.sharing');
    await inTime(async () => (await statusOf('google.drive')) === 'done');
    expect(delegates()).not.toContain(RECEIVER);

    google.command('set_delegation_list', {});
    await office.lin.clicks('step_retry');
    await inTime(() => delegates().includes(RECEIVER));
    await inTime(async () => (await statusOf('google.mailbox')) === 'done');
    expect(delegates()).toEqual([RECEIVER]);
  }, 60_000);
});

describe('a mailbox that was given, whose step people decide about,', () => {
  /** Google gave it; the list that would show it cannot be read. */
  async function givenAndNotSeen(): Promise<void> {
    google.faults.add({ kind: 'drop_after', operation: CREATE });
    await office.offboard(office.lin, LEAVER);
    await office.until(() => delegates().includes(RECEIVER));
    google.faults.add({
      kind: 'status',
      status: 403,
      operation: 'google.gmail.users.settings.delegates.list',
      times: 9_999,
    });
    await inTime(async () => (await statusOf('google.mailbox')) === 'needs_human');
  }
  async function opens(actionId: string): Promise<void> {
    await office.until(() => JSON.stringify(office.channel.replies()).includes(actionId), 12_000);
    await office.lin.clicks(actionId);
  }
  async function endsOnItsDay(): Promise<void> {
    google.faults.clear();
    office.pass(59 * DAY_MS);
    await inTime(async () => (await statusOf('google.mailbox_end')) === 'waiting');
    expect(delegates()).toContain(RECEIVER);
    office.pass(DAY_MS + 3_600_000);
    await inTime(isClosed);
    expect(delegates()).not.toContain(RECEIVER);
    expect(await step('google.mailbox_end')).toMatchObject({ status: 'done', evidence: 'read_back' });
  }

  it('is taken back on its day though the step was skipped', async () => {
    await givenAndNotSeen();
    await opens('step_skip_open');
    await office.until(() => office.lin.screen().includes('Why skip it'));
    await office.lin.submits({ note: 'IT reads it already' });
    await inTime(async () => (await statusOf('google.mailbox')) === 'skipped');

    await endsOnItsDay();
  }, 60_000);

  it('is taken back on its day though the step was marked done by hand, with whoever was added then', async () => {
    await givenAndNotSeen();
    const [given] = mailbox().delegates;
    google.command('set_user', {
      user: 'dana',
      patch: { mailbox: { delegates: [given, { ...given, email: 'ada@acme.test' }] } },
    });
    await opens('step_attest_open');
    await office.until(() => office.lin.screen().includes('How is it known'));
    await office.lin.submits({ note: 'Given in the Admin console' });
    await inTime(async () => (await statusOf('google.mailbox')) === 'done');
    expect((await step('google.mailbox'))?.evidence).toBe('attested');

    await endsOnItsDay();
    expect(delegates()).toEqual([]);
  }, 60_000);
});
