// What our own rows say of an offboarding that is taken back: its record, and what it may have written at each vendor.

import pg from 'pg';
import type { Person, PinnedIds, RunStatus } from '../workflow/model/run.ts';
import type { Undone, UndoneReads, UndoneStep } from '../workflow/model/undone.ts';
import type { Database } from './client.ts';

/** As the trigger `one_way_at_a_time` refuses a run. */
export function isOtherWay(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23D21';
}

interface RunRow {
  readonly id: string;
  readonly kind: string;
  readonly code: string;
  readonly status: RunStatus;
  readonly person_id: string;
  readonly person: Person;
  readonly ids: PinnedIds;
  readonly newer: string | null;
}

export function createUndoneStore(db: Database): UndoneReads {
  return {
    async of(runId): Promise<Undone | null> {
      const [[run], steps] = await Promise.all([
        db.query<RunRow>(
          `SELECT r.id, r.kind, r.code, r.status, r.person_id, r.person, r.ids, (SELECT n.code FROM run n WHERE n.kind = r.kind AND n.person_id = r.person_id
               AND n.requested_at > r.requested_at AND EXISTS (SELECT 1 FROM step_run s JOIN vendor_write w ON w.step_run_id = s.id WHERE s.run_id = n.id)
               ORDER BY n.requested_at DESC LIMIT 1) AS newer
             FROM run r WHERE r.id = $1`,
          [runId],
        ),
        db.query<UndoneStep>(
          `SELECT s.step, s.subject, s.facts, s.status, s.before, s.after, coalesce((SELECT array_agg(DISTINCT w.effect) FROM vendor_write w
               WHERE w.step_run_id = s.id AND w.outcome IS DISTINCT FROM 'refused' AND w.outcome IS DISTINCT FROM 'deferred'), '{}') AS wrote
             FROM step_run s WHERE s.run_id = $1 ORDER BY s.step, s.subject`,
          [runId],
        ),
      ]);
      if (!run) return null;
      const { person_id: personId, ...rest } = run;
      return { ...rest, personId, steps };
    },

    async endedAt(runId, step) {
      const [row] = await db.query<{ at: Date | null }>(
        `SELECT max(ended_at) AS at FROM step_run WHERE run_id = $1 AND step = $2 AND step_has_ended(status)`,
        [runId, step],
      );
      return row?.at ?? null;
    },
  };
}
