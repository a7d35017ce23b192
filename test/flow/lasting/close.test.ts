// The end of the Google account: suspended or archived by policy, licences freed after that, never while a legal hold stands; what Google refuses is a person's to decide.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import { auditOf } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';

const DAY_MS = 86_400_000;
const TEAM = 'T0ACME';
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-policy-'));
const SENDOFF_POLICY = path.join(folder, 'sendoff.policy.yaml');

interface Workspace {
  readonly users: readonly { readonly key: string; readonly suspended: boolean; readonly archived: boolean }[];
  readonly licences: readonly { readonly user: string }[];
}

let office: Office;
let google: GoogleSimulator;

async function opened(policy: string): Promise<void> {
  writeFileSync(SENDOFF_POLICY, policy);
  office = await anOffice({ google: true, settings: { SENDOFF_POLICY } });
  google = office.google as GoogleSimulator;
}
const workspace = () => google.state() as Workspace;
const dana = () => workspace().users.find((one) => one.key === 'dana');
const danasLicences = () => workspace().licences.filter((one) => one.user === 'dana@acme.test').length;
const statusOf = async (step: string) => (await office.steps())[step]?.status;
/** Short waits pass by themselves: after a jump in time the first call is refused and repeated, and Google has its time to settle. */
const stepIs = (step: string, status: string) =>
  office.until(async () => {
    const rows = Object.values(await office.steps());
    if (rows.some((one) => one.status === 'waiting' && /back_off|settling/.test(one.cause ?? ''))) office.pass(5_000);
    return rows.some((one) => one.step === step && one.status === status);
  }, 15_000);
const told = (words: string) => office.until(() => office.channel.thread().some((one) => one.includes(words)), 12_000);

/** The run as it ended. */
async function closedRun() {
  await office.until(async () => {
    const rows = Object.values(await office.steps());
    if (rows.some((one) => one.status === 'waiting' && /back_off|settling/.test(one.cause ?? ''))) office.pass(5_000);
    return (await office.runs())[0]?.status === 'closed';
  }, 15_000);
  return office.steps();
}

/** Everything before the end is over: transfers, the delegation's 60 days, the watch. */
async function atTheEnd(): Promise<void> {
  await office.offboard(office.lin, 'dana@acme.test');
  for (const step of ['google.drive', 'google.calendar', 'google.mailbox']) await stepIs(step, 'done');
  await sixtyDays();
}

async function sixtyDays(): Promise<void> {
  office.pass(61 * DAY_MS);
  await office.until(async () => {
    const steps = await office.steps();
    const rows = Object.values(steps);
    if (!rows.some((one) => one.status === 'ready' || one.status === 'running')) office.pass(60_000);
    return ['google.keep', 'google.mailbox_end'].every((one) => steps[one]?.status === 'done');
  }, 15_000);
}

afterAll(() => rmSync(folder, { recursive: true }));

describe('atEnd: suspend with freeLicence', () => {
  beforeAll(() => opened('google:\n  atEnd: suspend\n  freeLicence: true\n'));
  afterEach(() => office.clear());
  afterAll(() => office.close());

  it('is shown in the plan, and done only after the transfers and the end of the delegation', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    expect(office.lin.screen()).toContain('suspend it and free its licences, after the transfers');
    await office.lin.submits();
    for (const step of ['google.drive', 'google.calendar']) await stepIs(step, 'done');

    expect([dana()?.suspended, danasLicences(), await statusOf('google.close')]).toEqual([false, 1, 'blocked']);
  });

  it('suspends, then frees the licence, each read back; the run closes', async () => {
    await atTheEnd();
    const steps = await closedRun();

    expect([dana()?.suspended, danasLicences()]).toEqual([true, 0]);
    expect(steps['google.close']).toMatchObject({
      evidence: 'read_back',
      after: { account: 'suspended', freed: 1, licences: [] },
    });
    await told('What the transfer does not move');
  });

  it('a licence that Google does not give up is asked about, told plainly, and no failure of the run', async () => {
    const refusal = {
      error: { code: 412, message: 'Licences are assigned automatically', errors: [{ reason: 'conditionNotMet' }] },
    };
    google.faults.add({
      kind: 'status',
      status: 412,
      body: refusal,
      operation: 'google.licensing.licenseAssignments.delete',
      times: 9,
    });
    await atTheEnd();
    await stepIs('google.close', 'needs_human');
    await told('Google did not free the licence (automatic licensing gives it back)');

    await office.lin.clicks('step_approve');
    const steps = await closedRun();

    expect(steps['google.close']?.after).toMatchObject({ account: 'suspended', freed: 0 });
    expect(danasLicences()).toBe(1);
    await told('It is still paid for');
    await told('no failures');
  });

  it('waits while a legal hold stands, asks nobody, and goes on when it is lifted', async () => {
    await office.offboard(office.lin, 'dana@acme.test');
    await stepIs('google.drive', 'done');
    await office.until(() => office.channel.root().includes('Legal hold…'), 12_000);
    await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'operator', 'test');

    await office.sam.clicks('hold_open');
    await office.until(() => office.sam.told().length > 0);
    expect(office.sam.told()[0]).toContain('Only an approver may set or lift a legal hold');
    await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'approver', 'test');

    await office.lin.clicks('hold_open');
    await office.sam.clicks('hold_open');
    await office.until(() => office.lin.screen().includes('Legal hold') && office.sam.screen().includes('Legal hold'));
    expect(office.lin.screen()).toContain('its licence is not freed');
    await office.lin.submits({ note: 'Matter 2026-7, asked by counsel' });
    await office.sam.submits({ note: 'The same matter' });
    await office.until(() => office.sam.screen().includes('set a legal hold'));
    await office.until(() => office.channel.root().includes('Matter 2026-7'), 12_000);

    await sixtyDays();
    await stepIs('google.close', 'waiting');
    expect([await statusOf('google.close'), dana()?.suspended, danasLicences()]).toEqual(['waiting', false, 1]);
    await told('legal hold since');

    await office.lin.clicks('hold_open');
    await office.until(() => office.lin.screen().includes('Lift the legal hold'));
    await office.lin.submits({ note: 'Matter settled' });
    await closedRun();

    expect([dana()?.suspended, danasLicences()]).toEqual([true, 0]);
    await told('lifted by Lin Okafor');
    const [run] = await office.runs();
    const holds = (await auditOf(office, String(run?.id))).filter((one) => /^run\.h/.test(one.action));
    expect(holds.map((one) => [one.action, one.actor])).toEqual([
      ['run.held', `${TEAM}/U0LIN`],
      ['run.hold_lifted', `${TEAM}/U0LIN`],
    ]);
  });
});

describe('atEnd: archive', () => {
  beforeAll(() => opened('google:\n  atEnd: archive\n'));
  afterEach(() => office.clear());
  afterAll(() => office.close());

  it('without a free Archived User licence a person is asked; once there is one, Retry archives', async () => {
    google.command('set_archived_licences', { left: 0 });
    await atTheEnd();
    await stepIs('google.close', 'needs_human');
    await told('Archiving needs a free Archived User licence');
    expect(dana()?.archived).toBe(false);

    google.command('set_archived_licences', { left: 1 });
    await office.lin.clicks('step_retry');
    await closedRun();
    expect(dana()?.archived).toBe(true);
  });
});

describe('atEnd: keep', () => {
  beforeAll(() => opened('google:\n  atEnd: keep\n'));
  afterAll(() => office.close());

  it('leaves the account as it is, and says so', async () => {
    await atTheEnd();
    const steps = await closedRun();

    expect(steps['google.close']).toMatchObject({ status: 'skipped', cause: 'kept_by_policy' });
    expect([dana()?.suspended, danasLicences()]).toEqual([false, 1]);
  });
});
