// What orchestration needs from the outside: the store's engine calls and a clock. Pure types.
import type { DeviceRun } from './device.ts';
import type { PlanView } from './plan.ts';
import type { OperatorId, Person, PinnedIds, Role, RunKind, RunStatus } from './run.ts';
import type { Decision, Facts, Need, Observation } from './step.ts';
import type { StepEvent, StepStatus } from './transitions.ts';

/** Business time: due moments, dates, receipts. Leases and takeovers use the database's clock instead. */
export interface Clock {
  now(): Date;
}

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

export interface PlannedStepRun {
  readonly step: string;
  readonly subject: string;
  /** Of the subject: what the run keeps of it. */
  readonly facts: Facts;
  readonly vendor: string;
  readonly stage: string;
  readonly priority: number;
  readonly needs: readonly (readonly unknown[])[];
  readonly timed: boolean;
  /** A cancelled run still does it, where a step that it needs may have written. */
  readonly outlives: boolean;
}

export interface NewRun {
  readonly kind: RunKind;
  readonly personId: string;
  readonly person: Person;
  readonly ids: PinnedIds;
  readonly trigger: string;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly planHash: string | null;
  readonly policyHash: string;
  readonly policy: Facts;
  readonly requestedAt: Date;
  /** Not null: it waits for a second person's yes to this plan. */
  readonly approval: { readonly plan: PlanView; readonly remindAt: Date } | null;
}

export type OpenedRun = {
  readonly joined: boolean;
  readonly runId: string;
  readonly code: string;
  readonly mine: readonly ClaimedStep[];
  readonly left: boolean;
};

export interface Sweep {
  readonly takenOver: number;
  readonly woken: number;
  readonly ready: number;
  readonly inHand: number;
  /** Inbound deliveries whose handler is gone. */
  readonly adoptable: number;
  /** Pictures that nobody is drawing. */
  readonly undrawn: number;
  readonly nextDueAt: Date | null;
}

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

/** The engine's calls on the store, each one committed statement. */
export interface EngineStore {
  claim(vendors: readonly string[], limit: number, now: Date): Promise<readonly ClaimedStep[]>;
  intend(step: ClaimedStep, write: NewWrite, answers: readonly WriteAnswer[], now: Date): Promise<IntendVerdict>;
  /** Commits answers at once, for effects that cannot wait for the record. */
  settle(step: ClaimedStep, answers: readonly WriteAnswer[], now: Date): Promise<void>;
  record(
    step: ClaimedStep,
    outcome: AttemptOutcome,
    answers: readonly WriteAnswer[],
    searched: readonly number[],
    take: { vendors: readonly string[]; limit: number },
    now: Date,
  ): Promise<Recorded>;
  openRun(
    run: NewRun,
    steps: readonly PlannedStepRun[],
    take: { vendors: readonly string[]; limit: number },
    now: Date,
  ): Promise<OpenedRun>;
  decide(
    step: { readonly stepRun: string; readonly attempt: number },
    decision: StepDecision,
    by: Deciding,
    now: Date,
  ): Promise<DecideVerdict>;
  /** Who may is read in the same statement; a yes opens the run and hands out what became ready. */
  judge(
    asked: { readonly run: string; readonly version: number },
    judgement: Judgement,
    by: OperatorId,
    take: { vendors: readonly string[]; limit: number },
    now: Date,
  ): Promise<JudgeVerdict>;
  /** False: somebody was faster. */
  renewPlan(
    asked: { readonly run: string; readonly version: number },
    plan: PlanView,
    by: OperatorId,
    now: Date,
  ): Promise<boolean>;
  cancelRun(runId: string, by: Deciding, now: Date): Promise<CancelVerdict>;
  /** A legal hold set or lifted; who may is read in the same statement. */
  holdRun(asked: AskedHold, decision: HoldDecision, by: OperatorId, now: Date): Promise<HoldVerdict>;
  /** Containment that has ended, but for what a person skipped: as an attempt would see it, claimed by nobody. */
  endedContainment(runId: string): Promise<readonly ClaimedStep[]>;
  /** Names of the steps that are done again; those that moved meanwhile are left alone. */
  reopen(
    runId: string,
    steps: readonly { readonly id: string; readonly attempt: number; readonly seen: Facts }[],
    by: OperatorId,
    now: Date,
  ): Promise<readonly string[]>;
  sweep(now: Date): Promise<Sweep>;
  pauseVendor(vendor: string, ms: number): Promise<void>;
  reservePace(vendor: string, calls: number, intervalMs: number, burst: number): Promise<number>;
}

/** This process's place among the others. */
export interface Lease {
  /** How much longer nobody may take over from us, in ms; 0 once the lock's session has ended. */
  leftMs(): number;
}

export interface Operators {
  role(operator: OperatorId): Promise<Role | null>;
  /** Somebody to ask for access: admins first. */
  contacts(): Promise<readonly OperatorId[]>;
  /** Who may leave access open: approvers and admins. */
  approvers(): Promise<readonly OperatorId[]>;
}

export interface LiveRun {
  readonly id: string;
  readonly code: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly status: RunStatus;
  readonly done: number;
  readonly total: number;
}

/** What the preview saw of one step. */
export interface PlannedStep {
  readonly step: string;
  readonly subject: string;
  /** Of the subject; absent: it has none. */
  readonly facts?: Facts;
  readonly seen: Observation | { readonly is: 'not_checked'; readonly why: string };
}

/** What our own rows say of devices, by `deviceKey`; `except`: the run that this person has of this kind. */
export interface DeviceRuns {
  fetching(
    keys: readonly string[],
    except: { readonly kind: RunKind; readonly personId: string },
  ): Promise<ReadonlyMap<string, DeviceRun>>;
}
