// Runs in a line or two each, for lists: who needs somebody, how far the others are, how the finished ones ended.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { duration } from './amounts.ts';
import { REASON_WORDS } from './device-return-text.ts';
import { holdMark } from './hold-text.ts';
import { delegationOf, isLate } from './mailbox-reminder.ts';
import { date } from './parts.ts';
import { isComplete, timeToRevokeMs } from './run-root.ts';
import { safeName, safeText } from './safe-text.ts';
import { heldWords, momentWords } from './start-text.ts';
import { stepLine, stepTitle } from './step-line.ts';
import { openFinding, openFindingLine } from './watch-text.ts';

const STEPS_TOLD = 3;

export function stepsNeedingYou(run: RunView): readonly StepView[] {
  return run.steps.filter((step) => step.status === 'needs_human');
}

export function needsYou(run: RunView): boolean {
  return (
    run.status === 'awaiting_approval' ||
    run.status === 'held' ||
    stepsNeedingYou(run).length > 0 ||
    openFinding(run) !== null
  );
}

/** Who, and below it each step that waits for somebody. */
export function needsYouLines(run: RunView, now: Date): string {
  const waiting = stepsNeedingYou(run);
  const found = openFinding(run);
  const more = waiting.length > STEPS_TOLD ? [`and ${waiting.length - STEPS_TOLD} more steps`] : [];
  return [
    `${who(run)} · ${done(run)}`,
    ...waiting.slice(0, STEPS_TOLD).map((step) => stepLine(step, now)),
    ...more,
    ...(found === null ? [] : [openFindingLine(found)]),
    ...(run.status === 'held' && run.start?.held
      ? [`:rotating_light:  on hold, nothing was started: ${heldWords(run.start.held.because)}`]
      : []),
    ...(run.status === 'awaiting_approval'
      ? [`:raised_hand:  awaits approval by another approver than who asked · since ${date(run.requestedAt)}`]
      : []),
  ].join('\n');
}

export function runningLine(run: RunView): string {
  if (run.status === 'scheduled') return `:calendar:  ${who(run)} · ${standing(run)}`;
  return `:hourglass_flowing_sand:  ${who(run)} · ${done(run)} · ${standing(run)}`;
}

function standing(run: RunView): string {
  const under = run.steps.filter((step) => step.status === 'running' || step.status === 'waiting');
  const current = under.find((step) => step.step !== 'google.mailbox_end') ?? under[0];
  const stands = delegationOf(run);
  if (run.status === 'scheduled' && run.start?.at) return `access ends ${momentWords(run.start.at, run.start.zone)}`;
  if (run.status === 'open' && stands && current === stands.step)
    return `waits until the mailbox is taken back ${date(stands.endsAt)}`;
  return run.status === 'open' && current ? `now: ${stepTitle(current)}` : STANDS[run.status];
}

/** Who, until when their mailbox stays with somebody else, and whether that is over already. Null: it does not. */
export function delegationLine(run: RunView, now: Date): string | null {
  const stands = delegationOf(run);
  if (!stands || ['done', 'skipped', 'cancelled'].includes(stands.step.status)) return null;
  return isLate(stands.step, now)
    ? `:rotating_light:  ${who(run)} · should have ended ${date(stands.endsAt)}, tried every hour`
    : `:calendar:  ${who(run)} · ends ${date(stands.endsAt)}`;
}

export function recentLine(run: RunView): string {
  const when = run.closedAt ? [date(run.closedAt)] : [];
  if (run.status === 'cancelled')
    return [
      `:no_entry_sign:  ${who(run)}`,
      run.approval?.ended?.did === 'decline' ? 'was declined' : 'was cancelled',
      ...when,
    ].join(' · ');
  const revoked = timeToRevokeMs(run);
  const told = revoked === null ? [] : [`access revoked in ${duration(revoked)}`];
  const [emoji, how] = isComplete(run)
    ? [':white_check_mark:', 'done']
    : [':warning:', 'closed, not everything is done'];
  return [`${emoji}  ${who(run)}`, how, ...told, ...when].join(' · ');
}

function who(run: RunView): string {
  const why = run.returns ? `, ${REASON_WORDS[run.returns.reason].inShort}` : '';
  const what = { offboarding: '', device_return: ` (device return${why})`, rehire: ' (undo)' }[run.kind];
  return `*${safeName(run.person.name)}*${what} · ${safeText(run.code, 40) || 'no code'}${holdMark(run)}`;
}

function done(run: RunView): string {
  return `${run.steps.filter((step) => hasEnded(step.status)).length} of ${run.steps.length} steps ended`;
}

const STANDS: Readonly<Record<RunView['status'], string>> = {
  awaiting_approval: 'awaits approval',
  scheduled: 'scheduled',
  held: 'on hold',
  open: 'running',
  closed: 'closed',
  cancelled: 'cancelled',
};
