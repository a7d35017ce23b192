// What the Jamf connector calls each failure: one request per attempt, writes without a clear answer in doubt, tokens replaced in time.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/vendors/faults.ts';
import { type JamfSimulator, startJamfSimulator } from '../../sandbox/vendors/jamf/server.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import { connectJamf, JAMF_PRIVILEGES, type Jamf } from '../../src/connectors/jamf/client.ts';
import type { CallReport } from '../../src/connectors/watch-call.ts';
import { macsOf } from '../support/office-jamf.ts';

const PIN = '493027';
let simulator: JamfSimulator;
let told: CallReport[];

beforeAll(async () => {
  simulator = await startJamfSimulator();
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.command('reset');
  simulator.faults.clear();
  simulator.journal.clear();
  told = [];
});

function connect({ deadlineMs = 5_000, clientSecret = simulator.clientSecret, url = simulator.url } = {}): Jamf {
  const { clientId } = simulator;
  const pace = async (): Promise<void> => undefined;
  return connectJamf({ url, clientId, clientSecret, deadlineMs, pace, onCall: (report) => told.push(report) });
}

/** One that knows its server's version and has a token. */
async function warm(options: Parameters<typeof connect>[0] = {}): Promise<Jamf> {
  const jamf = connect(options);
  await jamf.tryInventory();
  simulator.journal.clear();
  return jamf;
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

const dana = (): string => String(macsOf(simulator).of('C02DANA0001').managementId);
const asked = (operation: string): number =>
  simulator.journal.calls.filter((one) => one.operation === operation).length;

const CALLS: readonly (readonly [string, 'read' | 'write', (jamf: Jamf) => Promise<unknown>])[] = [
  ['jamf.listComputers', 'read', (jamf) => jamf.findComputers({ email: 'dana@acme.test' })],
  ['jamf.getComputer', 'read', (jamf) => jamf.getComputer('11')],
  ['jamf.viewDeviceLockPin', 'read', (jamf) => jamf.storedPin('17')],
  ['jamf.listCommands', 'read', (jamf) => jamf.commandsOf(dana(), 'DEVICE_LOCK')],
  ['jamf.sendCommand', 'write', (jamf) => jamf.lock(dana(), PIN)],
  ['jamf.eraseComputer', 'write', (jamf) => jamf.erase('11')],
  ['jamf.blankPush', 'write', (jamf) => jamf.blankPush(dana())],
];

type Trouble = Omit<Fault, 'operation' | 'times'>;
const TROUBLES: readonly (readonly [string, Trouble, read: ConnectorErrorKind, write: ConnectorErrorKind])[] = [
  ['503', { kind: 'status', status: 503 }, 'transient', 'ambiguous'],
  ['500', { kind: 'status', status: 500 }, 'transient', 'ambiguous'],
  ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited', 'rate_limited'],
  ['a reset', { kind: 'reset' }, 'transient', 'ambiguous'],
  ['an answer that is lost', { kind: 'drop_after' }, 'transient', 'ambiguous'],
  ['half an answer', { kind: 'truncate' }, 'transient', 'ambiguous'],
  ['a page of HTML', { kind: 'status', status: 200, body: '<html>Jamf Pro</html>' }, 'transient', 'ambiguous'],
  ['an answer of another shape', { kind: 'status', status: 200, body: [7] }, 'transient', 'ambiguous'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized', 'unauthorized'],
  ['400', { kind: 'status', status: 400 }, 'rejected', 'rejected'],
];

describe.each(CALLS)('%s', (operation, kind, send) => {
  it.each(TROUBLES)('is asked once and no more on %s', async (_, trouble, ofRead, ofWrite) => {
    const jamf = await warm();
    simulator.faults.add({ ...trouble, operation, times: 9 });

    expect(await kindOf(send(jamf))).toBe(kind === 'read' ? ofRead : ofWrite);
    expect(asked(operation)).toBe(1);
  });
});

it('waits no longer than its deadline for an answer, and is then in doubt about a write', async () => {
  const jamf = await warm({ deadlineMs: 300 });
  for (const operation of ['jamf.sendCommand', 'jamf.getComputer'])
    simulator.faults.add({ kind: 'hold_before', operation, times: 9 });

  expect([await kindOf(jamf.lock(dana(), PIN)), await kindOf(jamf.getComputer('11'))]).toEqual([
    'ambiguous',
    'transient',
  ]);
  expect([asked('jamf.sendCommand'), asked('jamf.getComputer')]).toEqual([1, 1]);
});

it('tells each call’s outcome, and no passcode in any error', async () => {
  const jamf = await warm();
  simulator.faults.add({ kind: 'drop_after', operation: 'jamf.sendCommand' });
  const error = await jamf.lock(dana(), PIN).catch((one: unknown) => one);

  expect(told.map(({ vendor, operation, kind, outcome }) => [vendor, operation, kind, outcome])).toEqual([
    ['jamf', 'token', 'read', 'answered'],
    ['jamf', 'findVersion', 'read', 'answered'],
    ['jamf', 'lock', 'write', 'ambiguous'],
  ]);
  expect(`${JSON.stringify(told)} ${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain(PIN);
});

it('leaves no write in doubt that never had a connection', async () => {
  expect(await kindOf(connect({ url: 'http://127.0.0.1:9' }).lock(dana(), PIN))).toBe('transient');
});

describe('the token', () => {
  it('is fetched once for all who wait, and kept', async () => {
    const jamf = connect();
    await Promise.all([jamf.getComputer('11'), jamf.getComputer('12'), jamf.lock(dana(), PIN)]);
    await jamf.getComputer('13');

    expect(asked('jamf.token')).toBe(1);
  });

  it('is replaced ahead of its end, so that a short life costs no try', async () => {
    simulator.command('set_token_life', { seconds: 0.6 });
    // A call takes a while to be looked at: the token has to live that long.
    simulator.command('set_latency', { ms: 60, operation: 'jamf.getComputer' });
    const jamf = connect();
    const end = performance.now() + 2_000;
    const kinds = new Set<string>();
    while (performance.now() < end) kinds.add(await kindOf(jamf.getComputer('11')));

    expect([...kinds]).toEqual(['answered']);
    expect(asked('jamf.token')).toBeGreaterThan(2);
    expect(simulator.journal.calls.filter((one) => one.status === 401)).toEqual([]);
  });

  it('that is not moved by Jamf’s clock outlives a test’s days', async () => {
    const jamf = await warm();
    simulator.command('advance', { ms: 60 * 86_400_000 });

    expect(await kindOf(jamf.lock(dana(), PIN))).toBe('answered');
  });

  it('that Jamf ended early costs one try and no question; a fresh one that is refused is our credentials’ fault', async () => {
    const jamf = await warm();
    simulator.command('expire_tokens');

    const [first, second] = [await kindOf(jamf.lock(dana(), PIN)), await kindOf(jamf.lock(dana(), PIN))];

    expect([first, second]).toEqual(['transient', 'answered']);
    expect([asked('jamf.sendCommand'), asked('jamf.token')]).toEqual([2, 1]);
    expect(macsOf(simulator).of('C02DANA0001').commands).toHaveLength(1);

    simulator.faults.add({ kind: 'status', status: 401, operation: '*', skip: 1, times: 1 });
    expect(await kindOf(connect().getComputer('11'))).toBe('unauthorized');
  });

  it.each([
    ['503', { kind: 'status', status: 503 }, 'transient'],
    ['429', { kind: 'rate_limit', retryAfterSeconds: 7 }, 'rate_limited'],
    ['a reset', { kind: 'reset' }, 'transient'],
    ['half an answer', { kind: 'truncate' }, 'transient'],
    ['HTML', { kind: 'status', status: 200, body: '<html></html>' }, 'transient'],
    ['400', { kind: 'status', status: 400, body: { error: 'invalid_client' } }, 'unauthorized'],
    ['401', { kind: 'status', status: 401, body: { error: 'invalid_client' } }, 'unauthorized'],
  ] as const satisfies readonly (readonly [string, Trouble, ConnectorErrorKind])[])(
    'that fails with %s leaves no write in doubt and nothing sent',
    async (_, trouble, kind) => {
      simulator.faults.add({ ...trouble, operation: 'jamf.token', times: 9 });

      expect(await kindOf(connect().lock(dana(), PIN))).toBe(kind);
      expect([asked('jamf.token'), asked('jamf.sendCommand')]).toEqual([1, 0]);
    },
  );

  it('names a wrong secret, a client that is off, and gives neither away', async () => {
    const wrong = connect({ clientSecret: 'not-the-secret' });
    await expect(wrong.tryInventory()).rejects.toMatchObject({ kind: 'unauthorized', vendorCode: 'invalid_client' });
    const error = await wrong.tryInventory().catch((one: unknown) => one);
    expect(`${(error as Error).stack}`).not.toContain('not-the-secret');

    simulator.command('disable_client', { disabled: true });
    expect(await kindOf(connect().tryInventory())).toBe('unauthorized');
  });
});

describe('a privilege that the API role lacks', () => {
  it.each([
    ['read', (jamf: Jamf) => jamf.getComputer('11')],
    ['read', (jamf: Jamf) => jamf.tryInventory()],
    ['commands', (jamf: Jamf) => jamf.commandsOf(dana(), 'DEVICE_LOCK')],
    ['commands', (jamf: Jamf) => jamf.tryCommands()],
    ['lock', (jamf: Jamf) => jamf.lock(dana(), PIN)],
    ['pin', (jamf: Jamf) => jamf.storedPin('17')],
    ['pin', (jamf: Jamf) => jamf.tryPins()],
    ['erase', (jamf: Jamf) => jamf.erase('11')],
    ['push', (jamf: Jamf) => jamf.blankPush(dana())],
  ] as const)('%s: nothing happens, and we are not authorized', async (name, call) => {
    const jamf = connect();
    if (name !== 'read') await jamf.tryInventory();
    expect(await kindOf(call(jamf))).toBe('answered');

    simulator.command('reset');
    simulator.command('revoke_privilege', { privilege: JAMF_PRIVILEGES[name] });
    expect(await kindOf(call(name === 'read' ? connect() : jamf))).toBe('unauthorized');
    expect(macsOf(simulator).of('C02DANA0001').commands).toEqual([]);
  });

  it('is told where Jamf tells them', async () => {
    expect(await connect().privileges()).toEqual(Object.values(JAMF_PRIVILEGES));
    simulator.command('tell_privileges', { told: false });
    expect(await kindOf(connect().privileges())).toBe('unauthorized');
  });
});
