// The Google account in an offboarding: closed by writes of its own, each read back or accepted; active afterwards whatever suspended it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { type GoogleAccounts, googleAccounts } from '../../support/office-google.ts';

const MINUTE_MS = 60_000;
const CLOSED = {
  sessions: 0,
  tokens: [],
  appPasswords: [],
  backupCodes: 0,
  recoveryEmail: null,
  recoveryPhone: null,
  includeInGlobalAddressList: false,
  changePasswordAtNextLogin: false,
};

let office: Office;
let google: GoogleSimulator;
let accounts: GoogleAccounts;

beforeAll(async () => {
  office = await anOffice({ google: true });
  google = office.google as GoogleSimulator;
  accounts = googleAccounts(google);
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

const stepIs = (step: string, status: string) =>
  office.until(async () => (await office.steps())[step]?.status === status);
const asked = (words: string) => office.until(() => office.channel.thread().some((one) => one.includes(words)));

describe('an active account', () => {
  it('is closed by writes of their own: password first, then sessions, apps, codes, recovery, phones and the address list', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'done');

    expect(accounts.of('dana')).toMatchObject({ ...CLOSED, suspended: false, passwordsSet: 2, usable: true });
    // Google takes app passwords along with the password.
    expect(accounts.writes()).toEqual([
      'users.patch changePasswordAtNextLogin password',
      'users.signOut',
      'tokens.delete',
      'tokens.delete',
      'verificationCodes.invalidate',
      'users.patch recoveryEmail recoveryPhone',
      'mobiledevices.action action',
      'mobiledevices.action action',
      'users.patch includeInGlobalAddressList',
    ]);
  });

  it('takes the account off phones and never wipes a phone', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.contain', 'done');

    expect(accounts.devices().map((one) => one.actions)).toEqual([['admin_account_wipe'], ['admin_account_wipe']]);
  });

  it('keeps names and counts for evidence, and no address', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'done');

    const steps = await office.steps();
    expect(steps['google.contain']).toMatchObject({
      evidence: 'read_back',
      after: {
        account: 'active',
        password: 'accepted',
        sessions: 'accepted',
        apps: [],
        groups: ['Everyone', 'Engineering', 'On call'],
        listed: false,
      },
    });
    const rows = await office.db.query('SELECT before, after, need FROM step_run WHERE vendor = $1', ['google']);
    expect(JSON.stringify([rows, await office.db.query('SELECT target, receipt FROM vendor_write', [])])).not.toContain(
      '@',
    );
  });

  it('touches nobody else', async () => {
    const others = () => JSON.stringify(accounts.everybody().filter((one) => one.key !== 'dana'));
    const before = others();
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'done');

    expect(others()).toBe(before);
    expect([...accounts.touched()].sort()).toEqual(
      [accounts.of('dana').id, 'AFiQxQ-dana-iphone', 'AFiQxQ-dana-pixel'].sort(),
    );
  });

  it('is told in the thread, with how each is known', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'done');
    await office.until(() => office.channel.thread().some((one) => one.includes('Google account closed to sign-in')));

    const told = office.channel.thread().find((one) => one.includes('Google account closed to sign-in')) ?? '';
    expect(told).toContain(
      'New password that nobody knows, no change forced (accepted by Google; it cannot be read back)',
    );
    expect(told).toContain('Removed 2 apps with access: Notes app, Phone mail (read back)');
    expect(told).toContain('Removed 3 backup codes (read back)');
    expect(told).toContain('Removed recovery email and phone (read back)');
    expect(told).toContain('Work account taken off 2 phones and tablets, and nothing else on them');
    expect(told).toContain('Groups recorded: 3 groups: Everyone, Engineering, On call');
  });

  it('loses an app password that outlives the password', async () => {
    google.faults.add({ kind: 'hold_before', operation: 'google.directory.users.signOut' });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(() => google.faults.held().length > 0);
    google.command('set_user', { user: 'dana', patch: { appPasswords: [{ codeId: 7, name: 'New', createdAt: 0 }] } });
    google.faults.releaseAll();
    await stepIs('google.contain', 'done');

    expect(accounts.of('dana').appPasswords).toEqual([]);
    expect(accounts.writes()).toContain('asps.delete');
  });

  it('is read until Directory shows what it took', async () => {
    google.command('set_delays', { directoryMs: 3_000 });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.contain', 'waiting');
    office.pass(3_001);
    await stepIs('google.contain', 'done');

    expect(accounts.writes().filter((one) => one === 'users.patch includeInGlobalAddressList')).toHaveLength(1);
  });

  it('loses its admin roles', async () => {
    await office.offboard(office.lin, 'ada@acme.test');
    await stepIs('google.contain', 'done');

    expect(accounts.of('ada').isDelegatedAdmin).toBe(false);
    expect((await office.steps())['google.contain']?.after).toMatchObject({ roles: [] });
  });

  it('goes on behind a write that Google refuses, and says what was refused', async () => {
    google.faults.add({
      kind: 'status',
      status: 400,
      operation: 'google.directory.verificationCodes.invalidate',
      times: 99,
    });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.contain', 'needs_human');

    expect(accounts.of('dana')).toMatchObject({ ...CLOSED, backupCodes: 3 });
    expect((await office.steps())['google.contain']?.need).toMatchObject({ code: 'refused', sent: 'accepted' });
    await stepIs('okta.deactivate', 'done');

    google.faults.clear();
    await office.until(() => office.channel.thread().some((one) => one.includes('Google account not closed')));
    await office.lin.clicks('step_retry');
    await stepIs('google.contain', 'done');
  });
});

describe('a suspended account', () => {
  it('is contained while suspended, then made active with a new password in one change, and contained again', async () => {
    google.command('suspend', { user: 'dana' });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'waiting');

    const writes = accounts.writes();
    const activation = writes.indexOf('users.patch changePasswordAtNextLogin password suspended');
    expect(writes.slice(0, 2)).toEqual(['users.patch changePasswordAtNextLogin password', 'users.signOut']);
    expect(writes.filter((one) => one.startsWith('tokens.delete'))).toHaveLength(2);
    expect(writes.lastIndexOf('tokens.delete')).toBeLessThan(activation);
    expect(writes.slice(activation)).toEqual([writes[activation], 'users.signOut']);
    expect(accounts.of('dana')).toMatchObject({ ...CLOSED, suspended: false, passwordsSet: 3 });
  });

  it('counts as active only when Gmail acts for it', async () => {
    google.command('suspend', { user: 'dana' });
    google.command('set_delays', { reactivationMs: 7 * MINUTE_MS });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'waiting');

    office.pass(5 * MINUTE_MS + 1);
    await office.until(() =>
      google.journal.calls.some((call) => call.operation === 'google.token' && call.detail.reason),
    );
    await stepIs('google.active', 'waiting');
    office.pass(2 * MINUTE_MS + 1);
    await stepIs('google.active', 'done');

    expect((await office.steps())['google.active']?.after).toMatchObject({ account: 'active', reactivated: true });
  });

  it('closes again what was opened between', async () => {
    google.command('suspend', { user: 'dana' });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'waiting');
    google.command('set_user', { user: 'dana', patch: { appPasswords: [{ codeId: 7, name: 'New', createdAt: 0 }] } });

    office.pass(5 * MINUTE_MS + 1);
    await stepIs('google.active', 'done');

    expect(accounts.of('dana').appPasswords).toEqual([]);
  });
});

describe('bad input', () => {
  it('without an account both steps are passed over in plain words', async () => {
    google.command('delete_user', { user: 'dana' });
    await office.offboard(office.lin, 'dana@acme.test');
    const steps = await office.closed();

    expect(steps['google.contain']).toMatchObject({ status: 'skipped', cause: 'no_google_account' });
    expect(steps['google.active']).toMatchObject({ status: 'skipped', cause: 'cannot_start' });
    await office.until(() => office.channel.root().includes('there is no Google account with this address'));
    expect(accounts.writes()).toEqual([]);
  });

  it('an account that was deleted since the plan is no longer a door', async () => {
    google.faults.add({ kind: 'hold_before', operation: 'google.directory.users.patch' });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(() => google.faults.held().length > 0);
    google.command('delete_user', { user: 'dana' });
    google.faults.releaseAll();
    await stepIs('google.active', 'done');

    expect((await office.steps())['google.active']).toMatchObject({ evidence: 'moot', after: { account: 'deleted' } });
  });

  it('an archived account is closed at once, and taken out of the archive only when somebody says so', async () => {
    google.command('set_user', { user: 'dana', patch: { archived: true } });
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.active', 'needs_human');
    expect(accounts.of('dana')).toMatchObject({ ...CLOSED, archived: true });

    await asked('Take it out, which needs a licence');
    await office.sam.clicks('step_approve');
    await stepIs('google.active', 'waiting');
    office.pass(5 * MINUTE_MS + 1);
    await stepIs('google.active', 'done');

    expect(accounts.of('dana')).toMatchObject({ archived: false, suspended: false });
  });
});
