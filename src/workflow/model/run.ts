// A run: one offboarding, or one device return, of one person. Pure types.
import type { ReturnFacts } from './device-return.ts';
import type { PlanView } from './plan.ts';
import type { StoredStart } from './start-ports.ts';
import type { Fact, FailureCode, Need } from './step.ts';
import type { StepStatus } from './transitions.ts';

/** `rehire`: the undo of an offboarding. */
export type RunKind = 'offboarding' | 'device_return' | 'rehire';
export type RunStatus = 'awaiting_approval' | 'scheduled' | 'held' | 'open' | 'closed' | 'cancelled';

/** Who a run is about, as confirmed: acting is always on the pinned vendor ids, never on the address. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly title: string | null;
}

/** An operator as Slack knows them. Stored as `T123/U123`. */
export interface OperatorId {
  readonly teamId: string;
  readonly userId: string;
}

export type Role = 'operator' | 'approver' | 'admin';

export function operatorKey(operator: OperatorId): string {
  return `${operator.teamId}/${operator.userId}`;
}

/** Vendor → pinned id: `{ okta: '00u…', slack: 'U…', bamboohr: '41' }`; `hris.…`: what the record said when it was confirmed. */
export type PinnedIds = Readonly<Record<string, Fact>>;

/** A run as reporters and screens see it. */
export interface RunView {
  readonly id: string;
  readonly kind: RunKind;
  readonly code: string;
  readonly status: RunStatus;
  readonly person: Person;
  readonly requestedBy: string;
  readonly trigger: string;
  readonly reason: string | null;
  readonly requestedAt: Date;
  readonly closedAt: Date | null;
  /** Also by a second person's no. */
  readonly cancelledBy: string | null;
  /** Null: nobody else had to be asked. */
  readonly approval: ApprovalView | null;
  /** Absent or null: it began at once. `begunAt` null: it has done nothing yet. */
  readonly start?: (StoredStart & { readonly begunAt: Date | null }) | null;
  /** Every legal hold, oldest first; the last one stands where it was not lifted. */
  readonly holds: readonly HoldView[];
  /** Of a device return; absent: an offboarding. */
  readonly returns?: ReturnFacts;
  /** The undo that has begun to take it back; absent: none, or not looked for. */
  readonly undoneBy?: { readonly code: string };
  /** Without the watch, which no run waits for. */
  readonly steps: readonly StepView[];
  /** Looks at the closed doors days later, by day; absent: it has none. */
  readonly watch?: readonly StepView[];
}

export interface HoldView extends HoldWord {
  /** Null: it stands. */
  readonly lifted: HoldWord | null;
}

interface HoldWord {
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
}

/** The legal hold that stands; null: none. */
export function standingHold({ holds }: Pick<RunView, 'holds'>): HoldView | null {
  const last = holds.at(-1);
  return last && last.lifted === null ? last : null;
}

/** What a second person is asked, or has said. */
export interface ApprovalView {
  /** Counts the plans that were shown: a button is drawn for one of them. */
  readonly version: number;
  readonly plan: PlanView;
  readonly personId: string;
  /** Containment did not wait for it. */
  readonly containsFirst: boolean;
  /** Operator keys: who asked, and the leaver where they are known in Slack. */
  readonly never: readonly string[];
  readonly reminders: number;
  readonly ended: {
    readonly did: 'approve' | 'decline';
    readonly by: string;
    readonly at: Date;
    readonly reason: string | null;
  } | null;
}

export interface StepView {
  readonly id: string;
  readonly step: string;
  readonly subject: string;
  /** What was confirmed of the subject. */
  readonly facts: Readonly<Record<string, Fact>>;
  readonly status: StepStatus;
  readonly cause: string | null;
  readonly need: Need | null;
  readonly attempt: number;
  readonly failures: number;
  readonly startedAt: Date | null;
  readonly dueAt: Date | null;
  readonly endedAt: Date | null;
  readonly before: Readonly<Record<string, Fact>> | null;
  readonly after: Readonly<Record<string, Fact>> | null;
  readonly evidence: 'read_back' | 'accepted' | 'moot' | 'attested' | null;
  /** Attempts that failed, ever: a Retry forgets none. `last`: why, where it is known. */
  readonly failed: { readonly times: number; readonly last: FailureCode | null };
  readonly stage: string;
  /** What people decided about it, oldest first; `answer` holds a skip's reason, an attest's evidence. */
  readonly decisions: readonly {
    readonly kind: string;
    readonly by: string;
    readonly at: Date;
    readonly attempt: number;
    readonly answer: Readonly<Record<string, Fact>>;
  }[];
  /** Who looked at its passcode, oldest first. */
  readonly reveals: readonly { readonly by: string; readonly at: Date }[];
  /** How many reminders of its question are due. */
  readonly reminders: number;
  /** Retries by people, oldest first. */
  readonly retries: readonly { readonly by: string; readonly at: Date }[];
}
