// What a person decides about a step or a run: who may is asked here, and of two who decide at once one counts.
import { refusedBecause } from './approvals.ts';
import { cutAgain } from './cut-again.ts';
import type { Refusal } from './model/plan.ts';
import type { Clock, EngineStore, Operators } from './model/ports.ts';
import type { OperatorId, Role, RunView, StepView } from './model/run.ts';
import type { CancelVerdict, CutVerdict, DecideVerdict, StaleStep, StepDecision } from './model/verdicts.ts';

export type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };
export type Decided = Extract<DecideVerdict, { verdict: 'decided' | 'unknown' | 'stale' }> | Refused;
export type Cancelled = Extract<CancelVerdict, { verdict: 'cancelled' | 'unknown' | 'stale' }> | Refused;

export type Cut = Extract<CutVerdict, { verdict: 'decided' | 'unknown' | 'stale' | 'live_elsewhere' }> | Refused;

/** What a window about a decision needs, or why there is none. */
export type AskedDecision =
  | { readonly verdict: 'may'; readonly run: RunView; readonly step: StepView }
  | { readonly verdict: 'unknown' }
  | StaleStep
  | Refused;

export interface StepReference {
  readonly stepRun: string;
  readonly attempt: number;
}

export interface DecideDeps {
  readonly store: Pick<EngineStore, 'decide' | 'cancelRun' | 'cutAgain'>;
  readonly runs: { ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null> };
  readonly operators: Operators;
  readonly clock: Clock;
  /** Null: on the list. */
  refusalOf(operator: OperatorId): Promise<Refusal | null>;
  changed(): void;
}

export interface Decides {
  /** Retry, skip, attest, answer, extend, write off. Counts once for the attempt the button was drawn for. */
  decide(operator: OperatorId, step: StepReference, decision: StepDecision): Promise<Decided>;
  /** Whether this operator could decide so now. Reads only. */
  mayDecide(
    operator: OperatorId,
    step: StepReference,
    kind: 'skip' | 'attest' | 'answer' | 'extend' | 'write_off',
  ): Promise<AskedDecision>;
  /** What a watch found open is closed once more, by the steps that closed it. Counts once a reading. */
  cutAgain(operator: OperatorId, watch: StepReference): Promise<Cut>;
  /** Nothing more is begun; a call that is under way may still arrive. */
  cancel(operator: OperatorId, runId: string): Promise<Cancelled>;
}

export function createDecides(deps: DecideDeps): Decides {
  /** Asks who may, then decides: one statement, in the role just read. */
  const asOperator = async <T>(operator: OperatorId, act: (role: Role) => Promise<T>): Promise<T | Refused> => {
    const role = await deps.operators.role(operator);
    if (role !== null) return act(role);
    const refusal = await deps.refusalOf(operator);
    return { verdict: 'refused', refusal: refusal ?? { why: 'not_operator', contacts: [] } };
  };

  return {
    decide: (operator, step, decision) =>
      asOperator(operator, async (role): Promise<Decided> => {
        const answer = await deps.store.decide(step, decision, { operator, role }, deps.clock.now());
        switch (answer.verdict) {
          case 'decided':
            deps.changed();
            return answer;
          case 'unknown':
          case 'stale':
            return answer;
          case 'needs_approver':
            return refusedBecause(deps, operator, answer.verdict, decision.kind === 'retry' ? 'answer' : decision.kind);
          default:
            return refusedBecause(deps, operator, answer.verdict, 'answer');
        }
      }),

    mayDecide: (operator, { stepRun, attempt }, kind) =>
      asOperator(operator, async (role): Promise<AskedDecision> => {
        const found = await deps.runs.ofStepRun(stepRun);
        if (!found) return { verdict: 'unknown' };
        const { run, step } = found;
        const earlier = step.decisions.find((one) => one.attempt >= attempt);
        const isOpen =
          step.status === (kind === 'extend' ? 'waiting' : 'needs_human') ||
          ((kind === 'skip' || kind === 'attest') && (isLate(step) || isWithOwner(step)));
        if (!isOpen || step.attempt !== attempt || earlier) {
          const by = earlier?.by ?? (step.status === 'cancelled' ? run.cancelledBy : null);
          const at = earlier?.at ?? (step.status === 'cancelled' ? run.closedAt : null);
          const what = earlier?.kind ?? (step.status === 'cancelled' ? 'cancel' : null);
          return { verdict: 'stale', status: step.status, attempt: step.attempt, what, by, at };
        }
        const isApprovers = kind === 'extend' || kind === 'write_off';
        if (isApprovers && role === 'operator') return refusedBecause(deps, operator, 'needs_approver', kind);
        // Whose answer counts is asked as it is given.
        if (kind !== 'answer' && !isApprovers && step.stage === 'contain' && role === 'operator')
          return refusedBecause(deps, operator, 'needs_approver', kind);
        return { verdict: 'may', run, step };
      }),

    async cutAgain(operator, watch) {
      const answer = await cutAgain(deps, operator, watch);
      if (answer === null) return asOperator(operator, async () => ({ verdict: 'unknown' as const }));
      return answer.verdict === 'is_leaver' ? refusedBecause(deps, operator, 'is_leaver') : answer;
    },

    cancel: (operator, runId) =>
      asOperator(operator, async (role): Promise<Cancelled> => {
        const answer = await deps.store.cancelRun(runId, { operator, role }, deps.clock.now());
        switch (answer.verdict) {
          case 'needs_approver':
            return refusedBecause(deps, operator, answer.verdict, 'cancel');
          case 'is_leaver':
            return refusedBecause(deps, operator, answer.verdict);
          case 'cancelled':
            deps.changed();
            return { verdict: 'cancelled' };
          case 'unknown':
            return { verdict: 'unknown' };
          default:
            return answer;
        }
      }),
  };
}

/** A vendor has not finished for a day: a person may say that it is not waited for any longer. */
function isLate({ status, after }: StepView): boolean {
  return status === 'waiting' && after?.late === true;
}

/** An app's owner has not answered yet: an approver may say it, or sign an exception, before they do. */
function isWithOwner({ step, status }: StepView): boolean {
  return step === 'app.owner' && status === 'waiting';
}
