// Drives the BambooHR connector against the simulator: what each operation finds, and what it calls each failure.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BambooHrSimulator, startBambooHrSimulator } from '../../sandbox/vendors/bamboohr/server.ts';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { type BambooHr, connectBambooHr } from '../../src/connectors/bamboohr/client.ts';
import { BAMBOOHR_FIELDS } from '../../src/connectors/bamboohr/employee.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import type { CallReport } from '../../src/connectors/watch-call.ts';

interface Person {
  readonly id: string;
  readonly key: string;
  readonly employeeNumber: string;
  readonly endsOn: string | null;
}

let simulator: BambooHrSimulator;
let paced: number;

beforeAll(async () => {
  simulator = await startBambooHrSimulator();
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.command('reset');
  simulator.faults.clear();
  simulator.journal.clear();
  paced = 0;
});

function connect({ apiKey = simulator.apiKey, deadlineMs = 5_000 } = {}): BambooHr {
  const pace = async (): Promise<void> => {
    paced += 1;
  };
  return connectBambooHr({ url: simulator.url, apiKey, deadlineMs, pace });
}

function employee(key: string): Person {
  const { employees } = simulator.state() as { employees: Person[] };
  return employees.find((one) => one.key === key) as Person;
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

const idsOf = async (email: string): Promise<string[]> =>
  (await connect().findEmployeesByEmail(email)).map((one) => one.id);

describe('findEmployeesByEmail', () => {
  it('finds the one record, with one request', async () => {
    const found = await connect().findEmployeesByEmail('dana@acme.test');

    expect(found).toEqual([{ id: employee('dana').id, workEmail: 'dana@acme.test', status: 'Active' }]);
    expect([simulator.journal.calls.length, paced]).toEqual([1, 1]);
  });

  it('finds both records of a shared address', async () => {
    expect(await idsOf('pat@acme.test')).toEqual([employee('patOne').id, employee('patTwo').id]);
  });

  it('finds whoever has left', async () => {
    expect(await connect().findEmployeesByEmail('deprovisioned@acme.test')).toMatchObject([{ status: 'Inactive' }]);
  });

  it('does not take a look-alike for the one asked for', async () => {
    expect(await idsOf('d\u0430na@acme.test')).toEqual([employee('danaCyrillic').id]);
    expect(await idsOf('dana')).toEqual([]);
    expect(await idsOf('nobody@acme.test')).toEqual([]);
  });

  it('finds an address that HR spells in other letters', async () => {
    expect(await idsOf('lockedout@acme.test')).toEqual([employee('lockedOut').id]);
  });

  it('keeps a quote in an address from becoming part of the filter', async () => {
    simulator.command('set_employee', { employee: 'alex', patch: { workEmail: "o'moreau@acme.test" } });

    expect(await idsOf("o'moreau@acme.test")).toEqual([employee('alex').id]);
    expect(await idsOf("x' or email ne 'x")).toEqual([]);
  });

  it('keeps only exact matches of what the vendor gives', async () => {
    const rows = [
      { fields: { eeid: 7, email: 'dána@acme.test', status: 'Active' } },
      { fields: { eeid: 8, email: 'Dana@acme.test', status: 'Active' } },
    ];
    const body = { data: rows, meta: { totalPages: 1 } };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'bamboohr.getDataFromDataset' });

    expect(await idsOf('dana@acme.test')).toEqual(['8']);
  });

  it('reads every page', async () => {
    const page = (eeid: string) => ({
      data: [{ fields: { eeid, email: 'dana@acme.test', status: 'Active' } }],
      meta: { totalPages: 2 },
    });
    for (const id of ['1', '2']) {
      const fault = { kind: 'status', status: 200, body: page(id), operation: 'bamboohr.getDataFromDataset' } as const;
      simulator.faults.add(fault);
    }

    expect(await idsOf('dana@acme.test')).toEqual(['1', '2']);
  });

  it.each(['mark', 'refuse', 'silent'] as const)(
    'does not answer "nobody" when addresses are hidden from the key (%s)',
    async (datasets) => {
      simulator.command('hide_fields', { fields: ['workEmail'], datasets });

      expect(await kindOf(connect().findEmployeesByEmail('dana@acme.test'))).toBe('unauthorized');
    },
  );

  it.each(['mark', 'refuse', 'silent'] as const)(
    'does not answer "nobody" when the status is hidden from the key (%s)',
    async (datasets) => {
      simulator.command('hide_fields', { fields: ['status'], datasets });

      expect(await kindOf(connect().findEmployeesByEmail('dana@acme.test'))).toBe('unauthorized');
    },
  );
});

it('tells of each call: which, how it ended, how long it took', async () => {
  const told: CallReport[] = [];
  const { url, apiKey } = simulator;
  const bamboohr = connectBambooHr({
    ...{ url, apiKey, deadlineMs: 5_000, pace: async () => undefined },
    onCall: (report) => told.push(report),
  });
  await bamboohr.getEmployee(employee('dana').id);
  simulator.command('revoke_key');
  await kindOf(bamboohr.findEmployeesByEmail('dana@acme.test'));

  expect(told.map(({ operation, kind, outcome }) => [operation, kind, outcome])).toEqual([
    ['getEmployee', 'read', 'answered'],
    ['getEmployee', 'read', 'answered'],
    ['getDataFromDataset', 'read', 'unauthorized'],
  ]);
  expect(told.every(({ vendor, tookMs }) => vendor === 'bamboohr' && tookMs > 0)).toBe(true);
});

describe('getEmployee', () => {
  it('gives the record as HR has it', async () => {
    const { id } = employee('dana');

    expect(await connect().getEmployee(id)).toEqual({
      id,
      displayName: 'Dana Whitfield',
      employeeNumber: employee('dana').employeeNumber,
      workEmail: 'dana@acme.test',
      status: 'Active',
      supervisorId: employee('grace').id,
      supervisorName: 'Njeri, Grace',
      supervisorEmail: 'grace@acme.test',
      country: 'United States',
      department: 'Engineering',
      jobTitle: 'Platform engineer',
      hireDate: '2024-02-05',
      terminationDate: null,
      missing: [],
    });
  });

  it('names the supervisor by the id of their record, not by their employee number', async () => {
    const grace = employee('grace');

    const dana = await connect().getEmployee(employee('dana').id);

    expect(grace.employeeNumber).not.toBe(grace.id);
    expect(dana?.supervisorId).toBe(grace.id);
  });

  it('tells a planned end of somebody who still works here', async () => {
    const { id, endsOn } = employee('danna');

    expect(await connect().getEmployee(id)).toMatchObject({ status: 'Active', terminationDate: endsOn });
    expect(String(endsOn) > new Date().toISOString().slice(0, 10)).toBe(true);
  });

  it('does not take leave for an exit', async () => {
    const onLeave = await connect().getEmployee(employee('suspended').id);

    expect(onLeave).toMatchObject({ status: 'Active', terminationDate: null });
  });

  it('gives null for what is empty', async () => {
    const withoutMail = await connect().getEmployee(employee('noMail').id);
    const withoutDate = await connect().getEmployee(employee('recovery').id);

    expect(withoutMail).toMatchObject({ workEmail: null, supervisorId: null, missing: [] });
    expect(withoutDate).toMatchObject({ hireDate: null, terminationDate: null, missing: [] });
  });

  it('tells what the key may not see from what is empty', async () => {
    simulator.command('hide_fields', { fields: ['terminationDate', 'supervisorEId'] });

    const dana = await connect().getEmployee(employee('dana').id);

    expect(dana).toMatchObject({ terminationDate: null, supervisorId: null, status: 'Active' });
    expect(dana?.missing).toEqual(['supervisorEId', 'terminationDate']);
  });

  it('follows what HR changes', async () => {
    const { id } = employee('dana');
    simulator.command('set_employee', { employee: 'dana', patch: { endsOn: '2026-01-31' } });

    expect(await connect().getEmployee(id)).toMatchObject({ status: 'Inactive', terminationDate: '2026-01-31' });
  });

  it('gives null for a record that is gone, and no access for one it may not see', async () => {
    const [gone, hidden] = [employee('ada').id, employee('grace').id];
    simulator.command('delete_employee', { employee: 'ada' });
    simulator.command('hide_employees', { employees: ['grace'] });

    expect(await connect().getEmployee(gone)).toBeNull();
    await expect(connect().getEmployee(hidden)).rejects.toMatchObject({
      kind: 'unauthorized',
      reason: 'Insufficient Permissions to view this employee',
    });
  });

  it.each(['0', 'directory', 'changed', '7/tables/jobInfo', '..', '', '-1', ' 7'])(
    'does not ask for %j, which is no id of an employee',
    async (id) => {
      expect(await kindOf(connect().getEmployee(id))).toBe('rejected');
      expect(simulator.journal.calls).toEqual([]);
    },
  );

  it('does not take another record for the one asked for', async () => {
    const body = { id: '999', displayName: 'Somebody Else' };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'bamboohr.getEmployee' });

    await expect(connect().getEmployee('41')).rejects.toMatchObject({
      kind: 'transient',
      reason: expect.stringContaining('another employee'),
    });
  });
});

describe('getAddress', () => {
  const idOf = (key: string): string =>
    String(
      (simulator.state() as { employees: { id: string; key: string }[] }).employees.find((one) => one.key === key)?.id,
    );

  it('reads where somebody lives, with one request', async () => {
    expect(await connect().getAddress(idOf('dana'))).toEqual({
      ...{ name: 'Dana Whitfield', email: 'dana@home.test', line1: '12 Elm Street', line2: 'Apt 4' },
      ...{ city: 'Springfield', state: 'OR', zip: '97477', country: 'United States' },
    });
    expect(simulator.journal.calls).toHaveLength(1);
  });

  it('knows nothing of what the key may not see, of nobody, and takes no other record', async () => {
    simulator.command('hide_fields', { fields: ['address1', 'homeEmail'] });
    expect(await connect().getAddress(idOf('dana'))).toMatchObject({ line1: null, email: null, city: 'Springfield' });
    expect(await connect().getAddress('99999')).toBeNull();
    expect(await kindOf(connect().getAddress('directory'))).toBe('rejected');
    const body = { id: '999', displayName: 'Somebody Else' };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'bamboohr.getEmployee' });
    expect(await kindOf(connect().getAddress('41'))).toBe('transient');
  });
});

describe('readableFields', () => {
  it('says what the key can see', async () => {
    expect(await connect().readableFields()).toEqual({ readable: BAMBOOHR_FIELDS, missing: [] });
  });

  it('says what it cannot', async () => {
    simulator.command('hide_fields', { fields: ['terminationDate', 'country'] });

    const { readable, missing } = await connect().readableFields();

    expect(missing).toEqual(['country', 'terminationDate']);
    expect(readable).toHaveLength(BAMBOOHR_FIELDS.length - 2);
  });
});

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, ConnectorErrorKind])[] = [
  ['401', { kind: 'status', status: 401 }, 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized'],
  ['400', { kind: 'status', status: 400 }, 'rejected'],
  ['500', { kind: 'status', status: 500 }, 'transient'],
  ['503, an outage', { kind: 'status', status: 503 }, 'transient'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient'],
  ['half an answer', { kind: 'truncate' }, 'transient'],
  ['no answer at all', { kind: 'hold_before' }, 'transient'],
  ['an answer of another shape', { kind: 'status', status: 200, body: [] }, 'transient'],
];

describe.each([
  ['getEmployee', 'bamboohr.getEmployee', (client: BambooHr) => client.getEmployee('41')],
  [
    'findEmployeesByEmail',
    'bamboohr.getDataFromDataset',
    (client: BambooHr) => client.findEmployeesByEmail('dana@acme.test'),
  ],
  ['readableFields', 'bamboohr.getDataFromDataset', (client: BambooHr) => client.readableFields()],
] as const)('%s that fails', (_, operation, send) => {
  it.each(TROUBLES)('is asked once and no more on %s', async (_name, trouble, kind) => {
    simulator.faults.add({ ...trouble, operation, times: 9 });

    const client = connect({ deadlineMs: trouble.kind === 'hold_before' ? 250 : 5_000 });

    expect(await kindOf(send(client))).toBe(kind);
    expect(simulator.journal.calls.map((one) => one.operation)).toEqual([operation]);
  });

  it('passes on how long to wait, be it by 429 or by the former 503', async () => {
    for (const status of [429, 503]) {
      simulator.command('set_rate_limit', { perMinute: 0, status });

      await expect(send(connect())).rejects.toMatchObject({ kind: 'rate_limited', status, retryAfterMs: 60_000 });
    }
  });

  it('says whose fault a wrong or revoked key is, and never shows it', async () => {
    const wrong = await send(connect({ apiKey: 'wrong-key' })).catch((error: unknown) => error);
    simulator.command('revoke_key');
    const revoked = await send(connect()).catch((error: unknown) => error);

    for (const error of [wrong, revoked]) {
      expect(error).toMatchObject({ kind: 'unauthorized', status: 401, reason: 'Invalid API key' });
    }
    expect(`${String(wrong)} ${JSON.stringify(simulator.journal.calls)}`).not.toContain('wrong-key');
    expect(`${String(revoked)} ${JSON.stringify(simulator.journal.calls)}`).not.toContain(simulator.apiKey);
  });

  it('gives up at its deadline when BambooHR is slow', async () => {
    simulator.command('set_latency', { ms: 400 });

    expect(await kindOf(send(connect({ deadlineMs: 100 })))).toBe('transient');
  });
});

describe('a BambooHR that is not there', () => {
  it('is transient', async () => {
    const gone = await startBambooHrSimulator();
    const client = connectBambooHr({ url: gone.url, apiKey: 'x', deadlineMs: 500, pace: async () => undefined });
    await gone.close();

    expect(await kindOf(client.getEmployee('41'))).toBe('transient');
  });
});
