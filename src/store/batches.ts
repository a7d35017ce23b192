// Batches in PostgreSQL: asked for once, approved by two, and a queue of people until each has a run.

import type {
  BatchMember,
  BatchStatus,
  BatchStore,
  BatchTurn,
  BatchView,
  JudgeBatchVerdict,
  LeftOut,
  LeftOutWhy,
} from '../workflow/model/batch.ts';
import { totalsOf } from '../workflow/model/batch-totals.ts';
import { revivePlan } from '../workflow/model/plan.ts';
import { operatorKey, type Person, type PinnedIds, type RunStatus } from '../workflow/model/run.ts';
import type { Database } from './client.ts';

type BatchRow = {
  id: string;
  code: string;
  status: BatchStatus;
  requested_by: string;
  requested_at: Date;
  reason: string;
  left_out: readonly LeftOut[];
};
type PersonRow = {
  person: Person;
  ids: PinnedIds;
  plan: unknown;
  outcome: LeftOutWhy | null;
  run_id: string | null;
  code: string;
  status: RunStatus;
  ended: number;
  total: number;
  need_you: number;
};
type TurnRow = {
  batch_id: string;
  number: number;
  code: string;
  requested_by: string;
  requested_at: Date;
  judged_at: Date;
  reason: string;
  person_id: string;
  person: Person;
  ids: PinnedIds;
  plan: unknown;
  tries: number;
};

const COLUMNS = 'id, code, status, requested_by, requested_at, reason, left_out';

export function createBatchStore(db: Database): BatchStore {
  const viewOf = async (row: BatchRow): Promise<BatchView> => {
    const [people, decisions] = await Promise.all([
      db.query<PersonRow>(
        `SELECT p.person, p.ids, p.plan, p.outcome, p.run_id, r.code, r.status,
           (SELECT count(*) FILTER (WHERE step_has_ended(s.status))::int FROM step_run s WHERE s.run_id = r.id) AS ended,
           (SELECT count(*)::int FROM step_run s WHERE s.run_id = r.id) AS total,
           (SELECT count(*) FILTER (WHERE s.status = 'needs_human')::int FROM step_run s WHERE s.run_id = r.id) AS need_you
         FROM batch_person p LEFT JOIN run r ON r.id = p.run_id WHERE p.batch_id = $1 ORDER BY p.number`,
        [row.id],
      ),
      db.query<{ by: string; kind: 'approve' | 'decline'; at: Date; counts: boolean }>(
        `SELECT d.decided_by AS by, d.kind, d.decided_at AS at, coalesce(o.removed_at IS NULL AND o.role IN ('approver', 'admin'), false) AS counts
         FROM batch_decision d LEFT JOIN operator o ON d.decided_by = o.team_id || '/' || o.user_id WHERE d.batch_id = $1 ORDER BY d.decided_at`,
        [row.id],
      ),
    ]);
    const [teamId = ''] = row.requested_by.split('/');
    return {
      id: row.id,
      code: row.code,
      status: row.status,
      requestedBy: row.requested_by,
      requestedAt: row.requested_at,
      reason: row.reason,
      totals: totalsOf(people.map(({ plan }) => revivePlan(plan))),
      members: people.map(asMember),
      leftOut: row.left_out,
      never: [
        row.requested_by,
        ...people.flatMap(({ ids: { slack } }) =>
          typeof slack === 'string' ? [operatorKey({ teamId, userId: slack })] : [],
        ),
      ],
      decisions,
    };
  };
  const moved = async (turn: BatchTurn, set: string, values: readonly unknown[]): Promise<void> => {
    await db.query(
      `WITH p AS (UPDATE batch_person SET ${set}, claimed_at = NULL WHERE batch_id = $1 AND number = $2 AND run_id IS NULL RETURNING batch_id)
       SELECT want_batch(batch_id)::text FROM p`,
      [turn.batchId, turn.number, ...values],
    );
  };
  return {
    async ask({ plan, ...batch }) {
      const people = plan.ready.map(({ personId, person, ids, plan: seen }) => ({ personId, person, ids, plan: seen }));
      const [row] = await db.query<{ id: string; code: string }>('SELECT id, code FROM ask_batch($1, $2)', [
        JSON.stringify({ ...batch, planHash: plan.hash, leftOut: plan.leftOut }),
        JSON.stringify(people),
      ]);
      return row ?? null;
    },
    async view(id) {
      const [row] = await db.query<BatchRow>(`SELECT ${COLUMNS} FROM batch WHERE id = $1`, [id]);
      return row ? viewOf(row) : null;
    },
    async waiting() {
      const rows = await db.query<BatchRow>(
        `SELECT ${COLUMNS} FROM batch WHERE status = 'awaiting_approval' ORDER BY requested_at LIMIT 20`,
        [],
      );
      return Promise.all(rows.map(viewOf));
    },
    async judge(id, kind, by, now): Promise<JudgeBatchVerdict> {
      const [row] = await db.query<{
        verdict: JudgeBatchVerdict['verdict'];
        approvals: number;
        status: BatchStatus;
        decided_by: string | null;
        decided_at: Date | null;
      }>('SELECT * FROM judge_batch($1, $2, $3, $4)', [id, kind, by, now]);
      if (!row) throw new Error('judge_batch: no verdict');
      const { verdict, approvals, status } = row;
      if (verdict === 'approved' || verdict === 'again' || verdict === 'declined')
        return { verdict, approvals, status };
      if (verdict === 'stale') return { verdict, status, by: row.decided_by, at: row.decided_at };
      return { verdict };
    },
    take: async (limit) =>
      (await db.query<TurnRow>('SELECT * FROM take_batch_people($1)', [limit])).map((row) => ({
        batchId: row.batch_id,
        number: row.number,
        code: row.code,
        requestedBy: row.requested_by,
        requestedAt: row.requested_at,
        judgedAt: row.judged_at,
        reason: row.reason,
        personId: row.person_id,
        person: row.person,
        ids: row.ids,
        plan: revivePlan(row.plan),
        tries: row.tries,
      })),
    leaveOut: (turn, why) => moved(turn, 'outcome = $3', [why]),
    putOff: (turn, afterMs) =>
      moved(turn, `tries = tries + 1, retry_at = now() + $3 * interval '1 millisecond'`, [Math.round(afterMs)]),
    async wantOf(runId) {
      const rows = await db.query('SELECT want_batch(batch_id)::text FROM batch_person WHERE run_id = $1', [runId]);
      return rows.length > 0;
    },
  };
}

function asMember(row: PersonRow): BatchMember {
  const { ended, total, need_you: needYou, code, status } = row;
  return {
    name: row.person.name,
    email: row.person.email,
    outcome: row.outcome,
    run: row.run_id === null ? null : { id: row.run_id, code, status, ended, total, needYou },
  };
}
