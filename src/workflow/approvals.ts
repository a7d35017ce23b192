// The second person's word on a run of somebody protected: asked for, looked at once more, given or refused. Never by who asked, never by the leaver.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { PlanView, Refusal } from './model/plan.ts';
import type { Clock, EngineStore, Operators } from './model/ports.ts';
import { type ApprovalView, type OperatorId, operatorKey, type RunView } from './model/run.ts';
import type { Judgement, NotSecond, StaleRun } from './model/verdicts.ts';
import { hashOfTheRest } from './plan-hash.ts';
import { type PreviewDeps, previewOffboarding } from './preview.ts';
import type { Runner } from './runner.ts';
import type { UndoPreview } from './undo-preview.ts';

const HOUR_MS = 3_600_000;

export interface ApprovalDeps extends PreviewDeps {
  readonly operators: Operators;
  readonly slack: Slack;
  readonly store: Pick<EngineStore, 'judge' | 'renewPlan'>;
  readonly runs: { view(runId: string): Promise<RunView | null> };
  readonly runner: Pick<Runner, 'begin' | 'room'>;
  readonly clock: Clock;
  changed(): void;
  /** Of an undo: what would be taken back now. */
  lookAtUndo(operator: OperatorId, runId: string): Promise<UndoPreview>;
}

/** What a button about an approval carries: the run, and which of its plans was shown. */
export interface AskedApproval {
  readonly run: string;
  readonly version: number;
}

type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };
type Late = { readonly verdict: 'unknown' } | StaleRun;

/** `changed`: nothing was started; the run asks about the plan as it is now. `now` null: it was asked anew before. */
export type Approved =
  | { readonly verdict: 'approved' }
  | { readonly verdict: 'changed'; readonly run: RunView; readonly before: PlanView; readonly now: PlanView | null }
  | Refused
  | Late;
export type Declined = { readonly verdict: 'declined' } | Refused | Late;
export type AskedToDecline = { readonly verdict: 'may'; readonly run: RunView } | Refused | Late;

export interface Approvals {
  /** Reads everything again; opens the run only if it is still what was asked about. */
  approve(operator: OperatorId, asked: AskedApproval): Promise<Approved>;
  /** Whether this operator could decline now. Reads only. */
  mayDecline(operator: OperatorId, asked: AskedApproval): Promise<AskedToDecline>;
  decline(operator: OperatorId, asked: AskedApproval, reason: string): Promise<Declined>;
}

/** When it is asked again, if nobody has answered by then. */
export function firstReminderAt(deps: Pick<PreviewDeps, 'policy' | 'clock'>): Date {
  return new Date(deps.clock.now().getTime() + deps.policy.policy.protected.remindAfterHours * HOUR_MS);
}

export function createApprovals(deps: ApprovalDeps): Approvals {
  const ask = async (operator: OperatorId, runId: string): Promise<Refused | Late | Waiting> => {
    const run = await deps.runs.view(runId);
    if (!run?.approval) return { verdict: 'unknown' };
    const why = await whyNot(deps.operators, operator, run.approval);
    if (why) return refusedBecause(deps, operator, why);
    if (run.status !== 'awaiting_approval') return staleOf(run, run.approval);
    return { verdict: 'may', run, approval: run.approval };
  };

  const judge = async (
    operator: OperatorId,
    asked: AskedApproval,
    judgement: Judgement,
  ): Promise<{ readonly verdict: 'judged' } | { readonly verdict: 'changed' } | Refused | Late> => {
    const answer = await deps.store.judge(asked, judgement, operator, deps.runner.room(), deps.clock.now());
    switch (answer.verdict) {
      case 'judged':
        deps.runner.begin(answer.mine);
        deps.changed();
        return { verdict: 'judged' };
      case 'changed':
        return { verdict: 'changed' };
      case 'unknown':
        return { verdict: 'unknown' };
      case 'stale':
        return answer;
      default:
        return refusedBecause(deps, operator, answer.verdict);
    }
  };

  return {
    async approve(operator, asked) {
      const waiting = await ask(operator, asked.run);
      if (waiting.verdict !== 'may') return waiting;
      const { run, approval } = waiting;
      const before = approval.plan;
      if (approval.version !== asked.version) return { verdict: 'changed', run, before, now: null };
      const [twin, seen] = await Promise.all([
        isSamePerson(deps, operator, run),
        before.undo
          ? deps.lookAtUndo(operator, before.undo.runId)
          : previewOffboarding(deps, operator, { email: run.person.email, oktaId: approval.personId }),
      ]);
      if (twin === null)
        return refuse({
          why: 'safeguard_not_checked',
          what: 'whether who asked and who approves are two people',
          reference: deps.reference(),
        });
      if (twin) return refusedBecause(deps, operator, 'own_request');
      if (seen.kind === 'refused') return refuse(seen.refusal.why === 'self' ? { why: 'is_leaver' } : seen.refusal);
      const now = seen.plan;
      if (!isStill(deps, approval, now)) {
        if (await deps.store.renewPlan(asked, now, operator, deps.clock.now())) deps.changed();
        return { verdict: 'changed', run, before, now };
      }
      const answer = await judge(operator, asked, { kind: 'approve' });
      if (answer.verdict === 'judged') return { verdict: 'approved' };
      return answer.verdict === 'changed' ? { verdict: 'changed', run, before, now: null } : answer;
    },

    async mayDecline(operator, asked) {
      const waiting = await ask(operator, asked.run);
      return waiting.verdict === 'may' ? { verdict: 'may', run: waiting.run } : waiting;
    },

    async decline(operator, asked, reason) {
      const answer = await judge(operator, asked, { kind: 'decline', reason });
      if (answer.verdict === 'judged') return { verdict: 'declined' };
      // A no is a no to any plan: the statement does not compare versions for it.
      return answer.verdict === 'changed' ? { verdict: 'unknown' } : answer;
    },
  };
}

type Waiting = { readonly verdict: 'may'; readonly run: RunView; readonly approval: ApprovalView };

/** As the statement that decides will find, told before the slow reads. */
async function whyNot(operators: Operators, operator: OperatorId, approval: ApprovalView): Promise<NotSecond | null> {
  const role = await operators.role(operator);
  if (role === null) return 'not_operator';
  const [requester, leaver] = approval.never;
  if (operatorKey(operator) === requester) return 'own_request';
  if (operatorKey(operator) === leaver) return 'is_leaver';
  return role === 'operator' ? 'needs_approver' : null;
}

function staleOf(run: RunView, { ended }: ApprovalView): StaleRun {
  const by = ended?.by ?? run.cancelledBy;
  const at = ended?.at ?? (run.cancelledBy === null ? null : run.closedAt);
  return { verdict: 'stale', status: run.status, what: ended?.did ?? (by === null ? null : 'cancel'), by, at };
}

/** Who asked, under a second Slack account with the same address. Null: could not be read. */
export async function isSamePerson(
  deps: Pick<ApprovalDeps, 'slack' | 'log'>,
  operator: OperatorId,
  run: Pick<RunView, 'requestedBy'>,
): Promise<boolean | null> {
  if (!run.requestedBy.includes('/')) return false; // a door asked
  const requester = run.requestedBy.slice(run.requestedBy.indexOf('/') + 1);
  try {
    const [one, other] = await Promise.all([deps.slack.getUser(requester), deps.slack.getUser(operator.userId)]);
    const [asked, allows] = [one, other].map((user) => user?.profile?.email?.toLowerCase());
    return asked !== undefined && asked === allows;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    deps.log.warn({ err: error }, 'who approves could not be compared with who asked');
    return null;
  }
}

/** Where containment has begun, what it changed is our own doing: only the rest is compared. */
function isStill(deps: ApprovalDeps, { plan, personId, containsFirst }: ApprovalView, now: PlanView): boolean {
  if (!containsFirst) return now.hash === plan.hash;
  return hashOfTheRest(personId, now, deps.steps) === hashOfTheRest(personId, plan, deps.steps);
}

function refuse(refusal: Refusal): Refused {
  return { verdict: 'refused', refusal };
}

/** With whom to ask instead: never who asked, where that is why. */
export async function refusedBecause(
  deps: Pick<ApprovalDeps, 'operators'>,
  operator: OperatorId,
  why: NotSecond | 'leaver_chosen' | 'not_named' | 'bad_date',
  act: Extract<Refusal, { why: 'needs_approver' }>['act'] = 'approve',
): Promise<Refused> {
  const isOther = (one: OperatorId): boolean => one.teamId === operator.teamId && one.userId !== operator.userId;
  switch (why) {
    case 'not_operator':
      return refuse({ why, contacts: (await deps.operators.contacts()).filter(isOther) });
    case 'own_request':
      return refuse({ why, contacts: (await deps.operators.approvers()).filter(isOther) });
    case 'needs_approver':
      return refuse({ why, act, contacts: (await deps.operators.approvers()).filter(isOther) });
    case 'is_leaver':
    case 'leaver_chosen':
    case 'not_named':
    case 'bad_date':
      return refuse({ why });
    default:
      return why satisfies never;
  }
}
