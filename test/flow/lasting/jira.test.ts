// Jira: one ticket a run, a comment for each step's end, closed at the end; and no trouble of Jira's that an offboarding feels.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JiraSimulator } from '../../../sandbox/vendors/jira/server.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { type Tickets, ticketsIn } from '../../support/tickets.ts';

const DANA = 'dana@acme.test';
const FIRST_CALL = 'jira.createIssue';
const COMMENTED = [
  'Okta access recorded',
  'Sign-in blocked, sessions ended',
  'Second factors removed',
  'Registered devices removed',
  'Okta account deactivated',
];

let office: Office;
let jira: JiraSimulator;
let site: Tickets;

beforeAll(async () => {
  office = await anOffice({ jira: true });
  site = ticketsIn(office);
  jira = site.jira;
}, 30_000);
afterEach(() => office.clear());
afterAll(() => office.close());

const tickets = () => site.all();
const said = (): string => site.said();
const times = (text: string, words: string): number => text.split(words).length - 1;
const asked = (operation: string): number => site.asked(operation);
const isDrawn = (): Promise<boolean> => site.isDrawn();
const step = async () => (await office.steps())['jira.ticket'];

/** Business time goes on by 0.5 s a look. */
async function untilPassing(holds: () => unknown): Promise<void> {
  await office.until(() => {
    office.pass(500);
    return holds();
  }, 20_000);
}

/** Also where the call that was held has run into its deadline meanwhile, and waits to be tried again. */
const closedInPassing = (): Promise<void> => untilPassing(async () => (await office.runs())[0]?.status === 'closed');

/** Closed, and the ticket too. */
async function ended(forMs = 15_000): Promise<void> {
  await office.closed(forMs);
  await office.until(() => tickets()[0]?.status === 'Done', 15_000);
  await office.until(isDrawn);
}

function expectWhole(): void {
  expect(tickets()).toHaveLength(1);
  for (const words of COMMENTED) expect(times(said(), `Done: ${words}`), words).toBe(1);
  expect(times(said(), 'has ended')).toBe(1);
}

describe('a run', { timeout: 40_000 }, () => {
  it('has one ticket with who, by whom, when; each step’s end is commented once, and it is closed at the end', async () => {
    await office.offboard(office.lin, DANA);
    await ended();

    expectWhole();
    const [run] = await office.runs();
    const [ticket] = tickets();
    expect(ticket).toMatchObject({
      summary: `Offboarding ${run?.code}: Dana Whitfield`,
      labels: [`sendoff-${run?.id}`],
      properties: { sendoff: { run: run?.id } },
      status: 'Done',
    });
    for (const words of [
      'Dana Whitfield',
      run?.code,
      'U0LIN',
      '/offboard in Slack',
      run?.requested_at.toISOString(),
      'Block sign-in',
    ])
      expect(ticket?.description).toContain(words);
    expect(ticket?.description).not.toContain(DANA);
    expect(said()).toContain('was started · by Lin Okafor');
    expect(said()).not.toContain(DANA);
    expect(await step()).toMatchObject({ status: 'done', evidence: 'read_back', after: { key: ticket?.key } });
    await office.until(() => office.channel.root().includes('7 of 7 steps done'));
    expect(office.channel.thread().join()).toContain(`|${ticket?.key}>`);
  });

  it('writes to one ticket at intervals: what ends at once shares a comment', async () => {
    const slow = await anOffice({ jira: true, jiraPace: 'published' });
    const its = ticketsIn(slow);
    await slow.offboard(slow.lin, DANA);
    await slow.closed();
    await slow.until(() => its.all()[0]?.status === 'Done');
    await slow.until(() => its.isDrawn());
    const { calls } = its.jira.journal;
    await slow.close();

    const writes = calls.filter((call) => call.write && call.operation !== FIRST_CALL).map(({ at }) => at);
    const gaps = writes.slice(1).map((at, n) => at - (writes[n] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(1_400);
    expect(writes.length).toBeLessThan(8);
  });

  it('comments failures and who retried, and is left open until then', async () => {
    office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.deactivateDevice', times: 1_000 });
    await office.offboard(office.lin, DANA);
    await office.until(async () => (await office.steps())['okta.devices']?.status === 'needs_human', 10_000);
    office.pass(121_000);
    await office.until(() => said().includes('Failed: Registered devices not removed'), 10_000);
    await office.until(() => said().includes('Done: Okta account deactivated'), 15_000);
    expect(tickets()[0]?.status).toBe('To Do');

    office.okta.faults.clear();
    await office.until(() => office.channel.thread().some((one) => one.includes('Retry')));
    await office.sam.clicks('step_retry');
    await ended();

    expect(said()).toContain('Retried: Remove registered devices · by Sam Rivera');
    expectWhole();
  });

  it('comments who skipped a step, who marked one done by hand, who cancelled, and what each said of it', async () => {
    for (const operation of ['okta.deactivateDevice', 'okta.unenrollFactor'])
      office.okta.faults.add({ kind: 'status', status: 400, operation, times: 1_000 });
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser' });
    await office.offboard(office.lin, DANA);
    const stopped = async (step: string) =>
      office.until(async () => (await office.steps())[step]?.status === 'needs_human', 10_000);
    const decides = async (step: string, action: string, opened: string, note: string): Promise<void> => {
      await stopped(step);
      const { id, attempt } = (await office.steps())[step] ?? {};
      await office.until(() => JSON.stringify(office.channel.replies()).includes(String(id)), 10_000);
      await office.lin.clicks(action, { value: JSON.stringify({ stepRun: id, attempt }) });
      await office.until(() => office.lin.screen().includes(opened));
      await office.lin.submits({ note });
    };
    await decides('okta.devices', 'step_skip_open', 'Why skip it', 'The laptop is here');
    await decides('okta.factors', 'step_attest_open', 'How is it known', 'Removed in the console');
    await office.until(() =>
      said().includes('Skipped: Remove registered devices · by Lin Okafor · The laptop is here'),
    );
    await office.until(() => said().includes('Marked done by hand:'));
    expect(said()).toMatch(/Marked done by hand: [^·]+ · by Lin Okafor · Removed in the console/);

    await office.sam.clicks('run_cancel');
    await office.until(() => said().includes('was cancelled · by Sam Rivera'), 10_000);
  });
});

describe('a ticket', { timeout: 60_000 }, () => {
  it('whose making got no answer is found and not made twice, though the search lags', async () => {
    jira.command('freeze_index', { on: true });
    jira.faults.add({ kind: 'drop_after', operation: FIRST_CALL, times: 1 });
    await office.offboard(office.lin, DANA);
    await untilPassing(async () => (await step())?.cause === 'searching');
    expect(tickets()).toHaveLength(1);

    jira.command('freeze_index', { on: false });
    office.pass(31_000);
    await ended();

    expectWhole();
    expect(asked(FIRST_CALL)).toBe(1);
  });

  it('is read back by its id while the search lags', async () => {
    jira.command('set_index_delay', { delayMs: 60_000 });
    await office.offboard(office.lin, DANA);
    await ended();

    expectWhole();
    expect(asked(FIRST_CALL)).toBe(1);
  });

  it('is not taken for ours because somebody copied the label', async () => {
    jira.command('freeze_index', { on: true });
    jira.faults.add({ kind: 'status', status: 503, operation: FIRST_CALL, times: 1 });
    await office.offboard(office.lin, DANA);
    await untilPassing(async () => (await step())?.cause === 'searching');
    const [run] = await office.runs();
    await copyLabel(`sendoff-${run?.id}`);
    jira.command('freeze_index', { on: false });
    office.pass(31_000);
    await office.closed(15_000);

    expect(tickets().filter((one) => one.labels.includes(`sendoff-${run?.id}`))).toHaveLength(2);
    expect(tickets().find((one) => one.key === 'ITOPS-41')?.comments).toEqual([]);
    await office.until(isDrawn, 15_000);
  });

  it('that a person deletes is not made again behind their back: the starter is told, the offboarding ends', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser', times: 1 });
    await office.offboard(office.lin, DANA);
    await office.until(() => said().includes('Sign-in blocked'), 10_000);
    jira.command('delete_issue', { issue: tickets()[0]?.key });
    office.okta.faults.release();
    await closedInPassing();

    await office.until(() => office.lin.told().some((one) => one.includes('is gone')), 10_000);
    await office.until(isDrawn);
    expect(tickets()).toEqual([]);
  });

  it('deleted before it was read back asks a person, whose Retry makes another one', async () => {
    jira.faults.add({ kind: 'status', status: 503, operation: 'jira.getIssue', times: 1 });
    await office.offboard(office.lin, DANA);
    await office.until(async () => (await step())?.status === 'waiting', 10_000);
    jira.command('delete_issue', { issue: tickets()[0]?.key });
    office.pass(5_000);
    await office.until(async () => (await step())?.status === 'needs_human', 10_000);
    await office.until(() => office.channel.thread().some((one) => one.includes('Look in Jira')), 10_000);

    await office.sam.clicks('step_retry');
    await untilPassing(async () => (await step())?.cause === 'searching');
    office.pass(31_000);
    await ended();

    expect(tickets()).toHaveLength(1);
  });

  it('that a person moved is commented and closed all the same', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser', times: 1 });
    await office.offboard(office.lin, DANA);
    await office.until(() => said().includes('Sign-in blocked'), 10_000);
    jira.command('move_issue', { issue: tickets()[0]?.key, project: 'FACIL' });
    office.okta.faults.release();
    await closedInPassing();
    await ended();

    expectWhole();
  });

  it('whose comment got no answer has it once', async () => {
    jira.faults.add({ kind: 'drop_after', operation: 'jira.addComment', times: 1 });
    await office.offboard(office.lin, DANA);
    await ended();

    expectWhole();
  });
});

describe('a Jira in trouble', { timeout: 60_000 }, () => {
  it('whose token is revoked asks somebody in the right words; access ends all the same', async () => {
    jira.command('revoke_token');
    await office.offboard(office.lin, DANA);
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'done', 15_000);
    await office.until(async () => (await step())?.status === 'needs_human', 10_000);

    expect(await step()).toMatchObject({ need: { code: 'unauthorized', sent: 'nothing' } });
    await office.until(
      () => office.channel.thread().join().includes('Jira does not accept Sendoff’s credentials'),
      10_000,
    );
    expect(office.channel.thread().join()).toContain('Nothing was changed');

    jira.command('restore_token');
    await office.sam.clicks('step_retry');
    await ended();
    expectWhole();
    expect(said()).toContain('Failed: Jira ticket not opened');
  });

  it('whose token is revoked after the ticket tells the starter, and catches up once it is back', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.deactivateUser', times: 1 });
    await office.offboard(office.lin, DANA);
    await office.until(() => said().includes('Sign-in blocked'), 10_000);
    jira.command('revoke_token');
    office.okta.faults.release();
    await office.closed(15_000);
    await office.until(() => office.lin.told().some((one) => one.includes('not up to date')), 10_000);

    jira.command('restore_token');
    await ended();
    expectWhole();
  });

  it('that may not be browsed is not written to blindly', async () => {
    jira.command('set_permissions', { without: ['BROWSE_PROJECTS'] });
    await office.offboard(office.lin, DANA);
    await office.until(async () => (await step())?.status === 'needs_human', 10_000);

    expect(await step()).toMatchObject({ need: { code: 'unauthorized' } });
    expect(asked(FIRST_CALL)).toBe(0);
  });

  it('that is down with Slack ends with a whole ticket and a whole thread', async () => {
    await office.plan(office.lin, DANA);
    jira.faults.add({ kind: 'status', status: 503, operation: '*', times: 1_000 });
    office.slack.faults.add({ kind: 'status', status: 503, operation: 'slack.chat.postMessage', times: 1_000 });
    await office.lin.submits();
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'done', 15_000);
    jira.faults.clear();
    office.slack.faults.clear();
    office.pass(60_000);
    await ended(20_000);

    expectWhole();
    await office.until(() => office.channel.root().includes('is offboarded'), 15_000);
  });

  it('that answers 429 is waited for, and loses nothing', async () => {
    jira.faults.add({ kind: 'rate_limit', retryAfterSeconds: 1, operation: FIRST_CALL, times: 1 });
    jira.faults.add({ kind: 'rate_limit', retryAfterSeconds: 1, operation: 'jira.addComment', times: 2 });
    await office.offboard(office.lin, DANA);
    await untilPassing(async () => (await step())?.status === 'done');
    await ended();

    expectWhole();
  });

  it('that never answers delays neither the plan nor the cut', async () => {
    jira.faults.add({ kind: 'hold_before', operation: '*', times: 1_000 });
    const began = performance.now();
    await office.offboard(office.lin, DANA);
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'done', 15_000);

    expect(performance.now() - began).toBeLessThan(7_000);
    jira.faults.clear();
    await untilPassing(async () => (await office.runs())[0]?.status === 'closed');
    expect(tickets()).toHaveLength(1);
  });

  it('without a way to a done status leaves the ticket open and says so', async () => {
    jira.command('set_permissions', { without: ['TRANSITION_ISSUES'] });
    await office.offboard(office.lin, DANA);
    await office.closed(15_000);

    await office.until(() => office.lin.told().some((one) => one.includes('could not be closed')), 15_000);
    await office.until(isDrawn);
    expect(tickets()[0]?.status).toBe('To Do');
  });
});

/** As a person does who copies an issue. */
async function copyLabel(label: string): Promise<void> {
  const answer = await fetch(`${jira.url}/rest/api/3/issue`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${jira.email}:${jira.apiToken}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      fields: { project: { key: 'ITOPS' }, issuetype: { name: 'Task' }, summary: 'A copy', labels: [label] },
    }),
  });
  if (!answer.ok) throw new Error(`Jira refused the copy: ${answer.status} ${await answer.text()}`);
}
