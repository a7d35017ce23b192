// A protected person's offboarding from the request to a second person's word: nothing before it, all of it after, and told to everybody truly.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFigureStore } from '../../src/store/figures.ts';
import { auditOf } from '../support/engine.ts';
import { anOffice, type Office } from '../support/office.ts';
import { buttonValue } from '../support/office-people.ts';
import { wordsOf } from '../support/words.ts';

const TEAM = 'T0ACME';
const HOUR_MS = 3_600_000;
const WHY = { typed_confirm: 'danna@acme.test', reason: 'Last day moved up by legal' };
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-approval-'));
const policy = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, `protected:\n  addresses: ["danna@acme.test"]\n${text}`);
  return file;
};

let office: Office;

async function anOfficeWith(text: string, jira = false): Promise<Office> {
  return anOffice({ settings: { SENDOFF_POLICY: policy(`${text.length}.yaml`, text) }, jira });
}

async function roles(): Promise<void> {
  for (const [userId, role] of [
    ['U0LIN', 'admin'],
    ['U0SAM', 'approver'],
    ['U0ALEX', 'operator'],
    ['U0GRACE', 'approver'],
    ['U0DANNA', 'approver'],
  ] as const)
    await office.operators.add({ teamId: TEAM, userId }, role, 'test');
}

/** Lin has asked to offboard Danna; the channel shows it. */
async function asked(): Promise<void> {
  await office.plan(office.lin, 'danna@acme.test');
  await office.lin.submits(WHY);
  await office.until(() => office.lin.screen().includes('Approval asked for'));
  await office.until(() => office.channel.root().includes('Approval needed to offboard Danna Whitfield'));
}

const writes = (): readonly string[] => office.accounts.writes();
const ticketText = (): string => JSON.stringify(office.jira?.state() ?? null);
const status = async (): Promise<string | undefined> => (await office.runs())[0]?.status;
const audited = async (): Promise<string[]> =>
  (await auditOf(office, String((await office.runs())[0]?.id))).map(({ actor, action }) => `${actor} ${action}`);

async function opensDecline(who: Office['sam']): Promise<void> {
  await who.clicks('approval_decline');
  await office.until(() => who.screen().includes('Why decline it?'));
}

afterAll(() => rmSync(folder, { recursive: true }));

describe('a protected person', () => {
  beforeAll(async () => {
    office = await anOfficeWith('', true);
  });
  beforeEach(roles);
  afterEach(() => office.clear());
  afterAll(() => office.close());

  it('is touched nowhere until another approver agrees; then all of it is done, and told with who agreed', async () => {
    await asked();
    office.pass(24 * HOUR_MS);
    expect(await status()).toBe('awaiting_approval');
    expect([writes(), office.jira?.journal.calls.filter((call) => call.write)]).toEqual([[], []]);
    expect(office.channel.root()).toContain('Nothing has changed yet.');
    expect(office.channel.root()).toContain('Last day moved up by legal');
    expect(office.channel.root()).not.toContain('<@U0DANNA>');

    await office.sam.clicks('approval_approve');
    const steps = await office.closed(15_000);

    expect(Object.values(steps).map((step) => step.status)).toEqual(Object.values(steps).map(() => 'done'));
    expect(office.accounts.of('danna').status).toBe('DEPROVISIONED');
    await office.until(() => /offboarded[\s\S]*Approved by Sam Rivera/.test(office.channel.root()));
    await office.until(() => office.channel.thread().some((one) => /Report:[\s\S]*Approved by Sam Rivera/.test(one)));
    await office.until(() => /OFF-\d+ was approved.*Sam Rivera/.test(ticketText()));
    expect(await audited()).toEqual(
      expect.arrayContaining([`${TEAM}/U0LIN run.approval_asked`, `${TEAM}/U0SAM run.approved`, 'runner run.closed']),
    );
    expect(office.sam.told()).toEqual([]);
  });

  it.each([
    ['U0LIN', 'who asked', /You asked for this, so someone else must approve it\. \*Nothing was changed\.\* Ask /],
    ['U0DANNA', 'the leaver', /This is about your own account or devices, so others decide it/],
    ['U0ALEX', 'an operator', /only an approver may approve or decline this/],
    ['U0ADA', 'nobody on the list', /You are not on the operator list/],
  ])('%s, %s, is refused privately on Approve and on Decline, and the channel hears of it', async (userId, _, says) => {
    await asked();
    const who = office.person(userId);

    await who.clicks('approval_approve', { force: true });
    await office.until(() => who.told().length === 1);
    await who.clicks('approval_decline', { force: true });
    await office.until(() => who.told().length === 2);

    expect(who.told()).toEqual([expect.stringMatching(says), expect.stringMatching(says)]);
    expect(who.screen().includes('Why decline it?')).toBe(false);
    expect(await status()).toBe('awaiting_approval');
    expect(writes()).toEqual([]);
    await office.until(() => office.channel.notices().some((line) => line.includes('pressed Approve and was refused')));
  });

  it('cannot be approved by who asked under a second Slack account', async () => {
    await asked();
    const twin = office.slack.workspace.users.get('U0GRACE');
    const lin = office.slack.workspace.users.get('U0LIN');
    if (!twin || !lin) throw new Error('nobody there');
    const was = twin.email;
    twin.email = lin.email.toUpperCase();
    const grace = office.person('U0GRACE');

    await grace.clicks('approval_approve', { force: true });
    await office.until(() => grace.told().length > 0);
    twin.email = was;

    expect(grace.told()[0]).toContain('You asked for this, so someone else must approve it');
    expect(await status()).toBe('awaiting_approval');
  });

  it('whose account changed meanwhile is asked about anew: nothing starts until that is approved', async () => {
    await asked();
    const [first] = office.channel.roots();
    const old = buttonValue(first ?? { blocks: [] }, 'approval_approve');
    office.okta.command('set_user', { user: 'danna', patch: { status: 'SUSPENDED' } });

    await office.sam.clicks('approval_approve');
    await office.until(() => office.sam.told().length > 0);

    expect(office.sam.told()[0]).toMatch(
      /no longer the one.*\*Nothing was started\.\*[\s\S]*The account was active, now it is suspended/,
    );
    expect([await status(), writes()]).toEqual(['awaiting_approval', []]);
    await office.until(() => office.channel.root().includes('The plan has changed since it was asked for'));
    await office.sam.clicks('approval_approve', { value: old, messageTs: String(first?.ts) });
    await office.until(() => office.sam.told().length > 1);
    expect([await status(), writes()]).toEqual(['awaiting_approval', []]);

    await office.sam.clicks('approval_approve');
    await office.closed(15_000);
    expect(office.accounts.of('danna').status).toBe('DEPROVISIONED');
    expect(await audited()).toContain(`${TEAM}/U0SAM run.plan_changed`);
  });

  it('who was deactivated by somebody meanwhile is shown as that, and then ends as an already deactivated one does', async () => {
    await asked();
    office.okta.command('set_user', { user: 'danna', patch: { status: 'DEPROVISIONED' } });

    await office.sam.clicks('approval_approve');
    await office.until(() => office.sam.told().some((one) => one.includes('now it is deactivated')));
    await office.until(() => office.channel.root().includes('The plan has changed since it was asked for'));
    await office.sam.clicks('approval_approve');

    expect((await office.closed(15_000))['okta.deactivate']?.status).toBe('done');
  });

  it('stays untouched where Okta cannot be read at the approval, which is told', async () => {
    await asked();
    office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.getUser', times: 9 });

    await office.sam.clicks('approval_approve');
    await office.until(() => office.sam.told().length > 0, 15_000);

    expect(office.sam.told()[0]).toMatch(/could not (reach Okta|check this safeguard)[\s\S]*Nothing was changed/);
    expect([await status(), writes()]).toEqual(['awaiting_approval', []]);
  });

  it('is declined with a reason: nothing was done, and the thread says so', async () => {
    await asked();
    await opensDecline(office.sam);
    await office.sam.submits({ note: 'Wrong person: ask HR' });
    await office.until(() => office.channel.root().includes('was declined'));

    expect([await status(), writes()]).toEqual(['cancelled', []]);
    expect(office.channel.root()).toContain('*Nothing was done.* Access is as it was.');
    expect(office.channel.root()).toMatch(/Declined by Sam Rivera .*“Wrong person: ask HR”/);
    await office.until(() =>
      office.channel.thread().some((one) => /Report:.*was declined[\s\S]*Wrong person/.test(one)),
    );
    expect(office.accounts.of('danna').status).toBe('ACTIVE');
  });

  it('two who press in one moment: one counts, the other is told who and what', async () => {
    const grace = office.person('U0GRACE');
    await asked();
    await opensDecline(office.sam);

    await grace.clicks('approval_approve', { force: true });
    await office.until(async () => (await status()) !== 'awaiting_approval');
    await office.sam.submits({ note: 'Too late' });
    await office.until(() => office.sam.screen().includes('Your click changed nothing'));

    expect(office.sam.screen()).toMatch(
      /<@U0GRACE> approved it .*; it (is running|has ended)\. Your click changed nothing/,
    );
    await office.closed(15_000);
  });

  it('that nobody answers for is reminded of, waits on, and says later what became of it', async () => {
    await asked();
    office.pass(4 * HOUR_MS);
    await office.until(() => office.channel.thread().some((one) => one.includes('still waits for approval')));
    office.pass(4 * HOUR_MS);
    await office.until(
      () => office.channel.thread().filter((one) => one.includes('still waits for approval')).length === 2,
    );
    expect(office.channel.thread().at(-1)).toContain('<@U0SAM>');
    expect([await status(), writes()]).toEqual(['awaiting_approval', []]);

    await office.lin.clicks('run_cancel');
    await office.until(() => office.channel.root().includes('was cancelled'));
    expect(office.channel.root()).toContain('*Nothing was done.* Access is as it was.');
    await office.until(() => !office.channel.thread().some((one) => one.includes('still waits for approval')));
    expect(await status()).toBe('cancelled');
  });

  it('is in /offboard status, on Home and in the figures; a second /offboard joins it', async () => {
    await asked();
    await office.sam.types('/offboard status');
    await office.until(() => office.sam.told().length > 0);
    expect(office.sam.told()[0]).toMatch(/1 needs you[\s\S]*Danna Whitfield[\s\S]*awaits approval/);

    await office.sam.types('/offboard danna@acme.test');
    await office.until(() => office.sam.screen().includes('Not started'));
    expect(office.sam.screen()).toMatch(/<@U0LIN> has already asked to offboard[\s\S]*It waits for approval/);
    expect(await office.runs()).toHaveLength(1);
    await office.slack.home({ user: 'U0SAM' });
    const home = () =>
      office.slack.workspace.views.get(office.slack.workspace.homes.get('U0SAM') ?? '')?.content.blocks;
    await office.until(() => /Needs you \(1\)[\s\S]*awaits approval/.test(wordsOf(home())));
    expect((await createFigureStore(office.db)(office.clock.now())).runs).toEqual([
      { kind: 'offboarding', status: 'awaiting_approval', count: 1 },
    ]);
  });

  it('whose Approve was committed by a process that died is approved by the next one, once', async () => {
    await asked();
    const [run] = await office.runs();
    await office.db.query(
      `INSERT INTO inbound_delivery (source, key, kind, actor, payload, received_at, attempt)
       VALUES ('slack', 'approve:dead', 'approve', $1, $2, now(), 1)`,
      [`${TEAM}/U0SAM`, JSON.stringify({ run: run?.id, version: 1, responseUrl: '', door: 'approval_approve' })],
    );

    office.pass(0);
    await office.closed(15_000);

    expect((await audited()).filter((one) => one.endsWith('run.approved'))).toEqual([`${TEAM}/U0SAM run.approved`]);
  });
});

describe('with containBeforeApproval', () => {
  beforeAll(async () => {
    office = await anOfficeWith('  containBeforeApproval: true\n  remindAfterHours: 1\n', true);
  });
  beforeEach(roles);
  afterEach(() => office.clear());
  afterAll(() => office.close());

  async function contained(): Promise<void> {
    await office.plan(office.lin, 'danna@acme.test');
    expect(office.lin.screen()).toContain('Access is closed at once; a second approver allows the rest.');
    await office.lin.submits(WHY);
    await office.until(() => office.lin.screen().includes('*Access is being closed now.*'));
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'done', 15_000);
    await office.until(() => office.channel.root().includes('5 of 5 steps ended'), 15_000);
  }

  it('access ends at once, the rest waits, and the approval does not stumble over our own cut', async () => {
    await contained();
    expect([await status(), office.accounts.of('danna').status]).toEqual(['awaiting_approval', 'DEPROVISIONED']);
    expect(office.jira?.journal.calls.filter((call) => call.write)).toEqual([]);
    expect(office.channel.root()).not.toContain('Nothing has changed');

    await office.sam.clicks('approval_approve');
    const steps = await office.closed(15_000);

    expect(steps['jira.ticket']?.status).toBe('done');
    expect(office.sam.told()).toEqual([]);
  });

  it('a decline says exactly what was done, and undoes nothing', async () => {
    await contained();
    await opensDecline(office.sam);
    expect(office.sam.screen()).toContain('What is done stays done');
    await office.sam.submits({ note: 'Not agreed with legal' });
    await office.until(() => office.channel.root().includes('was declined'));

    expect(office.channel.root()).toContain('*Okta account deactivated*');
    expect(office.channel.root()).not.toContain('Nothing was done');
    expect(office.channel.root()).toMatch(/Open a Jira ticket\* · not done: it was declined/);
    expect(await status()).toBe('cancelled');
  });
});
