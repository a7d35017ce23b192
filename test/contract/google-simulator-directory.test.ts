// Drives the Google simulator's Directory by plain HTTP, and holds every exchange against Google's published spec.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { HAS_SPECS, problemsOf, publishedIdOf } from './google-published.ts';
import { createCaller, DIRECTORY, refusalOf } from './google-simulator-caller.ts';
import type { Exchange } from './published-spec.ts';

const as = 'dana@acme.test';
const DANA = `${DIRECTORY}/users/dana@acme.test`;
const MOBILE = `${DIRECTORY}/customer/my_customer/devices/mobile`;
const ROLES = `${DIRECTORY}/customer/my_customer`;

let simulator: GoogleSimulator;
let google: ReturnType<typeof createCaller>;

beforeAll(async () => {
  simulator = await startGoogleSimulator();
  google = createCaller(simulator);
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.command('reset');
  simulator.journal.clear();
});

interface PictureUser {
  readonly key: string;
  readonly id: string;
  readonly sessions: number;
  readonly passwordsSet: number;
  readonly backupCodes: number;
  readonly tokens: readonly unknown[];
  readonly appPasswords: readonly unknown[];
}

function of(key: string): PictureUser {
  const { users } = simulator.state() as { users: PictureUser[] };
  const found = users.find((one) => one.key === key);
  if (!found) throw new Error(`no user ${key}`);
  return found;
}

describe('an account', () => {
  it('is read by id, address and alias, and lists by customer, domain and query', async () => {
    const { id } = of('dana');
    const answers = await Promise.all([
      google.call('GET', `${DIRECTORY}/users/${id}?projection=full`),
      google.call('GET', `${DIRECTORY}/users/DANA@acme.test`),
      google.call('GET', `${DIRECTORY}/users/dana.whitfield%40acme.test`),
    ]);
    const admins = await google.call('GET', `${DIRECTORY}/users?customer=my_customer&query=isAdmin%3Dtrue`);
    const page = await google.call('GET', `${DIRECTORY}/users?domain=acme.test&maxResults=2`);
    const next = await google.call(
      'GET',
      `${DIRECTORY}/users?domain=acme.test&maxResults=2&pageToken=${page.body.nextPageToken}`,
    );
    const byEmail = await google.call(
      'GET',
      `${DIRECTORY}/users?customer=my_customer&query=email:dan*%20isSuspended=false`,
    );

    expect(answers.map((one) => one.body.primaryEmail)).toEqual(Array(3).fill('dana@acme.test'));
    expect(answers[0]?.body).toMatchObject({
      id,
      suspended: false,
      archived: false,
      isAdmin: false,
      orgUnitPath: '/Staff',
    });
    expect(admins.body.users.map((one: { primaryEmail: string }) => one.primaryEmail)).toEqual([
      'admin@acme.test',
      'breakglass@acme.test',
    ]);
    expect(next.body.users[0].primaryEmail).not.toBe(page.body.users[0].primaryEmail);
    expect(byEmail.body.users.map((one: { primaryEmail: string }) => one.primaryEmail)).toEqual([
      'dana@acme.test',
      'danna@acme.test',
    ]);
  });

  it('that is not there is 404, of another domain 403, and a list without a customer 400', async () => {
    const answers = await Promise.all([
      google.call('GET', `${DIRECTORY}/users/nobody@acme.test`),
      google.call('GET', `${DIRECTORY}/users/dana@elsewhere.test`),
      google.call('GET', `${DIRECTORY}/users`),
      google.call('GET', `${DIRECTORY}/users?customer=C0other`),
      google.call('GET', `${DIRECTORY}/users?customer=my_customer&query=shoeSize%3D44`),
    ]);

    expect(answers.map(refusalOf)).toEqual([
      '404 notFound',
      '403 forbidden',
      '400 badRequest',
      '403 forbidden',
      '400 invalid',
    ]);
    expect(answers[0]?.body.error.message).toBe('Resource Not Found: userKey');
  });

  it('is contained: password, sign-out, tokens, app passwords, codes, recovery, address list', async () => {
    const change = {
      password: 'a very long random one',
      changePasswordAtNextLogin: false,
      recoveryEmail: '',
      recoveryPhone: '',
      includeInGlobalAddressList: false,
      orgUnitPath: '/Former',
    };
    const changed = await google.call('PATCH', DANA, { body: change });
    await google.call('POST', `${DANA}/signOut`);
    const tokens = await google.call('GET', `${DANA}/tokens`);
    for (const { clientId } of tokens.body.items) {
      await google.call('GET', `${DANA}/tokens/${clientId}`);
      await google.call('DELETE', `${DANA}/tokens/${clientId}`);
    }
    const codes = await google.call('GET', `${DANA}/verificationCodes`);
    await google.call('POST', `${DANA}/verificationCodes/invalidate`);
    const after = await google.call('GET', `${DANA}/tokens`);

    expect(changed.body).toMatchObject({ includeInGlobalAddressList: false, orgUnitPath: '/Former' });
    expect(Object.keys(changed.body)).not.toContain('recoveryEmail');
    expect([tokens.body.items.length, codes.body.items.length, after.body.items]).toEqual([2, 3, undefined]);
    expect(of('dana')).toMatchObject({ sessions: 0, passwordsSet: 2, backupCodes: 0, tokens: [], appPasswords: [] });
  });

  it('loses an app password once: the second time it is 404, as with a token', async () => {
    const { items } = (await google.call('GET', `${DANA}/asps`)).body;
    const one = `${DANA}/asps/${items[0].codeId}`;
    const read = await google.call('GET', one);
    const answers = [await google.call('DELETE', one), await google.call('DELETE', one), await google.call('GET', one)];
    const token = await google.call('DELETE', `${DANA}/tokens/nobody`);

    expect([read.body.name, ...answers.map((answer) => answer.status), token.status]).toEqual([
      'Old mail client',
      204,
      404,
      404,
      404,
    ]);
  });

  it('has its second step turned off once', async () => {
    const path = `${DANA}/twoStepVerification/turnOff`;

    expect([(await google.call('POST', path)).status, refusalOf(await google.call('POST', path))]).toEqual([
      204,
      '400 invalid',
    ]);
  });

  it.each([
    [{ password: 'short' }],
    [{ password: 'pässwörter sind lang' }],
    [{ password: 'no hash of anything', hashFunction: 'MD5' }],
    [{ orgUnitPath: '/Nowhere' }],
    [{ recoveryPhone: '202-555-0123' }],
    [{ recoveryEmail: 'nonsense' }],
    [{ suspended: 'true' }],
  ])('refuses %o and keeps the rest of the change out too', async (change) => {
    const answer = await google.call('PATCH', DANA, { body: { ...change, includeInGlobalAddressList: false } });
    const after = await google.call('GET', DANA);

    expect(refusalOf(answer)).toBe('400 invalid');
    expect(after.body.includeInGlobalAddressList).toBe(true);
  });

  it('is suspended with a reason, made active again, and PUT leaves alone what it does not name', async () => {
    const off = await google.call('PATCH', DANA, { body: { suspended: true } });
    const on = await google.call('PUT', DANA, { body: { suspended: false } });

    expect(off.body).toMatchObject({ suspended: true, suspensionReason: 'ADMIN' });
    expect(on.body).toMatchObject({ suspended: false, recoveryEmail: 'dana.private@home.test' });
    expect(Object.keys(on.body)).not.toContain('suspensionReason');
  });

  it('is archived where a licence for it is left', async () => {
    simulator.command('set_archived_licences', { left: 1 });
    const first = await google.call('PATCH', DANA, { body: { archived: true } });
    const second = await google.call('PATCH', `${DIRECTORY}/users/ada@acme.test`, { body: { archived: true } });
    const token = await google.askToken(google.assertionOf({ sub: as }));
    const back = await google.call('PATCH', DANA, { body: { archived: false } });

    expect(first.body).toMatchObject({ archived: true });
    expect(refusalOf(second)).toBe('412 conditionNotMet');
    expect(second.body.error.message).toBe('Insufficient archived user licenses');
    expect([refusalOf(token), back.body.archived]).toEqual(['400 invalid_grant', false]);
  });

  it('is deleted, and is then found by nobody', async () => {
    const gone = await google.call('DELETE', DANA);
    const answers = [await google.call('GET', DANA), await google.call('DELETE', DANA)];
    const list = await google.call('GET', `${DIRECTORY}/users?customer=my_customer&showDeleted=true`);

    expect([gone.status, ...answers.map((one) => one.status)]).toEqual([204, 404, 404]);
    expect(list.body.users.map((one: { primaryEmail: string }) => one.primaryEmail)).toEqual([as]);
  });

  it('has aliases, which come and go', async () => {
    const list = await google.call('GET', `${DANA}/aliases`);
    const added = await google.call('POST', `${DANA}/aliases`, { body: { alias: 'dw@acme.test' } });
    const taken = await google.call('POST', `${DANA}/aliases`, { body: { alias: 'alex@acme.test' } });
    const foreign = await google.call('POST', `${DANA}/aliases`, { body: { alias: 'dw@elsewhere.test' } });
    const removed = [
      await google.call('DELETE', `${DANA}/aliases/dw@acme.test`),
      await google.call('DELETE', `${DANA}/aliases/dw@acme.test`),
    ];

    expect(list.body.aliases).toHaveLength(1);
    expect(added.body).toMatchObject({ alias: 'dw@acme.test', primaryEmail: as });
    expect([refusalOf(taken), refusalOf(foreign)]).toEqual(['409 duplicate', '400 invalid']);
    expect(removed.map((one) => one.status)).toEqual([204, 404]);
  });
});

describe('groups, roles and phones', () => {
  it('lists the groups of a user and takes them out once', async () => {
    const groups = await google.call('GET', `${DIRECTORY}/groups?userKey=${as}`);
    const all = await google.call('GET', `${DIRECTORY}/groups?customer=my_customer&maxResults=1`);
    const member = `${DIRECTORY}/groups/oncall@acme.test/members/${as}`;
    const read = await google.call('GET', member);
    const left = [await google.call('DELETE', member), await google.call('DELETE', member)];
    const members = await google.call('GET', `${DIRECTORY}/groups/engineering@acme.test/members`);
    const back = { body: { email: as, role: 'OWNER' } };
    const again = [
      await google.call('POST', `${DIRECTORY}/groups/oncall@acme.test/members`, back),
      await google.call('POST', `${DIRECTORY}/groups/oncall@acme.test/members`, back),
    ];
    const unknown = [
      await google.call('GET', `${DIRECTORY}/groups/none@acme.test/members`),
      await google.call('GET', `${DIRECTORY}/groups?userKey=nobody@acme.test`),
    ];

    expect(groups.body.groups.map((one: { name: string }) => one.name)).toEqual(['Everyone', 'Engineering', 'On call']);
    expect([all.body.groups.length, typeof all.body.nextPageToken]).toEqual([1, 'string']);
    expect([read.body.role, ...left.map((one) => one.status), members.body.members.length]).toEqual([
      'OWNER',
      204,
      404,
      3,
    ]);
    expect([again[0]?.status, again[1] && refusalOf(again[1])]).toEqual([200, '409 duplicate']);
    expect(unknown.map(refusalOf)).toEqual(['404 notFound', '404 notFound']);
  });

  it('takes an administrator’s rights away with the role, and keeps the last super administrator', async () => {
    const list = await google.call('GET', `${ROLES}/roleassignments?userKey=breakglass@acme.test`);
    const roles = await google.call('GET', `${ROLES}/roles`);
    const path = `${ROLES}/roleassignments/${list.body.items[0].roleAssignmentId}`;
    const gone = [await google.call('DELETE', path), await google.call('DELETE', path)];
    const after = await google.call('GET', `${DIRECTORY}/users/breakglass@acme.test`);
    const status = { body: { status: false } };
    const last = await google.call('POST', `${DIRECTORY}/users/admin@acme.test/makeAdmin`, status);
    const made = await google.call('POST', `${DANA}/makeAdmin`, { body: { status: true } });

    expect(roles.body.items.find((one: { isSuperAdminRole: boolean }) => one.isSuperAdminRole).roleId).toBe(
      list.body.items[0].roleId,
    );
    expect([...gone.map((one) => one.status), after.body.isAdmin]).toEqual([204, 404, false]);
    expect([refusalOf(last), made.status]).toEqual(['412 conditionNotMet', 204]);
    expect((await google.call('GET', DANA)).body.isAdmin).toBe(true);
  });

  it('lists phones by their user, and wipes the account or the whole of one, as told', async () => {
    const list = await google.call('GET', `${MOBILE}?query=email:${as}`);
    const [iphone, pixel] = list.body.mobiledevices.map((one: { resourceId: string }) => one.resourceId);
    const read = await google.call('GET', `${MOBILE}/${iphone}`);
    const answers = [
      await google.call('POST', `${MOBILE}/${iphone}/action`, { body: { action: 'admin_account_wipe' } }),
      await google.call('POST', `${MOBILE}/${pixel}/action`, { body: { action: 'admin_remote_wipe' } }),
      await google.call('POST', `${MOBILE}/${pixel}/action`, { body: { action: 'explode' } }),
      await google.call('POST', `${MOBILE}/none/action`, { body: { action: 'block' } }),
    ];
    const { devices } = simulator.state() as { devices: { resourceId: string; status: string; actions: string[] }[] };

    expect([list.body.mobiledevices.length, read.body.status]).toEqual([2, 'APPROVED']);
    expect(answers.map((one) => one.status)).toEqual([204, 204, 400, 404]);
    expect(devices.map(({ status, actions }) => [status, actions])).toEqual([
      ['ACCOUNT_WIPED', ['admin_account_wipe']],
      ['WIPED', ['admin_remote_wipe']],
    ]);
  });

  it('knows the customer', async () => {
    const answer = await google.call('GET', `${DIRECTORY}/customers/my_customer`);

    expect(answer.body).toMatchObject({ id: 'C0acme001', customerDomain: 'acme.test' });
  });
});

describe.skipIf(!HAS_SPECS)('the published specs', () => {
  it('hold for every recorded exchange', () => {
    expect(google.recorded.length).toBeGreaterThan(70);
    expect([...new Set(google.recorded.flatMap(problemsOf))]).toEqual([]);
  });

  it('would report a wrong body, parameter, path, request or refusal', () => {
    const find = (path: string, status: number): Exchange =>
      google.recorded.find((one) => one.path === path && one.status === status) as Exchange;
    const read = find(DANA, 200);
    const refused = find(`${DIRECTORY}/users/nobody@acme.test`, 404);
    const problems = (one: Exchange, change: Partial<Exchange>): string => problemsOf({ ...one, ...change }).join();

    expect(problems(read, {}) + problems(refused, {})).toBe('');
    expect(problems(read, { responseBody: { suspended: 'no' } })).toContain('must be boolean');
    expect(problems(read, { responseBody: { suspendd: false } })).toContain('suspendd');
    expect(problems(read, { path: `${DANA}?verbose=1` })).toContain('verbose');
    expect(problems(read, { method: 'PATCH', requestBody: { suspended: 'no' } })).toContain('request');
    expect(problems(refused, { path: '/admin/directory/v1/persons/x' })).toContain('path');
    expect(problems(refused, { responseBody: { error: { code: 404, message: 'x', errors: [{}] } } })).toContain(
      'shape',
    );
  });

  it('know every method by the name the simulator gives it', () => {
    const wrong = simulator.operations.filter(({ name, method, path }) => {
      const published = publishedIdOf(method, path);
      return published !== undefined && published !== name;
    });

    expect(wrong.map((one) => one.name)).toEqual([]);
  });
});
