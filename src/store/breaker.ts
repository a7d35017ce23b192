// The breaker's rows: how many began within the hour, what is on hold for it, and an approver's one word for all of it.
import pg from 'pg';
import { type BreakerStore, type HeldByBreaker, type LetVerdict, TooManyRuns } from '../workflow/model/breaker.ts';
import { FetchedElsewhere } from '../workflow/model/device.ts';
import { StaleLook } from '../workflow/model/new-run.ts';
import { OtherWay } from '../workflow/model/undone.ts';
import type { Database } from './client.ts';
import { isFetchedElsewhere } from './device-runs.ts';
import { isOtherWay } from './undone.ts';

/** Throws what the database refused a run for, in the words of the model; `run_begins`, `one_way_at_a_time`, `one_return_a_device` and `open_run` refuse so. */
export function runRefused(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '23B22') throw new TooManyRuns(error.message);
  if (isOtherWay(error)) throw new OtherWay();
  if (error instanceof pg.DatabaseError && error.code === '23D23') throw new StaleLook();
  throw isFetchedElsewhere(error) ? new FetchedElsewhere() : error;
}

type HeldRow = {
  number: number;
  run_id: string;
  code: string;
  name: string;
  email: string;
  requested_by: string;
  waits: boolean;
  most: number | null;
  let_by: string | null;
  let_at: Date | null;
};

export function createBreakerStore(db: Database): BreakerStore {
  return {
    async begunSince(since) {
      const [row] = await db.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM run WHERE kind = 'offboarding' AND acts_since > $1`,
        [since],
      );
      return row?.n ?? 0;
    },
    async stop(id) {
      const [stop] = await db.query<{ ended: boolean }>(
        'SELECT ended_at IS NOT NULL AS ended FROM breaker_stop WHERE id = $1',
        [id],
      );
      if (!stop) return null;
      const rows = await db.query<HeldRow>(
        `SELECT h.number, r.id AS run_id, r.code, r.person->>'name' AS name, r.person->>'email' AS email, r.requested_by,
           run_is_many(r.status, r.start) AS waits, (r.policy->>'breaker.runsAnHour')::int AS most, h.let_by, h.let_at
         FROM breaker_held h JOIN run r ON r.id = h.run_id WHERE h.stop_id = $1 ORDER BY h.number`,
        [id],
      );
      return {
        id,
        isOver: stop.ended,
        most: Math.max(0, ...rows.map((row) => row.most ?? 0)),
        upTo: Math.max(0, ...rows.map((row) => row.number)),
        held: rows.map(asHeld),
      };
    },
    async letBegin({ stop, upTo }, by, now): Promise<LetVerdict> {
      const [row] = await db.query<{
        verdict: LetVerdict['verdict'];
        let: number | null;
        decided_by: string | null;
        decided_at: Date | null;
      }>('SELECT * FROM let_begin($1, $2, $3, $4)', [stop, upTo, by, now]);
      if (!row) throw new Error('let_begin: no verdict');
      if (row.verdict === 'let') return { verdict: row.verdict, let: row.let ?? 0 };
      if (row.verdict === 'stale') return { verdict: row.verdict, by: row.decided_by, at: row.decided_at };
      return { verdict: row.verdict };
    },
  };
}

function asHeld(row: HeldRow): HeldByBreaker {
  const otherwise = row.let_by === null ? 'moved' : 'let';
  return {
    runId: row.run_id,
    code: row.code,
    name: row.name,
    email: row.email,
    requestedBy: row.requested_by,
    stands: row.waits ? 'waits' : otherwise,
    letBy: row.let_by,
    letAt: row.let_at,
  };
}
