// The one run of a person and kind that has not ended: found before another is opened, and told to whoever asks for a second.
import type { Refusal } from './model/plan.ts';
import type { LiveRun, LiveRuns } from './model/ports.ts';
import { type OperatorId, operatorKey, type Person, type RunKind } from './model/run.ts';
import type { LookedAgain } from './open-again.ts';

/** Looks for what stands before a run is opened, and after it was joined. */
export interface RunSearch {
  /** This very request, handled again after a crash, finds the run it opened, though it may have closed since. */
  ours(): Promise<LiveRun | null>;
  live(): Promise<LiveRun | null>;
  /** After a run was joined: that of whoever was faster; null: it is ours all the same. */
  faster(): Promise<LiveRun | null>;
}

export function searchRuns(
  runs: LiveRuns,
  asked: { readonly kind: RunKind; readonly personId: string; readonly operator: OperatorId; readonly at: Date },
): RunSearch {
  const { kind, personId } = asked;
  const ours = () =>
    runs.ofRequest({ kind, personId, requestedBy: operatorKey(asked.operator), requestedAt: asked.at });
  const live = () => runs.live(kind, personId);
  return { ours, live, faster: async () => ((await ours()) ? null : live()) };
}

/** `again`: what a second look at its containment found, where there was one. */
export function runningAlready(
  kind: RunKind,
  { person }: { readonly person: Person },
  run: LiveRun,
  again?: LookedAgain,
): Refusal {
  return {
    why: 'already_running',
    kind,
    runId: run.id,
    person,
    code: run.code,
    requestedBy: run.requestedBy,
    requestedAt: run.requestedAt,
    done: run.done,
    total: run.total,
    awaitsApproval: run.status === 'awaiting_approval',
    threadUrl: null,
    ...(again ? { again } : {}),
  };
}
