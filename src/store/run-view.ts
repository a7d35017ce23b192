// A run’s row, with its steps and decisions, as screens see it.
import { returnOf } from '../workflow/model/device-return.ts';
import { revivePlan } from '../workflow/model/plan.ts';
import {
  type ApprovalView,
  type HoldView,
  operatorKey,
  type Person,
  type RunKind,
  type RunStatus,
  type RunView,
  type StepView,
} from '../workflow/model/run.ts';
import type { Facts, Need } from '../workflow/model/step.ts';
import { WATCH } from '../workflow/model/watch.ts';
import type { Prisma } from './generated/client.ts';
import type { FailedSteps, RevealedSteps } from './run-history.ts';
import { storedStart } from './start-json.ts';

export const WITH_STEPS = {
  steps: { include: { decisions: { orderBy: { decidedAt: 'asc' } } } },
  decisions: { where: { stepRunId: null }, orderBy: { decidedAt: 'asc' } },
} as const satisfies Prisma.RunInclude;
type RunRow = Prisma.RunGetPayload<{ include: typeof WITH_STEPS }>;

/** `rank`: where a step stands as people read them. */
export function asRunView(
  row: RunRow,
  rank: (step: string) => number,
  seen: { readonly failed?: FailedSteps | undefined; readonly revealed?: RevealedSteps | undefined },
): RunView {
  return {
    id: row.id,
    kind: row.kind as RunKind,
    code: row.code,
    status: row.status as RunStatus,
    person: row.person as unknown as Person,
    requestedBy: row.requestedBy,
    trigger: row.trigger,
    reason: row.reason,
    requestedAt: row.requestedAt,
    closedAt: row.closedAt,
    cancelledBy: row.decisions.find((one) => one.kind === 'cancel' || one.kind === 'decline')?.decidedBy ?? null,
    approval: asApproval(row),
    start: asStart(row),
    holds: asHolds(row.holds),
    ...asReturn(row),
    ...asSteps(
      row.steps
        .map((step) => ({
          ...asStep(step, seen.failed?.get(`${step.step}/${step.subject}`) ?? NEVER_FAILED),
          reveals: seen.revealed?.get(`${step.step}/${step.subject}`) ?? [],
        }))
        .sort(
          (a, b) => rank(a.step) - rank(b.step) || a.step.localeCompare(b.step) || a.subject.localeCompare(b.subject),
        ),
    ),
  };
}

/** No run waits for its watch: whoever counts steps counts without it. */
function asSteps(steps: readonly StepView[]): Pick<RunView, 'steps' | 'watch'> {
  const watch = steps
    .filter((step) => step.step === WATCH)
    .sort((one, other) => Number(one.subject) - Number(other.subject));
  return { steps: steps.filter((step) => step.step !== WATCH), ...(watch.length > 0 && { watch }) };
}

function asStart(row: RunRow): NonNullable<RunView['start']> | null {
  const start = storedStart(row.start);
  return start && { ...start, begunAt: row.openedAt };
}

function asReturn({ kind, ids }: RunRow): Pick<RunView, 'returns'> {
  const returns = kind === 'device_return' ? returnOf(ids as Facts) : null;
  return returns ? { returns } : {};
}

function asApproval(row: RunRow): ApprovalView | null {
  if (row.plan === null) return null;
  const ended = row.decisions.find((one) => one.kind === 'approve' || one.kind === 'decline');
  const { slack } = row.ids as Facts;
  // A door has no workspace of its own: the run keeps ours.
  const { 'slack.team': ours } = row.ids as Facts;
  const [team = ''] = row.requestedBy.includes('/') ? row.requestedBy.split('/') : [String(ours ?? '')];
  return {
    version: row.planVersion,
    plan: revivePlan(row.plan),
    personId: row.personId,
    containsFirst: (row.policy as Facts)['protected.containBeforeApproval'] === true,
    never: [row.requestedBy, ...(typeof slack === 'string' ? [operatorKey({ teamId: team, userId: slack })] : [])],
    reminders: row.reminders,
    ended: ended
      ? {
          did: ended.kind as 'approve' | 'decline',
          by: ended.decidedBy,
          at: ended.decidedAt,
          reason: ((ended.answer as Facts).reason as string | undefined) ?? null,
        }
      : null,
  };
}

type HoldJson = { readonly by: string; readonly at: string; readonly reason: string };

/** Dates are text inside the column. */
function asHolds(json: unknown): readonly HoldView[] {
  const dated = ({ by, at, reason }: HoldJson) => ({ by, at: new Date(at), reason });
  return (json as (HoldJson & { lifted: HoldJson | null })[]).map((hold) => ({
    ...dated(hold),
    lifted: hold.lifted && dated(hold.lifted),
  }));
}

const NEVER_FAILED: StepView['failed'] = { times: 0, last: null };

function asStep(row: RunRow['steps'][number], failed: StepView['failed']): Omit<StepView, 'reveals'> {
  return {
    id: row.id,
    step: row.step,
    subject: row.subject,
    facts: row.facts as Facts,
    status: row.status,
    cause: row.cause,
    need: row.need as unknown as Need | null,
    attempt: row.attempt,
    failures: row.failures,
    startedAt: row.startedAt,
    dueAt: row.dueAt,
    endedAt: row.endedAt,
    before: row.before as Facts | null,
    after: row.after as Facts | null,
    evidence: row.evidence as StepView['evidence'],
    failed,
    stage: row.stage,
    reminders: row.reminders,
    decisions: row.decisions.map((decision) => ({
      kind: decision.kind,
      by: decision.decidedBy,
      at: decision.decidedAt,
      attempt: decision.attempt,
      answer: decision.answer as Facts,
    })),
    retries: row.decisions
      .filter((decision) => decision.kind === 'retry')
      .map((decision) => ({ by: decision.decidedBy, at: decision.decidedAt })),
  };
}
