// What people decided about a step, told: who skipped it and why, who says it is done and what the vendor says to that.

import type { StepView } from '../workflow/model/run.ts';
import { wordIn } from './amounts.ts';
import { type Names, operatorName } from './names.ts';
import { NOTE_CHARS } from './note-input.ts';
import { statusWords } from './okta-words.ts';
import { date } from './parts.ts';
import { safeText } from './safe-text.ts';
import { vendorName } from './vendor-words.ts';

type Decided = StepView['decisions'][number];

export function lastDecision(step: StepView, kind: string): Decided | null {
  return step.decisions.findLast((decision) => decision.kind === kind) ?? null;
}

/** The vendor's word beside the person's: '' where the two agree. */
export function vendorsWord(step: StepView): string {
  if (step.evidence !== 'attested' || step.step === 'app.owner') return '';
  const vendor = vendorName(step.step);
  if (step.cause !== 'attested_against') return `${vendor} could not be asked`;
  const status = wordIn(step.after, 'status');
  return `against what ${vendor} says${status === null ? '' : `: account ${statusWords(status)}`}`;
}

/** "Skipped by Sam at 09:05: “no such account”". */
export function decisionLine(decision: Decided | null, did: string, note: 'reason' | 'evidence', names: Names): string {
  if (decision === null) return `${did}.`;
  const words = safeText(String(decision.answer[note] ?? ''), NOTE_CHARS);
  return `${did} by ${operatorName(decision.by, names)} ${date(decision.at, 'time')}${words === '' ? '.' : `: “${words}”`}`;
}
