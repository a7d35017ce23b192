// Runs as screens and reporters see them: read from state, with no memory of their own.

import { returnOf } from '../workflow/model/device-return.ts';
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
import { hasEnded, type StepStatus } from '../workflow/model/transitions.ts';
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
  /** What the run pinned when it was opened; {} for a run that is not there. */
  policyOf(runId: string): Promise<Facts>;
  /** The run of a step run that a button names, with the step. */
  ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null>;
  /** Those that have not ended, or where somebody is still asked something, oldest first. */
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
  const asView = (row: RunRow, failed?: FailedSteps, revealed?: RevealedSteps): RunView => ({
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
    ...asReturn(row),
    steps: row.steps
      .map((step) => ({
        ...asStep(step, failed?.get(`${step.step}/${step.subject}`) ?? NEVER_FAILED),
        reveals: revealed?.get(`${step.step}/${step.subject}`) ?? [],
      }))
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
  /** On the way from a confirmation to the cut: one statement. */
  const findOne = async (where: string, values: readonly unknown[]): Promise<LiveRun | null> => {
    const [row] = await db.query<{
      id: string;
      code: string;
      status: RunStatus;
      requested_by: string;
      requested_at: Date;
      statuses: string;
    }>(
      `SELECT r.id, r.code, r.status, r.requested_by, r.requested_at,
         (SELECT coalesce(string_agg(s.status::text, ' '), '') FROM step_run s WHERE s.run_id = r.id) AS statuses
       FROM run r WHERE r.kind = $1 AND r.person_id = $2 AND ${where} LIMIT 1`,
      values,
    );
    if (!row) return null;
    const statuses = row.statuses.split(' ').filter(Boolean) as StepStatus[];
    return {
      id: row.id,
      code: row.code,
      requestedBy: row.requested_by,
      requestedAt: row.requested_at,
      status: row.status,
      done: statuses.filter(hasEnded).length,
      total: statuses.length,
    };
  };
  return {
    async view(runId) {
      const row = await db.prisma.run.findUnique({ where: { id: runId }, include: WITH_STEPS });
      if (!row) return null;
      const [failed, revealed] = await Promise.all([failedSteps(db, [row.id]), revealedSteps(db, row)]);
      return asView(row, failed.get(row.id), revealed);
    },
    async policyOf(runId) {
      const row = await db.prisma.run.findUnique({ where: { id: runId }, select: { policy: true } });
      return (row?.policy ?? {}) as Facts;
    },
    async ofStepRun(stepRunId) {
      const row = await db.prisma.run.findFirst({ where: { steps: { some: { id: stepRunId } } }, include: WITH_STEPS });
      if (!row) return null;
      const run = asView(row, (await failedSteps(db, [row.id])).get(row.id));
      const step = run.steps.find((one) => one.id === stepRunId);
      return step ? { run, step } : null;
    },
    running: () =>
      listed(
        { OR: [{ status: { in: LIVE } }, { status: 'closed', steps: { some: { status: 'needs_human' } } }] },
        { requestedAt: 'asc' },
      ),
    endedSince: (since) => listed({ closedAt: { gte: since } }, { closedAt: 'desc' }),
    live: (kind, personId) => findOne('r.status = ANY ($3)', [kind, personId, LIVE]),
    ofRequest: ({ kind, personId, requestedBy, requestedAt }) =>
      findOne('r.requested_by = $3 AND r.requested_at = $4::timestamptz', [kind, personId, requestedBy, requestedAt]),
  };
}

function asReturn({ kind, ids }: RunRow): Pick<RunView, 'returns'> {
  const returns = kind === 'device_return' ? returnOf(ids as Facts) : null;
  return returns ? { returns } : {};
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

type RevealedSteps = ReadonlyMap<string, StepView['reveals']>;

/** Of a run with a lock; of others nothing is asked. */
async function revealedSteps(db: Database, run: RunRow): Promise<RevealedSteps> {
  if (!run.steps.some((step) => step.step === 'jamf.lock')) return new Map();
  const rows = await db.query<{ key: string; by: string; at: Date }>(
    `SELECT (detail->>'step') || '/' || coalesce(detail->>'subject', '') AS key, actor AS by, at
       FROM audit_event WHERE chain = $1 AND action = 'secret.revealed' ORDER BY seq`,
    [run.id],
  );
  const reveals = new Map<string, { by: string; at: Date }[]>();
  for (const { key, by, at } of rows) reveals.set(key, [...(reveals.get(key) ?? []), { by, at }]);
  return reveals;
}

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
