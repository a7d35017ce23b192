// The watch over the Google account: what suspends it later is undone with a new password, three times, until day 60.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { type GoogleAccounts, googleAccounts } from '../../support/office-google.ts';
import { buttonValue } from '../../support/office-people.ts';
import { wordsOf } from '../../support/words.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let office: Office;
let google: GoogleSimulator;
let accounts: GoogleAccounts;

beforeAll(async () => {
  office = await anOffice({ google: true });
  google = office.google as GoogleSimulator;
  accounts = googleAccounts(google);
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

const keep = async () => (await office.steps())['google.keep'];
const dueInMs = async (): Promise<number> => {
  const [row] = await office.db.query<{ due_at: Date | null }>(
    `SELECT due_at FROM step_run WHERE step = 'google.keep' AND status = 'waiting' AND cause = 'vendor'`,
    [],
  );
  return row?.due_at ? row.due_at.getTime() - office.clock.now().getTime() : 0;
};
const statusOf = async (step: string) => (await office.steps())[step]?.status;
/** Business time goes on in small steps: a back-off or a settling time ends by the Clock. */
async function inTime(holds: () => unknown): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 80) throw new Error(`still not so: ${holds}\n${JSON.stringify(await office.steps())}`);
    office.pass(5_000);
    await office.until(holds, 300).catch(() => undefined);
  }
}
const isClosed = async () => (await office.runs())[0]?.status === 'closed';
/** Until the account has been looked at after its last moment was due. A token ends with the hour: the second try has a new one. */
async function watched(): Promise<void> {
  await office.until(async () => {
    const step = await keep();
    if (step?.status === 'waiting' && step.cause !== 'vendor') office.pass(1_500);
    return step?.status === 'waiting' ? (await dueInMs()) > 0 : step?.status !== 'ready' && step?.status !== 'running';
  });
}
async function pass(ms: number): Promise<void> {
  office.pass(ms);
  await watched();
}
async function handedOver(): Promise<void> {
  await office.offboard(office.lin, 'dana@acme.test');
  await office.until(async () => (await dueInMs()) > 0);
  // The handover itself is over: what follows is the watch, and the end of the delegation.
  for (const step of ['google.mailbox', 'google.drive', 'google.calendar'])
    await office.until(async () => (await statusOf(step)) === 'done');
}
/** Until the question stands in the thread, drawn for this attempt. */
async function asked(): Promise<void> {
  const { attempt } = (await keep()) as { attempt: number };
  await office.until(() => {
    const [reply] = office.channel.replies().filter((one) => wordsOf(one.blocks).includes('turn off Deactivate Users'));
    return reply && JSON.parse(buttonValue(reply, 'step_approve')).attempt === attempt;
  });
}
/** Made active, which comes with a new password; suspending at the end has none. */
const activations = () => accounts.writes().filter((one) => one.includes('password suspended')).length;

describe('an account that nothing suspends', () => {
  it('is looked at after 15 minutes, 1 hour, 24 hours and then daily, until day 60', async () => {
    await handedOver();
    expect(await dueInMs()).toBe(15 * MINUTE_MS);
    await pass(15 * MINUTE_MS);
    expect(Math.round((await dueInMs()) / MINUTE_MS)).toBe(45);
    await pass(45 * MINUTE_MS);
    expect(Math.round((await dueInMs()) / HOUR_MS)).toBe(23);
    await pass(23 * HOUR_MS);
    expect(Math.round((await dueInMs()) / HOUR_MS)).toBe(24);

    await pass(58.5 * DAY_MS);
    expect(await dueInMs()).toBeLessThan(0.6 * DAY_MS);
    expect((await office.runs())[0]?.status).toBe('open');
    await pass(0.5 * DAY_MS);
    await inTime(isClosed);

    expect(await keep()).toMatchObject({ status: 'done', after: { account: 'active', reactivations: 0 } });
    // The end of the account is google.close's, and nothing undoes it.
    expect([activations(), accounts.of('dana').suspended]).toEqual([0, true]);
  }, 60_000);
});

describe('an account that provisioning suspends later', () => {
  it('is active again within a quarter of an hour, with a new password, signed out, and nothing new left open', async () => {
    await handedOver();
    google.command('provision_suspends', { user: 'dana', afterMs: 4 * MINUTE_MS });
    const { passwordsSet } = accounts.of('dana');
    await pass(15 * MINUTE_MS);

    expect(accounts.of('dana')).toMatchObject({ suspended: false, passwordsSet: passwordsSet + 1, sessions: 0 });
    expect(
      accounts
        .writes()
        .filter((one) => one.startsWith('users.'))
        .slice(-2),
    ).toEqual(['users.patch changePasswordAtNextLogin password suspended', 'users.signOut']);
    expect((await keep())?.after).toMatchObject({ account: 'active', reactivations: 1 });
    // The account is watched closely again from there.
    expect(Math.round((await dueInMs()) / MINUTE_MS)).toBe(15);
  });

  it('loses what was opened while it was suspended', async () => {
    await handedOver();
    google.command('suspend', { user: 'dana' });
    const token = { clientId: 'new.test', displayText: 'New', scopes: [], nativeApp: false };
    google.command('set_user', { user: 'dana', patch: { tokens: [token] } });
    await pass(15 * MINUTE_MS);

    expect(accounts.of('dana').tokens).toEqual([]);
  });

  it('is counted once where Directory shows a reactivation late', async () => {
    await handedOver();
    google.command('suspend', { user: 'dana' });
    google.command('set_delays', { directoryMs: 10_000 });
    office.pass(15 * MINUTE_MS);
    await office.until(async () => (await keep())?.cause === 'settling');
    await pass(10_001);

    expect(activations()).toBe(1);
    expect((await keep())?.after).toMatchObject({ account: 'active', reactivations: 1 });
  });

  it('is a person’s to decide after three times, who is told where to look', async () => {
    await handedOver();
    for (const _ of [1, 2, 3]) {
      google.command('suspend', { user: 'dana' });
      await pass(15 * MINUTE_MS);
    }
    expect(activations()).toBe(3);
    google.command('suspend', { user: 'dana' });
    await pass(15 * MINUTE_MS);

    expect((await keep())?.status).toBe('needs_human');
    await asked();
    expect(activations()).toBe(3);

    await office.sam.clicks('step_approve');
    await office.until(async () => (await keep())?.status !== 'needs_human');
    await watched();
    expect(activations()).toBe(4);
    google.command('suspend', { user: 'dana' });
    await pass(15 * MINUTE_MS);
    expect((await keep())?.status).toBe('needs_human');
    await asked();
    await office.sam.clicks('step_decline');
    await office.until(async () => (await keep())?.status === 'skipped');

    expect(await keep()).toMatchObject({ status: 'skipped', cause: 'left_suspended' });
    expect(accounts.of('dana').suspended).toBe(true);
    expect(activations()).toBe(4);

    // Taking the mailbox back needs the account for a moment; then it is as the person left it.
    office.pass(60 * DAY_MS);
    await inTime(isClosed);
    expect(await statusOf('google.mailbox_end')).toBe('done');
    expect([activations(), accounts.of('dana').suspended]).toEqual([5, true]);
  }, 90_000);

  it('ends where somebody archives the account, whose mailbox then is an alarm until it is taken out', async () => {
    await handedOver();
    google.command('set_user', { user: 'dana', patch: { archived: true } });
    office.pass(15 * MINUTE_MS);
    await inTime(async () => (await keep())?.status === 'skipped');
    expect(await keep()).toMatchObject({ cause: 'archived_meanwhile' });
    const told = 'cannot be taken back while it is archived';
    await office.until(() => [...office.channel.thread(), office.channel.root()].some((one) => one.includes(told)));

    // An archived account's delegates cannot be read: on day 60 people are called, and nothing is called done.
    office.pass(60 * DAY_MS);
    await inTime(() => office.channel.thread().some((one) => one.includes('should have been taken back')));
    expect((await office.steps())['google.mailbox_end']).toMatchObject({ status: 'waiting', cause: 'keeps_trying' });
    expect(await statusOf('google.close')).toBe('blocked');
    expect((await office.runs())[0]?.status).toBe('open');

    google.command('set_user', { user: 'dana', patch: { archived: false } });
    office.pass(HOUR_MS);
    await inTime(isClosed);
    expect(await statusOf('google.mailbox_end')).toBe('done');
    expect([activations(), accounts.of('dana').suspended]).toEqual([0, true]);
  }, 60_000);
});
