// What our own rows say of a device that is fetched: who received it and when, that it was given up, whether it was erased.
import type { Fetched } from '../workflow/model/fetched.ts';
import type { StepStatus } from '../workflow/model/transitions.ts';
import type { Database } from './client.ts';

interface Row {
  readonly name: string;
  readonly email: string;
  readonly status: StepStatus | null;
  readonly cause: string | null;
  readonly ended_at: Date | null;
  readonly said_by: string | null;
  readonly compared: boolean | null;
  readonly erased: boolean | null;
  readonly ticket: string | null;
}

export function createFetchedStore(db: Database) {
  return {
    /** Null: no such run, as in a plan. */
    async of(runId: string, subject: string): Promise<Fetched | null> {
      if (runId === '') return null;
      const [row] = await db.query<Row>(
        `SELECT r.person->>'name' AS name, r.person->>'email' AS email, s.status, s.cause, s.ended_at,
           coalesce(CASE WHEN s.evidence <> 'attested' THEN s.after->>'receivedBy' END, (SELECT d.decided_by FROM decision d
             WHERE d.step_run_id = s.id AND d.kind = 'attest' ORDER BY d.decided_at DESC LIMIT 1)) AS said_by,
           s.evidence <> 'attested' AND (s.after->>'compared')::boolean AS compared, e.status = 'done' AS erased,
           (SELECT t.after->>'key' FROM step_run t WHERE t.run_id = r.id AND t.step = 'jira.ticket' LIMIT 1) AS ticket
         FROM run r LEFT JOIN step_run s ON s.run_id = r.id AND s.step = 'return.receive' AND s.subject = $2
           LEFT JOIN step_run e ON e.run_id = r.id AND e.step = 'jamf.erase' AND e.subject = $2
         WHERE r.id = $1`,
        [runId, subject],
      );
      if (!row) return null;
      const isIn = row.status === 'done' && row.ended_at !== null;
      return {
        received:
          isIn && row.ended_at ? { at: row.ended_at, by: row.said_by, isCompared: row.compared === true } : null,
        isWrittenOff: row.status === 'skipped' && row.cause === 'written_off',
        isErased: row.erased === true,
        ticket: row.ticket,
        person: { name: row.name, email: row.email },
      };
    },
  };
}
