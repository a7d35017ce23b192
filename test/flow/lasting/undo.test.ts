// An offboarding that is taken back: what stays lost is said first, a second person allows it, and what the record holds comes back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../../sandbox/people.ts';
import { auditOf, DAY_MS } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { googleAccounts } from '../../support/office-google.ts';
import { approvesUndo, asksUndo, opensUndo, runOf, stepsIn } from '../../support/office-undo.ts';

const GRACE = person('grace').email;
const GROUPS = ['00gEveryone000000001', '00gEngineering000001', '00gOnCall00000000001'];
let office: Office;

beforeAll(async () => {
  office = await anOffice({ google: true, bamboohr: true });
});
afterEach(() => office.clear());
afterAll(() => office.close());

interface Mailbox {
  readonly delegates: readonly { readonly email: string }[];
  readonly vacation: { readonly enableAutoReply: boolean };
}
const mailbox = (): Mailbox => {
  const state = office.google?.state() as { users: readonly { key: string; mailbox: Mailbox }[] } | undefined;
  const found = state?.users.find((one) => one.key === 'dana');
  if (!found) throw new Error('Google has no dana');
  return found.mailbox;
};
const delegates = (): readonly string[] => mailbox().delegates.map((one) => one.email);
const hasAutoReply = (): boolean => mailbox().vacation.enableAutoReply;
const google = () => {
  if (!office.google) throw new Error('no Google');
  return googleAccounts(office.google);
};
const dana = () => office.accounts.of('dana');
const activations = () => office.accounts.writes().filter((one) => one.startsWith('activateUser')).length;
const stateOf = async (): Promise<string> => {
  const rows = await office.db.query<Record<string, unknown>>(
    `SELECT r.code, r.status AS run, s.step, s.status, s.cause, s.need, s.after FROM run r JOIN step_run s ON s.run_id = r.id ORDER BY r.code, s.step`,
    [],
  );
  return rows.map((row) => JSON.stringify(row)).join('\n');
};

/** Business time goes on in small steps: a back-off or a settling time ends by the Clock. */
async function inTime(holds: () => unknown, forMs = 25_000): Promise<void> {
  const end = performance.now() + forMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`still not so: ${holds}\n${await stateOf()}`);
    office.pass(5_000);
    await office.until(holds, 300).catch(() => undefined);
  }
}

const stepOfOffboarding = async (name: string) =>
  (await stepsIn(office, (await runOf(office, 'offboarding')).id))[name];
const undoSteps = async () => stepsIn(office, (await runOf(office, 'rehire')).id);

/** The mailbox is with the manager: day 0 of 60. */
async function inTheMiddle(): Promise<void> {
  await office.offboard(office.lin, 'dana@acme.test');
  await inTime(async () => (await stepOfOffboarding('google.mailbox_end'))?.status === 'waiting');
  await inTime(async () => (await stepOfOffboarding('google.mailbox'))?.status === 'done');
}

async function closed(): Promise<void> {
  await inTheMiddle();
  office.pass(61 * DAY_MS);
  await inTime(async () => (await runOf(office, 'offboarding')).status === 'closed', 40_000);
}

/** Until nothing but a person is waited for. Okta's provisioning brings the Slack account back once Okta has the person again. */
async function undone(): Promise<void> {
  await inTime(async () => ['done', 'needs_human'].includes((await undoSteps())['okta.activate']?.status ?? ''));
  await office.slack.command('person', { user: 'U0DANA', deleted: false });
  await inTime(async () =>
    Object.values(await undoSteps()).every((one) => ['done', 'skipped', 'needs_human'].includes(one.status)),
  );
}

async function answers(): Promise<void> {
  await office.until(async () => (await undoSteps())['okta.apps_back']?.status === 'needs_human');
  await office.until(() => office.channel.thread().some((one) => one.includes('assigned one by one')));
  await office.lin.clicks('step_approve');
  await inTime(async () => (await runOf(office, 'rehire')).status === 'closed');
}

describe('an offboarding in the middle, day 5 of 60', { timeout: 90_000 }, () => {
  it('is ended by the yes to its undo, and what was recorded comes back', async () => {
    await inTheMiddle();
    office.pass(5 * DAY_MS);
    expect(delegates()).toEqual([GRACE]);
    expect(dana().status).toBe('DEPROVISIONED');

    await opensUndo(office, office.lin);
    const words = office.lin.screen();
    expect(words.indexOf('Cannot come back')).toBeGreaterThan(-1);
    expect(words.indexOf('Cannot come back')).toBeLessThan(words.indexOf('What will happen after approval'));
    expect(words).toContain('2 second factors (push, authenticator app): they enrol again');
    expect(words).toContain('Ownership of Drive files: the transfer is one way');
    expect(words).toContain('Put them back into their Okta groups*: 2 groups: Engineering, On-call');
    expect(words).toMatch(/OFF-\d+ is under way/);
    await office.lin.submits({ reason: 'HR was wrong' });
    await office.until(() => office.lin.screen().includes('waits for approval'));

    // Nothing is touched before the yes.
    const { status } = await runOf(office, 'offboarding');
    expect([status, activations(), delegates()]).toEqual(['open', 0, [GRACE]]);
    await approvesUndo(office, office.sam);
    await undone();
    await answers();

    expect(dana().status).toBe('PROVISIONED');
    expect([...dana().groups].sort()).toEqual([...GROUPS].sort());
    expect(delegates()).toEqual([]);
    expect(google().of('dana')).toMatchObject({ suspended: false, archived: false });
    expect((await runOf(office, 'offboarding')).status).toBe('cancelled');
    expect(activations()).toBe(1);

    const undo = await runOf(office, 'rehire');
    expect(undo.undoes).toBe((await runOf(office, 'offboarding')).id);
    const told = (await auditOf(office, undo.id)).map(({ actor, action }) => `${actor} ${action}`);
    expect(told).toContain('T0ACME/U0LIN run.approval_asked');
    expect(told).toContain('T0ACME/U0SAM run.approved');
    expect(JSON.stringify(await auditOf(office, undo.id))).not.toMatch(/@acme\.test/);
    await office.until(() => office.channel.thread().some((one) => one.includes('What did not come back')));
    const report = office.channel.thread().find((one) => one.includes('What did not come back'));
    expect(report).toContain('Dana Whitfield is back, as far as that goes');
    expect(report).toMatch(/Ownership of Drive files/);
  });
});

describe('an offboarding that was cancelled before the deactivation', { timeout: 60_000 }, () => {
  it('is undone by letting them sign in as before, with everything still there', async () => {
    office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.deactivateUser', times: 1_000 });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(() => dana().status === 'SUSPENDED');
    await inTime(async () => (await stepOfOffboarding('okta.deactivate'))?.attempt !== 0);
    await office.lin.clicks('run_cancel');
    await office.until(async () => (await runOf(office, 'offboarding')).status === 'cancelled');
    office.okta.faults.clear();

    await opensUndo(office, office.lin);
    expect(office.lin.screen()).toContain('it is suspended; they can sign in as before');
    await office.lin.submits({ reason: 'Wrong person typed' });
    await approvesUndo(office, office.sam);
    await inTime(async () => (await runOf(office, 'rehire')).status === 'closed');

    expect(dana().status).toBe('ACTIVE');
    expect([...dana().groups].sort()).toEqual([...GROUPS].sort());
    expect(office.accounts.writes().filter((one) => /activateUser|unsuspend|assignUser/i.test(one))).toEqual([
      'unsuspendUser',
    ]);
  });
});

describe('an offboarding that has closed', { timeout: 120_000 }, () => {
  it('is undone from its record: what is gone since is said, the rest is done', async () => {
    await closed();
    expect([google().of('dana').suspended, hasAutoReply()]).toEqual([true, true]);
    office.okta.command('delete_group', { group: '00gOnCall00000000001' });
    office.okta.command('set_group_roles', { group: '00gEngineering000001', roles: ['HELP_DESK_ADMIN'] });
    await opensUndo(office, office.lin);
    expect(office.lin.screen()).toContain('On-call: deleted in Okta since, so it does not come back');
    expect(office.lin.screen()).toContain('Engineering: gives admin rights, so a person adds them by hand');
    await office.lin.closes();
    office.okta.command('set_group_roles', { group: '00gEngineering000001', roles: [] });

    await asksUndo(office, office.lin);
    await approvesUndo(office, office.sam);
    await undone();
    await answers();

    expect([dana().status, google().of('dana').suspended, hasAutoReply()]).toEqual(['PROVISIONED', false, false]);
    expect([...dana().groups].sort()).toEqual(GROUPS.filter((one) => !one.includes('OnCall')).sort());
    const steps = await undoSteps();
    expect(steps['okta.groups_back']?.after).toMatchObject({ gone: ['On-call'], missing: [] });
    await office.until(() => office.channel.thread().some((one) => one.includes('On-call: deleted in Okta since')));
    // The closed run stays closed; that it was taken back is in its log.
    const undoneRun = await runOf(office, 'offboarding');
    expect(undoneRun.status).toBe('closed');
    expect((await auditOf(office, undoneRun.id)).at(-1)?.action).toMatch(/run\.undone|chain/);
    await office.until(() => office.channel.roots().some((one) => one.text.includes('was taken back since')));
  });
});

describe('who may', { timeout: 60_000 }, () => {
  it('never who asked, never an operator alone; what Okta changed since is asked anew', async () => {
    await office.operators.add({ teamId: 'T0ACME', userId: 'U0ALEX' }, 'operator', 'test');
    await inTheMiddle();
    await asksUndo(office, office.lin);
    await office.until(() => office.channel.roots().some((one) => one.text.includes('Approval needed to undo')));

    await approvesUndo(office, office.lin);
    await office.until(() => office.lin.told().some((one) => one.includes('You asked for this')));
    const alex = office.person('U0ALEX');
    await approvesUndo(office, alex, { force: true });
    await office.until(() => alex.told().some((one) => one.includes('only an approver may approve')));
    office.okta.command('delete_group', { group: '00gOnCall00000000001' });
    await approvesUndo(office, office.sam);
    await office.until(() => office.sam.told().some((one) => one.includes('no longer the one')));

    expect([(await runOf(office, 'rehire')).status, activations(), delegates()]).toEqual([
      'awaiting_approval',
      0,
      [GRACE],
    ]);

    // Nothing begins in the other direction meanwhile.
    await office.lin.types('/offboard dana@acme.test');
    await office.until(() => office.lin.screen().includes('is being taken back'));
    expect((await office.runs()).length).toBe(2);
  });

  it('refuses where the address is somebody else’s by now', async () => {
    await inTheMiddle();
    office.okta.command('set_user', {
      user: 'dana',
      patch: { profile: { login: 'dana.old@acme.test', email: 'dana.old@acme.test' } },
    });
    office.okta.command('set_user', {
      user: 'ada',
      patch: { profile: { login: 'dana@acme.test', email: 'dana@acme.test' } },
    });
    await opensUndo(office, office.lin);

    expect(office.lin.screen()).toContain('`dana@acme.test` is somebody else’s by now in Okta');
    expect(office.accounts.of('ada').status).toBe('ACTIVE');
    expect((await office.runs()).length).toBe(1);
  });
});

describe('a vendor that fails', { timeout: 90_000 }, () => {
  it('is asked again by Retry, and nothing is done twice', async () => {
    await inTheMiddle();
    await asksUndo(office, office.lin);
    office.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.assignUserToGroup', times: 1 });
    await approvesUndo(office, office.sam);
    await inTime(async () => (await undoSteps())['okta.groups_back']?.status === 'needs_human');
    expect((await undoSteps())['okta.activate']?.status).toBe('done');
    await office.until(() => office.channel.thread().some((one) => one.includes('okta.groups.manage')));
    await office.sam.clicks('step_retry');
    await undone();
    await answers();

    expect([...dana().groups].sort()).toEqual([...GROUPS].sort());
    expect(activations()).toBe(1);
    expect(delegates()).toEqual([]);
  });
});
