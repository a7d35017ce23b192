// A step run that one process has taken, what it intends to write and how its attempt ended. Pure types.
import type { PinnedIds } from './run.ts';
import type { Decision, Facts, Need } from './step.ts';
import type { StepEvent } from './transitions.ts';

/** `deferred`: not applied, and not refused either: a rate limit, or our own lease. It counts as no try. */
export type WriteOutcome = 'accepted' | 'refused' | 'doubt' | 'deferred';

/** A write of this step run since it was last opened. `outcome` null: perhaps sent, nobody knows. */
export interface PastWrite {
  readonly id: number;
  readonly effect: string;
  readonly target: string;
  readonly attempt: number;
  readonly requestHash: string;
  readonly intendedAt: Date;
  readonly answeredAt: Date | null;
  readonly outcome: WriteOutcome | null;
  readonly receipt: Facts | null;
  readonly searches: number;
  readonly searchedAt: Date | null;
}

/** A step run that is ours until its lease ends. `attempt` is the fence. */
export interface ClaimedStep {
  readonly instance: number;
  readonly id: string;
  readonly step: string;
  readonly subject: string;
  /** What was confirmed of the subject. */
  readonly facts: Facts;
  readonly vendor: string;
  readonly attempt: number;
  readonly failures: number;
  readonly resumedAttempt: number;
  /** The attempt after which a person said that it is done. */
  readonly attestedAttempt: number | null;
  /** When the step was last (re)opened: what was said or done before counts no more. */
  readonly openedAt: Date;
  /** When its needs were met; absent: they are not. */
  readonly readyAt?: Date;
  readonly before: Facts | null;
  /** Milliseconds until a predecessor's unanswered write can no longer arrive at the vendor. */
  readonly waitMs: number;
  readonly run: {
    readonly id: string;
    readonly code: string;
    readonly ids: PinnedIds;
    readonly policy: Facts;
    readonly requestedAt: Date;
    /** A legal hold stands, as of the claim. `at`: ISO 8601. */
    readonly hold: { readonly by: string; readonly at: string } | null;
  };
  readonly writes: readonly PastWrite[];
  readonly decisions: readonly Decision[];
}

/** What became known of an intended write; committed with the next intent or the record. */
export interface WriteAnswer {
  readonly id: number;
  readonly outcome: WriteOutcome;
  readonly receipt: Facts | null;
  readonly error: string | null;
  readonly at: Date;
}

export interface NewWrite {
  readonly effect: string;
  readonly target: string;
  readonly repeat: string;
  readonly irreversible: boolean;
  readonly requestHash: string;
  /** Refused while a legal hold stands. */
  readonly blockedByHold?: true;
}

export type IntendVerdict =
  | { readonly verdict: 'go'; readonly writeId: number }
  | { readonly verdict: 'wait' | 'paused'; readonly waitMs: number }
  | { readonly verdict: 'fenced' | 'cancelled' | 'changed' | 'held' };

/** How an attempt ended. */
export interface AttemptOutcome {
  readonly event: Extract<StepEvent, 'satisfy' | 'pass' | 'wait' | 'ask' | 'attest' | 'stop'>;
  readonly cause: string | null;
  readonly need: Need | null;
  readonly dueAt: Date | null;
  readonly before: Facts | null;
  readonly after: Facts | null;
  readonly evidence: 'read_back' | 'accepted' | 'moot' | 'attested' | null;
  readonly failures: number;
}

export interface Recorded {
  /** True: somebody replaced us; nothing but the answers was kept. */
  readonly fenced: boolean;
  readonly mine: readonly ClaimedStep[];
  /** Steps became ready that we did not take. */
  readonly left: boolean;
}
