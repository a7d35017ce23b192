// Devices on their way back, a line each: whose, which, in which run, and what happens with it now.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { waitWords } from './cause-words.ts';
import { safeName, safeText } from './safe-text.ts';
import { stepTitle } from './step-line.ts';
import { subjectWords } from './subject-text.ts';

/** Once it is received nothing is out any more; what no step receives is told as long as any of its steps is open. */
const RECEIVED = 'return.receive';

/** The steps of each device of this run that is still out. */
function devicesOut(run: Pick<RunView, 'status' | 'steps'>): readonly (readonly StepView[])[] {
  if (run.status === 'cancelled') return [];
  const about = run.steps.filter(({ stage, subject }) => stage === 'device' && subject !== '');
  const subjects = [...new Set(about.map(({ subject }) => subject))];
  return subjects
    .map((subject) => about.filter((step) => step.subject === subject))
    .filter((steps) => {
      const received = steps.find((step) => step.step === RECEIVED);
      return received ? !hasEnded(received.status) : steps.some((step) => !hasEnded(step.status));
    });
}

export function deviceOutLines(run: RunView): readonly string[] {
  const who = `*${safeName(run.person.name)}*`;
  const code = safeText(run.code, 40) || 'no code';
  return devicesOut(run).map(
    (steps) => `:package:  ${who}${steps[0] ? subjectWords(steps[0]) : ''} · ${code} · ${standing(run, steps)}`,
  );
}

function standing(run: RunView, steps: readonly StepView[]): string {
  if (run.status === 'awaiting_approval') return 'nothing is ordered before the approval';
  const asks = steps.find((step) => step.status === 'needs_human');
  if (asks) return `needs you: ${titleOf(asks)}`;
  const current = steps.find(({ status }) => ['running', 'ready', 'waiting'].includes(status));
  if (!current) return 'waits for a step before it';
  return current.status === 'waiting' ? `${titleOf(current)}: ${waitWords(current)}` : titleOf(current);
}

/** The device stands in the line already. */
function titleOf(step: StepView): string {
  return stepTitle({ ...step, subject: '' });
}
