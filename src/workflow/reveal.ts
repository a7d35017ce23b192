// Reveal: who may sees one passcode, for themselves, with a reason. The look is in the audit log before it happens.
import { ConnectorError } from '../connectors/connector-error.ts';
import { refusedBecause } from './approvals.ts';
import type { Refusal } from './model/plan.ts';
import type { Policy } from './model/policy.ts';
import type { Operators } from './model/ports.ts';
import type { OperatorId, Role, RunView, StepView } from './model/run.ts';
import { type RevealVerdict, Secret, type Secrets } from './model/secret.ts';

/** Of one operator; more is somebody who collects them. */
const MOST_AN_HOUR = 10;

export interface RevealDeps {
  readonly operators: Operators;
  readonly policy: { readonly policy: Policy };
  readonly secrets: Pick<Secrets, 'open'>;
  readonly reveals: {
    ask(
      stepRun: string,
      by: { readonly operator: OperatorId; readonly roles: readonly Role[] },
      reason: string,
      mostAnHour: number,
    ): Promise<RevealVerdict>;
  };
  readonly runs: { ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null> };
  /** Null: no Jamf is set up. */
  readonly lockedBy: { storedPin(jamfId: string): Promise<string | null> } | null;
  onChange(): void;
}

type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };
/** `missing`: none is kept, or Jamf has none any more. `unread`: Jamf did not answer, or may not say. */
export type Revealed =
  | { readonly verdict: 'shown'; readonly passcode: Secret; readonly run: RunView; readonly step: StepView }
  | { readonly verdict: 'missing' | 'unread' | 'too_many' | 'unknown' }
  | Refused;
export type AskedToReveal =
  | { readonly verdict: 'may'; readonly run: RunView; readonly step: StepView }
  | { readonly verdict: 'unknown' }
  | Refused;

export interface Reveals {
  /** Whether this operator could look now. Reads only. */
  mayReveal(operator: OperatorId, stepRun: string): Promise<AskedToReveal>;
  reveal(operator: OperatorId, stepRun: string, reason: string): Promise<Revealed>;
}

export function createReveals(deps: RevealDeps): Reveals {
  const roles = (): readonly Role[] =>
    deps.policy.policy.lock.revealTo === 'operator' ? ['operator', 'approver', 'admin'] : ['approver', 'admin'];
  const refused = (operator: OperatorId, why: 'not_operator' | 'needs_approver' | 'is_leaver'): Promise<Refused> =>
    refusedBecause(deps, operator, why, 'reveal');

  return {
    async mayReveal(operator, stepRun) {
      const role = await deps.operators.role(operator);
      if (role === null) return refused(operator, 'not_operator');
      if (!roles().includes(role)) return refused(operator, 'needs_approver');
      const found = await deps.runs.ofStepRun(stepRun);
      return found === null ? { verdict: 'unknown' } : { verdict: 'may', ...found };
    },

    async reveal(operator, stepRun, reason) {
      const answer = await deps.reveals.ask(stepRun, { operator, roles: roles() }, reason, MOST_AN_HOUR);
      if (answer.verdict === 'unknown' || answer.verdict === 'too_many') return { verdict: answer.verdict };
      if (answer.verdict !== 'may') return refused(operator, answer.verdict);
      deps.onChange();
      const found = await deps.runs.ofStepRun(stepRun);
      if (found === null) return { verdict: 'unknown' };
      const passcode = await passcodeOf(deps, answer);
      return passcode === 'unread' || passcode === 'missing'
        ? { verdict: passcode }
        : { verdict: 'shown', passcode, ...found };
    },
  };
}

/** A lock that was taken over has a passcode that only Jamf knows. */
async function passcodeOf(
  { secrets, lockedBy }: RevealDeps,
  { runId, subject, isAdopted }: Extract<RevealVerdict, { verdict: 'may' }>,
): Promise<Secret | 'missing' | 'unread'> {
  if (!isAdopted) return (await secrets.open({ runId, subject, kind: 'passcode' })) ?? 'missing';
  if (lockedBy === null) return 'unread';
  try {
    const stored = await lockedBy.storedPin(subject.replace(/^jamf:/, ''));
    return stored === null ? 'missing' : new Secret(stored);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return 'unread';
  }
}
