// Drives the Retriever connector against the simulator: orders and searches, what each failure is called, and what no error tells.
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { type RetrieverSimulator, startRetrieverSimulator } from '../../sandbox/vendors/retriever/server.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import {
  connectRetriever,
  type Retriever,
  type ReturnAddress,
  type ReturnCountry,
} from '../../src/connectors/retriever/client.ts';
import { aReturnOrder, DANAS_ADDRESS } from '../support/return-order.ts';

const HOUR_MS = 3_600_000;

let simulator: RetrieverSimulator;
let paced: string[];

beforeAll(async () => {
  simulator = await startRetrieverSimulator();
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.command('reset');
  simulator.faults.clear();
  simulator.journal.clear();
  paced = [];
});

function connect({ apiKey = simulator.apiKey, deadlineMs = 5_000 } = {}): Retriever {
  const pace = async (bucket: string): Promise<void> => void paced.push(bucket);
  return connectRetriever({ url: simulator.url, apiKey, deadlineMs, pace });
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

describe('createReturn', () => {
  it('orders one box, with one request and what was asked for', async () => {
    const made = await connect().createReturn(aReturnOrder());

    expect(made).toMatchObject({ ticketId: 'OFF-12/C02DANA0001', serialNumber: 'C02DANA0001', device: 'laptop' });
    expect(made.shipments).toEqual([
      {
        status: 'simulated_ordered',
        boxOut: { tracking: null, carrier: null, shippedAt: null, deliveredAt: null },
        deviceBack: { tracking: null, carrier: null, shippedAt: null, deliveredAt: null },
      },
    ]);
    expect([asked(), paced]).toEqual([['retriever.createDeviceReturn'], []]);
    const { orders } = simulator.state() as { orders: { sent: object }[] };
    expect(orders[0]?.sent).toMatchObject({
      request_charger: true,
      request_cell_phone: false,
      employee_info: { address_line_2: 'Apt 4', address_zip: '97477', address_country: 'United States' },
      company_info: { return_recipient_name: 'IT desk', display_name: 'Acme' },
    });
  });

  it('keeps nothing of the address that Retriever sends back', async () => {
    const client = connect();
    const made = await client.createReturn(aReturnOrder());
    const read = [made, await client.getReturn(made.id), await client.listReturns()];

    for (const value of Object.values(DANAS_ADDRESS)) expect(JSON.stringify(read)).not.toContain(value);
  });

  it.each<[string, Partial<Record<keyof ReturnAddress, string>>, string]>([
    ['a country', { country: 'Korea' }, 'employee_info.address_country is not served'],
    ['a PO box', { line1: 'P.O. Box 1234' }, 'employee_info.address_line_1 is a PO box'],
    ['a postal code', { zip: 'SW1A 1AA' }, 'employee_info.address_zip is refused'],
    ['no city', { city: '' }, 'employee_info.address_city is missing'],
  ])('says which field was refused, and never what stood in it: %s', async (_, over, reason) => {
    const from = { ...DANAS_ADDRESS, ...over, country: (over.country ?? DANAS_ADDRESS.country) as ReturnCountry };

    const error = await errorOf(connect().createReturn(aReturnOrder({ from })));

    expect(error).toMatchObject({ kind: 'rejected', status: 400, reason });
    const shown = inspect(error, { depth: 9 }) + String(error.stack);
    for (const value of [...Object.values(DANAS_ADDRESS), ...Object.values(over)])
      if (value !== '' && value !== 'United States') expect(shown).not.toContain(value);
  });

  it('takes the answer about another order for none: whether ours was made is not known', async () => {
    const client = connect();
    const other = await client.createReturn(aReturnOrder({ ticketId: 'OFF-11/X' }));
    const body = { id: other.id, ticket_id: 'OFF-11/X', created_at: new Date().toISOString(), shipments: [] };
    simulator.faults.add({ kind: 'status', status: 201, body, operation: 'retriever.createDeviceReturn' });

    expect((await errorOf(client.createReturn(aReturnOrder()))).kind).toBe('ambiguous');
  });
});

describe('findReturns', () => {
  const portal = (ticketId: string, serialNumber = 'OTHER'): void => {
    const { from, to } = aReturnOrder();
    simulator.command('order_in_portal', {
      ...{ device: 'laptop', request_charger: true, serial_number: serialNumber, ticket_id: ticketId },
      employee_info: {
        ...{ name: from.name, email: from.email, address_line_1: from.line1, address_city: from.city },
        ...{ address_state: from.state, address_zip: from.zip, address_country: from.country },
      },
      company_info: { return_recipient_name: to.name, return_address_line_1: to.line1, display_name: 'Acme' },
    });
  };
  const ticketsOf = ({ returns }: { readonly returns: readonly { readonly ticketId: string | null }[] }) =>
    returns.map((one) => one.ticketId);

  it('finds an order whose answer was lost, which would else be paid for twice', async () => {
    const client = connect();
    simulator.faults.add({ kind: 'drop_after', operation: 'retriever.createDeviceReturn' });
    const error = await errorOf(client.createReturn(aReturnOrder()));
    const found = await client.findReturns({ ticketId: 'OFF-12/C02DANA0001', since: null });

    expect([error.kind, ticketsOf(found)]).toEqual(['ambiguous', ['OFF-12/C02DANA0001']]);
  });

  it('finds by ticket or by serial number, on any page', async () => {
    portal('T-1', 'C02DANA0001');
    portal('OFF-12/C02DANA0001');
    for (let at = 0; at < 110; at += 1) portal(`other-${at}`);

    const wanted = { ticketId: 'OFF-12/C02DANA0001', serialNumber: 'C02DANA0001', since: null };
    const found = await connect().findReturns(wanted);

    expect(ticketsOf(found)).toEqual(['OFF-12/C02DANA0001', 'T-1']);
    expect(found.pages).toBe(3);
    expect(paced).toEqual(Array.from({ length: 3 }, () => ['retriever.day', 'retriever.reads']).flat());
  });

  it('stops where all is older than asked for, if the list goes from new to old', async () => {
    for (let at = 0; at < 160; at += 1) portal(`old-${at}`);
    simulator.command('advance', { ms: HOUR_MS });
    portal('OFF-12/C02DANA0001');
    const since = new Date(Date.now() + HOUR_MS / 2);

    const found = await connect().findReturns({ ticketId: 'OFF-12/C02DANA0001', since });

    expect([ticketsOf(found), found.pages]).toEqual([['OFF-12/C02DANA0001'], 2]);
  });

  it('reads to the end where the list goes another way', async () => {
    for (let at = 0; at < 160; at += 1) {
      portal(`old-${at}`);
      simulator.command('advance', { ms: 1_000 });
    }
    simulator.command('advance', { ms: HOUR_MS });
    portal('OFF-12/C02DANA0001');
    simulator.command('set_list_order', { oldestFirst: true });
    const since = new Date(Date.now() + HOUR_MS / 2);

    const found = await connect().findReturns({ ticketId: 'OFF-12/C02DANA0001', since });

    expect([ticketsOf(found), found.pages]).toEqual([['OFF-12/C02DANA0001'], 4]);
  });

  it('follows a cursor, not an address that an answer names', async () => {
    const body = { next: 'https://evil.test/api/v2/device_returns/?cursor=abc', previous: null, results: [] };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'retriever.listDeviceReturns' });

    const page = await connect().listReturns();

    expect(page.next).toBe('abc');
    await errorOf(connect().listReturns(page.next));
    expect(simulator.journal.calls.at(-1)?.path).toBe('/api/v2/device_returns/?cursor=abc');
  });

  it('does not take a list whose next page has no cursor for the whole', async () => {
    const body = { next: '/api/v2/device_returns/?page=2', previous: null, results: [] };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'retriever.listDeviceReturns' });

    expect((await errorOf(connect().listReturns())).kind).toBe('transient');
  });
});

describe('getReturn', () => {
  it('tells both numbers once the box has shipped, and the four moments', async () => {
    const client = connect();
    const { id } = await client.createReturn(aReturnOrder());
    simulator.command('ship_box', { order: id });
    simulator.command('deliver_box', { order: id });

    const shipment = (await client.getReturn(id))?.shipments[0];

    expect(shipment).toMatchObject({
      boxOut: { tracking: expect.stringMatching(/^1Z/), carrier: 'UPS', deliveredAt: expect.any(Date) },
      deviceBack: { tracking: expect.stringMatching(/^1Z/), shippedAt: null, deliveredAt: null },
    });
  });

  it('gives null for what is not there, and does not ask for what is no id', async () => {
    expect(await connect().getReturn('999')).toBeNull();
    simulator.journal.clear();
    for (const id of ['', '..', 'a/b', '1?x']) expect((await errorOf(connect().getReturn(id))).kind).toBe('rejected');
    expect(asked()).toEqual([]);
  });
});

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, read: ConnectorErrorKind, write: ConnectorErrorKind])[] = [
  ['401', { kind: 'status', status: 401 }, 'unauthorized', 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized', 'unauthorized'],
  ['400', { kind: 'status', status: 400 }, 'rejected', 'rejected'],
  ['500', { kind: 'status', status: 500 }, 'transient', 'ambiguous'],
  ['503', { kind: 'status', status: 503 }, 'transient', 'ambiguous'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient', 'ambiguous'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient', 'ambiguous'],
  ['half an answer', { kind: 'truncate' }, 'transient', 'ambiguous'],
  ['no answer at all', { kind: 'hold_before' }, 'transient', 'ambiguous'],
  ['an answer of another shape', { kind: 'status', status: 200, body: [] }, 'transient', 'ambiguous'],
];

it.each(TROUBLES)('asks once and no more on %s', async (_, trouble, ofRead, ofWrite) => {
  simulator.faults.add({ ...trouble, operation: '*', times: 9 });
  const client = connect({ deadlineMs: trouble.kind === 'hold_before' ? 250 : 5_000 });

  const kinds = [(await errorOf(client.listReturns())).kind, (await errorOf(client.createReturn(aReturnOrder()))).kind];

  expect(kinds).toEqual([ofRead, ofWrite]);
  expect(asked()).toEqual(['retriever.listDeviceReturns', 'retriever.createDeviceReturn']);
});

it('passes on how long to wait, and does not read past what the pace refuses', async () => {
  simulator.command('set_limits', { perDay: 0 });
  expect(await errorOf(connect().listReturns())).toMatchObject({ kind: 'rate_limited', retryAfterMs: 86_400_000 });

  simulator.journal.clear();
  const spent = new ConnectorError({ kind: 'rate_limited', vendor: 'retriever', operation: 'pace', reason: 'spent' });
  const { url, apiKey } = simulator;
  const client = connectRetriever({ url, apiKey, deadlineMs: 500, pace: () => Promise.reject(spent) });
  expect(await errorOf(client.listReturns())).toBe(spent);
  expect(asked()).toEqual([]);
});

it('never shows the key', async () => {
  const wrong = await errorOf(connect({ apiKey: 'wrong-key' }).listReturns());
  simulator.command('revoke_key');
  const revoked = await errorOf(connect().listReturns());

  for (const error of [wrong, revoked]) expect(error).toMatchObject({ kind: 'unauthorized', reason: 'Invalid token.' });
  expect(inspect([wrong, revoked], { depth: 9 })).not.toMatch(new RegExp(`wrong-key|${simulator.apiKey}`));
});
