// A device's way back from the box to the office: both parcels are followed, news moves forward only, and delivered is not received.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../support/engine.ts';
import type { Office, StepRow } from '../../support/office.ts';
import { becomes, clickFresh, ordersOf, returningOffice, sendHome, stepOf } from '../../support/returns.ts';

let office: Office;

beforeAll(async () => {
  office = await returningOffice();
});
afterEach(async () => {
  await office.clear();
  office.pass(2 * 60_000);
});
afterAll(() => office.close());

const retriever = (name: string) => office.retriever?.command(name, { order: 'C02DANA0001' });
const easypost = () => office.easypost as NonNullable<Office['easypost']>;
const root = (): string => office.channel.root();
const thread = (): string => office.channel.thread().join('\n');
const track = async (): Promise<StepRow> => (await stepOf(office, 'return.track')) as StepRow;
const trackers = () =>
  (easypost().state() as { trackers: { tracking_code: string }[] }).trackers.map((one) => one.tracking_code);
const numbers = (): readonly string[] =>
  ordersOf(office).flatMap((one) => [String(one.outbound.tracking), String(one.back.tracking)]);

/** Four hours at a time, until the step has seen it. */
async function seen(key: string, value: unknown): Promise<StepRow> {
  await office.until(async () => {
    const row = await track();
    if (row.after?.[key] === value) return true;
    if (row.status === 'waiting') office.pass(4 * 3_600_000);
    return false;
  }, 20_000);
  return track();
}

async function shipped(): Promise<void> {
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'done');
  retriever('ship_box');
  await seen('outStatus', 'in_transit');
}

it('is followed on both legs, each by one tracker, and ends when the carrier has delivered the device', async () => {
  await shipped();
  expect([...trackers()].sort()).toEqual([...numbers()].sort());

  retriever('deliver_box');
  await easypost().command('look', {});
  await seen('outStatus', 'delivered');
  await office.until(() => /Box: delivered .* · Device: label made/.test(root()));
  retriever('scan_return');
  await easypost().command('look', {});
  await seen('backStatus', 'in_transit');
  retriever('deliver_back');
  await easypost().command('look', {});
  const done = await becomes(office, 'return.track', 'done');

  expect([done.evidence, trackers().length]).toEqual(['read_back', 2]);
  await office.until(() => /Delivered is not received/.test(thread()));
}, 60_000);

it('a webhook wakes the look at once; an event of another parcel, one twice and one that comes late change nothing', async () => {
  await shipped();
  const [out = '', back = ''] = numbers();
  const attempt = (await track()).attempt;
  await easypost().command('scan', { code: out, status: 'delivered' });
  await office.until(async () => (await track()).after?.outStatus === 'delivered');
  expect((await track()).attempt).toBeGreaterThan(attempt);

  // What carriers send late: the parcel does not go back.
  await easypost().command('scan', {
    code: out,
    status: 'in_transit',
    at: new Date(office.clock.now().getTime() - DAY_MS).toISOString(),
  });
  await easypost().command('send_again', { times: 3 });
  await easypost().command('send_event', {
    description: 'tracker.updated',
    result: { object: 'Tracker', id: 'trk_other', tracking_code: '1ZOTHER' },
  });
  await office.until(async () => {
    const rows = await office.db.query<{ outcome: string | null }>(
      `SELECT outcome FROM inbound_delivery WHERE source = 'easypost' AND payload->>'code' = '1ZOTHER'`,
      [],
    );
    return rows[0]?.outcome === 'unknown_parcel';
  });
  await seen('outStatus', 'delivered');
  await easypost().command('scan', { code: back, status: 'in_transit' });
  await office.until(async () => (await track()).after?.backStatus === 'in_transit');
  expect((await track()).after?.outStatus).toBe('delivered');
}, 60_000);

it('a number that a carrier uses again does not tell of an arrival before the order', async () => {
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'done');
  const [order] = ordersOf(office);
  await easypost().command('recycle', { code: `1Z999AA1${order?.id}0002`, deliveredAt: '2026-03-01T10:00:00Z' });
  retriever('ship_box');
  await seen('outStatus', 'in_transit');

  expect([(await track()).status, (await track()).after?.backStatus]).toEqual(['waiting', null]);
}, 60_000);

it('a parcel that nobody has seen for a week, or that went back, is called out once, with what to do', async () => {
  await shipped();
  office.pass(8 * DAY_MS);
  await office.until(() => /No carrier has seen the box since/.test(thread()));
  await easypost().command('scan', { code: numbers()[0], status: 'return_to_sender' });
  await office.until(() => /The box went back to Retriever: the person never got it/.test(thread()));
  await office.until(() => /A parcel was in trouble here/.test(thread()));

  expect(thread().match(/needs somebody/g)).toHaveLength(1);
}, 60_000);

it('an order that was cancelled in the portal is asked about, and following it can be stopped', async () => {
  await sendHome(office, 'ship');
  await becomes(office, 'return.ship', 'done');
  office.retriever?.command('reset'); // gone from the list, and by its id
  await office.until(async () => {
    office.pass(4 * 3_600_000);
    return (await track()).status === 'needs_human';
  }, 20_000);
  await office.until(() => /Retriever no longer shows the order/.test(thread()));
  await clickFresh(office, 'return.track', 'step_decline');
  expect((await becomes(office, 'return.track', 'skipped')).cause).toBe('tracking_stopped');
}, 90_000);
