// The one message of a run, drawn again whenever anything changes: who, how far, each step, and the button for what is needed.
import type { KnownBlock } from '@slack/types';
import { type OperatorId, type RunView, type StepView, standingHold } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { duration } from './amounts.ts';
import { buildApprovalRoot } from './approval-root.ts';
import { approvalLine } from './approval-text.ts';
import { returnDetail } from './device-return-text.ts';
import { isFailure } from './failure-text.ts';
import { holdLine, keptByHold } from './hold-text.ts';
import { KIND_WORDS } from './kind-text.ts';
import { type Names, operatorName } from './names.ts';
import { openAccessWords } from './open-access.ts';
import { isOwners } from './owner-words.ts';
import { actions, context, date, type Message, message, section, sections } from './parts.ts';
import { cancelButton, holdButton, undoButton } from './run-buttons.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';
import { buildStartRoot } from './start-root.ts';
import { retryButton, stepLine } from './step-line.ts';
import { buildUndoApprovalRoot } from './undo-root.ts';

export interface RootOptions {
  readonly now: Date;
  readonly names?: Names;
  /** Who may give the approval that the run waits for. */
  readonly approvers?: readonly OperatorId[];
  /** A sentence, raw, on what is not documented elsewhere and why: "ITOPS-12 could not be closed: …". */
  readonly reportProblem?: string;
}

const MOST_BUTTONS = 5;
const LINES_BUDGET = 8_000;

export function buildRunRoot(run: RunView, options: RootOptions): Message {
  if (run.status === 'awaiting_approval' && run.approval)
    return (run.kind === 'rehire' ? buildUndoApprovalRoot : buildApprovalRoot)(run, run.approval, {
      approvers: [],
      ...options,
    });
  if (run.start && (run.status === 'scheduled' || run.status === 'held'))
    return buildStartRoot(run, run.start, options);
  const blocks: KnownBlock[] = [...sections(linesWithin(run, options.now), LINES_BUDGET)];
  const cancel = run.status === 'closed' || run.status === 'cancelled' ? null : cancelButton(run);
  for (const step of run.steps) {
    const retry = retryButton(step, { personName: run.person.name, named: true });
    const most = cancel ? MOST_BUTTONS - 1 : MOST_BUTTONS;
    if (retry && blocks.filter((block) => block.type === 'actions').length < most) blocks.push(actions(retry));
  }
  // Where nothing is removed a hold would keep nothing.
  const undo = undoButton(run);
  const buttons = [
    ...(cancel ? [cancel] : []),
    ...(cancel && (keptByHold(run).length > 0 || standingHold(run)) ? [holdButton(run)] : []),
    ...(undo ? [undo] : []),
  ];
  if (buttons.length > 0) blocks.push(actions(...buttons));
  if (options.reportProblem) blocks.push(context(`:warning:  ${safeText(options.reportProblem, 500)}`));
  const started = `Started by ${operatorName(run.requestedBy, options.names)} · ${date(run.requestedAt)}`;
  const open = openAccessWords(run);
  const hold = holdLine(run, options.names);
  const head = `${headEmoji(run)}  *${headTitle(run)}*\n${headDetail(run)}`;
  return message(
    section(open === null ? head : `${head}\n${open}`),
    ...(hold === null ? [] : [section(hold)]),
    ...blocks,
    context(
      started,
      ...[approvalLine(run, options.names) ?? []].flat(),
      ...(run.cancelledBy === null || run.approval?.ended?.did === 'decline'
        ? []
        : [cancelledWords(run, options.names)]),
      ...(run.undoneBy ? [`Taken back by ${safeText(run.undoneBy.code, 40)}`] : []),
      safeText(run.code, 40) || 'no code',
    ),
  );
}

function cancelledWords(run: RunView, names: Names | undefined): string {
  const when = run.closedAt === null ? '' : ` · ${date(run.closedAt)}`;
  const isLeft = run.steps.some((step) => step.step === 'google.mailbox_end' && !hasEnded(step.status));
  const left = isLeft ? '. Only the mailbox is still taken back from who reads it' : '';
  const box = run.steps.some(isOrdered) ? '. The return box stays ordered: cancel it in Retriever’s portal' : '';
  return `Cancelled by ${operatorName(run.cancelledBy ?? '', names)}${when}${left}${box}`;
}

/** A box was ordered at Retriever, which a cancelled run does not take back. */
function isOrdered({ step, status, after }: StepView): boolean {
  return step === 'return.ship' && status === 'done' && typeof after?.order === 'string';
}

/** With many steps the finished ones are left out first, so that what needs somebody is always there. */
function linesWithin(run: RunView, now: Date): string[] {
  const lines = run.steps.map((step) => ({ line: stepLine(step, now), step }));
  if (lines.length === 0) return ['No steps yet.'];
  const size = lines.reduce((sum, { line }) => sum + JSON.stringify(line).length + 2, 0);
  if (size <= LINES_BUDGET) return lines.map(({ line }) => line);
  const open = lines.filter(({ step }) => step.status !== 'done');
  const urgentFirst = [...open].sort((one, other) => urgency(one.step) - urgency(other.step));
  const done = lines.length - open.length;
  return [
    ...(done > 0 ? [`:white_check_mark:  ${done} done; they are in the thread`] : []),
    ...urgentFirst.map(({ line }) => line),
  ];
}

function urgency(step: StepView): number {
  if (step.status === 'needs_human') return 0;
  return step.status === 'running' || step.status === 'waiting' ? 1 : 2;
}

function headEmoji(run: RunView): string {
  if (run.status === 'cancelled') return ':no_entry_sign:';
  if (run.status === 'closed') return isComplete(run) ? ':white_check_mark:' : ':warning:';
  if (needsYou(run).length > 0) return ':rotating_light:';
  return run.status === 'open' ? ':hourglass_flowing_sand:' : ':pause_button:';
}

export function headTitle(run: RunView): string {
  const name = safeName(run.person.name);
  const what = KIND_WORDS[run.kind].run(name);
  switch (run.status) {
    case 'closed':
      if (run.undoneBy) return `${what} was taken back since`;
      if (!isComplete(run)) return `${what} is closed, but not everything is done`;
      if (run.kind === 'rehire') return `${name} is back, as far as that goes`;
      return run.kind === 'offboarding' ? `${name} is offboarded` : `${what} is done`;
    case 'cancelled':
      return `${what} was ${run.approval?.ended?.did === 'decline' ? 'declined' : 'cancelled'}`;
    case 'awaiting_approval':
      return `${what} awaits approval`;
    case 'scheduled':
      return `${what} is scheduled`;
    case 'held':
      return `${what} is on hold`;
    case 'open':
      return needsYou(run).length > 0 ? `${what} needs you` : `${what} is running`;
    default:
      return run.status satisfies never;
  }
}

function headDetail(run: RunView): string {
  const parts = [`${run.steps.filter((step) => step.status === 'done').length} of ${run.steps.length} steps done`];
  const skipped = run.steps.filter((step) => step.status === 'skipped').length;
  if (skipped > 0) parts.push(`${skipped} passed over`);
  const waiting = needsYou(run);
  const doubtful = waiting.filter((step) => isFailure(step.need) && step.need.sent === 'in_doubt').length;
  const failed = waiting.filter((step) => isFailure(step.need)).length - doubtful;
  if (failed > 0) parts.push(`${failed} failed`);
  if (doubtful > 0) parts.push(`${doubtful} without an answer`);
  if (waiting.length > failed + doubtful) parts.push(`${waiting.length - failed - doubtful} to decide`);
  if (run.closedAt !== null && run.status === 'closed')
    parts.push(`took ${duration(run.closedAt.getTime() - begunAt(run).getTime())}`);
  const revoked = timeToRevokeMs(run);
  if (revoked !== null && run.status === 'closed') parts.push(`access revoked in ${duration(revoked)}`);
  parts.push(safeCode(run.person.email));
  const detail = returnDetail(run);
  return `${detail === null ? '' : `${detail}\n`}${parts.join(' · ')}`;
}

function needsYou(run: RunView): readonly StepView[] {
  return run.steps.filter((step) => step.status === 'needs_human');
}

export function isComplete(run: Pick<RunView, 'steps'>): boolean {
  return !run.steps.some(isLeftOpen);
}

/**
 * A person's word counts only where what it stands for was seen. Passed over counts as complete (it did not apply), but for
 * the deactivation itself, and the Google account’s end where it could not begin.
 */
export function isLeftOpen(step: StepView): boolean {
  // Of an app outside Okta nobody can know more than its owner's word.
  if (step.status === 'done') return step.evidence === 'attested' && !isOwners(step);
  return step.status !== 'skipped' || isLasting(step) || step.cause === 'by_hand';
}

/** Left undone they leave an account: one that can be signed in to, or one that is paid for. */
function isLasting({ step, cause }: StepView): boolean {
  return step === 'okta.deactivate' || (step === 'google.close' && cause === 'cannot_start');
}

/** From the request to the blocked sign-in; where that was passed over or already so, to the deactivation. Null: not yet. */
export function timeToRevokeMs(run: Pick<RunView, 'requestedAt' | 'steps' | 'start'>): number | null {
  const cut = ['okta.block', 'okta.deactivate'].flatMap((name) =>
    run.steps.filter(
      (step) => step.step === name && step.status === 'done' && step.evidence !== 'attested' && step.endedAt !== null,
    ),
  );
  const first = cut.find((step) => step.step === 'okta.deactivate' || step.evidence !== 'moot');
  return first?.endedAt ? first.endedAt.getTime() - begunAt(run).getTime() : null;
}

/** What was to wait for its moment counts from there. */
export function begunAt({ requestedAt, start }: Pick<RunView, 'requestedAt' | 'start'>): Date {
  return start?.begunAt ?? requestedAt;
}
