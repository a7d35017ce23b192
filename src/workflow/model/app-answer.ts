// What somebody who was asked about an app outside Okta says, and what became of saying it. Pure types.
import type { OperatorId } from './run.ts';
import type { StepStatus } from './transitions.ts';

/** `done`: how they know is in the words. `never_had`: no account was ever there. `help`: operators read the words. */
export type AppWord = {
  readonly said: 'done' | 'never_had' | 'help';
  readonly words: string;
};

/** Too late: who said or did what before, as far as it was a person. */
export interface StaleAppAnswer {
  readonly verdict: 'stale';
  readonly status: StepStatus;
  /** A decision's kind: `attest`, `skip`, `cancel`, `help`, …; null: nobody decided it. */
  readonly what: string | null;
  /** Of an attestation by who was asked: `done`, `never_had`. */
  readonly said: string | null;
  readonly by: string | null;
  readonly at: Date | null;
}

/** `busy`: the step is being looked at just now. `not_asked`: it is not theirs to answer. */
export type AppAnswer =
  | { readonly verdict: 'decided' }
  | { readonly verdict: 'unknown' | 'not_asked' | 'busy' }
  | StaleAppAnswer;

export interface AppOwnerStore {
  /** Who may is read in the same statement as the answer is kept. */
  answer(who: OperatorId, stepRun: string, word: AppWord, now: Date): Promise<AppAnswer>;
}
