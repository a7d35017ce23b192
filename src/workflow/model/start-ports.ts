// What runs that begin by themselves need from the store: knocks at the doors, polls, and runs that have not begun. Pure types.
import type { NewRun, OpenedRun, PlannedStepRun } from './new-run.ts';
import type { Person, PinnedIds, RunStatus } from './run.ts';
import type { Door, Start } from './start.ts';

export interface Knock {
  readonly door: Door;
  /** The vendor's id of the record or account that may have changed. */
  readonly subject: string;
  /** Business time of the first knock that has not been looked at. */
  readonly knockedAt: Date;
  readonly tries: number;
  /** The fence: what knocks meanwhile is looked at again. */
  readonly wanted: number;
}

export interface KnockStore {
  /** However often somebody knocks before it is looked at, it is one look. */
  knock(door: Door, subjects: readonly string[], now: Date): Promise<void>;
  claim(limit: number): Promise<readonly Knock[]>;
  looked(knock: Knock, outcome: string): Promise<void>;
  /** It is tried again after so long. */
  putOff(knock: Knock, outcome: string, afterMs: number): Promise<void>;
  /** When the next look is due, in ms; null: none waits. */
  nextInMs(): Promise<number | null>;
  /** One process a turn, by the database's clock: null for the others. `position` null: it has never been polled. */
  takePoll(name: string, everyMs: number): Promise<{ readonly position: unknown } | null>;
  /** The new position and who has to be looked at, together or not at all. */
  polled(name: string, position: unknown, door: Door, subjects: readonly string[], now: Date): Promise<void>;
}

/** A run that has not begun, as the verbs need it. */
export interface StartRow {
  readonly id: string;
  readonly code: string;
  readonly status: RunStatus;
  readonly personId: string;
  readonly person: Person;
  readonly ids: PinnedIds;
  readonly trigger: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly reason: string | null;
  readonly start: StoredStart | null;
  readonly tries: number;
}

export interface StoredStart extends Start {
  /** Why it could not be looked at when its moment came; null: it could, or has not been tried. */
  readonly trouble: string | null;
  readonly reminded: boolean;
  /** Its moment came while it waited for a second person. */
  readonly passed: boolean;
}

export type Restarted = { readonly verdict: 'stale' } | ({ readonly verdict: 'restarted' } & Omit<OpenedRun, 'joined'>);

export interface StartStore {
  read(runId: string): Promise<StartRow | null>;
  /** The live run of this person that has not begun; null: there is none. */
  waiting(personId: string): Promise<StartRow | null>;
  /** Live runs that this HR record scheduled, or is held about. */
  ofRecord(recordId: string): Promise<readonly StartRow[]>;
  /** Whether a run of this person has ended that was about this end of this record, or this very deactivation. Clocks are not compared. */
  isDoneBefore(
    personId: string,
    end: { record: string; day: string | null } | null,
    deactivatedAt: Date | null,
  ): Promise<boolean>;
  /** From `scheduled` or `held` only, and only as `expected` still stands. `by`: an operator's key, or a door. */
  restart(
    runId: string,
    expected: Pick<Start, 'status' | 'at'>,
    run: NewRun,
    steps: readonly PlannedStepRun[],
    by: string,
    take: { vendors: readonly string[]; limit: number },
    now: Date,
  ): Promise<Restarted>;
  /** The dates of a run that waits for its approval. */
  move(runId: string, start: Start, ids: PinnedIds, by: string, now: Date): Promise<boolean>;
  /** False: it has begun, or has ended. */
  withdraw(runId: string, by: string, now: Date): Promise<boolean>;
  /** Runs whose moment has come become ours to look at, for a minute; reminders that are due are drawn. */
  takeDue(now: Date, limit: number): Promise<readonly string[]>;
  /** Answers how often it was put off; null: it is no longer scheduled. */
  putOff(runId: string, trouble: string, afterMs: number): Promise<number | null>;
  /** The next moment or reminder; null: none. */
  nextAt(): Promise<Date | null>;
  /** Whether this run may have deactivated the account itself. */
  hasDeactivated(runId: string): Promise<boolean>;
  /** For the run's own log. */
  note(runId: string, by: string, action: string, detail: Readonly<Record<string, unknown>>): Promise<void>;
}
