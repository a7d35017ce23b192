// The verbs: the only way in, from any door. Every verb asks itself who may, and answers with what was and was not done.
import { type AppOwners, type AppOwnerVerbDeps, createAppOwners } from './app-owners.ts';
import { type ApprovalDeps, type Approvals, createApprovals } from './approvals.ts';
import { type BatchDeps, type Batches, createBatches } from './batch.ts';
import { type Breaker, type BreakerDeps, createBreaker } from './breaker.ts';
import { createDecides, type DecideDeps, type Decides } from './decide.ts';
import { createHolds, type HoldDeps, type Holds } from './holds.ts';
import type { Refusal } from './model/plan.ts';
import type { Clock } from './model/ports.ts';
import type { OperatorId } from './model/run.ts';
import type { Secrets } from './model/secret.ts';
import { createOffboards, type OffboardDeps, type Offboards } from './offboard.ts';
import type { PreviewDeps } from './preview.ts';
import { createReturns, type Returns } from './returns.ts';
import { createReveals, type RevealDeps, type Reveals } from './reveal.ts';
import type { Runner } from './runner.ts';
import { stepsOfOffboarding } from './steps/steps-of-run.ts';
import { createUndos, type Undos } from './undo.ts';
import { previewUndo, type UndoPreviewDeps } from './undo-preview.ts';

export interface WorkflowDeps extends PreviewDeps {
  readonly store: OffboardDeps['store'] & DecideDeps['store'] & ApprovalDeps['store'] & HoldDeps['store'];
  readonly starts: OffboardDeps['starts'];
  readonly runs: OffboardDeps['runs'] & DecideDeps['runs'] & ApprovalDeps['runs'];
  readonly breaker: BreakerDeps['breaker'];
  readonly batches: BatchDeps['batches'];
  readonly reveals: RevealDeps['reveals'];
  readonly jamf: (PreviewDeps['jamf'] & RevealDeps['lockedBy']) | null;
  readonly undone: UndoPreviewDeps['undone'];
  readonly undoSteps: UndoPreviewDeps['undoSteps'];
  readonly runner: Pick<Runner, 'begin' | 'room' | 'wake'>;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly appOwners: AppOwnerVerbDeps['appOwners'];
  notify(): void;
  onChange(): void;
}

export interface Workflow
  extends Offboards,
    Decides,
    Approvals,
    AppOwners,
    Batches,
    Breaker,
    Holds,
    Returns,
    Reveals,
    Undos {
  /** Null: on the list. */
  refusalOf(operator: OperatorId): Promise<Extract<Refusal, { why: 'not_operator' }> | null>;
}

export function createWorkflow(given: WorkflowDeps): Workflow {
  const deps = { ...given, steps: stepsOfOffboarding(given.steps) };
  const refusalOf: Workflow['refusalOf'] = async (operator) => {
    if ((await deps.operators.role(operator)) !== null) return null;
    return {
      why: 'not_operator',
      contacts: (await deps.operators.contacts()).filter((one) => one.teamId === operator.teamId),
    };
  };

  const changed = (): void => {
    deps.notify();
    deps.runner.wake();
    deps.onChange();
  };

  return {
    refusalOf,
    ...createOffboards({ ...deps, refusalOf, changed }),
    ...createDecides({ ...deps, refusalOf, changed }),
    ...createApprovals({ ...deps, changed, lookAtUndo: (operator, runId) => previewUndo(deps, operator, runId) }),
    ...createBatches({ ...deps, refusalOf, changed }),
    ...createBreaker({ ...deps, changed }),
    ...createHolds({ ...deps, changed }),
    ...createReturns({ ...given, refusalOf, changed }),
    ...createUndos({ ...deps, refusalOf, changed }),
    ...createReveals({ ...deps, lockedBy: deps.jamf, onChange: changed }),
    ...createAppOwners({ ...deps, changed }),
  };
}
