// Drives the Snipe-IT connector against the simulator: what it finds and changes, refusals in an HTTP 200, and what it calls each failure.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { type SnipeItSimulator, startSnipeItSimulator } from '../../sandbox/vendors/snipeit/server.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import { connectSnipeIt, type SnipeIt } from '../../src/connectors/snipeit/client.ts';
import { decoded } from '../../src/connectors/snipeit/schema.ts';
import type { CallReport } from '../../src/connectors/watch-call.ts';

const DANA = 101;
const [PENDING, READY, LONDON, SEOUL] = [1, 2, 1, 2];
let simulator: SnipeItSimulator;
let paced: number;
let told: CallReport[];

beforeAll(async () => {
  simulator = await startSnipeItSimulator();
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.command('reset');
  simulator.command('set_rate_limit', { perMinute: null });
  simulator.faults.clear();
  simulator.journal.clear();
  paced = 0;
  told = [];
});

function connect({ apiToken = simulator.apiToken, deadlineMs = 5_000 } = {}): SnipeIt {
  const pace = async (): Promise<void> => {
    paced += 1;
  };
  return connectSnipeIt({ url: simulator.url, apiToken, deadlineMs, pace, onCall: (report) => told.push(report) });
}

async function kindOf(call: Promise<unknown>): Promise<ConnectorErrorKind | 'answered'> {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if (error instanceof ConnectorError) return error.kind;
    throw error;
  }
}

interface Picture {
  readonly assets: readonly Readonly<Record<string, unknown>>[];
  readonly history: readonly Readonly<Record<string, unknown>>[];
}
const picture = (): Picture => simulator.state() as Picture;
const asset = (id: number) => picture().assets.find((one) => one.id === id);
const asked = (operation: string): number =>
  simulator.journal.calls.filter((one) => one.operation === operation).length;

describe('findBySerial', () => {
  it('finds the asset with all that is known of it, with one request', async () => {
    expect(await connect().findBySerial('c02dana0001 ')).toEqual([
      {
        id: DANA,
        assetTag: 'ACME-101',
        serial: 'C02DANA0001',
        name: 'Dana’s Mac',
        model: 'MacBook Pro 14"',
        notes: null,
        status: { id: READY, name: 'Ready to Deploy', type: 'deployable' },
        assignedTo: { id: 7, name: 'Dana Whitfield', type: 'user', email: null, username: 'dana@acme.test' },
        location: { id: 3, name: 'New York' },
        rtdLocation: { id: LONDON, name: 'London, IT room' },
        mayCheckIn: true,
        mayUpdate: true,
      },
    ]);
    expect([simulator.journal.calls.length, paced]).toEqual([1, 1]);
  });

  it('finds both of a serial number that was typed twice, and none of one that is not there or was deleted', async () => {
    const snipeit = connect();

    expect((await snipeit.findBySerial('C02RHEA0001')).map((one) => one.id)).toEqual([108, 109]);
    for (const serial of ['C02NOBODY01', 'C02OLD00001', '', '../statuslabels', 'a/b?c=d&e', '%2e%2e'])
      expect(await snipeit.findBySerial(serial), serial).toEqual([]);
  });

  it('keeps only what has this serial number', async () => {
    const rows = [{ id: 7, serial: 'C02DANA00011' }];
    simulator.faults.add({
      kind: 'status',
      status: 200,
      body: { total: 1, rows },
      operation: 'snipeit.hardwareBySerial',
    });

    expect(await connect().findBySerial('C02DANA0001')).toEqual([]);
  });

  it('does not take another refusal for "there is none"', async () => {
    const body = { status: 'error', messages: 'L’actif n’existe pas', payload: null };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'snipeit.hardwareBySerial' });

    await expect(connect().findBySerial('C02DANA0001')).rejects.toMatchObject({
      kind: 'rejected',
      reason: 'L’actif n’existe pas',
    });
  });

  it('decodes what was encoded, once', async () => {
    expect((await connect().findBySerial('C02SHARED01'))[0]).toMatchObject({
      name: 'Lab <iMac> & screen',
      assignedTo: null,
    });
    expect(['&amp;lt;', '&#039;&#x2F;&quot;', '&nosuch; &', '&#99999999;'].map(decoded)).toEqual([
      '&lt;',
      '\'/"',
      '&nosuch; &',
      '&#99999999;',
    ]);
  });
});

describe('getAsset', () => {
  it('reads one again, gives null for none, and no other for the one asked for', async () => {
    const snipeit = connect();

    expect(await snipeit.getAsset(DANA)).toEqual((await snipeit.findBySerial('C02DANA0001'))[0]);
    expect([await snipeit.getAsset(999), await snipeit.getAsset(110)]).toEqual([null, null]);
    const body = { id: 102, serial: 'C02ADA00001' };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'snipeit.getHardware' });
    expect(await kindOf(snipeit.getAsset(DANA))).toBe('transient');
  });

  it.each([0, -1, 1.5, Number.NaN])('does not ask for %d, which is no id', async (id) => {
    const snipeit = connect();
    for (const call of [snipeit.getAsset(id), snipeit.checkin(id, { statusId: 1 }), snipeit.update(id, {})])
      expect(await kindOf(call)).toBe('rejected');
    expect(simulator.journal.calls).toEqual([]);
  });
});

describe('checkin', () => {
  it('takes it back, with status, location and note', async () => {
    const to = { statusId: PENDING, locationId: SEOUL, note: 'OFF-12 & ITOPS-7' };

    expect(await connect().checkin(DANA, to)).toBe('checked_in');

    expect(asset(DANA)).toMatchObject({ assignedTo: null, statusId: PENDING, locationId: SEOUL, checkins: 1 });
    expect(picture().history).toMatchObject([{ assetId: DANA, action: 'checkin from', note: 'OFF-12 & ITOPS-7' }]);
  });

  it('a second time changes nothing and says so; a change then does', async () => {
    const snipeit = connect();
    await snipeit.checkin(DANA, { statusId: READY });

    expect(await snipeit.checkin(DANA, { statusId: PENDING, locationId: SEOUL })).toBe('already_in');
    expect(asset(DANA)).toMatchObject({ statusId: READY, locationId: LONDON, checkins: 1 });
    expect(simulator.journal.calls.map((one) => one.applied)).toEqual([true, false]);
    expect(told.map((one) => one.outcome)).toEqual(['answered', 'rejected']);

    await snipeit.update(DANA, { statusId: PENDING, locationId: SEOUL, rtdLocationId: SEOUL, notes: 'OFF-12' });
    expect(asset(DANA)).toMatchObject({ statusId: PENDING, locationId: SEOUL, rtdLocationId: SEOUL, notes: 'OFF-12' });
  });

  it('that is refused for what it asks is not "already in"', async () => {
    expect(await kindOf(connect().checkin(DANA, { statusId: 99 }))).toBe('rejected');
    expect(await kindOf(connect().checkin(999, { statusId: PENDING }))).toBe('rejected');
    expect(asset(DANA)).toMatchObject({ assignedTo: 'dana', checkins: 0 });
  });
});

describe('update', () => {
  it('leaves what is not named, and says which field was refused', async () => {
    const snipeit = connect();
    await snipeit.update(DANA, { notes: 'seen' });
    expect(asset(DANA)).toMatchObject({ notes: 'seen', statusId: READY, assignedTo: 'dana' });

    await expect(snipeit.update(DANA, { statusId: 99, locationId: 98 })).rejects.toMatchObject({
      kind: 'rejected',
      reason: 'The selected status id is invalid. The selected location id is invalid.',
    });
  });
});

describe('lists', () => {
  it('gives status labels and locations, every page', async () => {
    const labels = Array.from({ length: 620 }, (_, index) => ({
      id: index + 1,
      name: `R&D ${index}`,
      type: 'pending',
    }));
    simulator.command('set_labels', { labels });

    expect(await connect().locations()).toContainEqual({ id: SEOUL, name: 'Seoul “R&D”' });
    expect(await connect().statusLabels()).toEqual(labels);
    expect(paced).toBe(3);
  });

  it('tells what the token may do', async () => {
    expect(await connect().rights()).toMatchObject({ mayCheckIn: true, mayUpdate: true });
    simulator.command('revoke_permission', { permission: 'assets.checkin' });
    expect(await connect().rights()).toMatchObject({ mayCheckIn: false, mayUpdate: true });
    expect(await kindOf(connect().checkin(DANA, { statusId: 1 }))).toBe('unauthorized');
  });
});

const CALLS: readonly (readonly [string, 'read' | 'write', (snipeit: SnipeIt) => Promise<unknown>])[] = [
  ['snipeit.hardwareBySerial', 'read', (snipeit) => snipeit.findBySerial('C02DANA0001')],
  ['snipeit.getHardware', 'read', (snipeit) => snipeit.getAsset(DANA)],
  ['snipeit.listStatusLabels', 'read', (snipeit) => snipeit.statusLabels()],
  ['snipeit.listLocations', 'read', (snipeit) => snipeit.locations()],
  ['snipeit.checkin', 'write', (snipeit) => snipeit.checkin(DANA, { statusId: PENDING })],
  ['snipeit.updateHardware', 'write', (snipeit) => snipeit.update(DANA, { notes: 'x' })],
];

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, read: ConnectorErrorKind, write: ConnectorErrorKind])[] = [
  ['503', { kind: 'status', status: 503 }, 'transient', 'ambiguous'],
  ['500', { kind: 'status', status: 500 }, 'transient', 'ambiguous'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient', 'ambiguous'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient', 'ambiguous'],
  ['half an answer', { kind: 'truncate' }, 'transient', 'ambiguous'],
  ['a page of HTML', { kind: 'status', status: 200, body: '<!doctype html>' }, 'transient', 'ambiguous'],
  ['an answer of another shape', { kind: 'status', status: 200, body: { total: 'x' } }, 'transient', 'ambiguous'],
  ['401', { kind: 'status', status: 401 }, 'unauthorized', 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized', 'unauthorized'],
  [
    'a refusal in an HTTP 200',
    { kind: 'status', status: 200, body: { status: 'error', messages: 'no' } },
    'rejected',
    'rejected',
  ],
];

describe.each(CALLS)('%s', (operation, kind, send) => {
  it.each(TROUBLES)('is asked once and no more on %s', async (_, trouble, ofRead, ofWrite) => {
    simulator.faults.add({ ...trouble, operation, times: 9 });

    expect(await kindOf(send(connect()))).toBe(kind === 'read' ? ofRead : ofWrite);
    expect(asked(operation)).toBe(1);
    expect(told).toMatchObject([{ vendor: 'snipeit', kind }]);
  });
});

it('passes on how long a full minute asks us to wait, and changes nothing', async () => {
  simulator.command('set_rate_limit', { perMinute: 0 });

  const error = await connect()
    .checkin(DANA, { statusId: PENDING })
    .catch((one: unknown) => one);

  expect(error).toMatchObject({ kind: 'rate_limited', reason: 'Too Many Attempts.' });
  expect((error as ConnectorError).retryAfterMs).toBeGreaterThan(0);
  expect((error as ConnectorError).retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(asset(DANA)).toMatchObject({ assignedTo: 'dana' });
});

it('gives no token away', async () => {
  const error = await connect({ apiToken: 'not-the-token' })
    .getAsset(DANA)
    .catch((one: unknown) => one);

  expect(error).toMatchObject({ kind: 'unauthorized', reason: 'Unauthorized.' });
  expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain('not-the-token');
});
