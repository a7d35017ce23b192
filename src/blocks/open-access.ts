// Containment that was left open on somebody's word: said on every screen of a run until something proves the account deactivated.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { list } from './amounts.ts';
import { isUntouched } from './approval-text.ts';
import { stepWords } from './step-words.ts';

/** Skipped or stranded, attested without the vendor's word for it, or never done because the run was cancelled. */
export function isLeftOpen(step: StepView): boolean {
  if (step.stage !== 'contain') return false;
  switch (step.status) {
    case 'skipped':
      return step.cause === 'by_hand' || step.cause === 'cannot_start';
    case 'done':
      // Of an app outside Okta nobody can know more than its owner's word.
      return step.evidence === 'attested' && step.step !== 'app.owner';
    case 'cancelled':
      return true;
    default:
      return false;
  }
}

/** What may still be open: each vendor's deactivation, once seen, closes that vendor's other doors. */
export function openAccess(run: Pick<RunView, 'steps'>): readonly StepView[] {
  return run.steps.filter((step) => isLeftOpen(step) && !isProvenClosed(run, step.step.split('.')[0] ?? ''));
}

function isProvenClosed(run: Pick<RunView, 'steps'>, vendor: string): boolean {
  return run.steps.some(
    (step) =>
      step.step === `${vendor}.deactivate` &&
      step.status === 'done' &&
      (step.evidence === 'read_back' || step.evidence === 'moot'),
  );
}

/** Markup; null where nothing is left open. */
export function openAccessWords(run: Pick<RunView, 'kind' | 'steps' | 'status' | 'approval' | 'start'>): string | null {
  if (isUntouched(run)) return '*Nothing was done.* Access is as it was.';
  const left = [...new Set(openAccess(run).map((step) => stepWords(step.step).short))];
  if (left.length > 0 && run.kind === 'device_return')
    return `:warning:  *A computer may not be locked.* Not confirmed: ${list(left)}.`;
  return left.length === 0 ? null : `:warning:  *Access may still be open.* Not confirmed: ${list(left)}.`;
}
