// Runs as screens and reporters see them: read from state, with no memory of their own.
import type { LiveRun, LiveRuns } from '../workflow/model/ports.ts';
import type { RunStatus, RunView, StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { hasEnded, type StepStatus } from '../workflow/model/transitions.ts';
import type { Database } from './client.ts';
import type { Prisma } from './generated/client.ts';
import { failedSteps, revealedSteps, undoOf } from './run-history.ts';
import { asRunView, WITH_STEPS } from './run-view.ts';

/** More than anybody reads at once; a list of so many is cut. */
const MOST_LISTED = 300;
const LIVE = ['awaiting_approval', 'scheduled', 'held', 'open'];
/** Closed runs whose newest watch found a door open, and nobody has had it cut again. */
const OPEN_AGAIN = `SELECT r.id FROM run r CROSS JOIN LATERAL (
    SELECT s.id, s.after FROM step_run s WHERE s.run_id = r.id AND s.step = 'watch' AND s.status = 'done' ORDER BY s.subject::int DESC LIMIT 1) w
  WHERE r.status = 'closed' AND jsonb_array_length(coalesce(w.after->'open', '[]')) > 0
    AND EXISTS (SELECT 1 FROM step_run s WHERE s.run_id = r.id AND s.step = 'watch' AND s.status = 'done')
    AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.step_run_id = w.id AND d.kind = 'cut_again')
  LIMIT $1`;

export interface RunStore extends LiveRuns {
  view(runId: string): Promise<RunView | null>;
  /** What the run pinned when it was opened; {} for a run that is not there. */
  policyOf(runId: string): Promise<Facts>;
  /** The run of a step run that a button names, with the step. */
  ofStepRun(stepRunId: string): Promise<{ run: RunView; step: StepView } | null>;
  /** Those that have not ended, or where somebody is still asked something, oldest first. */
  running(): Promise<readonly RunView[]>;
  /** Those that ended since, newest first. */
  endedSince(since: Date): Promise<readonly RunView[]>;
}

/** `order`: step names as people read them; rows of other versions come last. */
export function createRunStore(db: Database, order: readonly string[]): RunStore {
  const rank = (step: string): number => (order.includes(step) ? order.indexOf(step) : order.length);
  const listed = async (where: Prisma.RunWhereInput, orderBy: Prisma.RunOrderByWithRelationInput) => {
    const rows = await db.prisma.run.findMany({ where, orderBy, take: MOST_LISTED, include: WITH_STEPS });
    const failed = await failedSteps(
      db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => asRunView(row, rank, { failed: failed.get(row.id) }));
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
         (SELECT coalesce(string_agg(s.status::text, ' '), '') FROM step_run s WHERE s.run_id = r.id AND s.step <> 'watch') AS statuses
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
      const [failed, revealed, [undoneBy]] = await Promise.all([
        failedSteps(db, [row.id]),
        revealedSteps(db, row),
        undoOf(db, row),
      ]);
      return { ...asRunView(row, rank, { failed: failed.get(row.id), revealed }), ...(undoneBy && { undoneBy }) };
    },
    async policyOf(runId) {
      const row = await db.prisma.run.findUnique({ where: { id: runId }, select: { policy: true } });
      return (row?.policy ?? {}) as Facts;
    },
    async ofStepRun(stepRunId) {
      const row = await db.prisma.run.findFirst({ where: { steps: { some: { id: stepRunId } } }, include: WITH_STEPS });
      if (!row) return null;
      const run = asRunView(row, rank, { failed: (await failedSteps(db, [row.id])).get(row.id) });
      const step = run.steps.find((one) => one.id === stepRunId);
      return step ? { run, step } : null;
    },
    async running() {
      const reopened = await db.query<{ id: string }>(OPEN_AGAIN, [MOST_LISTED]);
      return listed(
        {
          OR: [
            { status: { in: LIVE } },
            { status: 'closed', steps: { some: { status: 'needs_human' } } },
            { id: { in: reopened.map(({ id }) => id) } },
          ],
        },
        { requestedAt: 'asc' },
      );
    },
    endedSince: (since) => listed({ closedAt: { gte: since } }, { closedAt: 'desc' }),
    live: (kind, personId) => findOne('r.status = ANY ($3)', [kind, personId, LIVE]),
    ended: async (kind, personId) => db.prisma.run.count({ where: { kind, personId, status: { notIn: [...LIVE] } } }),
    ofRequest: ({ kind, personId, requestedBy, requestedAt }) =>
      findOne('r.requested_by = $3 AND r.requested_at = $4::timestamptz', [kind, personId, requestedBy, requestedAt]),
  };
}
