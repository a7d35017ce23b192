// Drives the Snipe-IT simulator by plain HTTP and through the connector, and holds what was said against Snipe-IT's published spec.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../sandbox/people.ts';
import { type SnipeItSimulator, startSnipeItSimulator } from '../../sandbox/vendors/snipeit/server.ts';
import { connectSnipeIt } from '../../src/connectors/snipeit/client.ts';
import { type Exchange, loadSpec } from './published-spec.ts';

const spec = loadSpec('snipe-it-rest-api.openapi.json');
const recorded: Exchange[] = [];
const plainFetch = globalThis.fetch;
let simulator: SnipeItSimulator;

beforeAll(async () => {
  simulator = await startSnipeItSimulator();
  globalThis.fetch = recordingFetch; // the connector's calls are on record too
  if (!spec)
    console.warn('snipeit-simulator: no published spec (SENDOFF_VENDOR_SPECS), answers are not held against it');
});

afterAll(async () => {
  globalThis.fetch = plainFetch;
  await simulator.close();
});

beforeEach(() => {
  simulator.command('reset');
  simulator.faults.clear();
  simulator.journal.clear();
});

/** The spec's paths begin behind `/api/v1`; of refusals by HTTP status it knows little. */
const recordingFetch: typeof fetch = async (input, init) => {
  const response = await plainFetch(input, init);
  const { pathname, search } = new URL(String(input));
  const text = await response.clone().text();
  if (response.status === 200)
    recorded.push({
      method: init?.method ?? 'GET',
      path: pathname.replace('/api/v1', '') + search,
      status: response.status,
      ...(init?.body ? { requestBody: JSON.parse(String(init.body)) as unknown } : {}),
      responseBody: JSON.parse(text) as unknown,
    });
  return response;
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  readonly body: any;
}

async function call(method: string, at: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${simulator.url}/api/v1${at}`, {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${simulator.apiToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

describe('assets', () => {
  it('are found by serial number as a list, and by id alone', async () => {
    const bySerial = (await call('GET', '/hardware/byserial/C02DANA0001')).body;

    expect(bySerial).toMatchObject({ total: 1, rows: [{ id: 101, serial: 'C02DANA0001' }] });
    expect((await call('GET', '/hardware/101')).body).toEqual(bySerial.rows[0]);
  });

  it('that are not there are an error in an HTTP 200', async () => {
    const none = { status: 'error', messages: 'Asset does not exist.', payload: null };

    for (const at of ['/hardware/byserial/NOBODY', '/hardware/999', '/hardware/110'])
      expect(await call('GET', at)).toMatchObject({ status: 200, body: none });
  });

  it('have their texts encoded', async () => {
    expect((await call('GET', '/hardware/105')).body.name).toBe('Lab &lt;iMac&gt; &amp; screen');
  });

  it('checked in twice: the second time nothing changes, and the asset’s model is in the refusal', async () => {
    const first = await call('POST', '/hardware/101/checkin', { status_id: 1, location_id: '2' });
    const second = await call('POST', '/hardware/101/checkin', { status_id: 3, location_id: '3' });

    expect(first.body).toMatchObject({ status: 'success', payload: { asset_tag: 'ACME-101' } });
    expect([second.status, second.body]).toEqual([
      200,
      {
        status: 'error',
        messages: 'That asset is already checked in.',
        payload: { asset_tag: 'ACME-101', model: 'MacBook Pro 14&quot;', model_number: null },
      },
    ]);
    expect((await call('GET', '/hardware/101')).body).toMatchObject({
      assigned_to: null,
      status_label: { id: 1 },
      location: { id: 2 },
      checkin_counter: 1,
    });
    expect(simulator.journal.calls.filter((one) => one.write).map((one) => one.applied)).toEqual([true, false]);
  });

  it('are changed field by field, or not at all', async () => {
    const wrong = await call('PATCH', '/hardware/101', { status_id: 99, notes: 'x' });

    expect(wrong.body).toMatchObject({ status: 'error', messages: { status_id: [expect.any(String)] } });
    expect((await call('GET', '/hardware/101')).body).toMatchObject({ notes: '', status_label: { id: 2 } });
  });
});

describe('the token and the limit', () => {
  it('takes a bearer of its own and sends browsers to sign in', async () => {
    const wrong = await call('GET', '/statuslabels', undefined, { authorization: 'Bearer x' });
    const browser = await call('GET', '/statuslabels', undefined, { accept: 'text/html' });
    simulator.command('revoke_token');
    const revoked = await call('GET', '/statuslabels');

    expect([wrong.status, browser.status, revoked.status]).toEqual([401, 302, 401]);
    expect(browser.headers.get('location')).toBe('/login');
  });

  it('counts a minute’s requests, tells what is left and when to come back', async () => {
    simulator.command('set_rate_limit', { perMinute: 2 });
    const answers = [await call('GET', '/locations'), await call('GET', '/locations'), await call('GET', '/locations')];

    expect(answers.map((one) => one.status)).toEqual([200, 200, 429]);
    expect(answers.map((one) => one.headers.get('x-ratelimit-remaining'))).toEqual(['1', '0', '0']);
    expect(answers[2]?.headers.get('x-ratelimit-limit')).toBe('2');
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('runs as a program that ends with its parent', async () => {
    const main = path.resolve(import.meta.dirname, '../../sandbox/vendors/snipeit/main.ts');
    const child = spawn(process.execPath, [main, '--follow-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url, settings } = JSON.parse(String(line)) as { url: string; settings: Record<string, string> };
    const [ended] = [once(child, 'exit'), child.stdin.end()];

    expect(settings).toEqual({ SNIPEIT_URL: url, SNIPEIT_API_TOKEN: expect.stringMatching(/^.{64}$/) });
    expect(await ended).toEqual([0, null]);
  });
});

// Last: looks at everything recorded above.
describe.skipIf(!spec)('Snipe-IT’s published spec', () => {
  it('has every exchange as it was, the connector’s included', async () => {
    const { url, apiToken } = simulator;
    const client = connectSnipeIt({ url, apiToken, deadlineMs: 5_000, pace: async () => undefined });
    for (const { key } of PEOPLE.slice(0, 8)) await client.findBySerial(`C02${key.toUpperCase()}0001`);
    await client.rights();
    await client.checkin(102, { statusId: 1, locationId: 2, note: 'OFF-1' });
    await client.checkin(102, { statusId: 1, locationId: 2 });
    await client.update(102, { statusId: 2, rtdLocationId: 1, locationId: 1, notes: 'OFF-1' });
    await client.statusLabels();
    await client.locations();
    await client.getAsset(102);

    const operations = new Set(recorded.map((one) => spec?.operationIdOf(one)));
    expect([...operations].toSorted()).toEqual([
      'hardware-by-id',
      'hardware-by-serial',
      'hardware-checkin',
      'hardware-list',
      'hardware-partial-update',
      'locations',
      'statuslabels',
    ]);
    // Its schemas of answers were drawn from single examples, and fit not even those of its own: only what is asked is held to it.
    const problems = recorded.flatMap((one) => spec?.validateExchange(one) ?? []);
    expect(problems.filter((one) => !/: answer /.test(one))).toEqual([]);
    expect(recorded.length).toBeGreaterThan(25);
    expect(simulator.journal.calls.filter((one) => one.operation === 'snipeit.unknown')).toEqual([]);
  });

  it('shows assets and status labels with no other fields than the simulator’s', () => {
    const answered = (template: RegExp): Exchange =>
      recorded.find((one) => template.test(one.path) && !('status' in (one.responseBody as object))) as Exchange;
    const [asset, labels] = [answered(/^\/hardware\/\d+$/), answered(/^\/statuslabels/)];

    // The example is checked out to a location; these are of a user, as in its example of a search by serial number.
    const ofUser = ['username', 'first_name', 'last_name'].map((one) => `assigned_to.${one}`);
    expect(shapeBeyond(asset.responseBody, spec?.exampleOf(asset))).toEqual(ofUser);
    expect(shapeBeyond(labels.responseBody, spec?.exampleOf(labels))).toEqual([]);
    expect(shapeBeyond({ id: 1, invented: { deep: 1 } }, spec?.exampleOf(asset))).toEqual(['invented']);
  });

  it('finds fault with what is asked otherwise', () => {
    const asked: Exchange[] = [
      { method: 'POST', path: '/hardware/101/checkin', status: 200, requestBody: {} },
      { method: 'POST', path: '/hardware/101/checkin', status: 200, requestBody: { status_id: '1' } },
      { method: 'PATCH', path: '/hardware/101', status: 200, requestBody: { status: 1 } },
      { method: 'GET', path: '/statuslabels?kind=pending', status: 200 },
      { method: 'GET', path: '/nothing', status: 200 },
    ];

    const told = asked.map((one) => spec?.validateExchange(one).filter((problem) => !/: answer /.test(problem)));
    expect(told.filter((problems) => problems?.length === 0)).toEqual([]);
  });
});

/** Paths of fields that `value` has and `example` has not; of a list its first row counts, and an example's null holds anything. */
function shapeBeyond(value: unknown, example: unknown, at = ''): string[] {
  if (Array.isArray(value) && Array.isArray(example)) return shapeBeyond(value[0], example[0], at);
  if (typeof value !== 'object' || value === null || typeof example !== 'object' || example === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key in example ? shapeBeyond(one, (example as Record<string, unknown>)[key], `${at}${key}.`) : [`${at}${key}`],
  );
}
