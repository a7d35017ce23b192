// The Google connector against the simulator: what each verb reads and changes, and what it says when Google refuses.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../src/connectors/connector-error.ts';
import { GOOGLE_PACES, type Mailbox } from '../../src/connectors/google/caller.ts';
import { connectGoogle, type Google } from '../../src/connectors/google/client.ts';
import { LICENCE_PRODUCTS } from '../../src/connectors/google/licences.ts';
import { probeGoogle } from '../../src/connectors/google/probe.ts';
import type { User } from '../../src/connectors/google/schema.ts';
import { GOOGLE_SCOPES } from '../../src/connectors/google/scopes.ts';
import { readServiceAccount, type ServiceAccount } from '../../src/connectors/google/service-account.ts';

const PRIVATE = 'dana.private@home.test';
const SCOPES = Object.keys(GOOGLE_SCOPES).map((scope) => `https://www.googleapis.com/auth/${scope}`);

let simulator: GoogleSimulator;
let google: Google;
let dana: User;
let grace: User;

beforeAll(async () => {
  // No more than README asks for: a call that needs another scope is refused.
  simulator = await startGoogleSimulator({ scopes: SCOPES });
});

afterAll(() => simulator.close());

beforeEach(async () => {
  simulator.faults.clear();
  simulator.command('reset');
  google = connectGoogle(settings());
  dana = (await google.accounts.findUser('dana@acme.test')) as User;
  grace = (await google.accounts.findUser('grace@acme.test')) as User;
  simulator.journal.clear();
});

function settings() {
  const { adminEmail, url, tokenUrl, serviceAccountKey } = simulator;
  const serviceAccount = readServiceAccount(serviceAccountKey) as ServiceAccount;
  return { serviceAccount, adminEmail, apiUrl: url, tokenUrl, deadlineMs: 10_000, pace: async () => undefined };
}

interface Seen {
  readonly key: string;
  readonly passwordsSet: number;
  readonly sessions: number;
  readonly changePasswordAtNextLogin: boolean;
  readonly suspended: boolean;
  readonly mailbox: { readonly verificationMails: number; readonly filters: readonly { readonly id: string }[] };
}
function seen(key: string): Seen {
  const { users } = simulator.state() as { users: Seen[] };
  return users.find((one) => one.key === key) as Seen;
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
async function refusal(call: Promise<unknown>): Promise<(string | null)[]> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ConnectorError) return [error.kind, error.vendorCode];
    throw error;
  }
  throw new Error('answered');
}

const writes = (): string[] => simulator.journal.calls.filter((call) => call.write).map((call) => call.operation);

describe('an account', () => {
  it('is read by its id and by each of its addresses, without anybody’s private address in it', async () => {
    const byId = await google.accounts.getUser(dana.id);
    const byAlias = await google.accounts.findUser('dana.whitfield@acme.test');

    expect([byId, byAlias]).toEqual([dana, dana]);
    expect(dana).toMatchObject({
      primaryEmail: 'dana@acme.test',
      fullName: 'Dana Whitfield',
      aliases: ['dana.whitfield@acme.test'],
      suspended: false,
      archived: false,
      isAdmin: false,
      hasRecoveryEmail: true,
      hasRecoveryPhone: true,
      includeInGlobalAddressList: true,
    });
    expect(JSON.stringify(dana)).not.toMatch(/home\.test|2025550123/);
  });

  it('that is not there is null, and one of another company is refused', async () => {
    expect(await google.accounts.findUser('nobody@acme.test')).toBeNull();
    expect(await google.accounts.getUser('100000000000000000000')).toBeNull();
  });

  it('whose status Google does not say is not taken for an active one', async () => {
    const body = { id: dana.id, primaryEmail: dana.primaryEmail, isAdmin: false, archived: false };
    simulator.faults.add({ kind: 'status', status: 200, body, operation: 'google.directory.users.get' });

    expect(await kindOf(google.accounts.getUser(dana.id))).toBe('transient');
  });

  it('gets a new password without having to change it', async () => {
    simulator.command('set_user', { user: 'dana', patch: { changePasswordAtNextLogin: true } });

    await google.accounts.setUnknownPassword(dana.id);

    expect(seen('dana')).toMatchObject({ passwordsSet: 2, changePasswordAtNextLogin: false });
    expect(writes()).toEqual(['google.directory.users.patch']);
  });

  it('becomes active with a new password in one change', async () => {
    simulator.command('suspend', { user: 'dana' });

    await google.accounts.activate(dana.id);

    expect(seen('dana')).toMatchObject({ passwordsSet: 2, suspended: false });
    expect(writes()).toEqual(['google.directory.users.patch']);
  });

  it('loses recovery mail and phone, and its place in the address list', async () => {
    await google.accounts.clearRecovery(dana.id);
    await google.accounts.hideFromAddressList(dana.id);

    expect(await google.accounts.getUser(dana.id)).toMatchObject({
      hasRecoveryEmail: false,
      hasRecoveryPhone: false,
      includeInGlobalAddressList: false,
    });
  });

  it('is suspended', async () => {
    await google.accounts.suspend(dana.id);

    expect(await google.accounts.getUser(dana.id)).toMatchObject({ suspended: true, suspensionReason: 'ADMIN' });
  });

  it('is archived while there is a licence for it', async () => {
    await google.accounts.archive(dana.id);
    simulator.command('set_archived_licences', { left: 0 });

    expect(await google.accounts.getUser(dana.id)).toMatchObject({ archived: true });
    expect(await kindOf(google.accounts.archive(grace.id))).toBe('rejected');
  });

  it('is gone to every write once it is deleted', async () => {
    simulator.command('delete_user', { user: 'dana' });

    expect(await google.accounts.getUser(dana.id)).toBeNull();
    expect(await kindOf(google.accounts.setUnknownPassword(dana.id))).toBe('not_found');
    expect(await kindOf(google.access.signOut(dana.id))).toBe('not_found');
  });
});

describe('the ways in', () => {
  it('are sessions', async () => {
    await google.access.signOut(dana.id);

    expect(seen('dana').sessions).toBe(0);
  });

  it('are apps, each with what it may do', async () => {
    const tokens = await google.access.listTokens(dana.id);
    for (const { clientId } of tokens) await google.access.deleteToken(dana.id, clientId);

    expect(tokens.map((one) => [one.displayText, one.nativeApp])).toEqual([
      ['Notes app', false],
      ['Phone mail', true],
    ]);
    expect(await google.access.listTokens(dana.id)).toEqual([]);
    expect(await kindOf(google.access.deleteToken(dana.id, tokens[0]?.clientId ?? ''))).toBe('not_found');
  });

  it('are app passwords', async () => {
    const [found] = await google.access.listAppPasswords(dana.id);
    await google.access.deleteAppPassword(dana.id, found?.codeId ?? '');

    expect(found).toEqual({ codeId: '1', name: 'Old mail client' });
    expect(await google.access.listAppPasswords(dana.id)).toEqual([]);
    expect(await kindOf(google.access.deleteAppPassword(dana.id, '1'))).toBe('not_found');
  });

  it('are backup codes, which are counted and never passed on', async () => {
    const before = await google.access.countBackupCodes(dana.id);
    await google.access.invalidateBackupCodes(dana.id);

    expect([before, await google.access.countBackupCodes(dana.id)]).toEqual([3, 0]);
  });

  it('are admin roles', async () => {
    const ada = (await google.accounts.findUser('ada@acme.test')) as User;
    const admin = (await google.accounts.findUser(simulator.adminEmail)) as User;
    const roles = await google.access.listRoles();
    const [held] = await google.access.listRoleAssignments(ada.id);
    await google.access.deleteRoleAssignment(held?.id ?? '');

    expect(roles.find((role) => role.id === held?.roleId)?.isSuperAdmin).toBe(false);
    expect(await google.access.listRoleAssignments(ada.id)).toEqual([]);
    expect(await kindOf(google.access.deleteRoleAssignment(held?.id ?? ''))).toBe('not_found');
    const [supreme] = await google.access.listRoleAssignments(admin.id);
    expect(roles.find((role) => role.id === supreme?.roleId)?.isSuperAdmin).toBe(true);
  });

  it('are known to be the last super admin’s', async () => {
    simulator.command('suspend', { user: 'breakGlass' });
    const admins = await google.accounts.listSuperAdmins();
    const admin = (await google.accounts.findUser(simulator.adminEmail)) as User;

    expect(admins).toHaveLength(2);
    expect(admins.filter((one) => !one.suspended)).toEqual([{ id: admin.id, suspended: false }]);
  });

  it('are phones, from which the work account is taken and nothing else', async () => {
    const found = await google.access.listMobileDevices(dana);
    for (const { id } of found) await google.access.wipeMobileAccount(id);

    expect(found).toEqual([
      { id: 'AFiQxQ-dana-iphone', model: 'iPhone 16', os: 'iOS 19.1', status: 'approved' },
      { id: 'AFiQxQ-dana-pixel', model: 'Pixel 10', os: 'Android 16', status: 'approved' },
    ]);
    const { devices } = simulator.state() as { devices: { actions: string[] }[] };
    expect(devices.map((one) => one.actions)).toEqual([['admin_account_wipe'], ['admin_account_wipe']]);
    expect(await google.access.listMobileDevices(grace)).toEqual([]);
    expect(await kindOf(google.access.wipeMobileAccount('AFiQxQ-nobody'))).toBe('not_found');
  });

  it('are not a look-alike’s phones', async () => {
    const device = (resourceId: string, email: string) => ({ resourceId, email: [email], status: 'ACCOUNT_WIPED' });
    const mobiledevices = [device('his', 'dana@acme.test.evil.test'), device('hers', 'Dana@acme.test')];
    const operation = 'google.directory.mobiledevices.list';
    simulator.faults.add({ kind: 'status', status: 200, body: { mobiledevices }, operation });

    expect(await google.access.listMobileDevices(dana)).toEqual([
      { id: 'hers', model: null, os: null, status: 'account wiped' },
    ]);
  });

  it('are groups, over several pages', async () => {
    const page = (id: string, nextPageToken?: string) => ({ groups: [{ id, name: id }], nextPageToken });
    const found = await google.access.listGroups(dana.id);
    for (const body of [page('1', 'next'), page('2')])
      simulator.faults.add({ kind: 'status', status: 200, body, operation: 'google.directory.groups.list' });
    simulator.journal.clear();

    expect(found.map((one) => one.name)).toEqual(['Everyone', 'Engineering', 'On call']);
    expect((await google.access.listGroups(dana.id)).map((one) => one.id)).toEqual(['1', '2']);
    expect(simulator.journal.calls.map((call) => call.path.includes('pageToken=next'))).toEqual([false, true]);
  });
});

describe('a mailbox', () => {
  it('is delegated at once and without a mail, and only to an address of the company', async () => {
    const made = await google.mailbox.createDelegate(dana, 'grace@acme.test');

    expect(made).toEqual({ email: 'grace@acme.test', status: 'accepted' });
    expect(await google.mailbox.listDelegates(dana)).toContainEqual(made);
    expect(seen('dana').mailbox.verificationMails).toBe(0);
    expect(await refusal(google.mailbox.createDelegate(dana, 'grace@acme.test'))).toEqual([
      'rejected',
      'alreadyExists',
    ]);
    expect(await kindOf(google.mailbox.createDelegate(dana, 'grace@other.test'))).toMatch(/rejected|not_found/);
  });

  it('loses a delegate', async () => {
    await google.mailbox.deleteDelegate(dana, 'alex@acme.test');

    expect(await google.mailbox.listDelegates(dana)).toEqual([]);
    expect(await kindOf(google.mailbox.deleteDelegate(dana, 'alex@acme.test'))).toBe('not_found');
  });

  it('of a suspended account cannot be delegated, nor to one', async () => {
    simulator.command('suspend', { user: 'grace' });
    const toSuspended = await refusal(google.mailbox.createDelegate(dana, 'grace@acme.test'));
    simulator.command('suspend', { user: 'dana' });

    expect(toSuspended).toEqual(['rejected', 'failedPrecondition']);
    expect(await refusal(google.mailbox.createDelegate(dana, 'alex@acme.test'))).toEqual([
      'rejected',
      'failedPrecondition',
    ]);
    expect(await refusal(connectGoogle(settings()).mailbox.listDelegates(dana))).toEqual(['rejected', 'invalid_grant']);
  });

  it('forwards nothing any more: neither by itself, nor by a filter, nor to an address kept for it', async () => {
    const before = [
      await google.mailbox.getAutoForwarding(dana),
      await google.mailbox.listForwardingAddresses(dana),
      await google.mailbox.listForwardingFilters(dana),
    ];

    await google.mailbox.stopAutoForwarding(dana);
    await google.mailbox.deleteFilter(dana, 'ANe1BmjForward000001');
    await google.mailbox.deleteForwardingAddress(dana, PRIVATE);

    expect(before).toEqual([
      { isOn: true, email: PRIVATE },
      [{ email: PRIVATE, status: 'accepted' }],
      [{ id: 'ANe1BmjForward000001', email: PRIVATE }],
    ]);
    expect(await google.mailbox.getAutoForwarding(dana)).toMatchObject({ isOn: false });
    expect(await google.mailbox.listForwardingAddresses(dana)).toEqual([]);
    expect(await google.mailbox.listForwardingFilters(dana)).toEqual([]);
    expect(seen('dana').mailbox.filters.map((one) => one.id)).toEqual(['ANe1BmjLabels0000001']);
    expect(await kindOf(google.mailbox.deleteForwardingAddress(dana, PRIVATE))).toBe('not_found');
    expect(await kindOf(google.mailbox.deleteFilter(dana, 'ANe1BmjForward000001'))).toBe('not_found');
  });

  it('answers by itself, and stops', async () => {
    const words = { subject: 'Dana has left', text: 'Please write to grace@acme.test.' };
    const before = await google.mailbox.getAutoReply(dana);
    await google.mailbox.setAutoReply(dana, words);
    const set = await google.mailbox.getAutoReply(dana);
    await google.mailbox.stopAutoReply(dana);

    expect(before).toMatchObject({ isOn: false });
    expect(set).toEqual({ isOn: true, ...words });
    expect(await google.mailbox.getAutoReply(dana)).toMatchObject({ isOn: false });
  });

  it('is in doubt when half of the answer about a new delegate came', async () => {
    simulator.faults.add({ kind: 'truncate', operation: 'google.gmail.users.settings.delegates.create' });

    expect(await kindOf(google.mailbox.createDelegate(dana, 'grace@acme.test'))).toBe('ambiguous');
    expect((await google.mailbox.listDelegates(dana)).map((one) => one.email)).toContain('grace@acme.test');
  });
});

describe('a transfer', () => {
  const MINUTE = 60_000;

  it('of Drive takes private files too, and is followed to its end', async () => {
    simulator.command('set_delays', { transferStartMs: MINUTE, transferRunMs: MINUTE });
    const { drive } = await google.transfers.getApplicationIds();
    const begun = await google.transfers.startDriveTransfer(from(drive));
    const during = await google.transfers.getTransfer(begun.id);
    simulator.command('advance', { ms: 3 * MINUTE });
    const after = await google.transfers.getTransfer(begun.id);

    expect([begun.status, during?.status, after?.status]).toEqual(['running', 'running', 'completed']);
    expect(after).toMatchObject({
      oldOwnerId: dana.id,
      newOwnerId: grace.id,
      applications: [{ id: drive, status: 'completed' }],
    });
    const { users } = simulator.state() as { users: { key: string; files: unknown }[] };
    expect(users.find((one) => one.key === 'dana')?.files).toEqual({ private: 0, shared: 0 });
  });

  it('of the calendar keeps its rooms unless it is told to give them back', async () => {
    const { calendar } = await google.transfers.getApplicationIds();
    await google.transfers.startCalendarTransfer(from(calendar), { releaseRooms: false });
    await google.transfers.startCalendarTransfer(from(calendar), { releaseRooms: true });

    const { transfers } = simulator.state() as { transfers: { applications: { params: unknown[] }[] }[] };
    expect(transfers.map((one) => one.applications[0]?.params ?? [])).toEqual([
      [],
      [expect.objectContaining({ key: 'RELEASE_RESOURCES', value: ['TRUE'] })],
    ]);
  });

  it('that was begun by other hands is found, and so is one that failed', async () => {
    const { drive, calendar } = await google.transfers.getApplicationIds();
    simulator.command('plan_transfer', { outcome: 'failed' });
    const failed = await google.transfers.startDriveTransfer(from(drive));
    simulator.command('advance', { ms: MINUTE });
    const other = await google.transfers.startCalendarTransfer(from(calendar), { releaseRooms: false });
    simulator.command('advance', { ms: MINUTE });

    const found = await google.transfers.listTransfers(dana.id);

    expect(found.map((one) => [one.id, one.status])).toEqual([
      [other.id, 'completed'],
      [failed.id, 'failed'],
    ]);
    expect(await google.transfers.listTransfers(grace.id)).toEqual([]);
  });

  it('whose status nobody knows is still running', async () => {
    const { drive } = await google.transfers.getApplicationIds();
    simulator.command('set_delays', { transferRunMs: MINUTE });
    simulator.command('plan_transfer', { statusMeanwhile: 'partiallyQueued' });
    const begun = await google.transfers.startDriveTransfer(from(drive));

    expect(await google.transfers.getTransfer(begun.id)).toMatchObject({ status: 'running' });
  });

  it('to nobody is refused, and one that is not there is null', async () => {
    const { drive } = await google.transfers.getApplicationIds();

    expect(await kindOf(google.transfers.startDriveTransfer({ ...from(drive), newOwnerId: '1' }))).toMatch(
      /rejected|not_found/,
    );
    expect(await google.transfers.getTransfer('AKrEtIYnobody')).toBeNull();
  });

  function from(applicationId: string | null) {
    return { oldOwnerId: dana.id, newOwnerId: grace.id, applicationId: applicationId ?? '' };
  }
});

describe('licences', () => {
  it('are found whatever the product, and freed', async () => {
    const held = await google.licences.listLicences(dana, dana.customerId ?? '');
    for (const one of held) await google.licences.freeLicence(dana, one);

    expect(held).toEqual([{ productId: 'Google-Apps', skuId: '1010020020', name: 'Google Workspace Enterprise Plus' }]);
    expect(await google.licences.listLicences(dana, dana.customerId ?? '')).toEqual([]);
    expect(await google.licences.listLicences(grace, grace.customerId ?? '')).toHaveLength(1);
    expect(await kindOf(google.licences.freeLicence(dana, held[0] ?? { productId: '', skuId: '' }))).toBe('not_found');
    const asked = simulator.journal.calls.filter((call) => call.path.includes('/product/101047/'));
    expect(asked).toHaveLength(3);
    expect(LICENCE_PRODUCTS).toContain('101047');
  });
});

describe('a product that the company never bought', () => {
  const operation = 'google.licensing.licenseAssignments.listForProduct';
  const list = () => google.licences.listLicences(dana, dana.customerId ?? '');

  it.each([400, 403, 404])('does not hide the others (%i)', async (status) => {
    simulator.faults.add({ kind: 'status', status, operation, pathIncludes: '/product/Google-Vault/' });

    expect((await list()).map((one) => one.productId)).toEqual(['Google-Apps']);
  });

  it.each([
    [403, '/product/Google-Apps/', 'unauthorized'],
    [503, '/product/Google-Vault/', 'transient'],
    [429, '/product/Google-Vault/', 'rate_limited'],
  ] as const)('is not what %i at %s says', async (status, pathIncludes, kind) => {
    simulator.faults.add({ kind: 'status', status, operation, pathIncludes });

    expect(await kindOf(list())).toBe(kind);
  });

  it('is not what a 403 that means "slow down" says', async () => {
    const body = { error: { code: 403, message: 'slow down', errors: [{ reason: 'userRateLimitExceeded' }] } };
    simulator.faults.add({ kind: 'status', status: 403, body, operation, pathIncludes: '/product/Google-Vault/' });

    expect(await kindOf(list())).toBe('rate_limited');
  });

  it('is not what a scope that is not granted says', async () => {
    simulator.command('set_delegation_list', { without: ['apps.licensing'] });

    expect(await kindOf(list())).toBe('unauthorized');
  });
});

describe('counts', () => {
  const operation = 'google.drive.files.list';
  const page = (files: number, nextPageToken?: string) => ({
    kind: 'status' as const,
    status: 200,
    operation,
    body: { files: Array.from({ length: files }, (_, id) => ({ id: String(id) })), nextPageToken },
  });

  it('the files a person owns', async () => {
    expect(await google.counts.countFiles(dana)).toEqual({ count: 250, isMore: false });
  });

  it.each([
    ['a thousand', [page(1000)], { count: 1000, isMore: false }, 1],
    ['more than a thousand', [page(1000, 'next')], { count: 1000, isMore: true }, 1],
    ['short pages', [page(400, 'next'), page(300)], { count: 700, isMore: false }, 2],
    ['short pages beyond a thousand', [page(600, 'a'), page(600, 'b')], { count: 1000, isMore: true }, 2],
  ] as const)('no further than a thousand: %s', async (_, pages, expected, calls) => {
    for (const one of pages) simulator.faults.add(one);

    expect(await google.counts.countFiles(dana)).toEqual(expected);
    expect(simulator.journal.calls.filter((call) => call.operation === operation)).toHaveLength(calls);
  });

  it('the events that move, and what stays behind', async () => {
    expect(await google.counts.countCalendar(dana, new Date())).toEqual({
      moving: { count: 2, isMore: false },
      staying: { count: 2, isMore: false },
      otherCalendars: 1,
    });
  });

  it('nothing where the scope is not granted', async () => {
    simulator.command('set_delegation_list', { without: ['drive.metadata.readonly', 'calendar.readonly'] });

    expect(await google.counts.countFiles(dana)).toBeNull();
    expect(await google.counts.countCalendar(dana, new Date())).toBeNull();
  });

  it('and do not take an outage for a missing scope', async () => {
    simulator.faults.add({ kind: 'status', status: 503, operation });

    expect(await kindOf(google.counts.countFiles(dana))).toBe('transient');
  });
});

describe('probeGoogle', () => {
  it('tries every scope, and all of them work but the one that only writes need', async () => {
    const { scopes, isSuperAdmin } = await probeGoogle(settings());

    expect(isSuperAdmin).toBe(true);
    expect(scopes.map((one) => one.scope)).toEqual(Object.keys(GOOGLE_SCOPES));
    expect(scopes.filter((one) => one.granted !== true)).toEqual([]);
    expect(scopes.filter((one) => one.read !== 'worked')).toEqual([
      { scope: 'gmail.settings.sharing', granted: true, read: 'not_exercised' },
    ]);
    expect(writes().filter((operation) => operation !== 'google.token')).toEqual([]);
  });

  it.each(Object.keys(GOOGLE_SCOPES))('says that %s is not granted, and only that', async (scope) => {
    simulator.command('set_delegation_list', { without: [scope] });

    const { scopes } = await probeGoogle(settings());

    expect(scopes.filter((one) => one.granted !== true).map((one) => [one.scope, one.granted])).toEqual([
      [scope, false],
    ]);
  });

  it('says that the admin may not do it, where the token was given', async () => {
    const { scopes, isSuperAdmin } = await probeGoogle({ ...settings(), adminEmail: 'grace@acme.test' });

    expect(isSuperAdmin).toBeNull();
    expect(scopes.every((one) => one.granted)).toBe(true);
    expect(scopes.find((one) => one.scope === 'admin.datatransfer')?.read).toMatchObject({ kind: 'unauthorized' });
  });

  it('leaves open what it could not ask', async () => {
    simulator.faults.add({ kind: 'status', status: 503, operation: 'google.token', times: 99 });

    const { scopes } = await probeGoogle(settings());

    expect(new Set(scopes.map((one) => one.granted))).toEqual(new Set([null]));
  });
});

describe('a token', () => {
  it('is of an age that our own clock says: after a leap the first call has a new one', async () => {
    let now = new Date();
    const moved = connectGoogle({ ...settings(), clock: { now: () => now } });
    await moved.accounts.getUser(dana.id);
    simulator.command('advance', { ms: 60 * 86_400_000 });
    now = new Date(now.getTime() + 60 * 86_400_000);

    expect(await kindOf(moved.accounts.getUser(dana.id))).toBe('answered');
  });

  it('for a read cannot write, wherever Google has a scope that cannot', async () => {
    await google.accounts.getUser(dana.id);
    await google.accounts.listSuperAdmins();
    await google.access.listTokens(dana.id);
    await google.access.listRoles();
    await google.access.listRoleAssignments(dana.id);
    await google.access.listMobileDevices(dana);
    await google.access.listGroups(dana.id);
    await google.mailbox.listDelegates(dana);
    await google.mailbox.listForwardingFilters(dana);
    await google.transfers.getApplicationIds();
    await google.transfers.listTransfers(dana.id);
    await google.licences.listLicences(dana, dana.customerId ?? '');
    await google.counts.countFiles(dana);
    await google.counts.countCalendar(dana, new Date());

    const asked = simulator.journal.calls.filter((call) => call.operation === 'google.token');
    const scopes = asked.map((call) => String(call.detail.scope).replace(/^.*\/auth\//, ''));
    expect(scopes.filter((scope) => !scope.endsWith('.readonly'))).toEqual([
      'admin.directory.user.security',
      'gmail.settings.basic',
      'apps.licensing',
    ]);
  });
});

describe('the pace', () => {
  it('of reads and writes together stays under what Directory takes in a minute', () => {
    const perMinute = Object.values(GOOGLE_PACES).map((pace) => 60_000 / pace.intervalMs + pace.burst);

    expect(perMinute.reduce((sum, one) => sum + one)).toBeLessThan(2400);
  });
});

describe('the subject', () => {
  it('of each call is the admin or the leaver, as the table of scopes says', async () => {
    const mailbox: Mailbox = dana;
    await google.accounts.listSuperAdmins();
    await google.mailbox.getAutoReply(mailbox);
    await google.counts.countFiles(mailbox);

    const actors = simulator.journal.calls
      .filter((call) => call.operation !== 'google.token')
      .map((call) => [call.operation, call.detail.actsFor]);
    expect(actors).toEqual([
      ['google.directory.users.list', simulator.adminEmail],
      ['google.gmail.users.settings.getVacation', 'dana@acme.test'],
      ['google.drive.files.list', 'dana@acme.test'],
    ]);
  });
});
