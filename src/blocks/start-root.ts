// A run's one message while it has done nothing: when it starts, why, what will happen, and how to stop or change that.
import type { Button, KnownBlock } from '@slack/types';
import type { PlanView } from '../workflow/model/plan.ts';
import type { OperatorId, RunView } from '../workflow/model/run.ts';
import { approvalLine } from './approval-text.ts';
import { ACTIONS } from './ids.ts';
import { differenceLines } from './modal-plan.ts';
import { type Names, operatorName } from './names.ts';
import { actions, button, context, date, type Message, message, section, sections } from './parts.ts';
import { cannotBeUndone, planLine } from './plan-text.ts';
import { cleanText, safeCode, safeName, safeText } from './safe-text.ts';
import { heldWords, momentWords, reasonWords } from './start-text.ts';
import { stepLine } from './step-line.ts';
import { vendorName } from './vendor-words.ts';

export interface StartOptions {
  readonly now: Date;
  readonly names?: Names;
  readonly approvers?: readonly OperatorId[];
}

type Start = NonNullable<RunView['start']>;
const LINES_BUDGET = 6_000;
const DIFFERENCES_BUDGET = 3_000;

/** For status `scheduled` and `held`. */
export function buildStartRoot(run: RunView, start: Start, options: StartOptions): Message {
  const isHeld = run.status === 'held';
  const plan = start.held?.now ?? start.plan;
  const undone = plan && cannotBeUndone({ ...plan, steps: plannedOf(run, plan) });
  const blocks: KnownBlock[] = [
    ...(isHeld ? heldBlocks(start) : []),
    ...(plan === null
      ? []
      : sections(
          [isHeld ? '*What would happen now*' : '*What will happen*', ...linesOf(run, plan, options.now)],
          LINES_BUDGET,
        )),
    ...(undone ? [section(undone)] : []),
    actions(...(isHeld ? [reviewButton(run), stopButton(run)] : [stopButton(run), reviewButton(run)])),
  ];
  const asked = `${run.requestedBy.includes('/') ? 'Asked for by' : 'Reported by'} ${operatorName(run.requestedBy, options.names)} · ${date(run.requestedAt)}`;
  return message(
    section(headOf(run, start, options.names)),
    ...blocks,
    context(
      asked,
      ...[approvalLine(run, options.names) ?? []].flat(),
      'Nothing has changed yet.',
      safeText(run.code, 40) || 'no code',
    ),
  );
}

/** Of the computers that were found, those that the run has rows for. */
function plannedOf(run: RunView, plan: PlanView): PlanView['steps'] {
  return plan.steps.filter(({ step, subject }) => subject === '' || hasRow(run.steps, { step, subject }));
}

/** What the plan says of each step, and what follows for each computer. */
function linesOf(run: RunView, plan: PlanView, now: Date): string[] {
  const aboutComputers = run.steps.filter(
    (row) => (row.subject !== '' || row.step === 'jamf.look') && !hasRow(plan.steps, row),
  );
  return [...plannedOf(run, plan).map(planLine), ...aboutComputers.map((row) => stepLine(row, now))];
}

function hasRow(
  rows: readonly { readonly step: string; readonly subject: string }[],
  { step, subject }: { readonly step: string; readonly subject: string },
): boolean {
  return rows.some((one) => one.step === step && one.subject === subject);
}

function headOf(run: RunView, start: Start, names: Names | undefined): string {
  const name = safeName(run.person.name);
  const who = safeCode(run.person.email);
  const because = reasonWords(run, start, names);
  if (run.status === 'held')
    return `:rotating_light:  *Offboarding ${name} is on hold: nothing was started*\n${because} *Access is as it was.* · ${who}`;
  if (start.at === null) return `:calendar:  *Offboarding ${name} is scheduled* · ${who}`;
  const trouble =
    start.trouble === null
      ? ''
      : `\n:warning:  *Its moment has come and it has not started*: ${vendorName(start.trouble)} cannot be read again just now. It is tried again. *Access is still open.*`;
  if (start.lastWorkingAt === null)
    return `:stopwatch:  *Offboarding ${name} starts ${date(start.at)} unless somebody stops it*\n${because} · ${who}${trouble}`;
  return `:calendar:  *Offboarding ${name} is scheduled: access ends ${date(start.at)}*\n${momentWords(start.at, start.zone)} · ${because} · ${who}${trouble}`;
}

function heldBlocks({ held, plan, at }: Start): KnownBlock[] {
  if (!held) return [];
  const moment = at === null ? '' : ` The moment that was agreed: ${date(at)}.`;
  const differs =
    held.because.why === 'changed' && held.now ? sections(differenceLines(plan, held.now), DIFFERENCES_BUDGET) : [];
  return [section(`${heldWords(held.because)}${moment}`), ...differs];
}

/** The same as cancelling a run: who pressed is kept. */
function stopButton(run: RunView): Button {
  const name = cleanText(run.person.name, 40);
  return button({
    actionId: ACTIONS.runCancel,
    label: run.status === 'held' ? 'Cancel' : 'Stop',
    value: JSON.stringify({ run: run.id }),
    danger: run.status !== 'held',
    about: `offboarding of ${name}, before it begins`,
    confirm: {
      title: `Stop offboarding ${cleanText(run.person.name, 60)}?`,
      text: `Nothing has begun, and nothing will: access of ${name} stays as it is. To offboard them after all, use /offboard.`,
      yes: 'Stop it',
      no: 'Go back',
    },
  });
}

/** Opens the plan as /offboard does: start now, another moment, or whose record it is. */
function reviewButton(run: RunView): Button {
  return button({
    actionId: ACTIONS.startReview,
    label: run.status === 'held' ? 'Review and start…' : 'Start now or move…',
    value: JSON.stringify({ run: run.id }),
    about: `offboarding of ${cleanText(run.person.name, 40)}`,
  });
}
