// Drives the Okta simulator with Okta's own SDK and holds every answer against Okta's published spec.
import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import okta from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, person } from '../../sandbox/people.ts';
import { type OktaSimulator, startOktaSimulator } from '../../sandbox/vendors/okta/server.ts';
import { type Exchange, loadSpec } from './published-spec.ts';

const DANA = person('dana').okta.id;
const ADA = person('ada').okta.id;
const ALEX = person('alex').okta.id;
const [DANA_MAC, SHARED_MAC] = ['guoDanaMac0000000001', 'guoSharedMac00000001'] as const;

const spec = loadSpec('okta-sdk-8.1-management.yaml');
const recorded: Exchange[] = [];
let simulator: OktaSimulator;

interface PictureUser {
  readonly id: string;
  readonly status: string;
  readonly sessions: number;
  readonly clientTokens: Record<string, number>;
  readonly grants: number;
  readonly factors: readonly { readonly id: string }[];
  readonly apps: readonly string[];
  readonly groups: readonly string[];
  readonly deviceIds: readonly string[];
}

beforeAll(async () => {
  simulator = await startOktaSimulator();
  if (!spec) console.warn('okta-simulator: no published spec (SENDOFF_VENDOR_SPECS), answers are not held against it');
});

afterAll(() => simulator.close());

beforeEach(() => {
  simulator.command('reset');
  simulator.command('restore_credentials');
  simulator.command('set_scopes', { scopes: simulator.scopes });
  simulator.faults.clear();
  simulator.journal.clear();
});

/** No retries, a deadline for each call, and a record of what went over the wire. */
class RecordingExecutor extends okta.DefaultRequestExecutor {
  override async fetch(request: Parameters<okta.DefaultRequestExecutor['fetch']>[0]) {
    const response = await super.fetch(request);
    const { pathname, search } = new URL(response.url);
    const text: string = await response.text();
    if (pathname !== '/oauth2/v1/token') {
      const responseBody: unknown = text === '' ? undefined : JSON.parse(text);
      const method = String((request as { method?: string }).method).toUpperCase();
      recorded.push({ method, path: pathname + search, status: response.status, responseBody });
    }
    return Object.assign(response, { text: async () => text, json: async () => JSON.parse(text) as unknown });
  }
}

function withKey(scopes: readonly string[] = simulator.scopes, privateKey = simulator.privateKey): okta.Client {
  const { url: orgUrl, clientId } = simulator;
  return aClient({ orgUrl, clientId, authorizationMode: 'PrivateKey', privateKey, scopes: [...scopes] });
}

function withToken(token = simulator.apiToken): okta.Client {
  return aClient({ orgUrl: simulator.url, token });
}

/** Nothing between the SDK and the wire, for what the SDK itself makes of a broken answer. */
function unrecorded(): okta.Client {
  const requestExecutor = new okta.DefaultRequestExecutor({ maxRetries: 0, requestTimeout: 300 });
  return new okta.Client({ orgUrl: simulator.url, token: simulator.apiToken, cacheMiddleware: null, requestExecutor });
}

function aClient(settings: ConstructorParameters<typeof okta.Client>[0]): okta.Client {
  const requestExecutor = new RecordingExecutor({ maxRetries: 0, requestTimeout: 5000 });
  return new okta.Client({ ...settings, cacheMiddleware: null, requestExecutor });
}

function picture(id: string): PictureUser {
  const { users } = simulator.state() as { users: PictureUser[] };
  return users.find((one) => one.id === id) as PictureUser;
}

async function all<One>(collection: Promise<okta.Collection<One>>): Promise<One[]> {
  const found: One[] = [];
  await (await collection).each((one) => void found.push(one));
  return found;
}

async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const outcome = await call.then(
    () => ({ status: 'fulfilled' }),
    (error: unknown) => error,
  );
  return outcome as Record<string, unknown>;
}

describe.each([
  ['a service app (private key, DPoP)', () => withKey()],
  ['an API token (SSWS)', () => withToken()],
])('an offboarding with %s', (_, connect) => {
  it('finds, empties and deactivates the person and leaves the neighbours alone', async () => {
    const client = connect();
    const { userApi, userFactorApi, deviceApi, roleAssignmentApi, systemLogApi } = client;
    const neighbour = picture(ADA);

    const [found] = await all(userApi.listUsers({ search: 'profile.email eq "DANA@acme.test"' }));
    const byLogin = await userApi.getUser({ userId: 'dana@acme.test' });
    const groups = await all(userApi.listUserGroups({ userId: DANA }));
    const apps = await all(userApi.listAppLinks({ userId: DANA }));
    const clients = await all(userApi.listUserClients({ userId: DANA }));
    const devices = await all(userApi.listUserDevices({ userId: DANA }));
    const sharers = await all(deviceApi.listDeviceUsers({ deviceId: SHARED_MAC }));
    const roles = await all(roleAssignmentApi.listAssignedRolesForUser({ userId: DANA }));
    await userApi.suspendUser({ userId: DANA });
    await userApi.unsuspendUser({ userId: DANA });
    await userApi.revokeUserSessions({ userId: DANA, oauthTokens: false, forgetDevices: true });
    await userApi.revokeUserGrants({ userId: DANA });
    for (const one of clients)
      await userApi.revokeTokensForUserAndClient({ userId: DANA, clientId: String(one.client_id) });
    const factors = await all(userFactorApi.listFactors({ userId: DANA }));
    await userFactorApi.unenrollFactor({ userId: DANA, factorId: String(factors[0]?.id) });
    await userApi.resetFactors({ userId: DANA });
    await deviceApi.suspendDevice({ deviceId: SHARED_MAC });
    await deviceApi.unsuspendDevice({ deviceId: SHARED_MAC });
    await deviceApi.deactivateDevice({ deviceId: DANA_MAC });
    const deactivated = await deviceApi.getDevice({ deviceId: DANA_MAC });
    await deviceApi.deleteDevice({ deviceId: DANA_MAC });
    await userApi.deactivateUser({ userId: DANA, sendEmail: false });
    const after = await userApi.getUser({ userId: DANA });
    const events = await all(systemLogApi.listLogEvents({ filter: 'eventType eq "user.lifecycle.deactivate"' }));

    expect([found?.id, byLogin.id, byLogin.profile?.manager]).toEqual([DANA, DANA, 'Grace Njeri']);
    expect([groups.length, apps.length, clients.length, factors.length, roles.length]).toEqual([3, 3, 2, 2, 0]);
    expect(devices.map((one) => one.device?.id)).toEqual([DANA_MAC, SHARED_MAC]);
    expect(sharers.map((one) => one.user?.id)).toEqual([DANA, ALEX]);
    expect([deactivated.status, after.status]).toEqual(['DEACTIVATED', 'DEPROVISIONED']);
    expect(events.map((one) => one.target?.[0]?.id)).toEqual([DANA]);
    expect(picture(DANA)).toMatchObject({
      sessions: 0,
      clientTokens: {},
      grants: 0,
      factors: [],
      apps: [],
      groups: [],
    });
    expect(picture(DANA).deviceIds).toEqual([SHARED_MAC]);
    expect(picture(ADA)).toEqual(neighbour);
    expect(simulator.journal.calls.filter((one) => one.operation === 'okta.unknown')).toEqual([]);
  });
});

describe('credentials', () => {
  it('gives a token only to a proof with our nonce, and journals no secret', async () => {
    await withKey().userApi.getUser({ userId: DANA });

    const [first, second, third] = simulator.journal.calls;
    expect([first?.status, first?.detail.error, second?.status, third?.status]).toEqual([
      400,
      'use_dpop_nonce',
      200,
      200,
    ]);
    expect(JSON.stringify(simulator.journal.calls)).not.toMatch(/eyJ|SSWS 00/);
  });

  it('takes the key as PEM too', async () => {
    const client = withKey(simulator.scopes, simulator.privateKeyPem);

    expect((await client.userApi.getUser({ userId: DANA })).id).toBe(DANA);
  });

  it('says who owns an API token, and refuses it once that owner is gone', async () => {
    const { userApi } = withToken();
    const me = await userApi.getUser({ userId: 'me' });
    await userApi.deactivateUser({ userId: String(me.id), sendEmail: false });

    expect(me.profile?.login).toBe('tokenowner@acme.test');
    expect(await refusal(userApi.getUser({ userId: DANA }))).toMatchObject({ status: 401, errorCode: 'E0000011' });
    expect(await refusal(withKey().userApi.getUser({ userId: 'me' }))).toMatchObject({ status: 404 });
  });

  it('refuses an operation whose scope the token lacks', async () => {
    const { deviceApi, userApi } = withKey(['okta.users.read']);

    expect(await refusal(userApi.suspendUser({ userId: DANA }))).toMatchObject({ status: 403, errorCode: 'E0000006' });
    expect(await refusal(deviceApi.getDevice({ deviceId: DANA_MAC }))).toMatchObject({ status: 403 });
    expect(picture(DANA).status).toBe('ACTIVE');
  });

  it('lets the SDK fetch a new token once the old one has expired', async () => {
    const client = withKey();
    await client.userApi.getUser({ userId: DANA });
    simulator.command('expire_access_tokens');

    expect((await client.userApi.getUser({ userId: DANA })).id).toBe(DANA);
  });

  it('refuses both credentials once they are revoked', async () => {
    const client = withKey();
    await client.userApi.getUser({ userId: DANA });
    simulator.command('revoke_credentials');

    expect(await refusal(client.userApi.getUser({ userId: DANA }))).toMatchObject({ status: 401 });
    expect(await refusal(withToken().userApi.getUser({ userId: DANA }))).toMatchObject({ status: 401 });
  });

  it.each([
    ['an audience of somewhere else', { aud: 'https://evil.test/oauth2/v1/token' }, 'invalid_client'],
    ['an expired assertion', { exp: 1 }, 'invalid_client'],
    ['another issuer', { iss: '0oaOther' }, 'invalid_client'],
    ['a scope that is not granted', { scope: 'okta.policies.manage' }, 'invalid_scope'],
    ['a proof for another address', { htu: 'https://evil.test' }, 'invalid_dpop_proof'],
    ['a key that is not the app’s', { foreignKey: true }, 'invalid_client'],
  ])('refuses %s', async (_, change, error) => {
    const first = await askForToken(change);
    const second = await askForToken({ ...change, nonce: first.nonce });

    expect([first.error, second.error]).toContain(error);
  });

  it('refuses a DPoP token sent as Bearer', async () => {
    const { nonce } = await askForToken({});
    const { token } = await askForToken({ nonce });
    const answer = await fetch(`${simulator.url}/api/v1/users/${DANA}`, {
      headers: { authorization: `Bearer ${token}` },
    });

    expect(token).toBeTruthy();
    expect(answer.status).toBe(401);
  });
});

describe('finding people', () => {
  it('leaves deactivated users out of the plain list but not out of a search', async () => {
    const { userApi } = withToken();
    const gone = person('deprovisioned');

    const listed = (await all(userApi.listUsers({ limit: 5 }))).map((one) => one.id);
    const searched = await all(userApi.listUsers({ search: `profile.login eq "${gone.login}"` }));

    expect(listed).toHaveLength(PEOPLE.length - 1);
    expect(listed).not.toContain(gone.okta.id);
    expect(searched[0]?.status).toBe('DEPROVISIONED');
  });

  it('answers an address that two people share with both, and a look-alike with nobody but itself', async () => {
    const { userApi } = withToken();
    const ids = async (email: string) =>
      (await all(userApi.listUsers({ search: `profile.email eq "${email}"` }))).map((one) => one.id);

    expect(await ids('pat@acme.test')).toEqual([person('patOne').okta.id, person('patTwo').okta.id]);
    expect(await ids('d\u0430na@acme.test')).toEqual([person('danaCyrillic').okta.id]);
    expect((await userApi.getUser({ userId: 'dana+test@acme.test' })).id).toBe(person('danaPlus').okta.id);
    expect((await userApi.getUser({ userId: 'd\u0430na@acme.test' })).id).toBe(person('danaCyrillic').okta.id);
  });

  it('answers searches from an index that may be behind', async () => {
    const { userApi } = withToken();
    simulator.command('freeze_search', { on: true });
    await userApi.suspendUser({ userId: DANA });

    const [searched] = await all(userApi.listUsers({ search: `id eq "${DANA}"` }));

    expect([searched?.status, (await userApi.getUser({ userId: DANA })).status]).toEqual(['ACTIVE', 'SUSPENDED']);
  });

  it('lists the org’s groups and devices, a page at a time', async () => {
    const { groupApi, deviceApi } = withKey();

    const groups = await all(groupApi.listGroups({ limit: 2 }));
    const devices = await all(deviceApi.listDevices({ limit: 1 }));

    expect(groups.map((one) => one.profile?.name)).toEqual(['Everyone', 'Engineering', 'On-call', 'Design']);
    expect(devices.length).toBeGreaterThan(1);
    await expect(all(withKey(['okta.users.read']).groupApi.listGroups())).rejects.toMatchObject({ status: 403 });
  });

  it('lists who administers the org', async () => {
    const { roleAssignmentApi } = withKey();

    const assignees = await roleAssignmentApi.listUsersWithRoleAssignments({ limit: 2 });
    const roles = await all(roleAssignmentApi.listAssignedRolesForUser({ userId: person('admin').okta.id }));
    const ofApp = await all(roleAssignmentApi.listRolesForClient({ clientId: simulator.clientId }));
    simulator.command('make_last_super_admin', { user: 'dana' });

    expect(assignees.value?.map((one) => one.id)).toEqual([person('admin').okta.id, person('breakGlass').okta.id]);
    expect(assignees._links?.next?.href).toContain('after=');
    expect([roles[0]?.type, ofApp[0]?.type]).toEqual(['SUPER_ADMIN', 'USER_ADMIN']);
    expect(simulator.state()).toMatchObject({ superAdmins: [DANA] });
  });
});

it('lists apps by name, and says what provisioning does to a deactivated account', async () => {
  const { applicationApi } = withKey();
  const feature = async () => {
    const found = await all(applicationApi.listApplications({ filter: 'name eq "google"', limit: 20 }));
    const appId = String(found[0]?.id);
    const answer = await applicationApi.getFeatureForApplication({ appId, name: 'USER_PROVISIONING' });
    return (answer as { capabilities?: { update?: { lifecycleDeactivate?: { status?: string } } } }).capabilities
      ?.update?.lifecycleDeactivate?.status;
  };

  expect((await all(applicationApi.listApplications())).map((one) => one.label)).toEqual([
    ...['Slack', 'Google Workspace', 'GitHub'],
  ]);
  expect(await feature()).toBe('ENABLED');
  simulator.command('set_google_app', { deactivates: false });
  expect(await feature()).toBe('DISABLED');
  simulator.command('set_google_app', { deactivates: null });
  expect(await refusal(feature())).toMatchObject({ status: 404 });
});

describe('the rules of status', () => {
  it.each(
    PEOPLE.filter((one) => one.okta.status !== 'DEPROVISIONED')
      .map((one) => [one.okta.status, one] as const)
      .filter(([status], at, list) => list.findIndex(([other]) => other === status) === at),
  )('suspends from ACTIVE only, deactivates from %s', async (status, { okta: { id: userId } }) => {
    const { userApi } = withToken();
    const suspended = await refusal(userApi.suspendUser({ userId }));
    await userApi.deactivateUser({ userId, sendEmail: false });

    expect(suspended).toMatchObject(
      status === 'ACTIVE' ? { status: 'fulfilled' } : { status: 400, errorCode: 'E0000001' },
    );
    expect(await refusal(userApi.deactivateUser({ userId }))).toMatchObject({ status: 404, errorCode: 'E0000007' });
    expect(picture(userId).status).toBe('DEPROVISIONED');
  });

  it('does not know the factors of a deactivated user', async () => {
    const { userApi, userFactorApi } = withToken();
    await userApi.deactivateUser({ userId: ADA });

    expect(await refusal(all(userFactorApi.listFactors({ userId: ADA })))).toMatchObject({ status: 404 });
    expect(await refusal(userFactorApi.unenrollFactor({ userId: ADA, factorId: 'x' }))).toMatchObject({ status: 404 });
    expect(await refusal(userApi.resetFactors({ userId: ADA }))).toMatchObject({ status: 403, errorCode: 'E0000038' });
  });

  it('lets a deactivated person in again, who then has to follow the mail, and takes nobody twice', async () => {
    const { userApi, groupApi, roleAssignmentApi } = withToken();
    const [GROUP, EVERYONE] = ['00gEngineering000001', '00gEveryone000000001'];
    expect(await refusal(userApi.activateUser({ userId: DANA }))).toMatchObject({ status: 403, errorCode: 'E0000016' });
    await userApi.deactivateUser({ userId: DANA });
    expect(await refusal(groupApi.assignUserToGroup({ groupId: GROUP, userId: DANA }))).toMatchObject({ status: 403 });
    await userApi.activateUser({ userId: DANA, sendEmail: true });
    expect(await refusal(userApi.activateUser({ userId: DANA }))).toMatchObject({ status: 403 });
    const group = await groupApi.getGroup({ groupId: GROUP });
    await groupApi.assignUserToGroup({ groupId: GROUP, userId: DANA });
    await groupApi.assignUserToGroup({ groupId: GROUP, userId: DANA });
    simulator.command('set_group_roles', { group: GROUP, roles: ['HELP_DESK_ADMIN'] });
    const roles = await all(roleAssignmentApi.listGroupAssignedRoles({ groupId: GROUP }));
    simulator.command('delete_group', { group: GROUP });

    expect([group.type, group.profile?.name, roles.map((one) => one.type)]).toEqual([
      'OKTA_GROUP',
      'Engineering',
      ['HELP_DESK_ADMIN'],
    ]);
    expect(picture(DANA)).toMatchObject({ status: 'PROVISIONED', groups: [EVERYONE] });
    expect(await refusal(groupApi.getGroup({ groupId: GROUP }))).toMatchObject({ status: 404 });
    expect(await refusal(groupApi.assignUserToGroup({ groupId: EVERYONE, userId: DANA }))).toMatchObject({
      status: 403,
    });
  });

  it('removes Okta Verify’s codes along with its push', async () => {
    const { userFactorApi } = withToken();
    const [push, totp] = await all(userFactorApi.listFactors({ userId: ADA }));
    await userFactorApi.unenrollFactor({ userId: ADA, factorId: String(push?.id) });

    expect(await refusal(userFactorApi.unenrollFactor({ userId: ADA, factorId: String(totp?.id) }))).toMatchObject({
      status: 404,
    });
  });

  it('moves a device only forward, and cuts off every user of it', async () => {
    const { deviceApi } = withToken();
    const deviceId = SHARED_MAC;
    const early = await refusal(deviceApi.deleteDevice({ deviceId }));
    await deviceApi.deactivateDevice({ deviceId });

    expect(early).toMatchObject({ status: 400 });
    expect(await refusal(deviceApi.deactivateDevice({ deviceId }))).toMatchObject({
      status: 400,
      errorCode: 'E0000001',
    });
    expect(await refusal(deviceApi.suspendDevice({ deviceId }))).toMatchObject({ status: 400 });
    expect([picture(DANA).deviceIds, picture(ALEX).deviceIds]).toEqual([[DANA_MAC], []]);
    await deviceApi.deleteDevice({ deviceId });
    expect(await refusal(deviceApi.deleteDevice({ deviceId }))).toMatchObject({ status: 404 });
  });

  it('refuses all of the Devices API without its licence', async () => {
    const { userApi, deviceApi } = withToken();
    simulator.command('licence_devices', { on: false });

    expect(await refusal(all(userApi.listUserDevices({ userId: DANA })))).toMatchObject({
      status: 401,
      errorCode: 'E0000015',
    });
    expect(await refusal(deviceApi.suspendDevice({ deviceId: DANA_MAC }))).toMatchObject({ status: 401 });
  });

  it('takes its time with an asynchronous deactivation', async () => {
    const { userApi } = withToken();
    simulator.command('set_async_delay', { ms: 30 });
    await userApi.deactivateUser({ userId: DANA, prefer: 'respond-async' });

    const during = await userApi.getUser({ userId: DANA });
    await expect.poll(async () => (await userApi.getUser({ userId: DANA })).status).toBe('DEPROVISIONED');

    expect([during.status, during.transitioningToStatus]).toEqual(['ACTIVE', 'DEPROVISIONED']);
  });

  it('applies what an administrator does outside', () => {
    simulator.command('set_user', { user: 'dana', patch: { status: 'DEPROVISIONED' } });
    simulator.command('add_session', { user: 'ada', count: 2 });
    simulator.command('add_user', { count: 3, prefix: 'bulk' });

    expect(picture(DANA)).toMatchObject({ status: 'DEPROVISIONED', sessions: 0, factors: [] });
    expect(picture(ADA).sessions).toBe(3);
    expect((simulator.state() as { users: unknown[] }).users).toHaveLength(PEOPLE.length + 3);
  });
});

describe('faults, as the SDK sees them', () => {
  const suspend = () => refusal(unrecorded().userApi.suspendUser({ userId: DANA }));

  it.each([
    ['status', { status: 503, errorCode: 'E0000010' }, 'ACTIVE'],
    ['rate_limit', { status: 429, errorCode: 'E0000047' }, 'ACTIVE'],
    ['reset', { name: 'FetchError', type: 'system', code: 'ECONNRESET' }, 'ACTIVE'],
    ['drop_after', { name: 'FetchError', type: 'system', code: 'ECONNRESET' }, 'SUSPENDED'],
  ] as const)('%s', async (kind, seen, status) => {
    simulator.faults.add({ kind, operation: 'okta.suspendUser', retryAfterSeconds: 7 });

    expect(await suspend()).toMatchObject(seen);
    expect(picture(DANA).status).toBe(status);
    expect(simulator.journal.calls).toHaveLength(1);
  });

  // node-fetch 2 never ends a body whose connection broke: without requestTimeout or a signal the call would hang for ever.
  it('truncate leaves a read waiting until its deadline', async () => {
    simulator.faults.add({ kind: 'truncate', operation: 'okta.getUser' });

    const seen = { name: 'FetchError', type: 'body-timeout' };
    expect(await refusal(unrecorded().userApi.getUser({ userId: DANA }))).toMatchObject(seen);
  });

  it('says when to come back', async () => {
    simulator.faults.add({ kind: 'rate_limit', operation: 'okta.getUser', retryAfterSeconds: 7 });
    const { headers } = (await refusal(unrecorded().userApi.getUser({ userId: DANA }))) as unknown as {
      headers: Headers;
    };

    expect(headers.get('retry-after')).toBe('7');
    expect(Number(headers.get('x-rate-limit-reset')) - Date.now() / 1000).toBeCloseTo(7, -1);
  });
});

describe('what the SDK hides unless it is told otherwise', () => {
  it('answers a user from its cache, whatever became of them outside', async () => {
    const { userApi } = new okta.Client({ orgUrl: simulator.url, token: simulator.apiToken });
    await userApi.getUser({ userId: DANA });
    simulator.command('set_user', { user: 'dana', patch: { status: 'SUSPENDED' } });

    expect((await userApi.getUser({ userId: DANA })).status).toBe('ACTIVE');
    expect((await withToken().userApi.getUser({ userId: DANA })).status).toBe('SUSPENDED');
  });

  it('turns a refused or failed token request into a 401 of the API', async () => {
    const refusedScope = await refusal(withKey(['okta.none']).userApi.getUser({ userId: DANA }));
    simulator.faults.add({ kind: 'status', operation: 'okta.token', times: 9 });
    const failedToken = await refusal(withKey().userApi.getUser({ userId: DANA }));

    expect([refusedScope.status, failedToken.status]).toEqual([401, 401]);
  });

  it('polls an empty log on and on, giving null as an event', async () => {
    const events = await withToken().systemLogApi.listLogEvents({ filter: 'eventType eq "none"' });

    expect([await events.next(), await events.next()]).toEqual(Array(2).fill({ value: null, done: false }));
  });
});

describe.skipIf(!spec)('the published spec', () => {
  it('holds for every recorded answer', () => {
    expect(recorded.length).toBeGreaterThan(100);
    expect(recorded.flatMap((one) => spec?.validateExchange(one) ?? [])).toEqual([]);
  });

  it('would report a wrong body, status, parameter or path', () => {
    const user = recorded.find((one) => one.path === `/api/v1/users/${DANA}` && one.status === 200) as Exchange;
    const body = user.responseBody as Record<string, unknown>;
    const problems = (change: Partial<Exchange>) => spec?.validateExchange({ ...user, ...change }) ?? [];

    expect(problems({})).toEqual([]);
    expect(problems({ responseBody: { ...body, status: 'FIRED' } })[0]).toContain('allowed values');
    expect(problems({ responseBody: { ...body, stauts: 'ACTIVE' } })[0]).toContain('stauts');
    expect(problems({ responseBody: [] })[0]).toContain('must be object');
    expect(problems({ status: 204, responseBody: undefined })[0]).toContain('status is not in the spec');
    expect(problems({ path: `${user.path}?verbose=1` })[0]).toContain('verbose');
    expect(problems({ path: '/api/v1/persons/1' })[0]).toContain('not in the spec');
  });

  it('has no other operation on the paths we use than those listed as not covered', () => {
    const covered = new Set(recorded.map((one) => spec?.operationIdOf(one)));
    const known = new Set(recorded.flatMap((one) => spec?.siblingsOf(one) ?? []));
    const listed = JSON.parse(
      readFileSync(new URL('okta-uncovered-operations.json', import.meta.url), 'utf8'),
    ) as string[];

    expect([...known].filter((one) => !covered.has(one)).toSorted()).toEqual(listed);
  });
});

interface TokenChange {
  readonly aud?: string;
  readonly exp?: number;
  readonly iss?: string;
  readonly scope?: string;
  readonly htu?: string;
  readonly foreignKey?: boolean;
  readonly nonce?: string | null;
}

/** A token request by hand, because the SDK makes none that is wrong. The proof is of another key and algorithm than the app's. */
async function askForToken(change: TokenChange) {
  const address = `${simulator.url}/oauth2/v1/token`;
  const now = Math.floor(Date.now() / 1000);
  const { clientId } = simulator;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = createPrivateKey(simulator.privateKeyPem);
  const rsa = change.foreignKey ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : own;
  const { aud = address, exp = now + 60, iss = clientId } = change;
  const assertion = jws({ alg: 'RS256' }, { aud, exp, iss, sub: clientId, jti: randomUUID() }, (data) =>
    sign('sha256', data, rsa),
  );
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: ec.publicKey.export({ format: 'jwk' }) };
  const proof = {
    htm: 'POST',
    htu: change.htu ?? address,
    iat: now,
    jti: randomUUID(),
    ...(change.nonce && { nonce: change.nonce }),
  };
  const dpop = jws(header, proof, (data) => sign('sha256', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }));
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: change.scope ?? 'okta.users.read',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  const answer = await fetch(address, { method: 'POST', body, headers: { dpop } });
  const { error, access_token: token } = (await answer.json()) as { error?: string; access_token?: string };
  return { error, token, nonce: answer.headers.get('dpop-nonce') };
}

function jws(header: object, claims: object, seal: (data: Buffer) => Buffer): string {
  const text = [header, claims].map((one) => Buffer.from(JSON.stringify(one)).toString('base64url')).join('.');
  return `${text}.${seal(Buffer.from(text)).toString('base64url')}`;
}
