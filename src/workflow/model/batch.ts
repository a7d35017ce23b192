// A batch: a list of people whom two approvers allow together. What was seen of each, who is left out and why, and how it stands. Pure.
import { type PlanView, protectionOf, type Refusal } from './plan.ts';
import type { Person, PinnedIds, RunStatus } from './run.ts';
import type { NotSecond } from './verdicts.ts';

export const MOST_IN_BATCH = 100;

/** Why somebody is not in it: a refusal's `why`, or what a batch does not decide. */
export type LeftOutWhy = Refusal['why'] | 'protected' | 'not_readable' | 'not_looked_at';

export interface LeftOut {
  /** As it was typed. */
  readonly address: string;
  readonly name: string | null;
  readonly why: LeftOutWhy;
  /** Of the run that there is already. */
  readonly code: string | null;
}

export interface BatchPerson {
  readonly personId: string;
  readonly person: Person;
  readonly ids: PinnedIds;
  readonly plan: PlanView;
}

export interface BatchPlan {
  readonly ready: readonly BatchPerson[];
  readonly leftOut: readonly LeftOut[];
  /** Over who, and each one's decisions. */
  readonly hash: string;
}

/** Null: they may be in a batch. A protected person goes alone, and what has to be chosen is chosen alone. */
export function whyAlone(plan: PlanView): 'protected' | 'identity_undecided' | null {
  if (protectionOf(plan) !== null) return 'protected';
  return plan.hris?.is === 'undecided' ? 'identity_undecided' : null;
}

/** In all: what cannot be undone, and what costs. */
export interface BatchTotals {
  readonly people: number;
  readonly accounts: number;
  readonly computers: number;
  readonly boxes: number;
  /** People of whose computers somebody is asked in their run. */
  readonly asked: number;
}

export type BatchStatus = 'awaiting_approval' | 'open' | 'declined';

/** One of a batch, as its message shows them. */
export interface BatchMember {
  readonly name: string;
  readonly email: string;
  /** Why there is no run; null: there is one, or there will be. */
  readonly outcome: LeftOutWhy | null;
  readonly run: {
    readonly id: string;
    readonly code: string;
    readonly status: RunStatus;
    readonly ended: number;
    readonly total: number;
    readonly needYou: number;
  } | null;
}

export interface BatchView {
  readonly id: string;
  readonly code: string;
  readonly status: BatchStatus;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly reason: string;
  readonly totals: BatchTotals;
  readonly members: readonly BatchMember[];
  readonly leftOut: readonly LeftOut[];
  /** Operators' keys: who asked, and approvers among those who leave. */
  readonly never: readonly string[];
  /** Those that count, oldest first, or the no. */
  readonly decisions: readonly {
    readonly by: string;
    readonly kind: 'approve' | 'decline';
    readonly at: Date;
    readonly counts: boolean;
  }[];
}

/** `again`: their own first yes stands. `asker_gone`: who asked is no operator any more. */
export type JudgeBatchVerdict =
  | { readonly verdict: 'approved' | 'again' | 'declined'; readonly approvals: number; readonly status: BatchStatus }
  | { readonly verdict: 'unknown' | 'asker_gone' }
  | { readonly verdict: NotSecond }
  | { readonly verdict: 'stale'; readonly status: BatchStatus; readonly by: string | null; readonly at: Date | null };

/** Somebody of an approved batch who has no run yet, and is ours to look at. */
export interface BatchTurn extends BatchPerson {
  readonly batchId: string;
  readonly number: number;
  readonly code: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly judgedAt: Date;
  readonly reason: string;
  readonly tries: number;
}

export interface BatchStore {
  /** Once for each plan that was shown; null: who asks is no operator any more. */
  ask(batch: {
    readonly shownAs: string;
    readonly requestedBy: string;
    readonly requestedAt: Date;
    readonly reason: string;
    readonly plan: BatchPlan;
  }): Promise<{ readonly id: string; readonly code: string } | null>;
  view(id: string): Promise<BatchView | null>;
  /** Those that wait for approvers, oldest first. */
  waiting(): Promise<readonly BatchView[]>;
  judge(id: string, kind: 'approve' | 'decline', by: string, now: Date): Promise<JudgeBatchVerdict>;
  /** Each for one process at a time; one that died is replaced after a minute. */
  take(limit: number): Promise<readonly BatchTurn[]>;
  /** It got no run. */
  leaveOut(turn: BatchTurn, why: LeftOutWhy): Promise<void>;
  putOff(turn: BatchTurn, afterMs: number): Promise<void>;
  /** A run's picture was drawn: its batch's is due again. False: it is in none. */
  wantOf(runId: string): Promise<boolean>;
}
