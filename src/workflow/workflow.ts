// The verbs: the only way in, from any door. Every verb asks itself who may, and answers with what was and was not done.
import { type ApprovalDeps, type Approvals, createApprovals, firstReminderAt, refusedBecause } from './approvals.ts';
import { createHolds, type HoldDeps, type Holds } from './holds.ts';
import { confirmedDevices, type DeviceChoice, FetchedElsewhere, isDevicesDecided } from './model/device.ts';
import { isIdentityDecided, type PlanView, pinnedRecord, protectionOf, type Refusal } from './model/plan.ts';
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
import type { Secrets } from './model/secret.ts';
import { type LookedAgain, reopenWhatIsOpen } from './open-again.ts';
import { hashConfirmed, type Preview, type PreviewDeps, previewOffboarding } from './preview.ts';
import { createReturns, type Returns } from './returns.ts';
import { createReveals, type RevealDeps, type Reveals } from './reveal.ts';
import type { Runner } from './runner.ts';
import { planStepRuns } from './steps/plan-rows.ts';
import { stepsOfOffboarding } from './steps/steps-of-run.ts';

export interface WorkflowDeps extends PreviewDeps {
  readonly store: Pick<EngineStore, 'openRun' | 'decide' | 'cancelRun' | 'endedContainment' | 'reopen'> &
    ApprovalDeps['store'] &
    HoldDeps['store'];
  readonly runs: ApprovalDeps['runs'] & {
    live(kind: RunKind, personId: string): Promise<LiveRun | null>;
    ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null>;
    ofRequest(request: {
      kind: RunKind;
      personId: string;
      requestedBy: string;
      requestedAt: Date;
    }): Promise<LiveRun | null>;
  };
  readonly reveals: RevealDeps['reveals'];
  readonly jamf: (PreviewDeps['jamf'] & RevealDeps['lockedBy']) | null;
  readonly runner: Pick<Runner, 'begin' | 'room' | 'wake'>;
  readonly clock: Clock;
  readonly secrets: Secrets;
  notify(): void;
  onChange(): void;
}

/** What an operator saw and confirmed. */
export interface Confirmed {
  readonly personId: string;
  readonly plan: PlanView;
  /** Whose HR record it is, where the plan left that to a human: a record's id or NO_RECORD. */
  readonly chosen: string | null;
  /** Which devices, what of their data and how they return; null: the plan had none. */
  readonly devices: DeviceChoice | null;
}

export type Opened =
  /** `awaiting_approval`: a second person has to be asked, and is. */
  | {
      readonly kind: 'started' | 'awaiting_approval';
      readonly runId: string;
      readonly code: string;
      readonly plan: PlanView;
    }
  | { readonly kind: 'changed'; readonly personId: string; readonly plan: PlanView; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };
export type Decided = Extract<DecideVerdict, { verdict: 'decided' | 'unknown' | 'stale' }> | Refused;
export type Cancelled = Extract<CancelVerdict, { verdict: 'cancelled' | 'unknown' | 'stale' }> | Refused;

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

export interface Workflow extends Approvals, Holds, Returns, Reveals {
  /** Reads only; but where a run is open already, it looks at that run's containment again and reopens what is open again. */
  preview(operator: OperatorId, email: string): Promise<Preview>;
  /** Reads the decision facts again; starts only what was confirmed. Safe to repeat: the same request finds its own run. */
  open(
    operator: OperatorId,
    confirmed: Confirmed,
    request: { at: Date; reason: string | null; trigger: string },
  ): Promise<Opened>;
  /** Retry, skip, attest, answer, extend, write off. Counts once for the attempt the button was drawn for. */
  decide(operator: OperatorId, step: StepReference, decision: StepDecision): Promise<Decided>;
  /** Whether this operator could decide so now. Reads only. */
  mayDecide(
    operator: OperatorId,
    step: StepReference,
    kind: 'skip' | 'attest' | 'answer' | 'extend' | 'write_off',
  ): Promise<AskedDecision>;
  /** Nothing more is begun; a call that is under way may still arrive. */
  cancel(operator: OperatorId, runId: string): Promise<Cancelled>;
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
    awaitsApproval: live.status === 'awaiting_approval',
    threadUrl: null,
    ...(again ? { again } : {}),
  });

  const openedAs = (run: Pick<LiveRun, 'id' | 'code' | 'status'>, plan: PlanView): Opened => ({
    kind: run.status === 'awaiting_approval' ? 'awaiting_approval' : 'started',
    runId: run.id,
    code: run.code,
    plan,
  });

  return {
    refusalOf,
    ...createApprovals({ ...deps, changed }),
    ...createHolds({ ...deps, changed }),
    ...createReturns({ ...given, refusalOf, changed }),
    ...createReveals({ ...deps, lockedBy: deps.jamf, onChange: changed }),

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
      if (ours) return openedAs(ours, confirmed.plan);
      if (live) return { kind: 'refused', refusal: runningAlready(confirmed.plan, live) };
      const changedTo = (now: PlanView): Opened => ({
        kind: 'changed',
        personId: confirmed.personId,
        plan: now,
        refusal: { why: 'changed', before: confirmed.plan, now },
      });
      const seen = await looking;
      if (seen.kind === 'refused') return seen;
      if (seen.plan.hash !== confirmed.plan.hash) return changedTo(seen.plan);
      if (!isIdentityDecided(seen.plan, confirmed.chosen))
        return { kind: 'refused', refusal: { why: 'identity_undecided', person: seen.plan.person } };
      if (!isDevicesDecided(seen.plan.devices, confirmed.devices))
        return { kind: 'refused', refusal: { why: 'devices_undecided', person: seen.plan.person } };
      const devices = confirmedDevices(seen.plan.devices, confirmed.devices);
      const chosen = seen.plan.hris?.is === 'undecided' ? confirmed.chosen : null;
      const isProtected = protectionOf(seen.plan) !== null;
      // Asked once more right before the only write: the reads above took time.
      const removed = await refusalOf(operator);
      if (removed) return { kind: 'refused', refusal: removed };
      const opening = deps.store.openRun(
        {
          kind: 'offboarding',
          personId: seen.personId,
          person: seen.plan.person,
          ids: { ...seen.ids, ...pinnedRecord(seen.plan, chosen) },
          trigger: request.trigger,
          requestedBy: operatorKey(operator),
          reason: request.reason,
          planHash: hashConfirmed(seen.plan, chosen, devices),
          policyHash: deps.policy.hash,
          policy: policyFacts(deps.policy.policy),
          requestedAt: request.at,
          approval: isProtected ? { plan: seen.plan, remindAt: firstReminderAt(deps) } : null,
        },
        planStepRuns(deps.steps, { devices, isUnread: seen.plan.devices?.is === 'not_read' }),
        deps.runner.room(),
        deps.clock.now(),
      );
      // A device return was opened since the look: what it has on its way is shown before anything begins.
      const opened = await opening.catch((error: unknown) => {
        if (error instanceof FetchedElsewhere) return null;
        throw error;
      });
      if (opened === null) {
        const now = await previewOffboarding(deps, operator, { email: seen.plan.person.email, oktaId: seen.personId });
        return now.kind === 'plan' ? changedTo(now.plan) : now;
      }
      deps.runner.begin(opened.mine);
      deps.notify(); // the others must know that there is work in hand, should we die
      deps.runner.wake();
      deps.onChange();
      const status = isProtected ? 'awaiting_approval' : 'open';
      const begun = openedAs({ id: opened.runId, code: opened.code, status }, seen.plan);
      if (!opened.joined) return begun;
      const again = await findOurs();
      if (again) return openedAs(again, seen.plan);
      const other = await deps.runs.live('offboarding', seen.personId);
      return other ? { kind: 'refused', refusal: runningAlready(seen.plan, other) } : begun;
    },

    decide: (operator, step, decision) =>
      asOperator(operator, async (role): Promise<Decided> => {
        const answer = await deps.store.decide(step, decision, { operator, role }, deps.clock.now());
        switch (answer.verdict) {
          case 'decided':
            changed();
            return answer;
          case 'unknown':
          case 'stale':
            return answer;
          case 'needs_approver':
            if (decision.kind === 'skip' || decision.kind === 'attest') return needsApprover(operator, decision.kind);
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
          ((kind === 'skip' || kind === 'attest') && isLate(step));
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
          return needsApprover(operator, kind);
        return { verdict: 'may', run, step };
      }),

    cancel: (operator, runId) =>
      asOperator(operator, async (role): Promise<Cancelled> => {
        const answer = await deps.store.cancelRun(runId, { operator, role }, deps.clock.now());
        switch (answer.verdict) {
          case 'needs_approver':
            return needsApprover(operator, 'cancel');
          case 'is_leaver':
            return refusedBecause(deps, operator, answer.verdict);
          case 'cancelled':
            changed();
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
