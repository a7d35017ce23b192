// A list of people: looked at together, allowed by two approvers, a run for each, one message for all.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { type Leaver, oktaStatus, someLeavers } from '../../support/office-leavers.ts';
import type { Actor } from '../../support/office-people.ts';
import { policyFile } from '../../support/returns.ts';
import { wordsOf } from '../../support/words.ts';

const TEAM = 'T0ACME';
/** Not in the channel: they were sent the message's link. */
const OUTSIDE = { force: true } as const;
const POLICY = 'protected:\n  addresses: [ada@acme.test]\nbreaker:\n  runsAnHour: 2\n';
let office: Office;
let lin: Actor;
let sam: Actor;
let grace: Actor;
let alex: Actor;
let turn = 0;

beforeAll(async () => {
  office = await anOffice({ bamboohr: true, settings: { SENDOFF_POLICY: policyFile(POLICY) } });
  [lin, sam, grace, alex] = ['U0LIN', 'U0SAM', 'U0GRACE', 'U0ALEX'].map((id) => office.person(id)) as [
    Actor,
    Actor,
    Actor,
    Actor,
  ];
}, 60_000);
afterAll(() => office.close());
beforeEach(async () => {
  await office.db.query('DELETE FROM operator', []);
  const roles = { U0LIN: 'admin', U0SAM: 'admin', U0GRACE: 'approver', U0ALEX: 'operator' } as const;
  for (const [userId, role] of Object.entries(roles))
    await office.operators.add({ teamId: TEAM, userId }, role, 'test');
});
afterEach(() => office.clear());

const people = (count: number): readonly Leaver[] => someLeavers(office, count, `batch${turn++}-`);
const runsOf = async (all: readonly Leaver[]) =>
  (await office.runs()).filter((run) => all.some((one) => one.oktaId === run.ids.okta));
const message = (): string =>
  office.channel
    .roots()
    .map((one) => wordsOf(one.blocks))
    .find((words) => words.includes('BAT-')) ?? '';
const told = (who: Actor, words: string) => office.until(() => who.told().some((line) => line.includes(words)));

async function looks(list: string): Promise<void> {
  await lin.types('/offboard batch');
  await office.until(() => lin.screen().includes('Who is leaving?'));
  await lin.submits({ batch_list: list, reason: 'The Lisbon office closes' });
  await office.until(() => /(people are|person is) ready|Nobody on this list/.test(lin.screen()), 60_000);
}

async function asks(list: readonly Leaver[]): Promise<void> {
  await looks(list.map((one) => one.login).join('\n'));
  await lin.submits();
  await office.until(() => lin.screen().includes('waits for two approvals'));
  await office.until(() => message().includes('Two approvals needed'));
}
async function schedules({ login }: Leaver): Promise<void> {
  const day = new Date(office.clock.now().getTime() + 5 * 86_400_000).toISOString().slice(0, 10);
  await office.plan(grace, login);
  await grace.submits({ start_day: day, start_time: '18:00' });
  await office.until(() => grace.screen().includes('is scheduled'));
}
const closed = (all: readonly Leaver[]) =>
  office.until(async () => (await runsOf(all)).filter((one) => one.status === 'closed').length === all.length, 120_000);

describe('a list of twelve', () => {
  it('of whom three are left out: nine begin once two others have approved, each once, with one message', async () => {
    const nine = people(9);
    const [live] = people(1) as [Leaver];
    await schedules(live);
    const list = [
      'name,email',
      ...nine.map(({ login }) => `Somebody,${login}`),
      `Twice,${nine[0]?.login.toUpperCase()}`,
    ];
    await looks([...list, 'Ada,ada@acme.test', `Live,${live.login}`, 'Nobody,nobody@acme.test'].join('\n'));

    expect(lin.screen()).toContain('9 people are ready');
    expect(lin.screen()).toContain('9 accounts closed');
    expect(lin.screen()).toMatch(
      /Left out: 3.*protected: offboard them alone.*has a run already \(OFF-1\).*no one has that address/s,
    );
    expect((await office.runs()).length).toBe(1);

    // Pressed twice: one batch.
    await Promise.all([lin.submits(), lin.submits()]);
    await office.until(() => message().includes('Two approvals needed to offboard 9 people'));
    expect(await office.db.query('SELECT code FROM batch', [])).toHaveLength(1);

    await lin.clicks('batch_approve');
    await told(lin, 'someone else must approve it');
    await alex.clicks('batch_approve', OUTSIDE);
    await told(alex, 'only an approver may');
    await sam.clicks('batch_approve');
    await office.until(() => message().includes('1 of 2 missing'));
    await sam.clicks('batch_approve');
    await told(sam, 'counts once');
    expect((await office.runs()).length).toBe(1);

    await grace.clicks('batch_approve', OUTSIDE);
    await closed(nine);

    expect(nine.map((one) => oktaStatus(office, one))).toEqual(nine.map(() => 'DEPROVISIONED'));
    expect(await runsOf(nine)).toHaveLength(9);
    expect((await office.runs())[0]).toMatchObject({
      requested_by: `${TEAM}/U0LIN`,
      reason: 'The Lisbon office closes (BAT-1)',
    });
    await office.until(() => message().includes('has ended'), 60_000);
    expect(message()).toMatch(
      /9 done.*Approved by Sam Rivera.*Approved by Grace Njeri.*limit of offboardings an hour does not stop them/s,
    );
    await office.until(() => office.channel.thread().some((line) => line.includes('All of BAT-1 has ended')));
    expect(office.channel.thread().filter((line) => line.includes('All of BAT-1'))).toHaveLength(1);
    const audited = await office.db.query(
      `SELECT action, actor FROM audit_event WHERE action LIKE 'batch.%' ORDER BY seq`,
      [],
    );
    expect(audited).toEqual([
      { action: 'batch.asked', actor: `${TEAM}/U0LIN` },
      { action: 'batch.approved', actor: `${TEAM}/U0SAM` },
      { action: 'batch.approved', actor: `${TEAM}/U0GRACE` },
    ]);
    expect(await office.db.query('SELECT 1 FROM audit_verify() WHERE first_bad IS NOT NULL', [])).toEqual([]);
  }, 240_000);
});

describe('a batch that waits', () => {
  it('is on Home, ends when one approver declines, and starts nothing', async () => {
    const three = people(3);
    await asks(three);
    await office.slack.home({ user: 'U0SAM' });
    const home = () =>
      wordsOf(office.slack.workspace.views.get(office.slack.workspace.homes.get('U0SAM') ?? '')?.content.blocks);
    await office.until(() => home().includes('Batches that need approvers (1)'), 20_000);

    await sam.clicks('batch_approve');
    await office.until(() => message().includes('1 of 2 missing'));
    await grace.clicks('batch_decline', OUTSIDE);
    await office.until(() => message().includes('was declined'));

    expect(message()).toContain('Nothing was started, and access is as it was.');
    expect(await office.runs()).toEqual([]);
    expect(three.map((one) => oktaStatus(office, one))).toEqual(three.map(() => 'ACTIVE'));
    await office.until(() => !home().includes('Batches that need approvers'), 20_000);
  }, 90_000);

  it('does not count the approval of somebody who was taken off the list since', async () => {
    const two = people(2);
    await asks(two);
    await sam.clicks('batch_approve');
    await office.until(() => message().includes('1 of 2 missing'));

    await office.operators.remove({ teamId: TEAM, userId: 'U0SAM' }, 'test');
    // Nobody in Slack did anything: drawn when the reporter looks by itself.
    await office.until(() => message().includes('no approver any more, so it does not count'), 40_000);
    await grace.clicks('batch_approve', OUTSIDE);
    await office.until(() => message().includes('Approved by Grace Njeri'));
    expect(await office.runs()).toEqual([]);

    await office.operators.add({ teamId: TEAM, userId: 'U0ALEX' }, 'approver', 'test');
    await alex.clicks('batch_approve', OUTSIDE);
    await closed(two);
  }, 90_000);

  it('cannot be approved once who asked is no operator any more', async () => {
    await asks(people(2));
    await office.operators.remove({ teamId: TEAM, userId: 'U0LIN' }, 'test');

    await sam.clicks('batch_approve');

    await told(sam, 'no operator any more');
    expect(await office.db.query('SELECT 1 FROM batch_decision', [])).toEqual([]);
  }, 60_000);

  it('holds whom it no longer knows as they were, leaves out who has a run meanwhile, and the others go', async () => {
    const [back, gone, live, plain] = people(4) as [Leaver, Leaver, Leaver, Leaver];
    const deactivated = (one: Leaver, status: string) =>
      office.okta.command('set_user', { user: one.oktaId, patch: { status } });
    deactivated(back, 'DEPROVISIONED');
    await asks([back, gone, live, plain]);
    // Somebody made the first active again, the second was deleted, the third has a run of their own by now.
    deactivated(back, 'ACTIVE');
    office.okta.command('delete_user', { user: gone.oktaId });
    await schedules(live);
    await sam.clicks('batch_approve');
    await office.until(() => message().includes('1 of 2 missing'));
    await grace.clicks('batch_approve', OUTSIDE);

    await office.until(
      async () => (await runsOf([back, gone])).filter((one) => one.status === 'held').length === 2,
      60_000,
    );
    await closed([plain]);
    expect(oktaStatus(office, back)).toBe('ACTIVE');
    await office.until(() => /2 on hold · 1 done · 1 not begun/.test(message()), 60_000);
    const because = await office.db.query<{ why: string }>(
      `SELECT start#>>'{held,because,why}' AS why FROM run WHERE status = 'held' ORDER BY 1`,
      [],
    );
    expect(because).toEqual([{ why: 'changed' }, { why: 'refused' }]);
    expect(await runsOf([live])).toHaveLength(1);
  }, 120_000);
});

describe('the list', () => {
  it('of more than a hundred is refused at the input, and one without addresses too', async () => {
    await lin.types('/offboard batch');
    await office.until(() => lin.screen().includes('Who is leaving?'));
    const many = Array.from({ length: 101 }, (_, n) => `p${n}@acme.test`);

    const answer = await lin.submits({ batch_list: many.slice(0, 100).join('\n'), batch_more: many[100], reason: 'x' });
    expect(JSON.stringify(answer)).toContain('a batch has at most 100');
    const empty = await lin.submits({ batch_list: 'everybody', batch_more: '', reason: 'x' });
    expect(JSON.stringify(empty)).toContain('No work address stands here');
    expect(await office.db.query(`SELECT 1 FROM inbound_delivery WHERE kind = 'batch'`, [])).toEqual([]);
  });
});
