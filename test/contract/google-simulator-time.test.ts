// What takes time at Google, by the simulator's movable clock: transfers, propagation, provisioning that suspends late.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { HAS_SPECS, problemsOf } from './google-published.ts';
import { type Answer, createCaller, DIRECTORY, refusalOf, SETTINGS, TRANSFERS } from './google-simulator-caller.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const as = 'dana@acme.test';
const DANA = `${DIRECTORY}/users/dana@acme.test`;
const DELEGATES = `${SETTINGS}/delegates`;
const DRIVE = { applicationId: '55656082996' };
const BOTH_LEVELS = [{ key: 'PRIVACY_LEVEL', value: ['PRIVATE', 'SHARED'] }];
const CALENDAR = { applicationId: '435070579839' };
const RELEASE = [{ key: 'RELEASE_RESOURCES', value: ['TRUE'] }];

let simulator: GoogleSimulator;
let google: ReturnType<typeof createCaller>;

beforeAll(async () => {
  simulator = await startGoogleSimulator();
  google = createCaller(simulator);
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.command('reset');
  simulator.journal.clear();
});

const advance = (ms: number): unknown => simulator.command('advance', { ms });

interface PictureUser {
  readonly key: string;
  readonly id: string;
  readonly files: unknown;
  readonly events: readonly string[];
}

function of(key: string): PictureUser {
  const { users } = simulator.state() as { users: PictureUser[] };
  return users.find((one) => one.key === key) as PictureUser;
}

function transfer(applicationDataTransfers: unknown, change: Record<string, unknown> = {}): Promise<Answer> {
  const owners = { oldOwnerUserId: of('dana').id, newOwnerUserId: of('grace').id };
  return google.call('POST', TRANSFERS, { body: { ...owners, applicationDataTransfers, ...change } });
}

const read = async (id: string): Promise<Answer['body']> => (await google.call('GET', `${TRANSFERS}/${id}`)).body;

describe('a transfer', () => {
  it('is new, in progress and completed, and by then has moved what it says, and no more', async () => {
    simulator.command('set_delays', { transferStartMs: MINUTE, transferRunMs: 60 * MINUTE });
    const applications = await google.call('GET', '/admin/datatransfer/v1/applications?customerId=my_customer');
    await google.call('GET', '/admin/datatransfer/v1/applications/55656082996');
    const { body } = await transfer([
      { ...DRIVE, applicationTransferParams: BOTH_LEVELS },
      { ...CALENDAR, applicationTransferParams: RELEASE },
    ]);
    const seen = [body.overallTransferStatusCode];
    for (const ms of [2 * MINUTE, 58 * MINUTE, 2 * MINUTE]) {
      advance(ms);
      seen.push((await read(body.id)).overallTransferStatusCode);
    }

    expect(applications.body.applications.map((one: { name: string }) => one.name)).toContain('Drive and Docs');
    expect(seen).toEqual(['new', 'inProgress', 'inProgress', 'completed']);
    expect(of('dana')).toMatchObject({
      files: { private: 0, shared: 0 },
      events: ['danaprivate', 'danafocus', 'danapast'],
    });
    expect(of('grace')).toMatchObject({
      files: { private: 130, shared: 120 },
      events: ['danateamweekly', 'danareview'],
    });
  });

  it('leaves private files behind unless they are asked for', async () => {
    await transfer([DRIVE]);

    expect(of('dana').files).toEqual({ private: 130, shared: 0 });
  });

  it('is made twice when it is asked for twice, and found by its owners, late', async () => {
    simulator.command('set_delays', { transferListMs: MINUTE, transferRunMs: DAY });
    const first = await transfer([DRIVE]);
    const list = `${TRANSFERS}?oldOwnerUserId=${of('dana').id}&newOwnerUserId=${of('grace').id}`;
    const tooEarly = await google.call('GET', list);
    const atItsAddress = await read(first.body.id);
    const second = await transfer([DRIVE]);
    advance(2 * MINUTE);
    const found = await google.call('GET', `${list}&customerId=my_customer&maxResults=500`);
    const others = await google.call('GET', `${TRANSFERS}?oldOwnerUserId=${of('grace').id}`);
    const running = await google.call('GET', `${TRANSFERS}?status=inProgress`);

    expect([tooEarly.body.dataTransfers, atItsAddress.id]).toEqual([undefined, first.body.id]);
    expect(found.body.dataTransfers.map((one: { id: string }) => one.id)).toEqual([second.body.id, first.body.id]);
    expect([others.body.dataTransfers, running.body.dataTransfers.length]).toEqual([undefined, 2]);
  });

  it('fails as planned, moving nothing, and may speak of itself in words nobody knows', async () => {
    simulator.command('set_delays', { transferRunMs: MINUTE });
    simulator.command('plan_transfer', { outcome: 'failed', statusMeanwhile: 'awaitingSomething' });
    const { body } = await transfer([DRIVE]);
    const meanwhile = await read(body.id);
    advance(MINUTE);
    const after = await read(body.id);

    expect(meanwhile.overallTransferStatusCode).toBe('awaitingSomething');
    expect([after.overallTransferStatusCode, after.applicationDataTransfers[0].applicationTransferStatus]).toEqual([
      'failed',
      'failed',
    ]);
    expect(of('dana').files).toEqual({ private: 130, shared: 120 });
  });

  it('goes on from a suspended account, and fails from one deleted meanwhile', async () => {
    simulator.command('set_delays', { transferRunMs: MINUTE });
    simulator.command('suspend', { user: 'dana' });
    const first = await transfer([DRIVE]);
    advance(MINUTE);
    const second = await transfer([DRIVE]);
    simulator.command('delete_user', { user: 'dana' });

    expect((await read(first.body.id)).overallTransferStatusCode).toBe('completed');
    expect((await read(second.body.id)).overallTransferStatusCode).toBe('failed');
  });

  it('takes ids only, two people, an active new owner, and what the application knows', async () => {
    const params = (key: string, value: string[]) => [{ ...DRIVE, applicationTransferParams: [{ key, value }] }];
    const refused = [
      await transfer([DRIVE], { oldOwnerUserId: as }),
      await transfer([DRIVE], { newOwnerUserId: 'grace@acme.test' }),
      await transfer([DRIVE], { newOwnerUserId: of('dana').id }),
      await transfer([DRIVE], { newOwnerUserId: of('suspended').id }),
      await transfer([]),
      await transfer([{ applicationId: '1' }]),
      await transfer(params('PRIVACY_LEVEL', ['SECRET'])),
      await transfer(params('RELEASE_RESOURCES', ['TRUE'])),
      await google.call('GET', `${TRANSFERS}/none`),
    ];

    expect(refused.map(refusalOf)).toEqual([
      '404 notFound',
      '404 notFound',
      '400 invalid',
      '403 forbidden',
      '400 invalid',
      '400 invalid',
      '400 invalid',
      '400 invalid',
      '404 notFound',
    ]);
    expect((simulator.state() as { transfers: unknown[] }).transfers).toEqual([]);
  });
});

describe('propagation', () => {
  it('shows a delegate late, who is there all the same, and one who was removed for as long', async () => {
    simulator.command('set_delays', { delegateMs: MINUTE });
    const body = { delegateEmail: 'grace@acme.test' };
    const one = `${DELEGATES}/grace@acme.test`;
    await google.call('POST', DELEGATES, { as, body });
    const early = await google.call('GET', one, { as });
    const twice = await google.call('POST', DELEGATES, { as, body });
    advance(MINUTE);
    const later = await google.call('GET', one, { as });
    const removed = [await google.call('DELETE', one, { as }), await google.call('GET', one, { as })];
    advance(MINUTE);

    expect([early.status, refusalOf(twice), later.status]).toEqual([404, '409 alreadyExists', 200]);
    expect([...removed.map((answer) => answer.status), (await google.call('GET', one, { as })).status]).toEqual([
      204, 200, 404,
    ]);
  });

  it('shows a changed record late', async () => {
    simulator.command('set_delays', { directoryMs: MINUTE });
    const changed = await google.call('PATCH', DANA, { body: { suspended: true } });
    const early = await google.call('GET', DANA);
    advance(MINUTE);

    expect([changed.body.suspended, early.body.suspended]).toEqual([true, false]);
    expect((await google.call('GET', DANA)).body.suspended).toBe(true);
  });

  it('lets nobody act for an account, or delegate to it, until some time after its suspension', async () => {
    simulator.command('set_delays', { reactivationMs: 5 * MINUTE });
    const token = await google.tokenFor(as);
    await google.call('PATCH', DANA, { body: { suspended: true } });
    await google.call('PATCH', DANA, { body: { suspended: false, password: 'a very long random one' } });
    const record = await google.call('GET', DANA);
    const delegate = { token, body: { delegateEmail: 'grace@acme.test' } };
    const early = [
      await google.askToken(google.assertionOf({ sub: as })),
      await google.call('POST', DELEGATES, delegate),
    ];
    advance(5 * MINUTE);

    expect(record.body.suspended).toBe(false);
    expect(early.map(refusalOf)).toEqual(['400 invalid_grant', '400 failedPrecondition']);
    expect((await google.call('POST', DELEGATES, delegate)).status).toBe(200);
  });

  it('wipes a phone when it next reports', async () => {
    simulator.command('set_delays', { wipeMs: MINUTE });
    const phone = `${DIRECTORY}/customer/my_customer/devices/mobile/AFiQxQ-dana-iphone`;
    await google.call('POST', `${phone}/action`, { body: { action: 'admin_account_wipe' } });
    const early = await google.call('GET', phone);
    advance(MINUTE);

    expect([early.body.status, (await google.call('GET', phone)).body.status]).toEqual([
      'ACCOUNT_WIPING',
      'ACCOUNT_WIPED',
    ]);
  });
});

describe('provisioning', () => {
  it.each([
    ['minutes', 5 * MINUTE],
    ['weeks', 21 * DAY],
  ])('suspends the account %s later, however active it was made meanwhile', async (_, afterMs) => {
    simulator.command('provision_suspends', { user: 'dana', afterMs });
    advance(afterMs - 1000);
    await google.call('PATCH', DANA, { body: { suspended: false } });
    const before = await google.call('GET', DANA);
    advance(1000);
    const after = await google.call('GET', DANA);

    expect(before.body.suspended).toBe(false);
    expect(after.body).toMatchObject({ suspended: true, suspensionReason: 'ADMIN' });
    expect(refusalOf(await google.askToken(google.assertionOf({ sub: as })))).toBe('400 invalid_grant');
  });

  it('leaves the delegates as they were: they are back with the account', async () => {
    await google.call('POST', DELEGATES, { as, body: { delegateEmail: 'grace@acme.test' } });
    simulator.command('provision_suspends', { user: 'dana', afterMs: 0 });
    simulator.command('unsuspend', { user: 'dana' });

    expect((await google.call('GET', DELEGATES, { as })).body.delegates).toHaveLength(2);
  });
});

describe('a call whose answer is lost', () => {
  it('has begun a transfer, and the next one begins another', async () => {
    simulator.faults.add({ kind: 'drop_after', operation: 'google.datatransfer.transfers.insert' });

    await expect(transfer([DRIVE])).rejects.toThrow();
    await transfer([DRIVE]);

    expect((simulator.state() as { transfers: unknown[] }).transfers).toHaveLength(2);
  });

  it('was never made where it was stopped before', async () => {
    simulator.faults.add({ kind: 'hold_before', operation: 'google.gmail.users.settings.delegates.create' });
    const call = google.call('POST', DELEGATES, { as, body: { delegateEmail: 'grace@acme.test' } });
    const lost = expect(call).rejects.toThrow();
    await simulator.journal.waitFor({ operation: '*', state: 'held_before', count: 1, afterSeq: 0, timeoutMs: 5000 });
    simulator.faults.release(undefined, true);

    await lost;
    expect((await google.call('GET', `${DELEGATES}/grace@acme.test`, { as })).status).toBe(404);
  });
});

describe.skipIf(!HAS_SPECS)('the published specs', () => {
  it('hold for every recorded exchange', () => {
    expect(google.recorded.length).toBeGreaterThan(50);
    expect([...new Set(google.recorded.flatMap(problemsOf))]).toEqual([]);
  });
});
