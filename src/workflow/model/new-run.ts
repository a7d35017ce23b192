// A run as it is opened, with its steps, and what the store answers. Pure types.
import type { ClaimedStep } from './claimed-step.ts';
import type { PlanView } from './plan.ts';
import type { Person, PinnedIds, RunKind } from './run.ts';
import type { Start } from './start.ts';
import type { Facts } from './step.ts';

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
  /** Absent: at once. */
  readonly start?: Start;
  /** Of a rehire: the run that it takes back. */
  readonly undoes?: string;
  /** How many runs of this kind and person had ended when the look began that was confirmed; absent: not compared. */
  readonly endedBefore?: number;
}

/** Another run of this person came and went since it was looked at: nothing was opened. */
export class StaleLook extends Error {}

export type OpenedRun = {
  readonly joined: boolean;
  readonly runId: string;
  readonly code: string;
  readonly mine: readonly ClaimedStep[];
  readonly left: boolean;
};
