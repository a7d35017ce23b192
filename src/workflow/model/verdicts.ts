// What people decide about steps and runs, and what the store answers: decided, too late, or not theirs to decide. Pure types.
import type { ClaimedStep } from './claimed-step.ts';
import type { OperatorId, Role, RunStatus } from './run.ts';
import type { StepStatus } from './transitions.ts';

/** What a person decides about a step. The words that come with it: why it is skipped, how it is known to be done. */
export type StepDecision =
  | { readonly kind: 'retry' }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'attest'; readonly evidence: string }
  | { readonly kind: 'answer'; readonly approved: boolean }
  | { readonly kind: 'answer'; readonly person: string }
  | { readonly kind: 'answer'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'extend'; readonly until: string; readonly reason: string } // `until`: ISO 8601
  | { readonly kind: 'write_off'; readonly reason: string };

/** Too late: who decided what meanwhile, as far as it was a person, and how it stands. */
export interface StaleStep {
  readonly verdict: 'stale';
  readonly status: StepStatus;
  readonly attempt: number;
  readonly what: string | null;
  readonly by: string | null;
  readonly at: Date | null;
}

/** Why somebody may not say yes or no to what others asked for. */
export type NotSecond = 'not_operator' | 'needs_approver' | 'own_request' | 'is_leaver';

export type DecideVerdict =
  | { readonly verdict: 'decided' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: NotSecond | 'leaver_chosen' | 'not_named' | 'bad_date' }
  | StaleStep;

/** Too late: the run has gone on or has ended. `what`: approve, decline, cancel, hold, lift; null: nobody decided that. */
export interface StaleRun {
  readonly verdict: 'stale';
  readonly status: RunStatus;
  readonly what: string | null;
  readonly by: string | null;
  readonly at: Date | null;
}

/** `changed`: the button was drawn for another plan. */
export type JudgeVerdict =
  | { readonly verdict: 'judged'; readonly mine: readonly ClaimedStep[] }
  | { readonly verdict: 'unknown' | 'changed' }
  | { readonly verdict: NotSecond }
  | StaleRun;

/** Too late to cut again: `what` and `by` say who was faster. `live_elsewhere`: another run of this person looks at the same doors. */
export type CutVerdict =
  | { readonly verdict: 'decided' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'is_leaver' }
  | { readonly verdict: 'live_elsewhere'; readonly code: string }
  | StaleStep;

export type Judgement = { readonly kind: 'approve' } | { readonly kind: 'decline'; readonly reason: string };

export type CancelVerdict =
  | { readonly verdict: 'cancelled' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'needs_approver' | 'is_leaver' }
  | StaleRun;

/** `number`: how many holds the run has had, as the window showed it. */
export interface AskedHold {
  readonly run: string;
  readonly number: number;
}

export interface HoldDecision {
  readonly kind: 'hold' | 'lift';
  readonly reason: string;
}

/** `stale`: somebody was faster (`what`: hold, lift), or the run has ended. */
export type HoldVerdict =
  | { readonly verdict: 'decided' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'not_operator' | 'needs_approver' | 'is_leaver' }
  | StaleRun;

/** Who decides, in the role they have just been found to hold. */
export interface Deciding {
  readonly operator: OperatorId;
  readonly role: Role;
}
