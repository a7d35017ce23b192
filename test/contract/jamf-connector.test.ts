// Drives the Jamf connector against the simulator: whose Macs it finds, what locks and erasures are, and that no value becomes a filter.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JamfSimulator, startJamfSimulator } from '../../sandbox/vendors/jamf/server.ts';
import { ConnectorError } from '../../src/connectors/connector-error.ts';
import { connectJamf, type Jamf } from '../../src/connectors/jamf/client.ts';
import { type Mac, macsOf } from '../support/office-jamf.ts';

const PIN = '493027';
let simulator: JamfSimulator;
let paced: number;

beforeAll(async () => {
  simulator = await startJamfSimulator();
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.command('reset');
  simulator.faults.clear();
  simulator.journal.clear();
  paced = 0;
});

function connect(): Jamf {
  const { url, clientId, clientSecret } = simulator;
  const pace = async (): Promise<void> => {
    paced += 1;
  };
  return connectJamf({ url, clientId, clientSecret, deadlineMs: 5_000, pace });
}

const mac = (serial: string): Mac => macsOf(simulator).of(serial);
const managementId = (serial: string): string => String(mac(serial).managementId);
const serialsOf = async (email: string, usernames: readonly string[] = []): Promise<(string | null)[]> =>
  (await connect().findComputers({ email, usernames })).map((one) => one.serialNumber);

describe('findComputers', () => {
  it('finds the one Mac of a person with all that is known of it', async () => {
    const [found, ...others] = await connect().findComputers({ email: 'dana@acme.test' });

    expect(others).toEqual([]);
    expect(found).toEqual({
      id: '11',
      managementId: managementId('C02DANA0001'),
      name: 'Dana’s MacBook',
      serialNumber: 'C02DANA0001',
      model: 'MacBook Pro (14-inch, M4, 2024)',
      appleSilicon: true,
      osVersion: '26.1',
      supervised: true,
      managed: true,
      activationLock: false,
      username: 'dana@acme.test',
      email: 'dana@acme.test',
      realname: 'Dana Whitfield',
      lastUser: 'dana',
      lastContactAt: new Date(mac('C02DANA0001').lastContactAt),
    });
    // Which version the server has, and the list.
    expect(paced).toBe(2);
  });

  it('finds two, twelve, none, and one that somebody else used last', async () => {
    expect(await serialsOf('ada@acme.test')).toEqual(['C02ADA00001', 'C02ADA00002']);
    expect(await serialsOf('passwordexpired@acme.test')).toHaveLength(12);
    expect(await serialsOf('nobody@acme.test')).toEqual([]);
    expect(await connect().findComputers({ email: 'alex@acme.test' })).toMatchObject([
      { username: 'alex@acme.test', lastUser: 'dana' },
    ]);
  });

  it('tells a Mac that is not enrolled any more', async () => {
    expect(await connect().findComputers({ email: 'recovery@acme.test' })).toMatchObject([
      { serialNumber: 'C02RHEA0001', managementId: null, managed: false },
    ]);
  });

  it('finds by user name where Jamf has no address, and in other letters', async () => {
    expect(await serialsOf('danna@acme.test')).toEqual([]);
    expect(await serialsOf('danna@acme.test', ['Danna@acme.test'])).toEqual(['C02DANNA001']);
    simulator.command('set_device', { device: 'C02DANNA001', patch: { username: 'danna' } });
    expect(await serialsOf('danna@acme.test', ['DANNA'])).toEqual(['C02DANNA001']);
  });

  it.each(['*', 'd*@acme.test', 'x",userAndLocation.email!="y', 'x\\",userAndLocation.email!="y', '', '"', '\\'])(
    'takes %j for an address and nothing else',
    async (email) => {
      expect(await serialsOf(email)).toEqual([]);
    },
  );

  it('finds an address that has quotes and a backslash in it', async () => {
    const username = 'o"neil\\dana;x,y*';
    simulator.command('set_device', { device: 'C02DANA0001', patch: { username } });

    expect(await serialsOf('nobody@acme.test', [username])).toEqual(['C02DANA0001']);
  });

  it('reads every page', async () => {
    for (let n = 0; n < 130; n += 1) simulator.command('add_device', { user: 'grace', serialNumber: `C02MANY${n}` });

    expect(new Set(await serialsOf('grace@acme.test')).size).toBe(131);
  });

  it.each([
    [4, [4, 4]],
    [3, [4, 3, 3]],
    [2, [4, 3, 1, 1]],
    [1, [4, 3, 1, 1]],
  ])('on a server that has up to v%i asks for what it has, and remembers', async (version, asked) => {
    simulator.command('server_version', { version });
    const jamf = connect();
    const [first] = await jamf.findComputers({ email: 'dana@acme.test' });
    const versions = (): unknown[] =>
      simulator.journal.calls.filter((one) => one.detail.version).map((one) => one.detail.version);
    expect(versions()).toEqual(asked);

    const again = await jamf.getComputer('11');

    expect(again).toEqual(first);
    expect(again?.lastContactAt).toEqual(new Date(mac('C02DANA0001').lastContactAt));
    expect(versions().slice(asked.length)).toEqual([asked.at(-1)]);
  });

  it('asks again which version there is after a failure', async () => {
    simulator.faults.add({ kind: 'status', status: 503, operation: 'jamf.listComputers' });
    const jamf = connect();

    await expect(jamf.getComputer('11')).rejects.toMatchObject({ kind: 'transient' });
    expect(await jamf.getComputer('11')).toMatchObject({ id: '11' });
  });

  it('says that an address without any inventory is not Jamf', async () => {
    simulator.faults.add({ kind: 'status', status: 404, operation: 'jamf.listComputers', times: 3 });

    await expect(connect().getComputer('11')).rejects.toThrow(/is this the address of Jamf Pro/);
  });
});

describe('getComputer', () => {
  it('gives null for a record that is gone, and no other record for the one asked for', async () => {
    const jamf = connect();
    simulator.command('remove_device', { device: 'C02GRACE001' });
    expect(await jamf.getComputer('14')).toBeNull();

    const body = { ...(await rawComputer('12')), id: '12' };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'jamf.getComputer' });
    await expect(jamf.getComputer('11')).rejects.toMatchObject({ kind: 'transient' });
  });

  it.each(['0', '', '../11', '11/erase', '-1', 'x'])('does not ask for %j, which is no id', async (id) => {
    const jamf = connect();
    for (const call of [jamf.getComputer(id), jamf.storedPin(id), jamf.erase(id)])
      await expect(call).rejects.toMatchObject({ kind: 'rejected' });
    expect(simulator.journal.calls).toEqual([]);
  });
});

describe('a lock', () => {
  it('is queued, then confirmed by the Mac, which asks for the passcode sent', async () => {
    const jamf = connect();
    simulator.command('set_delay', { device: 'C02DANA0001', delayMs: 60_000 });

    const { commandUuid } = await jamf.lock(managementId('C02DANA0001'), PIN, 'Call IT');
    const before = await jamf.commandsOf(managementId('C02DANA0001'), 'DEVICE_LOCK');
    simulator.command('advance', { ms: 60_000 });
    const after = await jamf.getCommand(commandUuid);

    expect(before).toMatchObject([{ uuid: commandUuid, state: 'PENDING', completedAt: null, error: null }]);
    expect(after).toMatchObject({ uuid: commandUuid, type: 'DEVICE_LOCK', state: 'ACKNOWLEDGED' });
    expect(Number(after?.completedAt) - Number(after?.sentAt)).toBe(60_000);
    expect(mac('C02DANA0001').lock).toMatchObject({ pin: PIN });
    expect(await jamf.storedPin('11')).toBe(PIN);
  });

  it('may be missing from the list for a moment: that it is not there yet does not say that it was not sent', async () => {
    const jamf = connect();
    simulator.command('set_lag', { ms: 5_000 });
    const { commandUuid } = await jamf.lock(managementId('C02DANA0001'), PIN);
    expect(await jamf.commandsOf(managementId('C02DANA0001'), 'DEVICE_LOCK')).toEqual([]);
    expect(await jamf.getCommand(commandUuid)).toBeNull();

    simulator.command('advance', { ms: 5_000 });
    expect(await jamf.getCommand(commandUuid)).toMatchObject({ uuid: commandUuid });
  });

  it('stands in no journal with its passcode', async () => {
    await connect().lock(managementId('C02DANA0001'), PIN);

    const calls = simulator.journal.calls.filter((one) => one.write);
    expect(calls).toMatchObject([
      { detail: { serials: ['C02DANA0001'], commandType: 'DEVICE_LOCK', hasPin: true }, applied: true },
    ]);
    expect(JSON.stringify(simulator.journal.calls)).not.toContain(PIN);
  });

  it.each(['12345', '1234567', '12345a', '', '１２３４５６'])('with the passcode %j is not sent', async (pin) => {
    const sending = connect().lock(managementId('C02DANA0001'), pin);

    await expect(sending).rejects.toMatchObject({ kind: 'rejected', reason: 'the passcode is not 6 digits' });
    expect(simulator.journal.calls).toEqual([]);
  });

  it('that is refused tells no passcode, whatever Jamf repeats', async () => {
    const jamf = connect();
    const body = { httpStatus: 400, errors: [{ code: 'INVALID_FIELD', description: `bad pin ${PIN} for x` }] };
    simulator.faults.add({ kind: 'status', status: 400, body, operation: 'jamf.sendCommand' });

    const error = await jamf.lock(managementId('C02DANA0001'), PIN).catch((one: unknown) => one);

    expect(error).toMatchObject({
      kind: 'rejected',
      reason: 'bad pin (a passcode) for x',
      vendorCode: 'INVALID_FIELD',
    });
    expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain(PIN);
  });

  it('says not now, an error, or nothing at all', async () => {
    const jamf = connect();
    for (const [serial, answers] of [
      ['C02ADA00001', ['NOT_NOW']],
      ['C02ADA00002', ['ERROR']],
      ['C02LARS0001', []],
    ] as const) {
      simulator.command('answer_oddly', { device: serial, answers });
      await jamf.lock(managementId(serial), PIN);
    }
    const states = async (): Promise<unknown[]> =>
      Promise.all(
        ['C02ADA00001', 'C02ADA00002', 'C02LARS0001'].map(
          async (serial) => (await jamf.commandsOf(managementId(serial), 'DEVICE_LOCK'))[0],
        ),
      );

    expect(await states()).toMatchObject([
      { state: 'NOT_NOW', completedAt: null },
      { state: 'ERROR', error: expect.stringMatching(/could not/) },
      { state: 'PENDING' },
    ]);
    await jamf.blankPush(managementId('C02ADA00001'));
    simulator.command('advance', { ms: 90 * 86_400_000 });
    expect(await states()).toMatchObject([{ state: 'ACKNOWLEDGED' }, { state: 'ERROR' }, { state: 'PENDING' }]);
    simulator.command('device_confirms', { device: 'C02LARS0001' });
    expect((await states())[2]).toMatchObject({ state: 'ACKNOWLEDGED' });
  });

  it('sent twice loses the passcode that was noted first', async () => {
    const jamf = connect();
    const id = managementId('C02DANA0001');
    simulator.command('set_delay', { device: 'C02DANA0001', delayMs: 60_000 });
    await jamf.lock(id, '111111');
    await jamf.lock(id, '222222');
    simulator.command('advance', { ms: 60_000 });

    expect(mac('C02DANA0001').lock?.pin).toBe('222222');
    expect(simulator.command('unlock', { device: 'C02DANA0001', pin: '111111' })).toEqual({ unlocked: false });

    // On a Mac that is locked already Jamf shows the new one, and the Mac asks for the old one.
    await jamf.lock(id, '333333');
    expect([await jamf.storedPin('11'), mac('C02DANA0001').lock?.pin]).toEqual(['333333', '222222']);
    expect((await jamf.commandsOf(id, 'DEVICE_LOCK')).map((one) => one.state)).toEqual([
      'PENDING',
      'ACKNOWLEDGED',
      'ACKNOWLEDGED',
    ]);
  });

  it('is found where somebody locked the Mac before', async () => {
    const jamf = connect();

    expect(await jamf.commandsOf(managementId('C02SANA0001'), 'DEVICE_LOCK')).toMatchObject([
      { state: 'ACKNOWLEDGED' },
    ]);
    expect(await jamf.storedPin('17')).toBe(mac('C02SANA0001').lock?.pin);
    expect(await jamf.storedPin('11')).toBeNull();
  });

  it('cannot be sent to a Mac that is not enrolled', async () => {
    await expect(connect().lock('00000000-0000-4000-8000-000000000000', PIN)).rejects.toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/No client/),
    });
    await expect(connect().blankPush('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      kind: 'rejected',
    });
    await expect(connect().lock('x', PIN)).rejects.toMatchObject({ reason: 'not a management id' });
  });
});

describe('an erasure', () => {
  it.each([
    [4, 'jamf.eraseComputer'],
    [3, 'jamf.eraseComputerV1'],
    [1, 'jamf.eraseComputerV1'],
  ])('on a server that has v%i is asked for by %s', async (version, operation) => {
    simulator.command('server_version', { version });
    const { commandUuid } = await connect().erase('11');

    expect(simulator.journal.calls.filter((one) => one.write).map((one) => one.operation)).toEqual([operation]);
    expect(mac('C02DANA0001')).toMatchObject({ erasedAt: [expect.any(Number)] });
    expect(mac('C02DANA0001').commands).toMatchObject([{ uuid: commandUuid, type: 'ERASE_DEVICE' }]);
  });

  it('waits until a locked Mac is unlocked with the passcode that it asks for', async () => {
    const jamf = connect();
    const id = managementId('C02DANA0001');
    await jamf.lock(id, PIN);
    await jamf.erase('11');
    simulator.command('advance', { ms: 86_400_000 });
    simulator.command('device_confirms', { device: 'C02DANA0001' });
    expect(await jamf.commandsOf(id, 'ERASE_DEVICE')).toMatchObject([{ state: 'PENDING' }]);

    expect(simulator.command('unlock', { device: 'C02DANA0001', pin: PIN })).toEqual({ unlocked: true });

    expect(await jamf.commandsOf(id, 'ERASE_DEVICE')).toMatchObject([{ state: 'ACKNOWLEDGED' }]);
    expect(mac('C02DANA0001').erasedAt).toHaveLength(1);
  });
});

it('has no more than five calls on their way at once, the token’s included', async () => {
  simulator.command('set_latency', { ms: 20 });
  const jamf = connect();
  await Promise.all(Array.from({ length: 20 }, () => jamf.getComputer('11')));

  expect((simulator.state() as { mostAtOnce: number }).mostAtOnce).toBe(5);
  expect(paced).toBe(simulator.journal.calls.filter((one) => one.operation !== 'jamf.token').length);
  expect(simulator.journal.calls.filter((one) => one.operation === 'jamf.unknown')).toEqual([]);
});

async function rawComputer(id: string): Promise<Record<string, unknown>> {
  const { url, clientId: client_id, clientSecret: client_secret } = simulator;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const token = await fetch(`${url}/api/v1/oauth/token`, { method: 'POST', body });
  const { access_token } = (await token.json()) as { access_token: string };
  const sections = ['GENERAL', 'HARDWARE', 'USER_AND_LOCATION', 'SECURITY', 'OPERATING_SYSTEM'];
  const at = `${url}/api/v4/computers-inventory/${id}?${sections.map((one) => `section=${one}`).join('&')}`;
  const answer = await fetch(at, { headers: { authorization: `Bearer ${access_token}` } });
  if (!answer.ok) throw new ConnectorError({ kind: 'rejected', vendor: 'jamf', operation: 'raw', reason: 'refused' });
  return (await answer.json()) as Record<string, unknown>;
}
