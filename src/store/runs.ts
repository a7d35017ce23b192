// Runs as screens and reporters see them: read from state, with no memory of their own.

import { revivePlan } from '../workflow/model/plan.ts';
import type { LiveRun } from '../workflow/model/ports.ts';
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
import type { Facts, FailureCode, Need } from '../workflow/model/step.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import type { Database } from './client.ts';
import type { Prisma } from './generated/client.ts';

/** More than anybody reads at once; a list of so many is cut. */
const MOST_LISTED = 300;
const LIVE = ['awaiting_approval', 'scheduled', 'held', 'open'];
const WITH_STEPS = {
  steps: { include: { decisions: { orderBy: { decidedAt: 'asc' } } } },
  decisions: { where: { stepRunId: null }, orderBy: { decidedAt: 'asc' } },
} as const satisfies Prisma.RunInclude;
type RunRow = Prisma.RunGetPayload<{ include: typeof WITH_STEPS }>;

export interface RunStore {
  view(runId: string): Promise<RunView | null>;
  /** The run of a step run that a button names, with the step. */
  ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null>;
  /** Those that have not ended, oldest first. */
  running(): Promise<readonly RunView[]>;
  /** Those that ended since, newest first. */
  endedSince(since: Date): Promise<readonly RunView[]>;
  live(kind: RunKind, personId: string): Promise<LiveRun | null>;
  /** The run that this very request opened, closed or not. */
  ofRequest(request: {
    kind: RunKind;
    personId: string;
    requestedBy: string;
    requestedAt: Date;
  }): Promise<LiveRun | null>;
}

/** `order`: step names as people read them; rows of other versions come last. */
export function createRunStore(db: Database, order: readonly string[]): RunStore {
  const rank = (step: string): number => (order.includes(step) ? order.indexOf(step) : order.length);
  const asView = (row: RunRow, failed?: FailedSteps): RunView => ({
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
    holds: asHolds(row.holds),
    steps: row.steps
      .map((step) => asStep(step, failed?.get(`${step.step}/${step.subject}`) ?? NEVER_FAILED))
      .sort(
        (a, b) => rank(a.step) - rank(b.step) || a.step.localeCompare(b.step) || a.subject.localeCompare(b.subject),
      ),
  });
  const listed = async (where: Prisma.RunWhereInput, orderBy: Prisma.RunOrderByWithRelationInput) => {
    const rows = await db.prisma.run.findMany({ where, orderBy, take: MOST_LISTED, include: WITH_STEPS });
    const failed = await failedSteps(
      db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => asView(row, failed.get(row.id)));
  };
  const findOne = async (where: Prisma.RunWhereInput): Promise<LiveRun | null> => {
    const row = await db.prisma.run.findFirst({ where, include: { steps: { select: { status: true } } } });
    if (!row) return null;
    return {
      id: row.id,
      code: row.code,
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt,
      status: row.status as RunStatus,
      done: row.steps.filter((step) => hasEnded(step.status)).length,
      total: row.steps.length,
    };
  };
  return {
    async view(runId) {
      const row = await db.prisma.run.findUnique({ where: { id: runId }, include: WITH_STEPS });
      return row ? asView(row, (await failedSteps(db, [row.id])).get(row.id)) : null;
    },
    async ofStepRun(stepRunId) {
      const row = await db.prisma.run.findFirst({ where: { steps: { some: { id: stepRunId } } }, include: WITH_STEPS });
      if (!row) return null;
      const run = asView(row, (await failedSteps(db, [row.id])).get(row.id));
      const step = run.steps.find((one) => one.id === stepRunId);
      return step ? { run, step } : null;
    },
    running: () => listed({ status: { in: LIVE } }, { requestedAt: 'asc' }),
    endedSince: (since) => listed({ closedAt: { gte: since } }, { closedAt: 'desc' }),
    live: (kind, personId) => findOne({ kind, personId, status: { in: LIVE } }),
    ofRequest: (request) => findOne(request),
  };
}

function asApproval(row: RunRow): ApprovalView | null {
  if (row.plan === null) return null;
  const ended = row.decisions.find((one) => one.kind === 'approve' || one.kind === 'decline');
  const { slack } = row.ids as Facts;
  const [team = ''] = row.requestedBy.split('/');
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

type FailedSteps = ReadonlyMap<string, StepView['failed']>;
const NEVER_FAILED: StepView['failed'] = { times: 0, last: null };

/** From the audit log, which forgets nothing: tries that were repeated by themselves, and those that stopped the step. */
async function failedSteps(db: Database, runIds: readonly string[]): Promise<ReadonlyMap<string, FailedSteps>> {
  const rows = await db.query<{
    chain: string;
    step: string;
    subject: string;
    times: number;
    last: FailureCode | null;
  }>(
    `SELECT chain, detail->>'step' AS step, coalesce(detail->>'subject', '') AS subject, count(*)::int AS times,
       (array_agg(coalesce(detail->'need'->>'code', 'no_answer') ORDER BY seq DESC))[1] AS last
     FROM audit_event WHERE chain = ANY ($1) AND ((action = 'step.wait' AND detail->>'cause' = 'back_off')
       OR (action = 'step.ask' AND detail->'need'->>'kind' IN ('failed', 'doubt'))) GROUP BY 1, 2, 3`,
    [runIds],
  );
  const runs = new Map<string, Map<string, StepView['failed']>>();
  for (const { chain, step, subject, times, last } of rows)
    runs.set(chain, (runs.get(chain) ?? new Map()).set(`${step}/${subject}`, { times, last }));
  return runs;
}

function asStep(row: RunRow['steps'][number], failed: StepView['failed']): StepView {
  return {
    id: row.id,
    step: row.step,
    subject: row.subject,
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
