// Drives the BambooHR simulator by plain HTTP and through the connector, and holds every answer against BambooHR's published spec.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../sandbox/people.ts';
import { type BambooHrSimulator, startBambooHrSimulator } from '../../sandbox/vendors/bamboohr/server.ts';
import { connectBambooHr } from '../../src/connectors/bamboohr/client.ts';
import { type Exchange, loadSpec } from './published-spec.ts';

const spec = loadSpec('bamboohr-public.openapi.yaml');
const recorded: Exchange[] = [];
const plainFetch = globalThis.fetch;
let simulator: BambooHrSimulator;

beforeAll(async () => {
  simulator = await startBambooHrSimulator();
  globalThis.fetch = recordingFetch; // the connector's calls are on record too
  if (!spec)
    console.warn('bamboohr-simulator: no published spec (SENDOFF_VENDOR_SPECS), answers are not held against it');
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

/** What went over the wire, in JSON and with a valid key: the spec leaves 401 out. */
const recordingFetch: typeof fetch = async (input, init) => {
  const response = await plainFetch(input, init);
  const { pathname, search } = new URL(String(input));
  const text = await response.clone().text();
  const isJson = /json/.test(response.headers.get('content-type') ?? 'json');
  if (isJson && response.status !== 401) {
    recorded.push({
      method: init?.method ?? 'GET',
      path: pathname + search,
      status: response.status,
      ...(init?.body ? { requestBody: JSON.parse(String(init.body)) as unknown } : {}),
      ...(text === '' ? {} : { responseBody: JSON.parse(text) as unknown }),
    });
  }
  return response;
};

interface Answer {
  readonly status: number;
  readonly message: string | null;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  readonly body: any;
}

async function call(at: string, options: { body?: unknown; accept?: string; key?: string } = {}): Promise<Answer> {
  const { body, accept = 'application/json', key = simulator.apiKey } = options;
  const response = await fetch(simulator.url + at, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      accept,
      authorization: `Basic ${btoa(`${key}:x`)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status, headers } = response;
  const isJson = /json/.test(headers.get('content-type') ?? '');
  return {
    status,
    headers,
    text,
    message: headers.get('x-bamboohr-error-message'),
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

const query = (body: Record<string, unknown>): Promise<Answer> => call('/api/v2/datasets/employee/data', { body });

function idOf(key: string): string {
  const { employees } = simulator.state() as { employees: { id: string; key: string }[] };
  return String(employees.find((one) => one.key === key)?.id);
}

const record = async (key: string, fields: string, more = ''): Promise<Record<string, unknown>> =>
  (await call(`/api/v1/employees/${idOf(key)}?fields=${fields}${more}`)).body;

describe('one employee', () => {
  it('has the fields asked for, and no others', async () => {
    expect(await record('dana', 'displayName,country')).toEqual({
      id: idOf('dana'),
      displayName: 'Dana Whitfield',
      country: 'United States',
    });
    expect((await call(`/api/v1/employees/${idOf('dana')}`)).body).toEqual({ id: idOf('dana') });
  });

  it('lacks fields that are unknown, and fields that the key may not see, without a word', async () => {
    simulator.command('hide_fields', { fields: ['workEmail'] });

    expect(Object.keys(await record('dana', 'workEmail,noSuchField,status'))).toEqual(['id', 'status']);
  });

  it('writes an empty date as zeros and an empty text as null', async () => {
    expect(await record('noMail', 'terminationDate,workEmail')).toMatchObject({
      terminationDate: '0000-00-00',
      workEmail: null,
    });
  });

  it('keeps a termination date ahead to itself unless asked for what is ahead', async () => {
    expect(await record('danna', 'status,terminationDate')).toMatchObject({
      status: 'Active',
      terminationDate: '0000-00-00',
    });
    expect(String((await record('danna', 'terminationDate', '&onlyCurrent=false')).terminationDate)).toMatch(/^20/);
  });

  it('is Active on leave and Inactive before the first day', async () => {
    expect(await record('suspended', 'status,employmentHistoryStatus')).toMatchObject({
      status: 'Active',
      employmentHistoryStatus: 'Leave of Absence',
    });
    expect(await record('staged', 'status')).toMatchObject({ status: 'Inactive' });
  });

  it('names the supervisor by employee number and by id', async () => {
    const { supervisorId, supervisorEId } = await record('dana', 'supervisorId,supervisorEId');

    expect(supervisorEId).toBe(idOf('grace'));
    expect(supervisorId).not.toBe(supervisorEId);
  });

  it('is refused with a reason in a header and an empty body', async () => {
    const many = Array.from({ length: 401 }, () => 'status').join(',');
    simulator.command('hide_employees', { employees: ['grace'] });

    const refusals = [
      await call('/api/v1/employees/99999'),
      await call(`/api/v1/employees/${idOf('grace')}`),
      await call(`/api/v1/employees/${idOf('dana')}?fields=${many}`),
    ];

    expect(refusals.map((one) => one.status)).toEqual([404, 403, 400]);
    for (const one of refusals) expect([one.text, one.message]).toEqual(['', expect.stringMatching(/\w/)]);
  });

  it('answers XML to whoever does not ask for JSON', async () => {
    expect((await call(`/api/v1/employees/${idOf('dana')}`, { accept: '*/*' })).text).toMatch(/^<\?xml/);
  });
});

describe('lists', () => {
  it('has everybody of acme.test but accounts that are nobody’s, and one whom only HR knows', async () => {
    const { employees } = simulator.state() as { employees: { key: string }[] };
    const keys = employees.map((one) => one.key);

    expect(keys).toEqual([
      ...PEOPLE.map((one) => one.key).filter((key) => !['breakGlass', 'tokenOwner', 'danaPlus'].includes(key)),
      'noMail',
    ]);
  });

  it('shows active people in the directory, and future ones when asked', async () => {
    const idsAt = async (more: string): Promise<string[]> => {
      const { employees } = (await call(`/api/v1/employees/directory${more}`)).body;
      return employees.map((one: { id: string }) => one.id);
    };

    expect(await idsAt('')).not.toContain(idOf('staged'));
    expect(await idsAt('?onlyCurrent=false')).toContain(idOf('staged'));
    expect(await idsAt('')).not.toContain(idOf('deprovisioned'));
  });

  it('says who changed since, and how', async () => {
    const since = '2026-01-01T00:00:00Z';
    const [dana, ada] = [idOf('dana'), idOf('ada')];
    simulator.command('set_employee', { employee: 'dana', patch: { department: 'Data' } });
    simulator.command('delete_employee', { employee: 'ada' });

    const all = (await call(`/api/v1/employees/changed?since=${since}`)).body;
    const updated = (await call(`/api/v1/employees/changed?since=${since}&type=updated`)).body;

    expect(all.employees).toMatchObject({ [dana]: { action: 'Updated' }, [ada]: { action: 'Deleted' } });
    expect(Object.keys(updated.employees)).toEqual([dana]);
    expect(all.latest).toBe(all.employees[ada].lastChanged);
    expect((await call('/api/v1/employees/changed')).status).toBe(400);
    expect((await call(`/api/v1/employees/changed?since=${since}&type=moved`)).status).toBe(400);
  });

  it('keeps a history of employment and job, with what lies ahead', async () => {
    const status = (await call(`/api/v1/employees/${idOf('danna')}/tables/employmentStatus`)).body;
    const job = (await call(`/api/v1/employees/${idOf('dana')}/tables/jobInfo`)).body;

    expect(status.map((one: { employmentStatus: string }) => one.employmentStatus)).toEqual([
      'Full-Time',
      'Terminated',
    ]);
    expect(job).toMatchObject([{ department: 'Engineering', reportsTo: 'Njeri, Grace', date: '2024-02-05' }]);
    expect((await call(`/api/v1/employees/${idOf('dana')}/tables/noSuchTable`)).status).toBe(404);
    expect((await call('/api/v1/employees/all/tables/jobInfo')).body.length).toBeGreaterThan(20);
  });

  it('lists the fields of the account, hidden ones too', async () => {
    simulator.command('hide_fields', { fields: ['workEmail'] });

    const aliases = (await call('/api/v1/meta/fields')).body.map((one: { alias: string }) => one.alias);

    expect(aliases).toContain('workEmail');
  });
});

describe('the employee dataset', () => {
  it('lists its own names of the fields', async () => {
    const names = (await call('/api/v1_2/datasets/employee/fields')).body.fields.map(
      (one: { name: string }) => one.name,
    );

    expect(names).toEqual(expect.arrayContaining(['eeid', 'email', 'jobInformationDepartment']));
    expect(names).not.toContain('workEmail');
    expect((await call('/api/v1_2/datasets/nothing/fields')).status).toBe(422);
  });

  it('pages and sorts', async () => {
    const page = (number: number) => query({ fields: ['eeid'], orderBy: 'eeid desc', page: number, pageSize: 10 });
    const [first, second] = [await page(1), await page(2)];

    expect(first.body.data).toHaveLength(10);
    expect(Number(first.body.data[9].fields.eeid)).toBeGreaterThan(Number(second.body.data[0].fields.eeid));
    expect(first.body.meta).toMatchObject({ page: 1, pageSize: 10, totalPages: 3 });
    expect([first.body.links.prev, second.body.links.prev]).toEqual([undefined, expect.stringContaining('page=1')]);
  });

  it.each([
    ["email eq 'pat@acme.test'", 2],
    ["status eq 'Inactive'", 2],
    ["status in ('Active','Inactive') and email eq 'dana@acme.test'", 1],
    ["firstName eq 'Dana' or firstName eq 'Ada'", 2],
    ["email in ('dana@acme.test')", 1],
    ["email eq 'Dana@acme.test'", 0],
    ["firstName eq 'a and b'", 0],
    ["hireDate gt '2024-02-05'", 1],
  ])('filters by %s', async (filter, count) => {
    expect((await query({ fields: ['eeid'], filter })).body.meta.totalItems).toBe(count);
  });

  it.each([
    ['a filter of both and and or', { filter: "status eq 'Active' and firstName eq 'a' or firstName eq 'b'" }, 422],
    ['several values for a text', { filter: "email in ('a','b')" }, 422],
    ['a filter in double quotes', { filter: 'email eq "a"' }, 422],
    ['a page of more than 1000', { pageSize: 1001 }, 422],
    ['a sort by what is not asked for', { orderBy: 'email asc' }, 400],
    ['an unknown field', { fields: ['workEmail'] }, 400],
    ['no fields', { fields: undefined }, 400],
  ])('refuses %s', async (_, change, status) => {
    const answer = await query({ fields: ['eeid'], ...change });

    expect([answer.status, answer.body.status]).toEqual([status, status]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('the key, the limit and the clock', () => {
  it('takes the key as user and nothing else', async () => {
    const bare = await plainFetch(`${simulator.url}/api/v1/meta/fields`);
    const wrong = await call('/api/v1/meta/fields', { key: 'wrong' });
    simulator.command('revoke_key');
    const revoked = await call('/api/v1/meta/fields');
    simulator.command('restore_key');

    expect([bare.status, wrong.status, revoked.status]).toEqual([401, 401, 401]);
    expect((await call('/api/v1/meta/fields')).status).toBe(200);
  });

  it('says when to come back, by 429 or by the former 503', async () => {
    const answers: Answer[] = [];
    for (const status of [429, 503]) {
      simulator.command('set_rate_limit', { perMinute: 0, status });
      answers.push(await call('/api/v1/employees/changed?since=2026-01-01T00:00:00Z'));
    }
    recorded.splice(-2); // the spec knows neither

    expect(answers.map((one) => [one.status, one.headers.get('retry-after')])).toEqual([
      [429, '60'],
      [503, '60'],
    ]);
  });

  it('answers from the past while frozen', async () => {
    simulator.command('freeze', { on: true });
    simulator.command('set_employee', { employee: 'dana', patch: { department: 'Data' } });
    const during = await record('dana', 'department');
    simulator.command('freeze', { on: false });

    expect([during.department, (await record('dana', 'department')).department]).toEqual(['Engineering', 'Data']);
  });

  it('takes its time', async () => {
    simulator.command('set_latency', { ms: 60, operation: 'bamboohr.listFields' });
    const startedAt = performance.now();

    await call('/api/v1/meta/fields');

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
  });

  it('runs as a program that ends with its parent', async () => {
    const main = path.resolve(import.meta.dirname, '../../sandbox/vendors/bamboohr/main.ts');
    const child = spawn(process.execPath, [main, '--follow-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url, settings } = JSON.parse(String(line)) as { url: string; settings: Record<string, string> };
    const [ended] = [once(child, 'exit'), child.stdin.end()];

    expect(settings).toEqual({
      BAMBOOHR_URL: url,
      BAMBOOHR_API_KEY: expect.stringMatching(/^[0-9a-f]{40}$/),
      BAMBOOHR_WEBHOOK_KEY: expect.stringMatching(/^[0-9a-f]{48}$/),
    });
    expect(await ended).toEqual([0, null]);
  });
});

/** What we ask wrongly above, to be refused; and a problem+json, which the helper does not read. */
const DELIBERATE = [
  'GET /api/v1/employees/changed (400): query parameter since is missing',
  'GET /api/v1_2/datasets/nothing/fields (422): answer has a body, the spec has none',
  'POST /api/v2/datasets/employee/data (422): request /pageSize must be <= 1000',
  "POST /api/v2/datasets/employee/data (400): request body must have required property 'fields'",
];

// Last: looks at everything recorded above.
describe.skipIf(!spec)('BambooHR’s published spec', () => {
  it('has every exchange as it was, the connector’s included', async () => {
    const { url, apiKey } = simulator;
    const client = connectBambooHr({ url, apiKey, deadlineMs: 5_000, pace: async () => undefined });
    for (const { key, email } of PEOPLE) {
      await client.findEmployeesByEmail(email);
      if (idOf(key) !== 'undefined') await client.getEmployee(idOf(key));
    }
    await client.readableFields();

    const operations = new Set(recorded.map((one) => spec?.operationIdOf(one)));
    expect([...operations].toSorted()).toEqual([
      'get-changed-employee-ids',
      'get-data-from-dataset-v2',
      'get-employee',
      'get-employee-table-data',
      'get-employees-directory',
      'get-fields-from-dataset-v1-2',
      'list-fields',
    ]);
    expect(recorded.flatMap((one) => spec?.validateExchange(one))).toEqual(DELIBERATE);
    expect(recorded.length).toBeGreaterThan(90);
    expect(simulator.journal.calls.filter((one) => one.operation === 'bamboohr.unknown')).toEqual([]);
  });

  it('finds fault with exchanges that are not as published', () => {
    const at = '/api/v1/employees/41?fields=status';
    const broken: Exchange[] = [
      { method: 'GET', path: at, status: 200, responseBody: { status: 'Active' } },
      { method: 'GET', path: at, status: 200, responseBody: { id: 41 } },
      { method: 'GET', path: at, status: 200, responseBody: { id: '41', status: 'Terminated' } },
      { method: 'GET', path: `${at}&expand=all`, status: 200, responseBody: { id: '41' } },
      { method: 'GET', path: at, status: 404, responseBody: { error: 'gone' } },
      { method: 'GET', path: '/api/v1/employees/changed', status: 200, responseBody: { latest: '', employees: {} } },
      { method: 'POST', path: '/api/v2/datasets/employee/data', status: 200, requestBody: {}, responseBody: {} },
      {
        method: 'POST',
        path: '/api/v2/datasets/employee/data',
        status: 200,
        requestBody: { fields: ['eeid'] },
        responseBody: { data: [{ fields: { eeid: 41 } }] },
      },
      { method: 'DELETE', path: '/api/v1/employees/41', status: 200 },
    ];

    expect(broken.filter((one) => spec?.validateExchange(one).length === 0)).toEqual([]);
  });
});
