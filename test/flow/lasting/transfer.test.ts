// Drive files and the calendar in an offboarding: transferred once each, adopted where a transfer is there, followed to the end, asked about where it fails.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import { connectGoogle, type Google } from '../../../src/connectors/google/client.ts';
import { readServiceAccount, type ServiceAccount } from '../../../src/connectors/google/service-account.ts';
import { anOffice, type Office } from '../../support/office.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DRIVE = '55656082996';
const CALENDAR = '435070579839';

interface Workspace {
  readonly users: readonly { readonly id: string; readonly key: string; readonly files: object }[];
  readonly transfers: readonly {
    readonly id: string;
    readonly newOwner: string;
    readonly status: string;
    readonly applications: readonly { readonly applicationId: string; readonly params: readonly object[] }[];
  }[];
}

let office: Office;
let google: GoogleSimulator;
let byHand: Google;

beforeAll(async () => {
  office = await anOffice({ google: true });
  google = office.google as GoogleSimulator;
  const serviceAccount = readServiceAccount(google.serviceAccountKey) as ServiceAccount;
  const { adminEmail, url: apiUrl, tokenUrl } = google;
  byHand = connectGoogle({
    serviceAccount,
    adminEmail,
    apiUrl,
    tokenUrl,
    deadlineMs: 10_000,
    pace: async () => undefined,
  });
});
afterEach(() => office.clear());
afterAll(() => office.close());

const workspace = () => google.state() as Workspace;
const idOf = (key: string) => String(workspace().users.find((one) => one.key === key)?.id);
const transfersOf = (application: string) =>
  workspace().transfers.filter((one) => one.applications.some(({ applicationId }) => applicationId === application));
const statusOf = async (step: string) => (await office.steps())[step]?.status;
/** The simulator's tokens end with its moved clock, the connector's with real time: the first call after a jump is refused and repeated. */
const isPastBackOff = async (step: string): Promise<boolean> => {
  const row = (await office.steps())[step] as { status: string; cause: string | null } | undefined;
  if (row?.status === 'waiting' && row.cause === 'back_off') office.pass(2_000);
  return row?.cause !== 'back_off';
};
const stepIs = (step: string, status: string) =>
  office.until(async () => (await isPastBackOff(step)) && (await statusOf(step)) === status, 12_000);
const told = (words: string) => office.until(() => office.channel.thread().some((one) => one.includes(words)), 12_000);
const rooted = (words: string) => office.until(() => office.channel.root().includes(words), 12_000);
const attemptOf = async (step: string) => (await office.steps())[step]?.attempt ?? 0;

/** Somebody does it in the Admin console. */
async function startedByHand(to: string): Promise<void> {
  const transfer = { oldOwnerId: idOf('dana'), newOwnerId: idOf(to), applicationId: DRIVE };
  await byHand.transfers.startDriveTransfer(transfer);
}

describe('a transfer', () => {
  it('is asked for once for files and once for events, private files too, and is read back as completed', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.drive', 'done');
    await stepIs('google.calendar', 'done');

    expect([transfersOf(DRIVE).length, transfersOf(CALENDAR).length]).toEqual([1, 1]);
    expect(transfersOf(DRIVE)[0]?.applications[0]?.params).toEqual([
      { key: 'PRIVACY_LEVEL', value: ['PRIVATE', 'SHARED'] },
    ]);
    expect(transfersOf(CALENDAR)[0]?.applications[0]?.params).toEqual([{ key: 'RELEASE_RESOURCES', value: ['TRUE'] }]);
    expect(workspace().users.find(({ key }) => key === 'dana')?.files).toEqual({ private: 0, shared: 0 });
    const { 'google.drive': drive, 'google.calendar': calendar } = await office.steps();
    expect(drive).toMatchObject({ evidence: 'read_back', after: { status: 'completed', filesLeft: '0' } });
    expect(calendar).toMatchObject({ evidence: 'read_back', after: { status: 'completed', stayingEventsLeft: '2' } });
    expect(JSON.stringify([drive, calendar])).not.toContain('@');
    await rooted('250 files to Grace Njeri');
    await told('Stayed: 2 future events that a transfer does not move');
  });

  it('is followed after 1, 5, 15 minutes and then hourly, under a status that nobody knows, until Google says completed', async () => {
    google.command('plan_transfer', { statusMeanwhile: 'queuedForShard' });
    google.command('set_delays', { transferRunMs: 3 * HOUR_MS });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.drive', 'waiting');

    const dueIn = async () => {
      const rows = await office.db.query<{ due_at: Date; asked: Date }>(
        `SELECT s.due_at, w.answered_at AS asked FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id WHERE s.step = 'google.drive'`,
        [],
      );
      return (rows[0]?.due_at.getTime() ?? 0) - (rows[0]?.asked.getTime() ?? 0);
    };
    const seen: number[] = [];
    for (const minutes of [1, 4, 10, 45, 60]) {
      await stepIs('google.drive', 'waiting');
      seen.push(Math.round((await dueIn()) / MINUTE_MS));
      const before = await attemptOf('google.drive');
      office.pass(minutes * MINUTE_MS + 1_000);
      await office.until(async () => (await attemptOf('google.drive')) > before, 12_000);
    }

    expect(seen).toEqual([1, 5, 15, 60, 120]);
    office.pass(2 * HOUR_MS);
    await stepIs('google.drive', 'done');
    expect(transfersOf(DRIVE)).toHaveLength(1);
  });

  it('whose answer was lost is found in the list, however late it shows: one each', async () => {
    google.command('set_delays', { transferListMs: 4 * MINUTE_MS });
    google.faults.add({ kind: 'drop_after', operation: 'google.datatransfer.transfers.insert', times: 2 });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(() => workspace().transfers.length === 2, 12_000);
    for (let minute = 0; minute < 12; minute += 1) {
      await office.until(
        async () => !/ready|running/.test(`${await statusOf('google.drive')} ${await statusOf('google.calendar')}`),
        12_000,
      );
      office.pass(MINUTE_MS);
    }
    await stepIs('google.drive', 'done');
    await stepIs('google.calendar', 'done');

    expect([transfersOf(DRIVE).length, transfersOf(CALENDAR).length]).toEqual([1, 1]);
    expect((await office.steps())['google.drive']?.after).not.toHaveProperty('adopted');
  });
});

describe('a transfer that is there already', () => {
  it('to the same person is adopted, and said so in the plan and the thread: no second one', async () => {
    await startedByHand('grace');
    google.command('set_delays', { transferRunMs: HOUR_MS });
    await office.plan(office.lin, 'dana@acme.test');
    expect(office.lin.screen()).toMatch(/Hand over Drive files.*no second one is started/);

    await office.lin.submits();
    await stepIs('google.drive', 'done');

    expect(transfersOf(DRIVE)).toHaveLength(1);
    expect((await office.steps())['google.drive']?.after).toMatchObject({
      adopted: true,
      transfer: transfersOf(DRIVE)[0]?.id,
    });
    await told('started by somebody else, and followed');
    await rooted('by a transfer that was there already');
  });

  it('to somebody else and running is asked about, and nothing is started meanwhile', async () => {
    google.command('set_delays', { transferRunMs: 5 * HOUR_MS });
    await startedByHand('ada');
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.drive', 'needs_human');

    expect(transfersOf(DRIVE)).toHaveLength(1);
    await told('Google is already transferring this to somebody else');

    await office.lin.clicks('step_approve');
    await office.until(() => transfersOf(DRIVE).length === 2, 12_000);
    expect(
      transfersOf(DRIVE)
        .map((one) => one.newOwner)
        .sort(),
    ).toEqual(['ada@acme.test', 'grace@acme.test']);
  });

  it('of somebody else’s that the operator keeps is followed, and no other is started', async () => {
    google.command('set_delays', { transferRunMs: 2 * HOUR_MS });
    await startedByHand('ada');
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.drive', 'needs_human');

    await told('Google is already transferring this to somebody else');
    await office.lin.clicks('step_decline');
    await stepIs('google.drive', 'waiting');
    office.pass(3 * HOUR_MS);
    await stepIs('google.drive', 'done');

    expect(transfersOf(DRIVE)).toHaveLength(1);
    await told('It went to somebody else than the receiver of this run');
  });
});

describe('a transfer that does not end well', () => {
  it('is told as failed by Google; Retry starts one more, and only one', async () => {
    google.command('plan_transfer', { outcome: 'failed' });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(
      async () => Object.values(await office.steps()).some((one) => one.status === 'needs_human'),
      12_000,
    );
    const [stopped] = Object.values(await office.steps()).filter((one) => one.status === 'needs_human');

    expect(stopped?.need).toMatchObject({ code: 'vendor_failed', kind: 'failed' });
    await told('Google began it, and says that it failed.');
    const before = workspace().transfers.length;
    await office.lin.clicks('step_retry');
    for (let minute = 0; minute < 12 && (await statusOf(String(stopped?.step))) !== 'done'; minute += 1) {
      await office.until(async () => !/ready|running/.test(String(await statusOf(String(stopped?.step)))), 12_000);
      office.pass(MINUTE_MS);
    }
    await stepIs(String(stopped?.step), 'done');
    expect(workspace().transfers).toHaveLength(before + 1);
  });

  it('is asked about after seven days, and looked at further after Retry, without a second one', async () => {
    google.command('set_delays', { transferRunMs: 9 * DAY_MS });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.drive', 'waiting');
    office.pass(7 * DAY_MS + MINUTE_MS);
    await stepIs('google.drive', 'needs_human');
    await told('has not finished for seven days');

    const { id, attempt } = (await office.steps())['google.drive'] ?? {};
    await office.lin.clicks('step_retry', { value: JSON.stringify({ stepRun: id, attempt }) });
    await stepIs('google.drive', 'waiting');
    office.pass(2 * DAY_MS);
    await stepIs('google.drive', 'done');

    expect(transfersOf(DRIVE)).toHaveLength(1);
  });

  it('is not begun where the account was deleted, and says what can still be done', async () => {
    google.faults.add({ kind: 'hold_before', operation: 'google.datatransfer.transfers.list', skip: 4, times: 2 });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(() => google.faults.held().length > 0, 12_000);
    google.command('delete_user', { user: 'dana' });
    google.faults.clear();

    await office.until(async () => (await office.steps())['google.drive']?.status === 'needs_human', 12_000);
    await told('Google can restore an account for 20 days');
  });
});

describe('the plan', () => {
  it('counts files and events, says what does not move, and starts nothing', async () => {
    await office.plan(office.lin, 'dana@acme.test');

    const screen = office.lin.screen();
    expect(screen).toContain('250 files, private ones too to Grace Njeri');
    expect(screen).toMatch(/\d future events to Grace Njeri/);
    expect(screen).toContain('What the transfer does not move');
    expect(screen).toContain('Counted here: 2 future events and 1 other calendar');
    expect(workspace().transfers).toEqual([]);
  });

  it('says all files where the scope is not granted', async () => {
    google.command('set_delegation_list', { without: ['drive.metadata.readonly', 'drive', 'drive.readonly'] });
    await office.plan(office.lin, 'dana@acme.test');

    expect(office.lin.screen()).toContain('all files, private ones too to Grace Njeri');
  });

  it('says 1,000 where there are so many, and 1,000+ where there are more', async () => {
    google.command('add_files', { user: 'dana', count: 750 });
    await office.plan(office.lin, 'dana@acme.test');
    expect(office.lin.screen()).toContain('1,000 files, private ones too to Grace Njeri');
    await office.lin.closes();

    google.command('add_files', { user: 'dana', count: 1 });
    await office.lin.types('/offboard dana@acme.test');
    await office.until(() => office.lin.screen().includes('1,000+ files, private ones too to Grace Njeri'));
  });

  it('is the same plan though a count changed meanwhile', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    google.command('set_delegation_list', { without: ['drive.metadata.readonly'] });
    await office.lin.submits();
    await office.until(() => office.lin.screen().includes('has started'));

    expect(office.lin.screen()).not.toContain('changed');
  });
});
