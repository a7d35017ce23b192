// What the plan says of Google: account, receiver, Okta's app, doubts and outages; and whom Sendoff refuses there.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { anOffice, type Office } from '../support/office.ts';
import { type GoogleAccounts, googleAccounts } from '../support/office-google.ts';

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

const screen = () => office.lin.screen();
const plan = (address = 'dana@acme.test') => office.plan(office.lin, address);
async function refused(address: string, words: string): Promise<void> {
  await office.lin.types(`/offboard ${address}`);
  await office.until(() => screen().includes(words));
  expect(await office.runs()).toEqual([]);
  expect(accounts.writes()).toEqual([]);
  expect(office.accounts.writes()).toEqual([]);
}

describe('the plan', () => {
  it('shows the account, who receives the work, and what Okta’s app does', async () => {
    await plan();

    expect(screen()).toContain('Google: `dana@acme.test` · active · Grace Njeri `grace@acme.test` receives the work');
    expect(screen()).toContain(
      'Okta’s Google app suspends the account at the deactivation; Sendoff makes it active again',
    );
    expect(screen()).toContain(
      'new password that nobody knows, sign-out everywhere; removes 2 apps with access: Notes app, Phone mail, 1 app password, 3 backup codes, the work account on 2 phones and tablets',
    );
    expect(screen()).toContain('looked at after 15 minutes, 1 hour, 24 hours, then daily');
    expect(accounts.writes()).toEqual([]);
  });

  it('asks who else it may be where only an alias, or another name, leads to the account', async () => {
    google.command('set_user', { user: 'dana', patch: { givenName: 'Robin', familyName: 'Castellanos' } });
    await plan();
    expect(screen()).toContain(
      '*Is this Google account theirs?* Google calls it Robin Castellanos, Okta Dana Whitfield.',
    );

    await office.lin.closes();
    google.command('reset');
    google.command('delete_user', { user: 'dana' });
    google.command('set_user', { user: 'alex', patch: { aliases: ['dana@acme.test'] } });
    await plan();
    expect(screen()).toContain('*Is this Google account theirs?*');
    expect(screen()).toContain('`alex@acme.test`');
  });

  it('changes visibly when the account becomes somebody else’s before the confirmation', async () => {
    await plan();
    google.command('set_user', { user: 'dana', patch: { givenName: 'Robin', familyName: 'Castellanos' } });
    await office.lin.submits();
    await office.until(() => screen().includes('The plan changed since you saw it'));

    expect(await office.runs()).toEqual([]);
  });

  it('says that nobody is known where HR and Okta name no manager with an account', async () => {
    google.command('suspend', { user: 'grace' });
    await plan();

    expect(screen()).toContain('the manager’s Google account is suspended or archived: somebody will be asked');
  });
});

describe('a Google that does not answer', () => {
  it('is said in the plan and keeps nothing at Okta open; afterwards its steps find the account by themselves', async () => {
    google.faults.add({ kind: 'status', status: 503, operation: '*', times: 9_999 });
    await plan();
    expect(screen()).toContain('*Google did not answer*');
    expect(screen()).toContain('couldn’t check');

    await office.lin.submits();
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'done');
    expect((await office.runs())[0]?.ids).not.toHaveProperty('google');
    expect(accounts.of('dana').tokens).toHaveLength(2);

    google.faults.clear();
    await office.until(async () => {
      office.pass(2_000);
      return (await office.steps())['google.contain']?.status === 'done';
    });
    expect(accounts.of('dana')).toMatchObject({ tokens: [], sessions: 0 });
  });

  it('and an account that may be somebody else’s is touched only when a person has said so', async () => {
    google.command('set_user', { user: 'dana', patch: { givenName: 'Robin', familyName: 'Castellanos' } });
    google.faults.add({ kind: 'status', status: 503, operation: '*', times: 9_999 });
    await office.offboard(office.lin, 'dana@acme.test');
    google.faults.clear();
    await office.until(async () => {
      office.pass(2_000);
      return (await office.steps())['google.contain']?.status === 'needs_human';
    });
    await office.until(() => office.channel.thread().some((one) => one.includes('Google calls it Robin Castellanos')));
    expect(accounts.writes()).toEqual([]);

    await office.lin.clicks('step_decline');
    const steps = await office.closed();
    expect(steps['google.contain']).toMatchObject({ status: 'skipped', cause: 'no_google_account' });
    expect(accounts.writes()).toEqual([]);
  });

  it('and an admin of ours without rights is no reason to believe that there is no account', async () => {
    google.command('set_user', { user: 'admin', patch: { isAdmin: false } });
    await plan();

    expect(screen()).toContain('*Google refused Sendoff’s credentials*');
    expect(screen()).not.toContain('no Google account');
  });

  it('refuses our scopes in words that say what to do', async () => {
    google.command('set_delegation_list', { without: ['admin.directory.user.readonly'] });
    await plan();

    expect(screen()).toContain('*Google refused Sendoff’s credentials*');
  });
});

describe('refused', () => {
  it('is the last Google super admin', async () => {
    google.command('set_user', { user: 'dana', patch: { isAdmin: true } });
    for (const one of accounts.everybody().filter(({ isAdmin, key }) => isAdmin && key !== 'dana'))
      if (one.key !== 'admin') google.command('suspend', { user: one.key });
    google.command('set_user', { user: 'admin', patch: { isAdmin: false, isDelegatedAdmin: true } });

    await refused('dana@acme.test', 'last active Google super admin');
  });

  it('is the account in whose name Sendoff acts at Google, also while Google is down', async () => {
    await refused(google.adminEmail, 'Sendoff acts at Google in the name of');
    await office.lin.closes();
    google.faults.add({ kind: 'status', status: 503, operation: '*', times: 9_999 });
    await refused(google.adminEmail, 'Sendoff acts at Google in the name of');
  });
});
