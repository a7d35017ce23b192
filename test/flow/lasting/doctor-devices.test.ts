// The doctor of Jamf and Snipe-IT: each privilege and right is named with its fix, no passcode is read, nothing is written.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { doctorChecks } from '../../../src/app/doctor.ts';
import { doctorCommand } from '../../../src/cli/doctor.ts';
import { anOffice, type Office } from '../../support/office.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice({ jamf: true, snipeit: true });
});

afterEach(() => {
  for (const vendor of [office.jamf, office.snipeit]) {
    vendor?.command('reset');
    vendor?.faults.clear();
    vendor?.journal.clear();
  }
});

afterAll(() => office.close());

async function visit(vendor: 'jamf' | 'snipe-it', settings: Record<string, string> = {}): Promise<string> {
  let told = '';
  const print = (text: string): void => {
    told += text;
  };
  const environment: Record<string, string | undefined> = { ...office.settings(), ...settings };
  const checks = doctorChecks(environment, { now: () => new Date() });
  await doctorCommand(['--vendor', vendor], { print, printError: print, checks });

  const calls = [office.jamf, office.snipeit].flatMap((one) => one?.journal.calls ?? []);
  expect(calls.filter((one) => one.write || one.operation.endsWith('.unknown'))).toEqual([]);
  expect(calls.filter((one) => one.operation === 'jamf.viewDeviceLockPin' && one.status === 200)).toEqual([]);
  for (const name of ['JAMF_CLIENT_SECRET', 'SNIPEIT_API_TOKEN']) expect(told).not.toContain(environment[name]);
  return told.replaceAll(/\s+/g, ' ');
}

describe('Jamf', () => {
  it('that is well has its privileges named, those that cannot be tried as such', async () => {
    expect(await visit('jamf')).toBe(
      [
        ' Jamf ✔ API client ✔ Read Computers ✔ View MDM command information in Jamf Pro API',
        '· Send Computer Remote Lock Command (granted, not exercised) ✔ View Computer Device Lock Pin',
        '· Send Computer Remote Wipe Command (granted, not exercised)',
        '· Send Blank Pushes to Computers (granted, not exercised) ✔ clock agrees No problems. Nothing was changed. ',
      ].join(' '),
    );
  });

  it.each([
    ['Read Computers', '✖'],
    ['View MDM command information in Jamf Pro API', '✖'],
    ['Send Computer Remote Lock Command', '✖'],
    ['View Computer Device Lock Pin', '✖'],
    ['Send Computer Remote Wipe Command', '!'],
    ['Send Blank Pushes to Computers', '!'],
  ])('without %s is told so (%s), with where to add it', async (privilege, mark) => {
    office.jamf?.command('revoke_privilege', { privilege });

    const told = await visit('jamf');

    expect(told).toContain(`${mark} ${privilege} not granted`);
    expect(told).toContain('API roles: the client’s role > Edit: add it');
  });

  it('that does not tell privileges leaves the lock to be looked at', async () => {
    office.jamf?.command('tell_privileges', { told: false });

    const told = await visit('jamf');

    expect(told).toContain('! whether Send Computer Remote Lock Command is granted is not told by Jamf');
    expect(told).toContain('✔ View Computer Device Lock Pin');
  });

  it('with another secret, a client that is off, at another address, or down', async () => {
    expect(await visit('jamf', { JAMF_CLIENT_SECRET: 'wrong' })).toMatch(
      /✖ API client refused .*Generate a new secret/,
    );
    office.jamf?.command('disable_client', { disabled: true });
    expect(await visit('jamf')).toMatch(/✖ API client refused \(client credentials refused \(invalid_client\)\)/);
    office.jamf?.command('disable_client', { disabled: false });
    office.jamf?.faults.add({ kind: 'status', status: 404, operation: 'jamf.listComputers', times: 9 });
    expect(await visit('jamf')).toMatch(/✖ no Jamf Pro at this address Fix: Set JAMF_URL/);
    office.jamf?.faults.clear();
    office.jamf?.faults.add({ kind: 'status', status: 503, operation: 'jamf.token', times: 9 });
    expect(await visit('jamf')).toMatch(/✖ no answer .*status\.jamf\.com/);
  });
});

describe('Snipe-IT', () => {
  it('that is well has what its token may do', async () => {
    expect(await visit('snipe-it')).toBe(
      ' Snipe-IT ✔ token ✔ assets · Checkin Assets (granted, not exercised) · Edit Assets (granted, not exercised) ✔ 4 status labels ✔ 3 locations ✔ clock agrees No problems. Nothing was changed. ',
    );
  });

  it.each([
    ['assets.view', '✖ View Assets not granted'],
    ['assets.checkin', '✖ Checkin Assets not granted'],
    ['assets.edit', '✖ Edit Assets not granted'],
    ['statuslabels.view', '✖ status labels cannot be seen'],
    ['locations.view', '✖ locations cannot be seen'],
  ])('without %s is told so, with where to grant it', async (permission, found) => {
    office.snipeit?.command('revoke_permission', { permission });

    const told = await visit('snipe-it');

    expect(told).toContain(found);
    expect(told).toContain('the token’s user > Edit > Permissions: grant');
  });

  it('without a label for what is inspected or may be given out is warned', async () => {
    office.snipeit?.command('set_labels', { labels: [{ id: 9, name: 'Gone', type: 'archived' }] });

    expect(await visit('snipe-it')).toContain('! no pending and no deployable status label');
  });

  it('without a label or place that the policy names is told which, and where to add it', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-doctor-'));
    const SENDOFF_POLICY = path.join(folder, 'sendoff.policy.yaml');
    writeFileSync(
      SENDOFF_POLICY,
      'inventory:\n  readyStatus: READY to deploy\n  lostStatus: Stolen\n  location: Paris\n',
    );

    const told = await visit('snipe-it', { SENDOFF_POLICY });
    rmSync(folder, { recursive: true });

    expect(told).toContain('✖ no status label “Stolen” (policy: inventory.lostStatus)');
    expect(told).toContain('✖ no location “Paris” (policy: inventory.location)');
    expect(told).not.toContain('READY to deploy');
  });

  it('with another token, behind a sign-in, or down', async () => {
    expect(await visit('snipe-it', { SNIPEIT_API_TOKEN: 'wrong' })).toMatch(/✖ token refused .*Manage API Keys/);
    office.snipeit?.faults.add({ kind: 'status', status: 302, operation: 'snipeit.listHardware' });
    expect(await visit('snipe-it')).toMatch(/✖ not the API of Snipe-IT \(.*\) Fix: Set SNIPEIT_URL/);
    office.snipeit?.faults.add({ kind: 'status', status: 503, operation: 'snipeit.listHardware' });
    expect(await visit('snipe-it')).toMatch(/✖ no answer \(Service Unavailable\)/);
  });
});
