// A run's one message while it waits for a second person: whom it is about, the whole plan they would allow, and who can.
import type { KnownBlock } from '@slack/types';
import { manyOf, protectionOf } from '../workflow/model/plan.ts';
import { type ApprovalView, type OperatorId, operatorKey, type RunView, type StepView } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { count } from './amounts.ts';
import { manyWords } from './breaker-text.ts';
import { doubtWords } from './google-plan-text.ts';
import { plannedCoverage } from './handover-text.ts';
import { ACTIONS } from './ids.ts';
import { isUserId, type Names, operatorName } from './names.ts';
import { actions, button, context, date, type Message, message, mrkdwn, section, sections } from './parts.ts';
import { cannotBeUndone, planLine, protectedWords } from './plan-text.ts';
import { cancelButton } from './run-buttons.ts';
import { cleanText, safeCode, safeName, safeText } from './safe-text.ts';
import { momentWords, reasonWords } from './start-text.ts';
import { retryButton, stepLine } from './step-line.ts';

export interface ApprovalOptions {
  readonly now: Date;
  readonly names?: Names;
  /** Everybody who holds the role: who asked and the leaver are left out here. */
  readonly approvers: readonly OperatorId[];
}

const LINES_BUDGET = 7_000;
const MOST_CALLED = 5;
const MOST_RETRIES = 3;

export function buildApprovalRoot(run: RunView, approval: ApprovalView, options: ApprovalOptions): Message {
  const name = safeName(run.person.name);
  const undone = cannotBeUndone(approval.plan);
  const coverage = plannedCoverage(approval.plan.steps);
  const doubt = doubtWords(approval.plan);
  const retries = run.steps.flatMap((step) => retryButton(step, { personName: run.person.name, named: true }) ?? []);
  const blocks: KnownBlock[] = [
    ...(approval.version > 1
      ? [section(':warning:  *The plan has changed since it was asked for.* Nothing was started. Read it anew below.')]
      : []),
    ...momentBlocks(run, options),
    { type: 'section', fields: fieldsOf(run, approval, options.names).map((field) => mrkdwn(field)) },
    ...sections(['*What will happen after approval*', ...linesOf(run, approval, options.now)], LINES_BUDGET),
    ...(undone === null ? [] : [section(undone)]),
    ...(coverage === null ? [] : [section(coverage)]),
    ...(doubt === null ? [] : [section(`:warning:  ${doubt}`)]),
    ...retries.slice(0, MOST_RETRIES).map((retry) => actions(retry)),
    actions(approveButton(run, approval, options.now), declineButton(run, approval), cancelButton(run)),
  ];
  return message(
    section(
      `:raised_hand:  *Approval needed to offboard ${name}*\n${becauseOf(approval)} · ${safeCode(run.person.email)}`,
    ),
    ...blocks,
    context(whoCan(run, approval, options), soFar(run, approval), safeText(run.code, 40) || 'no code'),
  );
}

/** What makes a second person necessary. */
function becauseOf({ plan }: ApprovalView): string {
  const protection = protectionOf(plan);
  const many = manyOf(plan);
  return [
    ...(protection || !many ? [`Protected: ${protectedWords(protection ?? [])}`] : []),
    ...(many ? [`Many at once: ${manyWords(many.most)}`] : []),
  ].join(' · ');
}

/** When it is to start; and plainly, where that moment went by without an answer. */
function momentBlocks(run: RunView, { now, names }: ApprovalOptions): KnownBlock[] {
  const { start } = run;
  if (!start?.at) return [];
  if (startsLater(run, now))
    return [
      section(
        `:calendar:  *Access is to end ${momentWords(start.at, start.zone)}.* ${reasonWords(run, start, names)} Without approval nothing starts then.`,
      ),
    ];
  const isOpen = run.steps.every((step) => step.attempt === 0);
  const open = isOpen ? ' *Access is still open.*' : '';
  return start.passed
    ? [
        section(
          `:rotating_light:  *The agreed moment has passed without an approval*: ${momentWords(start.at, start.zone)}.${open}`,
        ),
      ]
    : [section(reasonWords(run, start, names))];
}

function startsLater({ start }: RunView, now: Date): boolean {
  return start?.at != null && start.at > now;
}

function fieldsOf(run: RunView, approval: ApprovalView, names: Names | undefined): string[] {
  return [
    `*Asked by*\n${operatorName(run.requestedBy, names)}`,
    `*Asked*\n${date(run.requestedAt)}`,
    `*Reason*\n${safeText(run.reason ?? '', 300) || 'none given'}`,
    `*Plan*\n${count(approval.plan.steps.length, 'step')}, checked ${date(approval.plan.checkedAt, 'time')}`,
  ];
}

/** The plan's line of what has not begun; the state of what has. */
function linesOf(run: RunView, { plan }: ApprovalView, now: Date): string[] {
  return run.steps.map((step) => {
    const planned = plan.steps.find((one) => one.step === step.step && one.subject === step.subject);
    return step.status === 'blocked' && planned ? planLine(planned) : stepLine(step, now);
  });
}

function approveButton(run: RunView, approval: ApprovalView, now: Date): ReturnType<typeof button> {
  const name = cleanText(run.person.name, 40);
  const isLater = startsLater(run, now);
  return button({
    actionId: ACTIONS.approvalApprove,
    label: isLater ? 'Approve' : 'Approve and start',
    value: referenceTo(run, approval),
    danger: true,
    about: isLater ? `offboarding of ${name}, at the agreed moment` : `offboarding of ${name}`,
    confirm: {
      title: isLater
        ? `Approve offboarding ${cleanText(run.person.name, 60)}?`
        : `Start offboarding ${cleanText(run.person.name, 60)}?`,
      text: isLater
        ? `Everything is read once more first. If it is still as shown here, it starts by itself at the agreed moment, and access of ${name} ends then. If anything changed, nothing is approved and you are shown what.`
        : `Everything is read once more first. If it is still as shown here, it starts at once, and access of ${name} ends. If anything changed, nothing starts and you are shown what.`,
      yes: isLater ? 'Approve' : 'Start offboarding',
      no: 'Go back',
    },
  });
}

export function declineButton(run: RunView, approval: ApprovalView): ReturnType<typeof button> {
  return button({
    actionId: ACTIONS.approvalDecline,
    label: 'Decline…',
    value: referenceTo(run, approval),
    about: `${run.kind === 'rehire' ? 'undo' : 'offboarding'} of ${cleanText(run.person.name, 40)}`,
  });
}

export function referenceTo(run: RunView, approval: ApprovalView): string {
  return JSON.stringify({ run: run.id, version: approval.version });
}

/** Mentions: these people are called to act. */
export function whoCan(run: RunView, approval: ApprovalView, { approvers, names }: ApprovalOptions): string {
  const asked = operatorName(run.requestedBy, names);
  const may = mayApprove(approval, approvers);
  if (may.length === 0)
    return `:warning:  Nobody can approve this yet: an admin must make somebody else an approver. ${asked} asked, so cannot.`;
  const more = may.length > MOST_CALLED ? ` and ${may.length - MOST_CALLED} more` : '';
  const called = may.slice(0, MOST_CALLED).map(({ userId }) => `<@${userId}>`);
  return `${called.join(' ')}${more} can approve. ${asked} asked, so cannot.`;
}

export function mayApprove(approval: ApprovalView, approvers: readonly OperatorId[]): readonly OperatorId[] {
  return approvers.filter((one) => isUserId(one.userId) && !approval.never.includes(operatorKey(one)));
}

function soFar(run: RunView, { containsFirst }: ApprovalView): string {
  if (!containsFirst) return 'Nothing has changed yet.';
  const cut = run.steps.filter((step: StepView) => step.stage === 'contain');
  return `*Closing access does not wait for it*: ${cut.filter((step) => hasEnded(step.status)).length} of ${count(cut.length, 'step')} ended. Everything else waits.`;
}
