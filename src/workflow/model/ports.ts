// What orchestration needs from the outside: the store's engine calls and a clock. Pure types.
import type { AttemptOutcome, ClaimedStep, IntendVerdict, NewWrite, Recorded, WriteAnswer } from './claimed-step.ts';
import type { DeviceRun } from './device.ts';
import type { NewRun, OpenedRun, PlannedStepRun } from './new-run.ts';
import type { PlanView } from './plan.ts';
import type { OperatorId, Role, RunKind, RunStatus } from './run.ts';
import type { Facts, Observation } from './step.ts';
import type {
  AskedHold,
  CancelVerdict,
  CutVerdict,
  DecideVerdict,
  Deciding,
  HoldDecision,
  HoldVerdict,
  Judgement,
  JudgeVerdict,
  StepDecision,
} from './verdicts.ts';

/** Business time: due moments, dates, receipts. Leases and takeovers use the database's clock instead. */
export interface Clock {
  now(): Date;
}

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
    by: string,
    now: Date,
  ): Promise<readonly string[]>;
  /** Opens what a watch found open, and its run where that has closed; once a reading. */
  cutAgain(
    watch: { readonly stepRun: string; readonly attempt: number },
    by: OperatorId,
    now: Date,
  ): Promise<CutVerdict>;
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

export interface LiveRuns {
  live(kind: RunKind, personId: string): Promise<LiveRun | null>;
  /** How many have ended. */
  ended(kind: RunKind, personId: string): Promise<number>;
  /** The run that this very request opened, closed or not. */
  ofRequest(request: {
    kind: RunKind;
    personId: string;
    requestedBy: string;
    requestedAt: Date;
  }): Promise<LiveRun | null>;
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
