// Drives the Jamf simulator by plain HTTP: tokens, shapes of refusals, filters, versions, and what it tells a checker.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JamfSimulator, startJamfSimulator } from '../../sandbox/vendors/jamf/server.ts';
import { macsOf } from '../support/office-jamf.ts';

let simulator: JamfSimulator;
let token: string;

beforeAll(async () => {
  simulator = await startJamfSimulator();
});

afterAll(() => simulator.close());

beforeEach(async () => {
  simulator.command('reset');
  simulator.faults.clear();
  token = (await askToken()).body.access_token;
  simulator.journal.clear();
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  readonly body: any;
}

async function askToken(
  over: Readonly<Record<string, string>> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { url, clientId: client_id, clientSecret: client_secret } = simulator;
  const form = { grant_type: 'client_credentials', client_id, client_secret, ...over };
  const body = new URLSearchParams(form).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(`${url}/api/v1/oauth/token`, { method: 'POST', body, headers: { ...type, ...headers } });
  return { status: answer.status, body: await answer.json() };
}

async function call(method: string, at: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${simulator.url}/api${at}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

const lock = (managementId: unknown, pin: unknown): Promise<Answer> =>
  call('POST', '/v2/mdm/commands', {
    clientData: [{ managementId }],
    commandData: { commandType: 'DEVICE_LOCK', pin },
  });
const filtered = async (filter: string): Promise<Answer> =>
  call('GET', `/v4/computers-inventory?filter=${encodeURIComponent(filter)}`);
const dana = (): string => String(macsOf(simulator).of('C02DANA0001').managementId);

describe('the token address', () => {
  it('gives a bearer with its life, and refuses others as OAuth does', async () => {
    simulator.command('set_token_life', { seconds: 60 });

    expect(await askToken()).toEqual({
      status: 200,
      body: { access_token: expect.any(String), scope: 'api-role:7', token_type: 'Bearer', expires_in: 60 },
    });
    expect(await askToken({ client_secret: 'x' })).toEqual({ status: 401, body: { error: 'invalid_client' } });
    expect((await askToken({ grant_type: 'password' })).status).toBe(400);
    expect((await askToken({}, { 'content-type': 'application/json' })).status).toBe(415);
  });

  it('ends tokens by the machine’s clock, whatever tests do to Jamf’s', async () => {
    simulator.command('advance', { ms: 86_400_000 });
    expect((await call('GET', '/v1/auth')).status).toBe(200);

    simulator.command('expire_tokens');
    expect(await call('GET', '/v1/auth')).toMatchObject({ status: 401, body: { httpStatus: 401 } });
  });
});

describe('computers-inventory', () => {
  it('shows the general section alone unless asked for more', async () => {
    const { body } = await call('GET', '/v4/computers-inventory/11');
    const more = await call('GET', '/v4/computers-inventory/11?section=HARDWARE&section=SECURITY');

    expect(body).toMatchObject({
      id: '11',
      general: { name: 'Dana’s MacBook' },
      hardware: null,
      userAndLocation: null,
    });
    expect(more.body).toMatchObject({ general: null, hardware: { serialNumber: 'C02DANA0001' }, security: {} });
    expect((await call('GET', '/v4/computers-inventory?section=NOTHING')).status).toBe(400);
  });

  it('has other names of the last contact up to v3, and no v4 on an older server', async () => {
    const keys = async (version: number): Promise<string[]> =>
      Object.keys((await call('GET', `/v${version}/computers-inventory/11`)).body.general ?? {}).filter((one) =>
        one.startsWith('lastC'),
      );

    expect(await keys(4)).toEqual(['lastContact', 'lastCheckIn']);
    expect([await keys(3), await keys(1)]).toEqual([['lastContactTime'], ['lastContactTime']]);
    simulator.command('server_version', { version: 3 });
    expect(await call('GET', '/v4/computers-inventory')).toMatchObject({ status: 404, body: { errors: [] } });
    expect((await call('POST', '/v4/computers-inventory/11/erase', {})).status).toBe(404);
  });

  it('pages', async () => {
    const { body } = await call('GET', '/v4/computers-inventory?page=2&page-size=10');

    expect([body.totalCount, body.results.length]).toEqual([22, 2]);
    expect((await call('GET', '/v4/computers-inventory?page-size=2001')).status).toBe(400);
  });

  it.each([
    ['userAndLocation.email=="dana@acme.test"', 1],
    ["userAndLocation.email=='dana@acme.test'", 1],
    ['userAndLocation.email=="Dana@acme.test"', 0],
    ['userAndLocation.email=="d*@acme.test"', 1],
    ['userAndLocation.email=="dana@acme.test",userAndLocation.email=="ada@acme.test"', 3],
    ['userAndLocation.email=="ada@acme.test";hardware.serialNumber=="C02ADA00002"', 1],
    ['hardware.serialNumber=in=("C02ADA00001",C02ADA00002)', 2],
    ['hardware.serialNumber=out=("C02ADA00001")', 21],
  ])('filters by %s', async (filter, count) => {
    expect((await filtered(filter)).body.totalCount).toBe(count);
  });

  it.each(['email=="x"', 'id', 'id=="1', 'id==1;', ',id==1', 'id==(1)', 'id=in=(1', 'id==1 or id==2'])(
    'refuses the filter %s',
    async (filter) => {
      expect(await filtered(filter)).toMatchObject({ status: 400, body: { errors: [{ code: 'INVALID_FIELD' }] } });
    },
  );
});

describe('commands', () => {
  it('need a filter to be listed', async () => {
    expect((await call('GET', '/v2/mdm/commands')).status).toBe(400);
    expect((await call('GET', '/v2/mdm/commands?filter=uuid==x')).body).toEqual({ totalCount: 0, results: [] });
  });

  it('are taken for a PIN of six digits and a Mac that is enrolled, all or none', async () => {
    expect(await lock(dana(), '123456')).toEqual({
      status: 201,
      body: [{ id: expect.any(String), href: expect.any(String) }],
    });
    for (const pin of ['12345', 123456, undefined]) expect((await lock(dana(), pin)).status).toBe(400);
    const both = { clientData: [{ managementId: dana() }, { managementId: 'x' }] };
    const commandData = { commandType: 'DEVICE_LOCK', pin: '123456' };
    expect((await call('POST', '/v2/mdm/commands', { ...both, commandData })).status).toBe(400);
    expect((await call('POST', '/v2/mdm/commands', { ...both, commandData: { commandType: 'RESTART' } })).status).toBe(
      400,
    );
    expect(macsOf(simulator).of('C02DANA0001').commands).toHaveLength(1);
  });

  it('to a locked Mac wait for whoever types its passcode; a lock that waited locks it again', async () => {
    await lock(dana(), '111111');
    await lock(dana(), '222222');

    expect(macsOf(simulator).of('C02DANA0001')).toMatchObject({ lock: { pin: '111111' }, storedPin: '222222' });
    expect(simulator.command('unlock', { device: 'C02DANA0001', pin: '222222' })).toEqual({ unlocked: false });
    expect(simulator.command('unlock', { device: 'C02DANA0001', pin: '111111' })).toEqual({ unlocked: true });
    expect(macsOf(simulator).of('C02DANA0001')).toMatchObject({ lock: { pin: '222222' } });
  });

  it('reach no Mac that was erased, until it is enrolled again', async () => {
    await call('POST', '/v4/computers-inventory/11/erase', {});
    await lock(dana(), '111111');
    simulator.command('advance', { ms: 86_400_000 });
    expect(macsOf(simulator).of('C02DANA0001')).toMatchObject({ lock: null, erasedAt: [expect.any(Number)] });

    simulator.command('set_delay', { device: 'C02DANA0001', delayMs: 0 });
    simulator.command('device_confirms', { device: 'C02DANA0001' });
    expect(macsOf(simulator).of('C02DANA0001')).toMatchObject({ lock: { pin: '111111' } });
  });

  it('tell a checker in which order what was sent with which passcode, and the journal which calls were applied', async () => {
    await lock(dana(), '111111');
    await lock(dana(), 'x');
    simulator.command('lock_by_hand', { device: 'C02GRACE001', pin: '999999' });

    const { commands, lock: shown } = macsOf(simulator).of('C02DANA0001');
    expect(commands).toMatchObject([{ type: 'DEVICE_LOCK', pin: '111111', state: 'ACKNOWLEDGED' }]);
    expect(shown).toMatchObject({ pin: '111111', commandUuid: commands[0]?.uuid });
    expect(macsOf(simulator).of('C02GRACE001').lock?.pin).toBe('999999');
    expect(simulator.journal.calls.map(({ operation, applied, detail }) => [operation, applied, detail])).toEqual([
      ['jamf.sendCommand', true, { serials: ['C02DANA0001'], commandType: 'DEVICE_LOCK', hasPin: true }],
      [
        'jamf.sendCommand',
        false,
        { serials: ['C02DANA0001'], commandType: 'DEVICE_LOCK', hasPin: true, refusal: 'INVALID_FIELD' },
      ],
    ]);
  });

  it('follow a Mac to somebody else, to nobody, and out of the inventory', async () => {
    simulator.command('set_user', { device: 'C02DANA0001', user: 'grace' });
    expect((await filtered('userAndLocation.email=="grace@acme.test"')).body.totalCount).toBe(2);
    simulator.command('set_user', { device: 'C02DANA0001', user: null });
    simulator.command('remove_device', { device: 'C02GRACE001' });
    expect((await filtered('userAndLocation.email=="grace@acme.test"')).body.totalCount).toBe(0);
  });
});

it('runs as a program that ends with its parent', async () => {
  const main = path.resolve(import.meta.dirname, '../../sandbox/vendors/jamf/main.ts');
  const child = spawn(process.execPath, [main, '--follow-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url, settings } = JSON.parse(String(line)) as { url: string; settings: Record<string, string> };
  const [ended] = [once(child, 'exit'), child.stdin.end()];

  expect(settings).toEqual({
    JAMF_URL: url,
    JAMF_CLIENT_ID: expect.stringMatching(/^[0-9a-f]{32}$/),
    JAMF_CLIENT_SECRET: expect.stringMatching(/^.{43}$/),
  });
  expect(await ended).toEqual([0, null]);
});
