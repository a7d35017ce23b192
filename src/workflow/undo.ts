// The undo of an offboarding: shown first with what stays lost, asked for by an operator, allowed by another approver, then a run of its own.
import { firstReminderAt } from './approvals.ts';
import { runningAlready, searchRuns } from './live-run.ts';
import type { PlanView, Refusal } from './model/plan.ts';
import { policyFacts } from './model/policy.ts';
import type { EngineStore, LiveRun, LiveRuns } from './model/ports.ts';
import { type OperatorId, operatorKey } from './model/run.ts';
import { OtherWay } from './model/undone.ts';
import type { Runner } from './runner.ts';
import { planStepRuns } from './steps/plan-rows.ts';
import { previewUndo, type UndoPreview, type UndoPreviewDeps } from './undo-preview.ts';

const KIND = 'rehire';

export interface UndoVerbDeps extends UndoPreviewDeps {
  readonly store: Pick<EngineStore, 'openRun'>;
  readonly runs: LiveRuns;
  readonly runner: Pick<Runner, 'room'>;
  /** Null: on the list. */
  refusalOf(operator: OperatorId): Promise<Refusal | null>;
  changed(): void;
}

export interface ConfirmedUndo {
  readonly runId: string;
  readonly personId: string;
  readonly plan: PlanView;
}

export type OpenedUndo =
  | { readonly kind: 'awaiting_approval'; readonly runId: string; readonly code: string; readonly plan: PlanView }
  | { readonly kind: 'changed'; readonly personId: string; readonly plan: PlanView }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Undos {
  /** Reads only. */
  previewUndo(operator: OperatorId, runId: string): Promise<UndoPreview>;
  /** Reads again; asks a second person for what was confirmed, and begins nothing. Safe to repeat. */
  openUndo(
    operator: OperatorId,
    confirmed: ConfirmedUndo,
    request: { readonly at: Date; readonly reason: string },
  ): Promise<OpenedUndo>;
}

export function createUndos(deps: UndoVerbDeps): Undos {
  const refuse = (refusal: Refusal) => ({ kind: 'refused', refusal }) as const;
  return {
    async previewUndo(operator, runId) {
      const refusal = await deps.refusalOf(operator);
      if (refusal) return refuse(refusal);
      const seen = await previewUndo(deps, operator, runId);
      if (seen.kind === 'refused') return seen;
      const live = await deps.runs.live(KIND, seen.personId);
      return live ? refuse(runningAlready(KIND, seen.plan, live)) : seen;
    },

    async openUndo(operator, { runId, personId, plan }, request) {
      const requestedBy = operatorKey(operator);
      const search = searchRuns(deps.runs, { kind: KIND, personId, operator, at: request.at });
      const asked = (run: Pick<LiveRun, 'id' | 'code'>, as: PlanView): OpenedUndo => ({
        kind: 'awaiting_approval',
        runId: run.id,
        code: run.code,
        plan: as,
      });
      const [refusal, ours, live] = await Promise.all([deps.refusalOf(operator), search.ours(), search.live()]);
      if (refusal) return refuse(refusal);
      if (ours) return asked(ours, plan);
      if (live) return refuse(runningAlready(KIND, plan, live));
      const seen = await previewUndo(deps, operator, runId);
      if (seen.kind === 'refused') return seen;
      if (seen.plan.hash !== plan.hash) return { kind: 'changed', personId, plan: seen.plan };
      const removed = await deps.refusalOf(operator);
      if (removed) return refuse(removed);
      const { policy, hash } = deps.policy;
      const opened = await deps.store
        .openRun(
          {
            kind: KIND,
            personId: seen.personId,
            person: seen.plan.person,
            ids: seen.ids,
            trigger: 'undo',
            requestedBy,
            reason: request.reason,
            planHash: seen.plan.hash,
            policyHash: hash,
            // Nothing of an undo is begun before the approval, whatever the policy says of containment.
            policy: { ...policyFacts(policy), 'protected.containBeforeApproval': false },
            requestedAt: request.at,
            approval: { plan: seen.plan, remindAt: firstReminderAt(deps) },
            undoes: runId,
          },
          planStepRuns(deps.undoSteps, { devices: seen.devices }),
          deps.runner.room(),
          deps.clock.now(),
        )
        .catch((error: unknown) => {
          if (error instanceof OtherWay) return null;
          throw error;
        });
      if (opened === null) {
        const other = await deps.runs.live('offboarding', personId);
        return refuse({ why: 'undo_newer', person: seen.plan.person, code: other?.code ?? '' });
      }
      deps.changed();
      const other = opened.joined ? await search.faster() : null;
      return other
        ? refuse(runningAlready(KIND, seen.plan, other))
        : asked({ id: opened.runId, code: opened.code }, seen.plan);
    },
  };
}
