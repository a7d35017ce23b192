// What a watch reads of its own run: the doors that ended closed, and whether another run looks at them by now.
import type { ReadDoors } from '../workflow/model/watch.ts';
import type { Database } from './client.ts';
import { asClaimed, type ClaimedJson } from './step-json.ts';

/** Claimed by nobody: they are looked at, and never written. */
const NOBODY = 0;

export function createWatchStore(db: Database, callDeadlineMs: number): { readonly doorsOf: ReadDoors } {
  return {
    async doorsOf(runId, names) {
      const [over] = await db.query<{ over: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM run n WHERE n.kind IN (r.kind, 'rehire') AND n.person_id = r.person_id AND n.id <> r.id
             AND n.status NOT IN ('cancelled', 'scheduled', 'awaiting_approval', 'held') AND n.requested_at > r.requested_at) AS over
           FROM run r WHERE r.id = $1`,
        [runId],
      );
      // What a person skipped was left open on purpose. A Mac that came back has no lock to be seen.
      const rows = await db.query<{ claimed: ClaimedJson }>(
        `SELECT claimed_step(s.id, $3) AS claimed FROM step_run s WHERE s.run_id = $1 AND s.step = ANY ($2)
           AND (s.status = 'done' OR s.status = 'skipped' AND s.cause NOT IN ('by_hand', 'cannot_start'))
           AND NOT (s.step = 'jamf.lock' AND EXISTS (SELECT 1 FROM step_run b WHERE b.run_id = s.run_id AND b.subject = s.subject
             AND b.step IN ('return.receive', 'jamf.erase') AND b.status = 'done'))
         ORDER BY array_position($2, s.step), s.subject`,
        [runId, names, callDeadlineMs],
      );
      return { isOver: over?.over ?? false, doors: rows.map((row) => asClaimed(row.claimed, NOBODY)) };
    },
  };
}
