// The sweep's own rows, and what Sendoff's other rows say of mailboxes past their day and of runs in which nothing goes on.
import type { KeptLeftover, Leftover, SweepRows } from '../workflow/model/sweep.ts';
import type { Database } from './client.ts';

/** Told again while it is still so. */
const AGAIN_DAYS = 7;
const MOST_ROWS = 200;
/** A step that is due is looked at within seconds: an hour later something is wrong. */
const OVERDUE = `interval '1 hour'`;

type Row = { id: string; facts: Leftover; found_at: Date; told_at: Date | null };

export function createSweepStore(db: Database): SweepRows {
  const exists = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    (await db.query<{ one: number }>(`SELECT 1 AS one WHERE EXISTS (${sql})`, values)).length > 0;
  return {
    async leftovers(now) {
      const late = await db.query<{ run: string; code: string; name: string; since: string }>(
        `SELECT r.id AS run, r.code, r.person->>'name' AS name, s.after->>'endsAt' AS since
         FROM step_run s JOIN run r ON r.id = s.run_id
         WHERE s.step = 'google.mailbox_end' AND s.status NOT IN ('done', 'skipped', 'cancelled') AND s.after ? 'endsAt'
           AND (s.after->>'endsAt')::timestamptz < $1::timestamptz - ${OVERDUE} ORDER BY 4 LIMIT ${MOST_ROWS}`,
        [now],
      );
      const asks = await db.query<{ run: string; code: string; name: string; step: string; key: string }>(
        `SELECT r.id AS run, r.code, r.person->>'name' AS name, s.step, s.subject || ':' || s.attempt AS key
         FROM run r JOIN step_run s ON s.run_id = r.id AND s.status = 'needs_human'
         WHERE r.status IN ('open', 'closed') ORDER BY s.ready_at LIMIT ${MOST_ROWS}`,
        [],
      );
      const overdue = await db.query<{ run: string; code: string; name: string; step: string; since: Date }>(
        `SELECT r.id AS run, r.code, r.person->>'name' AS name, s.step, s.due_at AS since
         FROM run r JOIN step_run s ON s.run_id = r.id AND s.status = 'waiting'
         WHERE r.status IN ('open', 'closed') AND s.due_at < $1::timestamptz - ${OVERDUE} ORDER BY 5 LIMIT ${MOST_ROWS}`,
        [now],
      );
      const still = await db.query<{ run: string; code: string; name: string; since: Date }>(
        `SELECT r.id AS run, r.code, r.person->>'name' AS name, coalesce(max(s.ended_at), r.opened_at, r.requested_at) AS since
         FROM run r LEFT JOIN step_run s ON s.run_id = r.id
         WHERE r.status = 'open' AND NOT EXISTS (SELECT 1 FROM step_run n WHERE n.run_id = r.id AND n.step <> 'watch'
             AND n.status IN ('ready', 'running', 'waiting', 'needs_human'))
         GROUP BY r.id HAVING coalesce(max(s.ended_at), r.opened_at, r.requested_at) < $1::timestamptz - ${OVERDUE}
         ORDER BY 4 LIMIT ${MOST_ROWS}`,
        [now],
      );
      const stuck =
        (why: 'overdue' | 'no_next') =>
        ({ since, ...row }: { run: string; code: string; name: string; since: Date; step?: string }): Leftover => {
          const step = row.step ?? '';
          return {
            kind: 'stuck',
            key: `stuck:${row.run}:${why}:${step}`,
            ...row,
            step,
            why,
            since: since.toISOString(),
          };
        };
      return [
        ...late.map((row): Leftover => ({ kind: 'delegation', key: `delegation:${row.run}`, ...row })),
        ...asks.map(
          ({ key, ...row }): Leftover => ({
            kind: 'stuck',
            key: `stuck:${row.run}:asks:${row.step}:${key}`,
            ...row,
            why: 'asks',
            since: null,
          }),
        ),
        ...overdue.map(stuck('overdue')),
        ...still.map(stuck('no_next')),
      ];
    },
    isLive: (oktaId) =>
      exists(
        `SELECT 1 FROM run WHERE kind = 'offboarding' AND person_id = $1 AND status IN ('awaiting_approval', 'scheduled', 'held', 'open')`,
        [oktaId],
      ),
    isContained: (googleId) =>
      exists(
        `SELECT 1 FROM run r JOIN step_run s ON s.run_id = r.id AND s.step = 'google.contain' AND s.status = 'done' WHERE r.ids->>'google' = $1`,
        [googleId],
      ),
    async keep(found, { unread, waitingDays }, now) {
      const rows = await db.query<Row>(
        `WITH given AS (SELECT x->>'key' AS key, x->>'kind' AS kind, x AS facts FROM jsonb_array_elements($1::jsonb) AS x),
           gone AS (DELETE FROM sweep_finding f WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.key = f.key)
             AND NOT (f.kind = 'account' AND (f.facts->>'vendor' = ANY ($2) OR 'bamboohr' = ANY ($2)))),
           kept AS (INSERT INTO sweep_finding AS f (key, kind, facts, found_at) SELECT key, kind, facts, $3 FROM given
             ON CONFLICT (key) DO UPDATE SET facts = excluded.facts RETURNING f.id, f.facts, f.found_at, f.told_at)
         SELECT * FROM kept WHERE (told_at IS NULL AND (facts->>'why' IS DISTINCT FROM 'asks' OR found_at <= $3::timestamptz - $4 * interval '1 day')
           OR told_at <= $3::timestamptz - ${AGAIN_DAYS} * interval '1 day') ORDER BY facts->>'kind', found_at, facts->>'key'`,
        [JSON.stringify(found), unread, now, waitingDays],
      );
      return rows.map(asKept);
    },
    async told(ids, now) {
      await db.query('UPDATE sweep_finding SET told_at = $2 WHERE id = ANY ($1)', [ids, now]);
    },
    async find(id) {
      const [row] = await db.query<Row>('SELECT id, facts, found_at, told_at FROM sweep_finding WHERE id = $1', [id]);
      return row ? asKept(row) : null;
    },
  };
}

function asKept(row: Row): KeptLeftover {
  return { id: row.id, leftover: row.facts, foundAt: row.found_at, toldAt: row.told_at };
}
