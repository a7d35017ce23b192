// Drives the Retriever simulator by plain HTTP: what it takes, what it refuses, and how its boxes move.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RetrieverSimulator, startRetrieverSimulator } from '../../sandbox/vendors/retriever/server.ts';

const LIST = '/api/v2/device_returns/';
const ORDER = {
  device: 'laptop',
  request_charger: true,
  serial_number: 'C02DANA0001',
  ticket_id: 'OFF-12/C02DANA0001',
  employee_info: {
    email: 'dana.private@home.test',
    name: 'Dana Whitfield',
    address_line_1: '12 Elm Street',
    address_city: 'Springfield',
    address_state: 'OR',
    address_zip: '97477',
    address_country: 'United States',
  },
  company_info: {
    return_recipient_name: 'IT desk',
    return_address_line_1: '1 Main Street',
    display_name: 'Acme',
  },
};

let simulator: RetrieverSimulator;

beforeAll(async () => {
  simulator = await startRetrieverSimulator();
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.command('reset');
  simulator.journal.clear();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  readonly body: any;
}

async function call(at: string, options: { body?: unknown; token?: string } = {}): Promise<Answer> {
  const { body, token = simulator.apiKey } = options;
  const response = await fetch(at.startsWith('http') ? at : simulator.url + at, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const order = (over: object = {}): Promise<Answer> => call(LIST, { body: { ...ORDER, ...over } });
const employee = (over: object): object => ({ employee_info: { ...ORDER.employee_info, ...over } });
const billed = (): number => (simulator.state() as { billed: number }).billed;

describe('an order', () => {
  it('is made, with no tracking number yet', async () => {
    const { status, body } = await order();

    expect(status).toBe(201);
    expect(body).toMatchObject({ ticket_id: ORDER.ticket_id, serial_number: 'C02DANA0001', created_via_api: true });
    expect(body.shipments).toHaveLength(1);
    expect(Object.values(body.shipments[0]).filter((value) => value !== null)).toEqual(['simulated_ordered']);
    expect(billed()).toBe(1);
  });

  it('sent twice is two orders, both billed: there is no idempotency key', async () => {
    const [first, second] = [await order(), await order()];

    expect(first.body.id).not.toBe(second.body.id);
    expect(billed()).toBe(2);
  });

  it.each([
    ['no charger said', { request_charger: undefined }, { request_charger: ['This field is required.'] }],
    ['a flag in words', { request_charger: 'yes' }, { request_charger: ['Must be a valid boolean.'] }],
    ['an unknown device', { device: 'tablet' }, { device: ['"tablet" is not a valid choice.'] }],
    ['a field that is not there', { serial: 'X' }, { serial: ['Unknown field.'] }],
    ['a number for a text', { ticket_id: 12 }, { ticket_id: ['Not a valid string.'] }],
    ['nobody to send to', { employee_info: undefined }, { employee_info: expect.anything() }],
    ['no recipient', { company_info: { display_name: 'Acme' } }, { company_info: expect.anything() }],
    ['a country that is not served', employee({ address_country: 'Korea' }), place('address_country', 'is not served')],
    ['a country by its code', employee({ address_country: 'US' }), place('address_country', 'is not served')],
    ['a PO box', employee({ address_line_1: 'P.O. Box 7' }), place('address_line_1', 'PO box')],
    ['another spelling of it', employee({ address_line_2: 'po box 7' }), place('address_line_2', 'PO box')],
    ['a postal code of elsewhere', employee({ address_zip: 'K1A 0B1' }), place('address_zip', 'not a postal code')],
    ['no postal code', employee({ address_zip: '' }), place('address_zip', 'may not be blank')],
  ])('is refused for %s', async (_, over, errors) => {
    const { status, body } = await order(over);

    expect([status, body]).toEqual([400, errors]);
    expect(billed()).toBe(0);
  });

  it('of a laptop is taken from Canada, of a monitor not', async () => {
    const canada = employee({ address_country: 'Canada', address_zip: 'K1A 0B1', address_state: 'ON' });

    expect((await order(canada)).status).toBe(201);
    expect((await order({ ...canada, device: 'monitor' })).status).toBe(400);
    expect((await order({ device: 'monitor' })).status).toBe(201);
  });

  it('can be cancelled in the portal for 30 minutes, and then no more', async () => {
    const { body } = await order();
    simulator.command('cancel_in_portal', { order: body.id });
    const second = await order();
    simulator.command('advance', { ms: 30 * 60_000 + 1 });

    expect(() => simulator.command('cancel_in_portal', { order: second.body.id })).toThrow('30 minutes');
    expect(billed()).toBe(1);
  });
});

function place(field: string, words: string): object {
  return { employee_info: { [field]: [expect.stringContaining(words)] } };
}

describe('its box', () => {
  it('has both numbers from the moment it ships, and four moments in their order', async () => {
    const { id } = (await order()).body;
    const shipment = async (): Promise<Record<string, string | null>> =>
      (await call(`${LIST}${id}/`)).body.shipments[0];
    expect(() => simulator.command('deliver_box', { order: id })).toThrow('boxShippedAt');

    const seen: Record<string, string | null>[] = [];
    for (const name of ['ship_box', 'deliver_box', 'scan_return', 'deliver_back']) {
      simulator.command('advance', { ms: 24 * 3_600_000 });
      simulator.command(name, { order: ORDER.ticket_id });
      seen.push(await shipment());
    }

    expect(seen[0]).toMatchObject({ outbound_tracking: expect.stringMatching(/^1Z/), box_delivered_at: null });
    expect(seen[0]?.return_tracking).not.toBe(seen[0]?.outbound_tracking);
    const moments = ['box_shipped_at', 'box_delivered_at', 'device_shipped_at', 'device_delivered_at'];
    const told = moments.map((name) => seen[3]?.[name] ?? '');
    expect(told.toSorted()).toEqual(told);
    expect(new Set(told).size).toBe(4);
    expect(seen[3]?.status).toBe('return_complete');
  });
});

describe('the list', () => {
  it('has 50 a page, newest first, with a cursor to the next', async () => {
    for (let at = 0; at < 120; at += 1) simulator.command('order_in_portal', { ...ORDER, ticket_id: `T-${at}` });

    const first = await call(LIST);
    const second = await call(first.body.next);
    const third = await call(second.body.next);

    expect([first, second, third].map(({ body }) => body.results.length)).toEqual([50, 50, 20]);
    expect(first.body.results[0]).toMatchObject({ ticket_id: 'T-119', created_via_api: false });
    expect([first.body.previous, third.body.next]).toEqual([null, null]);
  });

  it('cannot be filtered, nor be turned with a cursor that is none', async () => {
    expect((await call(`${LIST}?ticket_id=OFF-12`)).status).toBe(400);
    expect((await call(`${LIST}?cursor=${btoa('at=x')}`)).status).toBe(404);
  });
});

describe('reads', () => {
  it('are 60 in any minute, orders apart', async () => {
    const { id } = (await order()).body;
    for (let at = 0; at < 59; at += 1) await call(LIST);
    const [last, over] = [await call(`${LIST}${id}/`), await call(LIST)];

    expect([last.status, over.status, (await order()).status]).toEqual([200, 429, 201]);
    expect(over.body.detail).toMatch(/throttled/);
    simulator.command('advance', { ms: Number(over.headers.get('retry-after')) * 1000 });
    expect((await call(LIST)).status).toBe(200);
  });

  it('are 500 in any day', async () => {
    for (let minute = 0; minute < 10; minute += 1) {
      for (let at = 0; at < 50; at += 1) expect((await call(LIST)).status).toBe(200);
      simulator.command('advance', { ms: 61_000 });
    }
    const over = await call(LIST);

    expect(over.status).toBe(429);
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(23 * 3600);
  });
});

describe('whoever asks wrongly', () => {
  it('has no key, a wrong one, or a revoked one: 401', async () => {
    expect((await call(LIST, { token: 'wrong' })).body).toEqual({ detail: 'Invalid token.' });
    simulator.command('revoke_key');
    expect((await call(LIST)).status).toBe(401);
    expect((await order()).status).toBe(401);
    expect(billed()).toBe(0);
  });

  it('leaves out the last slash: 301, and an order is lost', async () => {
    const { status, headers } = await call(LIST.slice(0, -1), { body: ORDER });

    expect([status, headers.get('location'), billed()]).toEqual([301, LIST, 0]);
    expect(simulator.journal.calls.at(-1)?.operation).toBe('retriever.unknown');
  });

  it('leaves neither key nor address in the journal', async () => {
    await order();
    await order(employee({ address_line_1: 'P.O. Box 7' }));
    const told = JSON.stringify(simulator.journal.calls);

    expect(told).toContain(ORDER.ticket_id);
    for (const secret of [simulator.apiKey, 'Elm Street', 'Box 7', 'Whitfield', 'home.test'])
      expect(told).not.toContain(secret);
  });
});

it('runs as a program that ends with its parent', async () => {
  const main = path.resolve(import.meta.dirname, '../../sandbox/vendors/retriever/main.ts');
  const child = spawn(process.execPath, [main, '--follow-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url, settings } = JSON.parse(String(line)) as { url: string; settings: Record<string, string> };
  const [ended] = [once(child, 'exit'), child.stdin.end()];

  expect(settings).toEqual({ RETRIEVER_URL: url, RETRIEVER_API_KEY: expect.stringMatching(/^[0-9a-f]{40}$/) });
  expect(await ended).toEqual([0, null]);
});
