// The verbs: the only way in, from any door. Every verb asks itself who may, and answers with what was and was not done.
import { type PlanView, protectionOf, type Refusal } from './model/plan.ts';
import { policyFacts } from './model/policy.ts';
import type { Clock, EngineStore, LiveRun, RetryVerdict } from './model/ports.ts';
import { type OperatorId, operatorKey, type RunKind } from './model/run.ts';
import { type Preview, type PreviewDeps, previewOffboarding } from './preview.ts';
import type { Runner } from './runner.ts';
import { planStepRun } from './steps/catalogue.ts';

export interface WorkflowDeps extends PreviewDeps {
  readonly store: Pick<EngineStore, 'openRun' | 'retry'>;
  readonly runs: {
    live(kind: RunKind, personId: string): Promise<LiveRun | null>;
    ofRequest(request: {
      kind: RunKind;
      personId: string;
      requestedBy: string;
      requestedAt: Date;
    }): Promise<LiveRun | null>;
  };
  readonly runner: Pick<Runner, 'begin' | 'room' | 'wake'>;
  readonly clock: Clock;
  notify(): void;
  onChange(): void;
}

/** What an operator saw and confirmed. */
export interface Confirmed {
  readonly personId: string;
  readonly plan: PlanView;
}

export type Opened =
  | { readonly kind: 'started'; readonly runId: string; readonly code: string; readonly plan: PlanView }
  | { readonly kind: 'changed'; readonly personId: string; readonly plan: PlanView; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type Retried = RetryVerdict | { readonly verdict: 'refused'; readonly refusal: Refusal };

export interface Workflow {
  /** Reads only. */
  preview(operator: OperatorId, email: string): Promise<Preview>;
  /** Reads the decision facts again; starts only what was confirmed. Safe to repeat: the same request finds its own run. */
  open(
    operator: OperatorId,
    confirmed: Confirmed,
    request: { at: Date; reason: string | null; trigger: string },
  ): Promise<Opened>;
  /** Counts once for the attempt the button was drawn for. */
  retry(operator: OperatorId, stepRunId: string, attempt: number): Promise<Retried>;
  /** Null: on the list. */
  refusalOf(operator: OperatorId): Promise<Extract<Refusal, { why: 'not_operator' }> | null>;
}

export function createWorkflow(deps: WorkflowDeps): Workflow {
  const refusalOf: Workflow['refusalOf'] = async (operator) => {
    if ((await deps.operators.role(operator)) !== null) return null;
    return {
      why: 'not_operator',
      contacts: (await deps.operators.contacts()).filter((one) => one.teamId === operator.teamId),
    };
  };

  const runningAlready = (plan: PlanView, live: LiveRun): Refusal => ({
    why: 'already_running',
    runId: live.id,
    person: plan.person,
    code: live.code,
    requestedBy: live.requestedBy,
    requestedAt: live.requestedAt,
    done: live.done,
    total: live.total,
    threadUrl: null,
  });

  return {
    refusalOf,

    async preview(operator, email) {
      const refusal = await refusalOf(operator);
      if (refusal) return { kind: 'refused', refusal };
      const seen = await previewOffboarding(deps, operator, { email });
      if (seen.kind === 'refused') return seen;
      const live = await deps.runs.live('offboarding', seen.personId);
      return live ? { kind: 'refused', refusal: runningAlready(seen.plan, live) } : seen;
    },

    async open(operator, confirmed, request) {
      const refusal = await refusalOf(operator);
      if (refusal) return { kind: 'refused', refusal };
      // This very request, handled again after a crash, finds the run it opened, though it may have closed since.
      const findOurs = () =>
        deps.runs.ofRequest({
          kind: 'offboarding',
          personId: confirmed.personId,
          requestedBy: operatorKey(operator),
          requestedAt: request.at,
        });
      const ours = await findOurs();
      if (ours) return { kind: 'started', runId: ours.id, code: ours.code, plan: confirmed.plan };
      const live = await deps.runs.live('offboarding', confirmed.personId);
      if (live) return { kind: 'refused', refusal: runningAlready(confirmed.plan, live) };
      const seen = await previewOffboarding(deps, operator, {
        email: confirmed.plan.person.email,
        oktaId: confirmed.personId,
      });
      if (seen.kind === 'refused') return seen;
      if (seen.plan.hash !== confirmed.plan.hash) {
        return {
          kind: 'changed',
          personId: seen.personId,
          plan: seen.plan,
          refusal: { why: 'changed', before: confirmed.plan, now: seen.plan },
        };
      }
      const because = protectionOf(seen.plan);
      if (because) return { kind: 'refused', refusal: { why: 'protected', person: seen.plan.person, because } };
      // Asked once more right before the only write: the reads above took time.
      const removed = await refusalOf(operator);
      if (removed) return { kind: 'refused', refusal: removed };
      const opened = await deps.store.openRun(
        {
          kind: 'offboarding',
          personId: seen.personId,
          person: seen.plan.person,
          ids: seen.ids,
          trigger: request.trigger,
          requestedBy: operatorKey(operator),
          reason: request.reason,
          planHash: seen.plan.hash,
          policyHash: deps.policy.hash,
          policy: policyFacts(deps.policy.policy),
          requestedAt: request.at,
        },
        deps.steps.map((step) => planStepRun(step)),
        deps.runner.room(),
        deps.clock.now(),
      );
      deps.runner.begin(opened.mine);
      deps.notify(); // the others must know that there is work in hand, should we die
      deps.runner.wake();
      deps.onChange();
      const started: Opened = { kind: 'started', runId: opened.runId, code: opened.code, plan: seen.plan };
      if (!opened.joined || (await findOurs())) return started;
      const other = await deps.runs.live('offboarding', seen.personId);
      return other ? { kind: 'refused', refusal: runningAlready(seen.plan, other) } : started;
    },

    async retry(operator, stepRunId, attempt) {
      const refusal = await refusalOf(operator);
      if (refusal) return { verdict: 'refused', refusal };
      const answer = await deps.store.retry(stepRunId, attempt, operator, deps.clock.now());
      if (answer.verdict === 'resumed') {
        deps.notify();
        deps.runner.wake();
        deps.onChange();
      }
      return answer;
    },
  };
}
