// The screens of a second approval and of a step that asks: who is called, what they would allow, and that nothing claims more than is so.
import { describe, expect, it } from 'vitest';
import { buildReminder, buildStaleApproval } from '../../../src/blocks/approval-text.ts';
import { buildDeclineModal } from '../../../src/blocks/modal-decline.ts';
import { buildPlanModal } from '../../../src/blocks/modal-plan.ts';
import { recentLine, runningLine } from '../../../src/blocks/run-lines.ts';
import { buildRunReport } from '../../../src/blocks/run-report.ts';
import { buildRunRoot } from '../../../src/blocks/run-root.ts';
import { buildStatus } from '../../../src/blocks/status.ts';
import { buildStepReply } from '../../../src/blocks/step-reply.ts';
import type { ApprovalView, RunView } from '../../../src/workflow/model/run.ts';
import type { Question } from '../../../src/workflow/model/step.ts';
import { anAwaitingRun, aPlan, aRun, aStep, at, blocked, markupOf, NOW, pending } from './screens.ts';

const TEAM = 'T0ACME';
const approvers = ['U0LIN', 'U0DANA', 'U0SAM', 'U0PAT'].map((userId) => ({ teamId: TEAM, userId }));
const names = { U0LIN: 'Lin Okafor', U0SAM: 'Sam Rivera' };
const root = (run: RunView, may = approvers): string =>
  markupOf(buildRunRoot(run, { now: NOW, names, approvers: may }));
const buttons = (run: RunView): string[] =>
  buildRunRoot(run, { now: NOW }).blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((one) => ('action_id' in one ? [String(one.action_id)] : []))
      : [],
  );
const ended = (did: 'approve' | 'decline'): Partial<ApprovalView> => ({
  ended: { did, by: `${TEAM}/U0SAM`, at: at(60), reason: did === 'decline' ? 'Wrong person' : null },
});

describe('a run that waits for approval', () => {
  it('shows whom, why, the whole plan, and calls who can: neither who asked nor the leaver', () => {
    const told = root(anAwaitingRun());

    expect(told).toContain('*Approval needed to offboard Dana Whitfield*\nProtected: in the group Executives');
    expect(told).toContain('*Reason*\nLast day moved up');
    expect(told).toContain('suspend the account at once, end all sessions and tokens');
    expect(told).toContain('<@U0SAM> <@U0PAT> can approve. Lin Okafor asked, so cannot.');
    expect(told).toContain('Nothing has changed yet.');
    expect(told).not.toMatch(/<@U0LIN>|<@U0DANA>/);
  });

  it('has Approve, Decline and Cancel, drawn for this plan', () => {
    const drawn = buildRunRoot(anAwaitingRun({ version: 3 }), { now: NOW });

    expect(buttons(anAwaitingRun())).toEqual(['approval_approve', 'approval_decline', 'run_cancel']);
    expect(JSON.stringify(drawn.blocks)).toContain(
      JSON.stringify(JSON.stringify({ run: 'run', version: 3 })).slice(1, -1),
    );
    expect(markupOf(drawn)).toContain('The plan has changed since it was asked for');
  });

  it('says so where nobody can approve', () => {
    expect(root(anAwaitingRun(), approvers.slice(0, 2))).toContain('Nobody can approve this yet');
  });

  it('never says that nothing changed where containment did not wait', () => {
    const told = root(anAwaitingRun({ containsFirst: true }, { steps: [blocked, pending('okta.deactivate')] }));

    expect(told).toContain('*Closing access does not wait for it*: 1 of 2 steps ended. Everything else waits.');
    expect(told).not.toContain('Nothing has changed');
  });

  it('is what needs you in /offboard status', () => {
    const told = markupOf(buildStatus({ runs: [anAwaitingRun()], now: NOW, channelId: 'C0ITOPS' }));

    expect(told).toContain('awaits approval by another approver than who asked');
    expect(runningLine(anAwaitingRun())).toContain('awaits approval');
  });

  it('is reminded of by name, and the reminder says what became of it', () => {
    const run = anAwaitingRun();
    const answered = anAwaitingRun(ended('approve'), { status: 'open' });
    if (!run.approval || !answered.approval) throw new Error('no approval');

    expect(markupOf(buildReminder(run, run.approval, { approvers, names }))).toContain('<@U0SAM> <@U0PAT>');
    expect(markupOf(buildReminder(answered, answered.approval, { approvers, names }))).toMatch(
      /Approved by Sam Rivera/,
    );
  });
});

describe('a run that was approved or declined', () => {
  it('names who approved', () => {
    expect(root(anAwaitingRun(ended('approve'), { status: 'open' }))).toContain('Approved by Sam Rivera');
  });

  it('declined, says who, why, and that nothing was done', () => {
    const run = anAwaitingRun(ended('decline'), {
      status: 'cancelled',
      cancelledBy: `${TEAM}/U0SAM`,
      closedAt: at(60),
    });
    const told = root(run);

    expect(told).toContain('Offboarding Dana Whitfield was declined');
    expect(told).toContain('*Nothing was done.* Access is as it was.');
    expect(told).toMatch(/Declined by Sam Rivera .*“Wrong person”/);
    expect(told).not.toMatch(/Cancelled by|may still be open/);
    expect(markupOf(buildRunReport(run, { names }))).toMatch(
      /was declined[\s\S]*Nothing was done[\s\S]*“Wrong person”/,
    );
    expect(recentLine(run)).toContain('was declined');
    expect(buttons(run)).toEqual([]);
  });

  it('declined after containment, never says that nothing was done', () => {
    const left = aStep('okta.deactivate', { status: 'cancelled', cause: 'run_declined', evidence: null });
    const approval = { ...ended('decline'), containsFirst: true };
    const told = root(anAwaitingRun(approval, { status: 'cancelled', closedAt: at(60), steps: [blocked, left] }));

    expect(told).toContain('*Sign-in blocked, sessions ended*');
    expect(told).toContain('*Access may still be open.* Not confirmed: Okta deactivation.');
    expect(told).not.toContain('Nothing was done');
  });

  it('the window of a decline promises no more', () => {
    expect(markupOf(buildDeclineModal(anAwaitingRun()))).toContain('Nothing has been done');
    expect(markupOf(buildDeclineModal(anAwaitingRun({ containsFirst: true })))).not.toContain('Nothing has been done');
  });

  it('a late click is told who, what and when', () => {
    const stale = { verdict: 'stale', status: 'open', what: 'approve', by: `${TEAM}/U0SAM`, at: at(60) } as const;

    expect(markupOf(buildStaleApproval(stale))).toMatch(
      /<@U0SAM> approved it <!date.*; it is running\. Your click changed nothing/,
    );
  });
});

it('the plan of somebody protected asks for approval, a reason and the typed address', () => {
  const warning = { kind: 'protected', because: [{ rule: 'address', entry: 'x' }], containsFirst: false } as const;
  const view = buildPlanModal(aPlan({ warnings: [warning] }), { privateMetadata: '{}' });
  const inputs = view.blocks.flatMap((block) =>
    block.type === 'input' ? [[block.block_id, block.optional ?? false]] : [],
  );

  expect(view.submit?.text).toBe('Ask for approval');
  expect(markupOf(view)).toContain('*What will happen after approval*');
  expect(inputs).toEqual([
    ['reason', false],
    ['typed_confirm', false],
  ]);
});

describe('a report and a root of containment left open', () => {
  it.each([
    ['skipped', { status: 'skipped', cause: 'by_hand', evidence: null }],
    ['attested against what Okta says', { cause: 'attested_against', evidence: 'attested' }],
  ] as const)('%s: both say that access may still be open', (_, over) => {
    const run = aRun({ status: 'closed', closedAt: at(9), steps: [blocked, aStep('okta.deactivate', over)] });

    expect(root(run)).toContain('*Access may still be open.* Not confirmed: Okta deactivation.');
    expect(markupOf(buildRunReport(run))).toContain('*Access may still be open.* Not confirmed: Okta deactivation.');
  });
});

describe('a step that asks', () => {
  const asking = (question: Question) =>
    aStep('okta.devices', {
      status: 'needs_human',
      need: { kind: 'question', question },
      attempt: 2,
      endedAt: null,
      evidence: null,
    });
  const reply = (step: ReturnType<typeof aStep>): string =>
    JSON.stringify(buildStepReply(aRun({ steps: [step] }), step));

  it('for a yes or no has Approve and Decline, with a warning where it cannot be undone', () => {
    const told = reply(asking({ kind: 'approve', name: 'erase', by: 'second_approver', irreversible: true }));

    expect(told).toContain('step_approve');
    expect(told).toContain('step_decline');
    expect(told).toContain('It cannot be undone.');
    expect(told).toContain('An approver who did not start this run answers.');
    expect(told).toContain('\\"attempt\\":2');
  });

  it('for a person has a button that opens the picker', () => {
    const told = reply(asking({ kind: 'choose_person', name: 'delegate', by: 'operator', suggested: null }));

    expect(told).toContain('Who receives their mail, files and calendar?');
    expect(told).toContain('step_choose_open');
    expect(told).not.toContain('step_approve');
  });

  it('and was answered names who, in its reply', () => {
    const decisions = [{ kind: 'answer', by: `${TEAM}/U0SAM`, at: at(30), attempt: 1, answer: { approved: true } }];
    const step = aStep('okta.devices', { decisions, attempt: 2 });

    expect(markupOf(buildStepReply(aRun({ steps: [step] }), step, { names }) ?? { text: '', blocks: [] })).toContain(
      'Approved by Sam Rivera',
    );
  });
});
