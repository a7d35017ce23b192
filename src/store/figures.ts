// Figures about runs, steps and pictures for whoever watches the service: counted from the rows, never about a person.
import type { Database } from './client.ts';

/** A scrape must never keep the engine waiting. */
const STATEMENT_TIMEOUT_MS = 2_000;
/** Time to revoke is told of the newest runs of a week. */
const REVOKED_SINCE_MS = 7 * 24 * 60 * 60_000;
const REVOKED_RUNS = 1_000;
/** What ends the access of a run: whichever of the two is done first. */
const REVOKING = ['okta.block', 'okta.deactivate'];

export interface Figures {
  readonly runs: readonly { readonly kind: string; readonly status: string; readonly count: number }[];
  /** Steps that have not ended, of runs that are live or still ask somebody. */
  readonly steps: readonly { readonly status: string; readonly count: number }[];
  /** How long the oldest ready step has waited for its first attempt, in ms. */
  readonly queueAgeMs: number;
  /** Request to revoked access, in ms; null: of no run yet. */
  readonly revoked: { readonly runs: number; readonly p50Ms: number | null; readonly p99Ms: number | null };
  /** How long the oldest live offboarding has waited for its access to be revoked, in ms. */
  readonly unrevokedMs: number;
  /** Pictures that are not what they should be, and for how long the oldest, in ms. */
  readonly latePictures: { readonly count: number; readonly oldestMs: number };
}

export type ReadFigures = (now: Date) => Promise<Figures>;

export function createFigureStore(db: Database): ReadFigures {
  return async (now) => {
    const client = await db.pool.connect();
    const one = async <T extends object>(sql: string, values: readonly unknown[] = []): Promise<T[]> =>
      (await client.query<T>(sql, [...values])).rows;
    let isFine = false;
    try {
      await client.query('BEGIN READ ONLY');
      await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
      const runs = await one<Figures['runs'][number]>(
        'SELECT kind, status, count(*)::int AS count FROM run GROUP BY kind, status',
      );
      const steps = await one<Figures['steps'][number]>(
        `SELECT s.status::text, count(*)::int AS count FROM run r JOIN step_run s ON s.run_id = r.id
         WHERE r.status IN ('awaiting_approval', 'scheduled', 'held', 'open', 'closed') AND s.status NOT IN ('done', 'skipped', 'cancelled')
         GROUP BY s.status`,
      );
      // A step that is tried again keeps its first ready_at, so its wait cannot be told from its back-off.
      const [queue] = await one<{ ms: number }>(
        `SELECT coalesce(extract(epoch FROM $1::timestamptz - min(ready_at)) * 1000, 0)::float8 AS ms
         FROM step_run WHERE status = 'ready' AND attempt = 0`,
        [now],
      );
      const [revoked] = await one<{ runs: number; p50: number | null; p99: number | null }>(
        `WITH newest AS (
           SELECT id, requested_at FROM run WHERE kind = 'offboarding' AND requested_at >= $1 ORDER BY requested_at DESC LIMIT $2
         ), took AS (
           SELECT extract(epoch FROM min(s.ended_at) - n.requested_at) * 1000 AS ms
           FROM newest n JOIN step_run s ON s.run_id = n.id AND s.status = 'done' AND s.step = ANY ($3)
           GROUP BY n.id, n.requested_at
         )
         SELECT count(*)::int AS runs, (percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::float8 AS p50,
           (percentile_cont(0.99) WITHIN GROUP (ORDER BY ms))::float8 AS p99 FROM took`,
        [new Date(now.getTime() - REVOKED_SINCE_MS), REVOKED_RUNS, REVOKING],
      );
      const [unrevoked] = await one<{ ms: number }>(
        `SELECT coalesce(extract(epoch FROM $1::timestamptz - min(r.opened_at)) * 1000, 0)::float8 AS ms FROM run r
         WHERE r.kind = 'offboarding' AND r.status = 'open'
           AND NOT EXISTS (SELECT 1 FROM step_run s WHERE s.run_id = r.id AND s.status = 'done' AND s.step = ANY ($2))`,
        [now, REVOKING],
      );
      const [late] = await one<{ count: number; ms: number }>(
        `SELECT count(*)::int AS count, coalesce(extract(epoch FROM now() - min(wanted_at)) * 1000, 0)::float8 AS ms
         FROM report WHERE wanted > drawn`,
      );
      await client.query('COMMIT');
      isFine = true;
      return {
        runs,
        steps,
        queueAgeMs: Math.max(0, queue?.ms ?? 0),
        revoked: { runs: revoked?.runs ?? 0, p50Ms: revoked?.p50 ?? null, p99Ms: revoked?.p99 ?? null },
        unrevokedMs: Math.max(0, unrevoked?.ms ?? 0),
        latePictures: { count: late?.count ?? 0, oldestMs: Math.max(0, late?.ms ?? 0) },
      };
    } finally {
      client.release(!isFine); // one that failed is not used again: its transaction may be open
    }
  };
}
