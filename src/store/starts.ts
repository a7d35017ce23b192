// Runs that act at a moment, or after a human has looked: another moment, a beginning, an end before it began. Each is one committed statement.

import type { ClaimedStep } from '../workflow/model/claimed-step.ts';
import { begunFor } from '../workflow/model/start.ts';
import type { StartRow, StartStore } from '../workflow/model/start-ports.ts';
import { runRefused } from './breaker.ts';
import type { Database } from './client.ts';
import type { Instance } from './instance.ts';
import { reviveStart } from './start-json.ts';
import { asClaimed, type ClaimedJson } from './step-json.ts';

const COLUMNS =
  'id, code, status, person_id, person, ids, trigger, requested_by, requested_at, reason, start, start_tries';
const NOT_BEGUN = `status IN ('awaiting_approval', 'scheduled', 'held') AND opened_at IS NULL`;

export function createStartStore(db: Database, instance: Instance, limits: { callDeadlineMs: number }): StartStore {
  const rowsWhere = async (where: string, values: readonly unknown[]): Promise<readonly StartRow[]> =>
    (await db.query<Parameters<typeof reviveStart>[0]>(`SELECT ${COLUMNS} FROM run WHERE ${where}`, values)).map(
      reviveStart,
    );
  return {
    read: async (runId) => (await rowsWhere('id = $1', [runId]))[0] ?? null,
    waiting: async (personId) =>
      (await rowsWhere(`kind = 'offboarding' AND person_id = $1 AND ${NOT_BEGUN}`, [personId]))[0] ?? null,
    ofRecord: (recordId) =>
      rowsWhere(`kind = 'offboarding' AND ids->>'bamboohr' = $1 AND trigger = 'hris' AND ${NOT_BEGUN}`, [recordId]),
    async isDoneBefore(personId, end, deactivatedAt) {
      const rows = await db.query(
        `SELECT 1 FROM run r WHERE r.kind = 'offboarding' AND r.person_id = $1 AND (
             r.status IN ('closed', 'cancelled') AND r.ids->>'hris.begunFor' = $2 AND NOT EXISTS (
               SELECT 1 FROM decision d WHERE d.run_id = r.id AND d.kind = 'cancel' AND d.decided_by NOT LIKE '%/%')
             OR r.status IN ('closed', 'cancelled') AND (r.ids->>'okta.deactivatedAt' = $3 OR EXISTS (
               SELECT 1 FROM step_run s WHERE s.run_id = r.id AND s.step = 'okta.deactivate' AND s.after->>'deactivatedAt' = $3))) LIMIT 1`,
        [personId, end === null ? null : begunFor(end), deactivatedAt?.toISOString() ?? null],
      );
      return rows.length > 0;
    },
    async restart(runId, expected, run, steps, by, take, now) {
      const num = instance.num;
      const sentAt = performance.now();
      const rows = await db
        .query<{ kind: string; run_id: string; code: string; claimed: ClaimedJson | null }>(
          'SELECT kind, run_id, code, claimed FROM restart_run($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
          [
            runId,
            JSON.stringify({ status: expected.status, at: expected.at }),
            JSON.stringify(run),
            JSON.stringify(steps),
            by,
            num,
            take.limit,
            take.vendors,
            limits.callDeadlineMs,
            now,
          ],
        )
        .catch(runRefused);
      instance.seen(sentAt);
      const [first] = rows;
      if (!first) throw new Error('restart_run: no answer');
      if (first.kind === 'stale') return { verdict: 'stale' };
      const mine = rows.flatMap((row): ClaimedStep[] =>
        row.kind === 'mine' && row.claimed ? [asClaimed(row.claimed, num)] : [],
      );
      const left = rows.some((row) => row.kind === 'left');
      return { verdict: 'restarted', runId: first.run_id, code: first.code, mine, left };
    },
    async move(runId, start, ids, by, now) {
      const [row] = await db.query<{ moved: boolean }>('SELECT move_start($1, $2, $3, $4, $5) AS moved', [
        runId,
        JSON.stringify(start),
        JSON.stringify(ids),
        by,
        now,
      ]);
      return row?.moved === true;
    },
    async withdraw(runId, by, now) {
      const [row] = await db.query<{ gone: boolean }>('SELECT withdraw_run($1, $2, $3) AS gone', [runId, by, now]);
      return row?.gone === true;
    },
    takeDue: async (now, limit) =>
      (await db.query<{ id: string }>('SELECT * FROM take_due_runs($1, $2) AS id', [now, limit])).map(({ id }) => id),
    async putOff(runId, trouble, afterMs) {
      const [row] = await db.query<{ tries: number | null }>('SELECT put_off_start($1, $2, $3) AS tries', [
        runId,
        trouble,
        Math.round(afterMs),
      ]);
      return row?.tries ?? null;
    },
    async nextAt() {
      const [row] = await db.query<{ at: Date | null }>(
        `SELECT least(min(access_ends_at) FILTER (WHERE status = 'scheduled' OR NOT start ? 'passed'), min(start_remind_at)) AS at
         FROM run WHERE status IN ('awaiting_approval', 'scheduled')`,
        [],
      );
      return row?.at ?? null;
    },
    async hasDeactivated(runId) {
      const rows = await db.query(
        `SELECT 1 FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id
         WHERE s.run_id = $1 AND w.effect = 'okta.deactivate_user' AND w.outcome IS DISTINCT FROM 'refused' LIMIT 1`,
        [runId],
      );
      return rows.length > 0;
    },
    async note(runId, by, action, detail) {
      await db.query('SELECT audit($1, $2, $3, $4)', [runId, by, action, JSON.stringify(detail)]);
    },
  };
}
