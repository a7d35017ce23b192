// What people decide about a step that stopped, and about a run: counted once, kept with who and why, and honest about what stays open.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditOf } from '../support/engine.ts';
import { anOffice, type Office } from '../support/office.ts';

const TEAM = 'T0ACME';
const WHY = 'The account is locked by legal; Pat holds it.';
const REFUSED = { kind: 'status', status: 400 } as const;

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});

beforeEach(async () => {
  await office.operators.add({ teamId: TEAM, userId: 'U0LIN' }, 'approver', 'test');
  await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'operator', 'test');
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

/** Offboards Danna; this Okta call is refused until it is allowed again. */
async function stoppedAt(operation: string, step: string): Promise<void> {
  office.okta.faults.add({ ...REFUSED, operation, times: 99 });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(async () => (await office.steps())[step]?.status === 'needs_human', 15_000);
  await office.until(() => office.channel.thread().some((reply) => reply.includes('Mark done by hand')), 15_000);
}

/** Somebody closes the Slack account as well: of an Okta account that is not deactivated nothing does. */
async function closedInSlack(): Promise<void> {
  await office.slack.command('deprovision', { email: 'danna@acme.test' });
}

async function opens(who: 'lin' | 'sam', action: 'step_skip_open' | 'step_attest_open'): Promise<void> {
  await office[who].clicks(action);
  await office.until(() => /Why skip it|How is it known/.test(office[who].screen()));
}

async function actions(): Promise<string[]> {
  const [run] = await office.runs();
  return (await auditOf(office, String(run?.id))).map((event) => `${event.actor} ${event.action}`);
}

const note = (words: string) => ({ note: words });

describe('Skip', () => {
  it('takes a reason, frees what waited, and says that access may still be open until the account is deactivated', async () => {
    await stoppedAt('okta.suspendUser', 'okta.block');
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser' });
    await opens('lin', 'step_skip_open');
    expect(office.lin.screen()).toContain('*Access of Danna Whitfield may still be open.*');

    await office.lin.submits(note(WHY));
    await office.until(() => office.channel.root().includes('Access may still be open'), 15_000);
    await office.until(
      () => office.channel.thread().some((reply) => reply.includes('Skipped by Lin Okafor') && reply.includes(WHY)),
      15_000,
    );
    office.okta.faults.release();
    const steps = await office.closed(15_000);

    expect(steps['okta.block']).toMatchObject({ status: 'skipped', cause: 'by_hand' });
    expect(steps['okta.deactivate']).toMatchObject({ status: 'done', evidence: 'read_back' });
    await office.until(() => !office.channel.root().includes('Access may still be open'), 15_000);
    expect(await actions()).toContain(`${TEAM}/U0LIN step.skipped`);
    expect(office.accounts.of('danna').status).toBe('DEPROVISIONED');
  });

  it('of containment is refused to an operator, who is told who can, and the channel hears of it', async () => {
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');

    await office.sam.clicks('step_skip_open');
    await office.until(() => office.sam.told().length > 0);

    expect(office.sam.told()[0]).toMatch(
      /only an approver may skip it\. \*Nothing was changed\.\* Ask <@U0LIN> to do it/,
    );
    expect(office.slack.workspace.ephemerals[0]?.threadTs).toMatch(/^\d+\.\d+$/);
    expect(office.sam.screen()).toBe('');
    expect((await office.steps())['okta.deactivate']?.status).toBe('needs_human');
    await office.until(
      () => office.channel.notices().some((line) => line.includes('pressed Skip and was refused')),
      15_000,
    );
  });

  it('asks for the role again when the window is sent', async () => {
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    await opens('lin', 'step_skip_open');
    await office.operators.add({ teamId: TEAM, userId: 'U0LIN' }, 'operator', 'test');

    await office.lin.submits(note(WHY));
    await office.until(() => office.lin.screen().includes('only an approver may skip it'));

    expect((await office.steps())['okta.deactivate']?.status).toBe('needs_human');
    await office.until(() => office.channel.notices().some((line) => line.includes('tried to skip a step')), 15_000);
  });

  it('without a reason is asked again in the window', async () => {
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    await opens('lin', 'step_skip_open');

    await office.lin.submits(note('        '));

    expect((await office.steps())['okta.deactivate']?.status).toBe('needs_human');
  });

  it('of the last step closes the run, which says what is left open', async () => {
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    await opens('lin', 'step_skip_open');
    await office.lin.submits(note(WHY));
    await office.closed();
    await office.until(() => office.channel.root().includes('is closed, but not everything is done'), 15_000);

    expect(office.channel.root()).toContain('*Access may still be open.* Not confirmed: Okta deactivation');
    expect(await actions()).toContain('runner run.closed');
  });

  it('of everything that others need passes those over, so that the run closes', async () => {
    office.okta.faults.add({ ...REFUSED, operation: 'okta.deactivateUser', times: 99 });
    await stoppedAt('okta.suspendUser', 'okta.block');
    await opens('lin', 'step_skip_open');
    await office.lin.submits(note(WHY));
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'needs_human', 15_000);
    await office.until(() => office.channel.root().includes('Retry Okta deactivation'), 15_000);
    await office.until(
      () => office.channel.thread().some((reply) => /deactivation failed[\s\S]*by hand/.test(reply)),
      15_000,
    );
    await opens('lin', 'step_skip_open');
    await office.lin.submits(note(WHY));
    const steps = await office.closed(15_000);

    expect(steps['okta.factors']).toMatchObject({ status: 'skipped', cause: 'cannot_start' });
  });
});

describe('Mark done by hand', () => {
  it('looks first: what Okta confirms is read back, not attested, and nothing is written', async () => {
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    office.okta.command('set_user', { user: 'danna', patch: { status: 'DEPROVISIONED' } });
    office.okta.faults.clear();
    await opens('lin', 'step_attest_open');
    const asked = office.accounts.asked('deactivateUser');

    await office.lin.submits(note('Deactivated in the admin console at 09:10'));
    const steps = await office.closed(15_000);

    expect(office.accounts.asked('deactivateUser')).toBe(asked);
    expect(steps['okta.deactivate']).toMatchObject({ status: 'done' });
    expect(await actions()).toContain(`${TEAM}/U0LIN step.attested`);
  });

  it('is recorded against what Okta says where Okta disagrees, and the run does not call it done', async () => {
    await closedInSlack();
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    office.okta.faults.clear();
    await opens('lin', 'step_attest_open');
    const writes = office.accounts.writes().length;

    await office.lin.submits(note('I am sure that I did it'));
    const steps = await office.closed(15_000);

    expect(steps['okta.deactivate']).toMatchObject({
      status: 'done',
      evidence: 'attested',
      cause: 'attested_against',
      after: { status: 'SUSPENDED' },
    });
    expect(office.accounts.writes()).toHaveLength(writes);
    await office.until(() => office.channel.root().includes('Access may still be open'), 15_000);
    expect(office.channel.root()).toContain('marked done by hand · against what Okta says: account suspended');
    await office.until(
      () =>
        office.channel.thread().some((reply) => reply.includes('Attested against what Okta says: account suspended')),
      15_000,
    );
    const [run] = await office.runs();
    const told = (await auditOf(office, String(run?.id))).find((event) => event.action === 'step.attest');
    expect(told?.detail).toMatchObject({ cause: 'attested_against', after: { status: 'SUSPENDED' } });
  });

  it('stands on the person’s word where Okta cannot be asked, and says so', async () => {
    await closedInSlack();
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    office.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.getUser', times: 99 });
    await opens('lin', 'step_attest_open');
    await office.lin.submits(note('Deactivated in the admin console'));
    const steps = await office.closed(15_000);

    expect(steps['okta.deactivate']).toMatchObject({ status: 'done', evidence: 'attested', cause: 'attested_unseen' });
  });

  it('is finished by the next process when the one that took it dies after the commit', async () => {
    await closedInSlack();
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    office.okta.faults.clear();
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.getUser' });
    await opens('lin', 'step_attest_open');
    await office.lin.submits(note('I am sure that I did it'));
    await office.until(() => office.okta.faults.held().length > 0);
    // As if the worker were gone: its row lapses, and its result will be fenced.
    await office.db.query(
      `UPDATE step_run SET status = 'ready', owner = NULL, taken_over_at = now() WHERE step = 'okta.deactivate' AND status = 'running'`,
      [],
    );
    office.pass(0);
    const steps = await office.closed(15_000);

    expect(steps['okta.deactivate']).toMatchObject({ status: 'done', evidence: 'attested', cause: 'attested_against' });
  });
});

describe('two who decide at once', () => {
  it('a late window is told who was faster and what they did', async () => {
    await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'admin', 'test');
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    await opens('sam', 'step_skip_open');
    office.okta.faults.clear();
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser' });
    await office.lin.clicks('step_retry');
    await office.until(() => office.okta.faults.held().length > 0);

    await office.sam.submits(note(WHY));
    await office.until(() => office.sam.screen().includes('Your click changed nothing'));

    expect(office.sam.screen()).toMatch(/<@U0LIN> pressed Retry .*Your click changed nothing/);
    office.okta.faults.release();
    expect((await office.closed(15_000))['okta.deactivate']?.status).toBe('done');
  });
});

describe('Cancel', () => {
  it('stops what is left, is told with who, and no write is sent after the one under way', async () => {
    office.okta.faults.add({ kind: 'hold_answer', operation: 'okta.suspendUser' });
    await office.offboard(office.lin, 'danna@acme.test');
    await office.until(() => office.okta.faults.held().length > 0 && office.channel.roots().length === 1);
    await office.lin.clicks('run_cancel');
    await office.until(async () => (await office.runs())[0]?.status === 'cancelled');
    office.okta.faults.release();
    await office.until(async () =>
      Object.values(await office.steps()).every((step) => /done|cancelled|skipped/.test(step.status)),
    );
    await office.until(() => office.channel.root().includes('was cancelled'), 15_000);

    expect(office.accounts.writes()).toEqual(['suspendUser']);
    expect(office.channel.root()).toContain('Cancelled by Lin Okafor');
    expect(office.channel.root()).toContain('Access may still be open');
    expect(office.channel.root()).not.toContain('Cancel remaining steps');
    expect(await actions()).toContain(`${TEAM}/U0LIN run.cancelled`);
  });

  it('needs an approver once access is being closed', async () => {
    await stoppedAt('okta.deactivateUser', 'okta.deactivate');
    await office.sam.clicks('run_cancel');
    await office.until(() => office.sam.told().length > 0);

    expect(office.sam.told()[0]).toContain('only an approver may cancel what is left');
    expect((await office.runs())[0]?.status).toBe('open');
  });
});

describe('a second /offboard while a run is open', () => {
  it('looks at containment again, and has cut again what somebody opened', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser' });
    await office.lin.submits();
    await office.until(() => office.okta.faults.held().length > 0, 15_000);
    expect((await office.steps())['okta.block']?.status).toBe('done');
    office.clock.move(60_000);
    office.okta.command('set_user', { user: 'danna', patch: { status: 'ACTIVE' } });
    await office.sam.types('/offboard danna@acme.test');
    await office.until(() => office.sam.screen().includes('Not started'));
    expect(office.sam.screen()).toMatch(/\*What was closed is open again\* \(sign-in block.*\)/);
    expect(office.sam.screen()).not.toContain('Nothing was changed');
    office.okta.faults.release();
    const steps = await office.closed(15_000);

    expect(steps['okta.block']?.attempt).toBeGreaterThan(1);
    expect(office.accounts.of('danna').status).toBe('DEPROVISIONED');
    expect(await actions()).toContain(`${TEAM}/U0SAM step.reopened`);
    expect(await office.runs()).toHaveLength(1);
  });

  it('changes nothing where all is still closed', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser' });
    await office.offboard(office.lin, 'danna@acme.test');
    await office.until(() => office.okta.faults.held().length > 0, 15_000);

    await office.sam.types('/offboard danna@acme.test');
    await office.until(() => office.sam.screen().includes('Not started'));

    expect(office.sam.screen()).toContain('*Nothing was changed.*');
    expect((await office.steps())['okta.block']).toMatchObject({ status: 'done', attempt: 1 });
  });
});
