// A step that asks, in Slack: Approve and Decline, and the picker for a person. No step of the catalogue asks yet, so one is stopped as if it did.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Question } from '../../src/workflow/model/step.ts';
import { auditOf } from '../support/engine.ts';
import { anOffice, type Office } from '../support/office.ts';

const TEAM = 'T0ACME';
let office: Office;

beforeAll(async () => {
  office = await anOffice();
});
beforeEach(async () => {
  await office.operators.add({ teamId: TEAM, userId: 'U0LIN' }, 'approver', 'test');
  await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'operator', 'test');
});
afterEach(() => office.clear());
afterAll(() => office.close());

/** Danna's last step stops with this question instead of a refusal. */
async function asks(question: Question): Promise<void> {
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.deactivateUser', times: 99 });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'needs_human', 15_000);
  office.okta.faults.clear();
  await office.db.query(`UPDATE step_run SET need = $1 WHERE step = 'okta.deactivate'`, [
    JSON.stringify({ kind: 'question', question }),
  ]);
  await office.db.query('UPDATE report SET wanted = wanted + 1', []);
  office.pass(0);
  await office.until(() => office.channel.thread().some((reply) => /answers\./.test(reply)), 15_000);
}

async function answered(): Promise<readonly unknown[]> {
  const [run] = await office.runs();
  return (await auditOf(office, String(run?.id)))
    .filter((event) => event.action === 'step.answered')
    .map((event) => [event.actor, event.detail.answer]);
}

it('Approve is an approver’s: an operator is refused, the approver’s yes lets the step go on, once', async () => {
  await asks({ kind: 'approve', name: 'erase', by: 'approver', irreversible: true });

  await office.sam.clicks('step_approve');
  await office.until(() => office.sam.told().length > 0);
  expect(office.sam.told()[0]).toMatch(/Only an approver may answer this\. \*Nothing was changed\.\*/);
  // Where the button stands: whoever reads a thread does not see the channel.
  const { threadTs, via } = office.slack.workspace.ephemerals[0] ?? {};
  expect(via).toBe('chat.postEphemeral');
  expect(office.slack.workspace.channels.get('C0ITOPS')?.messages.find(({ ts }) => ts === threadTs)?.text).toContain(
    'Danna Whitfield',
  );
  await office.until(() => office.channel.notices().some((line) => line.includes('pressed Approve on a step')));
  await office.lin.clicks('step_approve');
  await office.closed(15_000);

  expect(await answered()).toEqual([[`${TEAM}/U0LIN`, { question: 'erase', approved: true }]]);
  await office.until(() => office.channel.thread().some((reply) => reply.includes('Approved by Lin Okafor')));
});

it('a person is chosen in a window, never the leaver', async () => {
  await asks({ kind: 'choose_person', name: 'delegate', by: 'operator', suggested: 'U0GRACE' });
  await office.sam.clicks('step_choose_open');
  await office.until(() => office.sam.screen().includes('Who receives their mail'));
  expect(JSON.stringify(office.sam.view()?.content)).toContain('"initial_user":"U0GRACE"');

  await office.sam.submits({ chosen_person: 'U0DANNA' });
  await office.until(() => office.sam.screen().includes('cannot receive their own work'));
  await office.sam.closes();
  await office.sam.clicks('step_choose_open');
  await office.until(() => office.sam.screen().includes('Who receives their mail'));
  await office.sam.submits({ chosen_person: 'U0GRACE' });
  await office.closed(15_000);

  expect(await answered()).toEqual([[`${TEAM}/U0SAM`, { question: 'delegate', person: 'U0GRACE' }]]);
});
