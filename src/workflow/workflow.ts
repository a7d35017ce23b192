// The verbs: the only way in, from any door. Every verb asks itself who may, and answers with what was and was not done.
import { type PlanView, protectionOf, type Refusal } from './model/plan.ts';
import { policyFacts } from './model/policy.ts';
import type {
  CancelVerdict,
  Clock,
  DecideVerdict,
  EngineStore,
  LiveRun,
  StaleStep,
  StepDecision,
} from './model/ports.ts';
import { type OperatorId, operatorKey, type Role, type RunKind, type RunView, type StepView } from './model/run.ts';
import { type LookedAgain, reopenWhatIsOpen } from './open-again.ts';
import { type Preview, type PreviewDeps, previewOffboarding } from './preview.ts';
import type { Runner } from './runner.ts';
import { planStepRun } from './steps/catalogue.ts';

export interface WorkflowDeps extends PreviewDeps {
  readonly store: Pick<EngineStore, 'openRun' | 'decide' | 'cancelRun' | 'endedContainment' | 'reopen'>;
  readonly runs: {
    live(kind: RunKind, personId: string): Promise<LiveRun | null>;
    ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null>;
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

type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };
export type Decided = Exclude<DecideVerdict, { verdict: 'needs_approver' }> | Refused;
export type Cancelled = Exclude<CancelVerdict, { verdict: 'needs_approver' }> | Refused;

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

export interface Workflow {
  /** Reads only; but where a run is open already, it looks at that run's containment again and reopens what is open again. */
  preview(operator: OperatorId, email: string): Promise<Preview>;
  /** Reads the decision facts again; starts only what was confirmed. Safe to repeat: the same request finds its own run. */
  open(
    operator: OperatorId,
    confirmed: Confirmed,
    request: { at: Date; reason: string | null; trigger: string },
  ): Promise<Opened>;
  /** Retry, skip, attest. Counts once for the attempt the button was drawn for. */
  decide(operator: OperatorId, step: StepReference, decision: StepDecision): Promise<Decided>;
  /** Whether this operator could decide so now. Reads only. */
  mayDecide(operator: OperatorId, step: StepReference, kind: 'skip' | 'attest'): Promise<AskedDecision>;
  /** Nothing more is begun; a call that is under way may still arrive. */
  cancel(operator: OperatorId, runId: string): Promise<Cancelled>;
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

  const needsApprover = async (operator: OperatorId, act: 'skip' | 'attest' | 'cancel'): Promise<Refused> => ({
    verdict: 'refused',
    refusal: {
      why: 'needs_approver',
      act,
      contacts: (await deps.operators.approvers()).filter((one) => one.teamId === operator.teamId),
    },
  });

  /** Asks who may, then decides: one statement, in the role just read. */
  const asOperator = async <T>(operator: OperatorId, act: (role: Role) => Promise<T>): Promise<T | Refused> => {
    const role = await deps.operators.role(operator);
    if (role !== null) return act(role);
    const refusal = await refusalOf(operator);
    return { verdict: 'refused', refusal: refusal ?? { why: 'not_operator', contacts: [] } };
  };

  const changed = (): void => {
    deps.notify();
    deps.runner.wake();
    deps.onChange();
  };

  const runningAlready = (plan: PlanView, live: LiveRun, again?: LookedAgain): Refusal => ({
    why: 'already_running',
    runId: live.id,
    person: plan.person,
    code: live.code,
    requestedBy: live.requestedBy,
    requestedAt: live.requestedAt,
    done: live.done,
    total: live.total,
    threadUrl: null,
    ...(again ? { again } : {}),
  });

  return {
    refusalOf,

    async preview(operator, email) {
      const refusal = await refusalOf(operator);
      if (refusal) return { kind: 'refused', refusal };
      const seen = await previewOffboarding(deps, operator, { email });
      if (seen.kind === 'refused') return seen;
      const live = await deps.runs.live('offboarding', seen.personId);
      if (!live) return seen;
      // Joining a run asks for what that run asks for: what somebody opened since is closed again.
      const again = await reopenWhatIsOpen(deps, operator, live.id);
      if (again.reopened.length > 0) changed();
      return { kind: 'refused', refusal: runningAlready(seen.plan, live, again) };
    },

    async open(operator, confirmed, request) {
      // Reads only, and the cut waits for them: begun beside our own look-ups.
      const looking = previewOffboarding(deps, operator, {
        email: confirmed.plan.person.email,
        oktaId: confirmed.personId,
      });
      looking.catch(() => undefined); // where an answer below comes first, nobody waits for it
      // This very request, handled again after a crash, finds the run it opened, though it may have closed since.
      const findOurs = () =>
        deps.runs.ofRequest({
          kind: 'offboarding',
          personId: confirmed.personId,
          requestedBy: operatorKey(operator),
          requestedAt: request.at,
        });
      const [refusal, ours, live] = await Promise.all([
        refusalOf(operator),
        findOurs(),
        deps.runs.live('offboarding', confirmed.personId),
      ]);
      if (refusal) return { kind: 'refused', refusal };
      if (ours) return { kind: 'started', runId: ours.id, code: ours.code, plan: confirmed.plan };
      if (live) return { kind: 'refused', refusal: runningAlready(confirmed.plan, live) };
      const seen = await looking;
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

    decide: (operator, step, decision) =>
      asOperator(operator, async (role): Promise<Decided> => {
        const answer = await deps.store.decide(step, decision, { operator, role }, deps.clock.now());
        if (answer.verdict === 'needs_approver')
          return needsApprover(operator, decision.kind === 'attest' ? 'attest' : 'skip');
        if (answer.verdict === 'decided') changed();
        return answer;
      }),

    mayDecide: (operator, { stepRun, attempt }, kind) =>
      asOperator(operator, async (role): Promise<AskedDecision> => {
        const found = await deps.runs.ofStepRun(stepRun);
        if (!found) return { verdict: 'unknown' };
        const { run, step } = found;
        const earlier = step.decisions.find((one) => one.attempt >= attempt);
        if (step.status !== 'needs_human' || step.attempt !== attempt || earlier) {
          const by = earlier?.by ?? (step.status === 'cancelled' ? run.cancelledBy : null);
          const at = earlier?.at ?? (step.status === 'cancelled' ? run.closedAt : null);
          const what = earlier?.kind ?? (step.status === 'cancelled' ? 'cancel' : null);
          return { verdict: 'stale', status: step.status, attempt: step.attempt, what, by, at };
        }
        if (step.stage === 'contain' && role === 'operator') return needsApprover(operator, kind);
        return { verdict: 'may', run, step };
      }),

    cancel: (operator, runId) =>
      asOperator(operator, async (role): Promise<Cancelled> => {
        const answer = await deps.store.cancelRun(runId, { operator, role }, deps.clock.now());
        if (answer.verdict === 'needs_approver') return needsApprover(operator, 'cancel');
        if (answer.verdict === 'cancelled') changed();
        return answer;
      }),
  };
}
