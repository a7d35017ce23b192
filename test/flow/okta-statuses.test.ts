// Each Okta status through the whole app, held to the table in docs/okta-statuses.md; and what Okta does behind our back.
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../sandbox/people.ts';
import { anOffice, type Office, type StepRow } from '../support/office.ts';

const DOC = new URL('../../docs/okta-statuses.md', import.meta.url);
const STEPS = ['okta.snapshot', 'okta.block', 'okta.factors', 'okta.devices', 'okta.deactivate'];
const MINUTE = 60_000;

/** One person of each status; Danna is active until her account is erased. */
const WHO: Readonly<Record<string, string>> = {
  STAGED: 'staged',
  PROVISIONED: 'provisioned',
  ACTIVE: 'danna',
  RECOVERY: 'recovery',
  PASSWORD_EXPIRED: 'passwordExpired',
  LOCKED_OUT: 'lockedOut',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deprovisioned',
  DELETED: 'danna',
};

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

function documented(): Record<string, { writes: string; ends: string[]; account: string }> {
  const rows = readFileSync(DOC, 'utf8')
    .split('\n')
    .filter((line) => /^\| [A-Z_]+ \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return Object.fromEntries(
    rows.map(([status = '', writes = '', ...rest]) => [
      status,
      { writes, ends: rest.slice(0, 5), account: rest[5] ?? '' },
    ]),
  );
}

function ends(steps: Readonly<Record<string, StepRow>>): string[] {
  return STEPS.map((name) => `${steps[name]?.status} ${steps[name]?.evidence ?? steps[name]?.cause}`);
}

function statusAtTheEnd(key: string): string {
  return office.accounts.everybody().find((one) => one.id === person(key).okta.id)?.status ?? 'DELETED';
}

describe('the documented table', () => {
  it('has every status', () => {
    expect(Object.keys(documented())).toEqual(Object.keys(WHO));
  });

  it.each(Object.keys(WHO))('is what happens to somebody who is %s', async (status) => {
    const key = WHO[status] ?? '';
    const factor = {
      id: 'ostOneFactor00000001',
      factorType: 'token:software:totp',
      provider: 'GOOGLE',
      vendorName: 'GOOGLE',
    };
    if (status !== 'DEPROVISIONED') office.okta.command('set_user', { user: key, patch: { factors: [factor] } });
    await office.plan(office.lin, person(key).email);
    if (status === 'DELETED')
      office.okta.faults.add({ kind: 'hold_before', operation: 'okta.getUser', skip: 1, times: 99 }); // one look confirms
    await office.lin.submits();
    if (status === 'DELETED') {
      await office.until(async () => (await office.runs()).length === 1);
      office.okta.command('delete_user', { user: key });
      office.okta.faults.clear();
    }
    const steps = await office.closed();

    const writes = office.accounts.writes().map((write) => write.split(' ')[0]);
    const row = documented()[status];
    expect({ writes: writes.join(', '), ends: ends(steps), account: statusAtTheEnd(key) }).toEqual(row);
  });
});

describe('devices', () => {
  it('that others use are left, and the thread says which', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    const steps = await office.closed();

    expect(steps['okta.devices']).toMatchObject({ status: 'done', after: { left: ['Lab iMac'], devices: [] } });
    await office.until(() => office.channel.thread().some((reply) => reply.includes('Lab iMac')), 15_000);
  });

  it('are passed over where the org has no licence for them', async () => {
    office.okta.command('licence_devices', { on: false });
    await office.plan(office.lin, 'dana@acme.test');
    const plan = office.lin.screen();
    await office.lin.submits();
    const steps = await office.closed();

    expect(plan).toContain('this Okta edition has no device list');
    expect(steps['okta.devices']).toMatchObject({ status: 'skipped', cause: 'devices_not_licensed' });
    expect(steps['okta.snapshot']).toMatchObject({ status: 'done', after: { gaps: ['devices'] } });
    expect(office.accounts.of('dana').status).toBe('DEPROVISIONED');
  });

  it('that Okta does not let us read hold the deactivation for two minutes, and no longer', async () => {
    office.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.listUserDevices', times: 1_000 });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(async () => (await office.steps())['okta.snapshot']?.status === 'needs_human');
    office.pass(2 * MINUTE - 1_000);
    await office.until(async () => (await office.steps())['okta.block']?.status === 'done');
    const before = (await office.steps())['okta.deactivate']?.status;

    office.pass(1_000);
    await office.until(() => office.accounts.of('dana').status === 'DEPROVISIONED');

    expect(before).toBe('blocked');
  });

  it('that never answer hold the deactivation for two minutes, and no longer', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.listUserDevices', skip: 1, times: 1_000 });
    await office.lin.submits();
    await office.until(() => office.okta.faults.held().length > 0);
    await office.until(async () => (await office.steps())['okta.block']?.status === 'done');
    const before = (await office.steps())['okta.deactivate']?.status;

    office.pass(2 * MINUTE);
    await office.until(() => office.accounts.of('dana').status === 'DEPROVISIONED');

    expect(before).toBe('blocked');
  });
});

describe('somebody else in Okta’s console', () => {
  it('who deactivates between our look and our write makes a 404 that counts as done, and sessions are ended all the same', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser' });
    await office.offboard(office.lin, 'danna@acme.test');
    await office.until(() => office.okta.faults.held().length === 1);
    office.okta.command('set_user', { user: 'danna', patch: { status: 'DEPROVISIONED' } });
    office.okta.faults.release();
    const steps = await office.closed();

    const answer = office.okta.journal.calls.find((call) => call.operation === 'okta.deactivateUser');
    expect(answer?.status).toBe(404);
    expect(steps['okta.deactivate']).toMatchObject({ status: 'done', evidence: 'read_back', attempt: 1 });
    expect(office.accounts.writes().at(-1)).toBe('revokeUserSessions');
  });
});
