// Drives the EasyPost connector (its SDK inside) against the simulator: what a tracker tells, and one request a call whatever goes wrong.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EasyPostSimulator, startEasyPostSimulator } from '../../sandbox/vendors/easypost/server.ts';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import { connectEasyPost, type EasyPost, type TrackingStatus } from '../../src/connectors/easypost/client.ts';
import { TRACKING_STATUSES } from '../../src/connectors/easypost/schema.ts';
import type { CallReport } from '../../src/connectors/watch-call.ts';
import { advanceParcel, PARCEL_STATUSES } from '../../src/workflow/model/parcel.ts';

const CODE = '1Z999AA10123456784';
let simulator: EasyPostSimulator;
let reports: CallReport[];

beforeAll(async () => {
  simulator = await startEasyPostSimulator();
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.faults.clear();
  simulator.command('reset');
  simulator.journal.clear();
  reports = [];
});

function connect({ apiKey = simulator.apiKey, deadlineMs = 5_000, url = simulator.url } = {}): EasyPost {
  const pace = async (): Promise<void> => undefined;
  return connectEasyPost({ url, apiKey, deadlineMs, pace, onCall: (report) => reports.push(report) });
}

async function errorOf(call: Promise<unknown>): Promise<ConnectorError> {
  const error = await call.then(
    () => new Error('it was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ConnectorError) return error;
  throw error;
}

const asked = (): string[] => simulator.journal.calls.map((one) => one.operation);
const track = (code = CODE, carrier: string | null = null) => connect().createTracker({ code, carrier });

describe('a tracker', () => {
  it('is made with one request, and is the same when it is asked for again', async () => {
    const first = await track();
    const again = await track(CODE, 'UPS');

    expect(first).toMatchObject({ code: CODE, carrier: 'UPS', status: 'unknown', isTest: true, lastScan: null });
    expect(again.id).toBe(first.id);
    expect(asked()).toEqual(['easypost.createTracker', 'easypost.createTracker']);
    expect(reports.map((one) => [one.operation, one.kind, one.outcome])).toEqual([
      ['createTracker', 'write', 'answered'],
      ['createTracker', 'write', 'answered'],
    ]);
  });

  it.each<[string, TrackingStatus]>([
    ['EZ1000000001', 'label_created'],
    ['EZ2000000002', 'in_transit'],
    ['EZ3000000003', 'out_for_delivery'],
    ['EZ4000000004', 'delivered'],
    ['EZ5000000005', 'returned_to_sender'],
    ['EZ6000000006', 'exception'],
    ['EZ7000000007', 'unknown'],
  ])('of test number %s is %s', async (code, status) => {
    expect((await track(code)).status).toBe(status);
  });

  it.each<[string, string, TrackingStatus]>([
    ['available_for_pickup', 'arrived_at_pickup_location', 'available_for_pickup'],
    ['cancelled', 'cancelled', 'cancelled'],
    ['error', 'unknown', 'unknown'],
    ['in_transit', 'delivery_exception', 'delivery_attempt_failed'],
    ['failure', 'lost', 'exception'],
    ['failure', 'expired', 'expired'],
    ['delivered', 'expired', 'delivered'],
  ])('that EasyPost calls %s, %s, is %s', async (status, detail, ours) => {
    const client = connect();
    const { id } = await track();
    await simulator.command('scan', { code: CODE, status, detail });

    expect(await client.getTracker(id)).toMatchObject({ status: ours, detail });
  });

  it('does not take a word that EasyPost adds later for anything', async () => {
    const { id } = await track();
    const at = new Date().toISOString();
    const body = { id, tracking_code: CODE, status: 'teleported', updated_at: at };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'easypost.getTracker' });

    expect(await connect().getTracker(id)).toMatchObject({ status: 'unknown', lastScan: null });
  });

  it('tells when it is expected, the newest scan by the carrier’s time, and when it was delivered', async () => {
    const { id } = await track();
    await simulator.command('scan', { code: CODE, status: 'delivered', at: '2026-11-20T10:00:00Z' });
    await simulator.command('scan', { code: CODE, status: 'in_transit', at: '2026-11-19T10:00:00Z' });

    const seen = await connect().getTracker(id);

    expect(seen).toMatchObject({
      lastScan: { status: 'delivered', at: new Date('2026-11-20T10:00:00Z') },
      deliveredAt: new Date('2026-11-20T10:00:00Z'),
      estimatedDeliveryAt: expect.any(Date),
    });
  });

  it('keeps no place, no signature and no sentence of the carrier’s', async () => {
    const shown = JSON.stringify([await track('EZ4000000004'), await connect().findTrackers('EZ4000000004')]);

    expect(shown).not.toMatch(/SPRINGFIELD|97477|WHITFIELD|Elm Street/i);
  });

  it('of a number that a carrier uses again tells of the earlier parcel, which the ranks do not believe', async () => {
    simulator.command('recycle', { code: CODE, deliveredAt: '2026-03-01T00:00:00Z' });

    const seen = await track();

    expect(seen).toMatchObject({ status: 'delivered', deliveredAt: new Date('2026-03-01T00:00:00Z') });
    const sighting = { status: seen.status, at: seen.lastScan?.at ?? null, updatedAt: seen.updatedAt };
    expect(advanceParcel(null, sighting, new Date('2026-11-01T00:00:00Z'))).toBeNull();
  });

  it('is found by its number only', async () => {
    await track();
    await track('1Z999AA2');

    expect((await connect().findTrackers(CODE)).map((one) => one.code)).toEqual([CODE]);
    expect(await connect().getTracker('trk_nowhere')).toBeNull();
    simulator.journal.clear();
    expect((await errorOf(connect().getTracker('../users'))).kind).toBe('rejected');
    expect(asked()).toEqual([]);
  });

  it('that is another than asked for is not taken', async () => {
    const { id } = await track();
    const body = { id: 'trk_other', tracking_code: 'OTHER', status: 'delivered', updated_at: new Date().toISOString() };
    for (const operation of ['easypost.getTracker', 'easypost.createTracker'])
      simulator.faults.add({ kind: 'status', status: 200, body, operation });

    expect((await errorOf(connect().getTracker(id))).reason).toContain('another tracker');
    expect(await errorOf(track())).toMatchObject({
      kind: 'ambiguous',
      reason: expect.stringContaining('another parcel'),
    });
  });
});

it('speaks of a parcel in the words that runs do', () => {
  expect(TRACKING_STATUSES).toEqual(PARCEL_STATUSES);
});

it('lists where events are sent', async () => {
  expect(await connect().listWebhooks()).toEqual([]);
  simulator.command('webhook', { url: 'https://sendoff.acme.test/webhooks/easypost' });
  expect(await connect().listWebhooks()).toEqual([
    { url: 'https://sendoff.acme.test/webhooks/easypost', isEnabled: true },
  ]);
  simulator.command('webhook', { url: null });
});

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, read: ConnectorErrorKind, write: ConnectorErrorKind])[] = [
  ['401', { kind: 'status', status: 401 }, 'unauthorized', 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized', 'unauthorized'],
  ['422', { kind: 'status', status: 422 }, 'rejected', 'rejected'],
  ['a redirect', { kind: 'status', status: 302, body: {} }, 'rejected', 'rejected'],
  ['500', { kind: 'status', status: 500 }, 'transient', 'ambiguous'],
  ['503', { kind: 'status', status: 503 }, 'transient', 'ambiguous'],
  ['a gateway’s page', { kind: 'status', status: 503, body: '<html>busy</html>' }, 'transient', 'ambiguous'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient', 'ambiguous'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient', 'ambiguous'],
  ['half an answer', { kind: 'truncate' }, 'transient', 'ambiguous'],
  ['no answer at all', { kind: 'hold_before' }, 'transient', 'ambiguous'],
  ['an answer of another shape', { kind: 'status', status: 200, body: [] }, 'transient', 'ambiguous'],
  ['a page for an answer', { kind: 'status', status: 200, body: '<html>hello</html>' }, 'transient', 'ambiguous'],
];

it.each(TROUBLES)('asks once and no more on %s', async (_, trouble, ofRead, ofWrite) => {
  simulator.faults.add({ ...trouble, operation: '*', times: 9 });
  const client = connect({ deadlineMs: trouble.kind === 'hold_before' ? 250 : 5_000 });

  const errors = [
    await errorOf(client.findTrackers(CODE)),
    await errorOf(client.createTracker({ code: CODE, carrier: null })),
  ];

  expect(errors.map((one) => one.kind)).toEqual([ofRead, ofWrite]);
  expect(asked()).toEqual(['easypost.listTrackers', 'easypost.createTracker']);
  expect(reports.map((one) => one.outcome)).toEqual([ofRead, ofWrite]);
  // superagent hangs the whole answer on its errors, and the SDK the key's header.
  expect(inspect(errors, { depth: 9 })).not.toMatch(/authorization|Basic |hello|busy/i);
});

it('shows nothing of an answer that cannot be read: it may hold a place or a name', async () => {
  const server = http.createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"signed_by": "DANA", "at": 12 Elm Street}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const client = connect({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

  const error = await errorOf(client.findTrackers(CODE));
  server.closeAllConnections();
  server.close();

  expect(error).toMatchObject({ kind: 'transient', reason: 'unreadable answer' });
  expect(inspect(error, { depth: 9 })).not.toMatch(/DANA|Elm/);
});

it('passes on how long to wait, and EasyPost’s own code', async () => {
  simulator.faults.add({ kind: 'rate_limit', retryAfterSeconds: 7, operation: '*' });
  expect((await errorOf(track())).retryAfterMs).toBe(7_000);
  expect(await errorOf(track('not a code'))).toMatchObject({ kind: 'rejected', vendorCode: 'TRACKER.CREATE.ERROR' });
});

it('ends at our deadline however slow the answer is, and knows a server that is not there', async () => {
  simulator.faults.add({ kind: 'delay', delayMs: 400, operation: '*' });
  const startedAt = performance.now();
  expect((await errorOf(connect({ deadlineMs: 100 }).findTrackers(CODE))).reason).toBe('timed out');
  expect(performance.now() - startedAt).toBeLessThan(350);

  const gone = await startEasyPostSimulator();
  await gone.close();
  const client = connect({ url: gone.url });
  expect((await errorOf(client.createTracker({ code: CODE, carrier: null }))).kind).toBe('transient');
});

it('never shows the key', async () => {
  const wrong = await errorOf(connect({ apiKey: 'EZAKwrong' }).findTrackers(CODE));
  simulator.command('revoke_key');
  const revoked = await errorOf(connect().findTrackers(CODE));

  expect([wrong.kind, revoked.kind]).toEqual(['unauthorized', 'unauthorized']);
  expect(inspect([wrong, revoked], { depth: 9 })).not.toMatch(new RegExp(`EZAKwrong|${simulator.apiKey}`));
});
