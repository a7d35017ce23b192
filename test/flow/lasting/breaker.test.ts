// Too many offboardings within an hour: what begins, what is held, who is asked, in one message.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app/compose.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { DOOR_SETTINGS, fromBambooHr, fromOkta, post } from '../../support/office-doors.ts';
import { type Leaver, leaves, oktaStatus, someLeavers } from '../../support/office-leavers.ts';
import { wordsOf } from '../../support/words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let office: Office;
let app: App;

async function policy(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'sendoff-policy-')), 'policy.yaml');
  await writeFile(file, text);
  return file;
}
const begins = async (text: string): Promise<void> => {
  await app.stop();
  app = await office.start({ SENDOFF_POLICY: await policy(text) });
};

beforeAll(async () => {
  office = await anOffice({ bamboohr: true, settings: DOOR_SETTINGS, started: false });
  app = await office.start();
}, 60_000);
afterAll(() => office.close());
afterEach(async () => {
  await office.clear();
  for (const userId of ['U0LIN', 'U0SAM']) await office.operators.addFirst([{ teamId: 'T0ACME', userId }]);
});

const many = async () => (await office.runs()).filter((one) => one.status === 'held');
const inStatus = async (status: string) => (await office.runs()).filter((one) => one.status === status).length;
const cut = (people: readonly Leaver[]) => people.filter((one) => oktaStatus(office, one) === 'DEPROVISIONED').length;
const message = () =>
  office.channel
    .roots()
    .map((one) => wordsOf(one.blocks))
    .filter((words) => /would have begun within an hour: \d|Nothing is on hold any more/.test(words));
const home = (user: string) =>
  wordsOf(office.slack.workspace.views.get(office.slack.workspace.homes.get(user) ?? '')?.content.blocks);
const calls = () => office.channel.messages().filter((one) => JSON.stringify(one.blocks).includes('<@U0SAM>'));
const allClosed = (n: number) => office.until(async () => (await inStatus('closed')) === n, 120_000);

describe('HR marks fifty people inactive at once', () => {
  it('at most five are cut, the others are held, told in one message, and begin on an approver’s one word', async () => {
    const people = someLeavers(office, 50, 'fifty');
    for (const one of people) leaves(office, one);
    for (const one of people) expect(await post(app, 'bamboohr', fromBambooHr([one.record]))).toBe(200);
    await office.until(async () => (await inStatus('scheduled')) === 50, 120_000);
    expect(cut(people)).toBe(0);

    office.pass(11 * MINUTE);

    await office.until(async () => (await inStatus('held')) === 45 && (await inStatus('closed')) === 5, 120_000);
    expect(cut(people)).toBe(5);
    await office.until(() => message()[0]?.includes('45 are on hold'), 60_000);
    expect(message()).toHaveLength(1);
    expect(calls()).toHaveLength(1);
    await office.slack.home({ user: 'U0LIN' });
    await office.until(() => home('U0LIN').includes('Needs you (45)'), 30_000);

    // One of them is wanted back by then: HR says so, and nobody has told Sendoff.
    const [first] = await many();
    const stays = people.find((one) => one.oktaId === first?.ids.okta) as Leaver;
    office.bamboohr?.command('set_employee', { employee: stays.record, patch: { status: 'Active', endsOn: null } });
    await office.sam.clicks('breaker_let');

    await office.until(async () => (await inStatus('held')) === 0, 60_000);
    await allClosed(49);
    expect(cut(people)).toBe(49);
    expect(oktaStatus(office, stays)).toBe('ACTIVE');
    await office.until(() => message()[0]?.includes('Nothing is on hold any more'), 60_000);
    expect(message()[0]).toContain('Sam Rivera let 45 begin');
    const let45 = await office.db.query(
      `SELECT 1 FROM audit_event WHERE action = 'run.let_begin' AND actor = 'T0ACME/U0SAM'`,
      [],
    );
    expect(let45).toHaveLength(45);
  }, 400_000);
});

describe('with at most two an hour', () => {
  beforeAll(() => begins('breaker:\n  runsAnHour: 2\nhris:\n  stopMinutes: 0\n'));

  it('those that Okta tells of have no message of their own until they begin, and an operator may start one', async () => {
    const people = someLeavers(office, 4, 'okta');
    for (const one of people) office.okta.command('set_user', { user: one.oktaId, patch: { status: 'DEPROVISIONED' } });
    for (const one of people) {
      await post(app, 'okta', fromOkta([one.oktaId]));
      await office.until(async () => (await office.runs()).some((run) => run.ids.okta === one.oktaId));
    }
    await office.until(async () => (await many()).length === 2 && (await inStatus('closed')) === 2);
    await office.until(() => message()[0]?.includes('2 are on hold'));
    expect(office.channel.roots()).toHaveLength(3);

    const [newest] = await many();
    const one = people.find(({ oktaId }) => oktaId === newest?.ids.okta) as Leaver;
    await office.plan(office.lin, one.login);
    expect(office.lin.screen()).toContain('is on hold and has done nothing');
    expect(office.lin.screen()).not.toContain('Ask for approval');
    await office.lin.submits();

    await office.until(async () => (await inStatus('closed')) === 3);
    await office.until(() => message()[0]?.includes('1 is on hold'));
    expect(message()[0]).toContain('1 dealt with one by one');
  });

  it('an operator’s next one says so and needs another approver; an hour later it does not', async () => {
    const people = someLeavers(office, 4, 'typed');
    await office.offboard(office.lin, people[0]?.login ?? '');
    await office.offboard(office.lin, people[1]?.login ?? '');

    await office.plan(office.lin, people[2]?.login ?? '').catch(() => undefined);
    expect(office.lin.screen()).toContain('2 offboardings began within an hour; the policy lets 2 begin unasked');
    await office.lin.submits({ reason: 'many leave today' });
    await office.until(() => office.lin.screen().includes('waits for approval'));
    await office.until(() => office.channel.roots().some((one) => wordsOf(one.blocks).includes('Many at once')));
    await office.lin.clicks('approval_approve');
    await office.until(() => office.lin.told().some((line) => line.includes('someone else must approve it')));
    expect(await inStatus('awaiting_approval')).toBe(1);
    expect(cut(people.slice(2))).toBe(0);
    await office.sam.clicks('approval_approve');
    await allClosed(3);

    office.pass(HOUR + MINUTE);
    await office.offboard(office.lin, people[3]?.login ?? '');
    await allClosed(4);
  });

  it('a run that is due is held too, and whoever asked for it does not let it begin', async () => {
    const people = someLeavers(office, 3, 'due');
    const day = new Date(office.clock.now().getTime() + 48 * HOUR).toISOString().slice(0, 10);
    for (const one of people) {
      await office.plan(office.lin, one.login);
      await office.lin.submits({ start_day: day, start_time: '18:00' });
      await office.until(() => office.lin.screen().includes('is scheduled'));
    }

    office.pass(80 * HOUR);

    await office.until(async () => (await inStatus('closed')) === 2 && (await inStatus('held')) === 1);
    await office.until(() => message()[0]?.includes('1 is on hold'));
    await office.lin.clicks('breaker_let');
    await office.until(() => office.lin.told().some((line) => line.includes('someone else must approve it')));
    expect(await inStatus('held')).toBe(1);
    await office.sam.clicks('breaker_let');
    await allClosed(3);
  });
});
