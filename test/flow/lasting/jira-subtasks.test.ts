// Sub-tasks for people's work, where the policy says so: one for each question, made once, closed when the step moves on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { type Tickets, ticketsIn } from '../../support/tickets.ts';

const DANA = 'dana@acme.test';
const CREATE = 'jira.createIssue';
const DEVICES = { kind: 'status', status: 400, operation: 'okta.deactivateDevice', times: 1_000 } as const;
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-policy-'));
const SENDOFF_POLICY = path.join(folder, 'subtasks.policy.yaml');
writeFileSync(SENDOFF_POLICY, 'jira: {subtasks: true}\n');

let office: Office;
let site: Tickets;

beforeAll(async () => {
  office = await anOffice({ jira: true, settings: { SENDOFF_POLICY } });
  site = ticketsIn(office);
}, 30_000);
afterEach(() => office.clear());
afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true });
});

const devices = async () => (await office.steps())['okta.devices'];

/** The devices step needs somebody, its ticket is there. */
async function untilAsked(): Promise<void> {
  office.okta.faults.add(DEVICES);
  await office.offboard(office.lin, DANA);
  await office.until(async () => (await devices())?.status === 'needs_human', 15_000);
  office.pass(121_000);
  await office.until(() => site.said().includes('Failed: Registered devices not removed'), 15_000);
}

async function retried(): Promise<void> {
  await office.until(() => office.channel.thread().some((one) => one.includes('Retry')), 10_000);
  await office.sam.clicks('step_retry');
}

describe('a question', { timeout: 60_000 }, () => {
  it('has one sub-task below the ticket, closed as soon as it is answered', async () => {
    await untilAsked();
    await office.until(() => site.subtasks().length === 1, 15_000);
    const [made] = site.subtasks();
    const [run] = await office.runs();
    expect(made).toMatchObject({
      type: 'Sub-task',
      parent: site.all()[0]?.key,
      summary: `${run?.code} waits for somebody: Remove registered devices`,
      status: 'To Do',
      properties: { sendoff: { of: run?.id } },
    });
    expect(made?.description).not.toContain(DANA);

    office.okta.faults.clear();
    await retried();
    await office.closed(15_000);
    await office.until(() => site.subtasks()[0]?.status === 'Done', 20_000);
    await office.until(() => site.all()[0]?.status === 'Done', 20_000);
    await office.until(site.isDrawn, 15_000);
    expect(site.subtasks()).toHaveLength(1);
    expect(site.all()).toHaveLength(1);
  });

  it('that is asked again after a Retry has another sub-task; the first is closed', async () => {
    await untilAsked();
    await office.until(() => site.subtasks().length === 1, 15_000);
    await retried();
    await office.until(() => site.subtasks().length === 2, 20_000);
    await office.until(() => site.subtasks()[0]?.status === 'Done', 20_000);

    expect(site.subtasks()[1]?.status).toBe('To Do');
  });

  it('whose sub-task got no answer is found again below the ticket by another process, and not made twice', async () => {
    site.jira.faults.add({ kind: 'drop_after', operation: CREATE, skip: 1, times: 1 });
    site.jira.command('freeze_index', { on: true });
    await untilAsked();
    await office.until(() => site.subtasks().length === 1, 15_000);
    await office.start();
    await office.db.query("UPDATE delivery SET intended_at = now() - interval '10 seconds' WHERE ts IS NULL", []);
    await office.db.query("UPDATE report SET retry_at = now() WHERE audience = 'jira'", []);
    office.pass(0);
    await office.until(site.isDrawn, 20_000);
    expect(site.subtasks()).toHaveLength(1);
    expect(site.asked(CREATE)).toBe(2);

    office.okta.faults.clear();
    await retried();
    await office.closed(15_000);
    await office.until(() => site.subtasks()[0]?.status === 'Done', 20_000);
    expect(site.subtasks()).toHaveLength(1);
  });

  it.each([
    ['no transition leads to a done status', () => site.jira.command('take_away', { transitions: ['31'] })],
    [
      'Jira refuses the transition',
      () => site.jira.faults.add({ kind: 'status', status: 400, operation: 'jira.doTransition', times: 1 }),
    ],
  ])('whose sub-task cannot be closed as %s is told once, and holds up nothing else', async (_, spoil) => {
    await untilAsked();
    await office.until(() => site.subtasks().length === 1, 15_000);
    spoil();
    office.okta.faults.clear();
    await retried();
    await office.closed(15_000);
    await office.until(() => site.said().includes('has ended'), 20_000);
    await office.until(site.isDrawn, 20_000);

    const key = site.subtasks()[0]?.key ?? '';
    expect(office.lin.told().filter((one) => one.includes(`${key} could not be closed`))).toHaveLength(1);
    expect(site.subtasks()[0]?.status).not.toBe('Done');
  });

  it('whose sub-task somebody deleted or closed is left to Slack', async () => {
    await untilAsked();
    await office.until(() => site.subtasks().length === 1, 15_000);
    site.jira.command('delete_issue', { issue: site.subtasks()[0]?.key });
    office.okta.faults.clear();
    await retried();
    await office.closed(15_000);
    await office.until(() => site.all()[0]?.status === 'Done', 20_000);

    expect(site.subtasks()).toEqual([]);
    expect(office.channel.root()).not.toContain(':warning:');
  });

  it.each([
    [
      'has no such type',
      () => site.jira.command('take_away', { types: ['Sub-task'] }),
      'has no sub-task type “Sub-task”',
    ],
    [
      'refuses one',
      () => site.jira.faults.add({ kind: 'status', status: 400, operation: CREATE, skip: 1, times: 1_000 }),
      'Jira refused to make one',
    ],
  ])('in a project that %s is told once; comments go on', async (_, spoil, told) => {
    spoil();
    await untilAsked();
    await office.until(() => office.channel.root().includes(told), 15_000);
    office.okta.faults.clear();
    await retried();
    await office.closed(15_000);
    await office.until(() => site.all()[0]?.status === 'Done', 20_000);
    await office.until(site.isDrawn, 15_000);

    expect(office.lin.told().filter((one) => one.includes('gets no sub-tasks'))).toHaveLength(1);
    expect(site.subtasks()).toEqual([]);
    expect(site.said()).toContain('Done: Registered devices removed');
  });
});

it('without the policy’s word has no sub-task', { timeout: 60_000 }, async () => {
  const plain = await anOffice({ jira: true });
  try {
    const other = ticketsIn(plain);
    plain.okta.faults.add(DEVICES);
    await plain.offboard(plain.lin, DANA);
    await plain.until(() => other.said().includes('Failed: Registered devices not removed'), 15_000);
    await plain.until(other.isDrawn, 15_000);

    expect(other.subtasks()).toEqual([]);
  } finally {
    await plain.close();
  }
});
