// What our own rows say of hand-overs: who was chosen, who leaves, which mailboxes are delegated to whom and until they are taken back.
import type { StepStatus } from '../workflow/model/transitions.ts';
import type { Database } from './client.ts';

/** A grant of the mailbox that may have reached Google; one that Google refused is not here. */
export interface Grant {
  /** Google user id of whom it was given to. */
  readonly target: string;
  /** When it was accepted; of one without an answer, when it was sent at the earliest. */
  readonly at: Date;
  readonly isAccepted: boolean;
}

export interface Handover {
  readonly isCancelled: boolean;
  /** Of the step that grants. Null: this run has none. */
  readonly status: StepStatus | null;
  /** When it ended; of one that has not, when it began. */
  readonly seenAt: Date | null;
  readonly isAttested: boolean;
  /** Google user id of whom the step saw as a delegate, whoever made them one. */
  readonly granted: string | null;
  /** Oldest first. */
  readonly grants: readonly Grant[];
  /** Google user ids that a newer run of the same person has given the mailbox to: that run takes it back from them. */
  readonly keptElsewhere: readonly string[];
}

/** Not refused, and not put off: it may have reached Google. */
const MAY_STAND = `w.effect = 'google.add_delegate' AND w.outcome IS DISTINCT FROM 'refused' AND w.outcome IS DISTINCT FROM 'deferred'`;

export function createHandoverStore(db: Database) {
  return {
    /** Slack user id of whom a person chose last to receive, in any step of this run. */
    async chosen(runId: string): Promise<string | null> {
      const [row] = await db.query<{ person: string }>(
        `SELECT answer->>'person' AS person FROM decision WHERE run_id = $1 AND kind = 'answer' AND answer->>'question' = 'delegate'
           AND answer ? 'person' ORDER BY decided_at DESC, attempt DESC LIMIT 1`,
        [runId],
      );
      return row?.person ?? null;
    },

    /** Cancelled runs do not count. */
    async isLeaving(googleId: string): Promise<boolean> {
      const rows = await db.query<{ one: number }>(
        `SELECT 1 AS one FROM run WHERE kind = 'offboarding' AND status <> 'cancelled' AND ids->>'google' = $1 LIMIT 1`,
        [googleId],
      );
      return rows.length > 0;
    },

    /** Runs whose mailbox this account receives, found or granted, and has not been seen to lose. */
    async mailboxesOf(googleId: string, exceptRun: string): Promise<number> {
      const [row] = await db.query<{ n: number }>(
        `SELECT count(DISTINCT s.run_id)::int AS n FROM step_run s
           JOIN step_run e ON e.run_id = s.run_id AND e.step = 'google.mailbox_end' AND NOT step_has_ended(e.status)
         WHERE s.step = 'google.mailbox' AND s.run_id <> $2 AND (s.after->>'granted' = $1
           OR EXISTS (SELECT 1 FROM vendor_write w WHERE w.step_run_id = s.id AND w.target = $1 AND ${MAY_STAND}))`,
        [googleId, exceptRun],
      );
      return row?.n ?? 0;
    },

    /** The mailbox was taken back from a suspended account, which was suspended again then; asked for counts, whatever was answered. */
    async wasSuspendedAgain(runId: string): Promise<boolean> {
      const rows = await db.query<{ one: number }>(
        `SELECT 1 AS one FROM vendor_write w JOIN step_run s ON s.id = w.step_run_id
         WHERE s.run_id = $1 AND s.step = 'google.mailbox_end' AND w.effect = 'google.suspend_again' LIMIT 1`,
        [runId],
      );
      return rows.length > 0;
    },

    async isTakenBack(runId: string): Promise<boolean> {
      const rows = await db.query<{ one: number }>(
        `SELECT 1 AS one FROM step_run WHERE run_id = $1 AND step = 'google.mailbox_end' AND status = 'done'`,
        [runId],
      );
      return rows.length > 0;
    },

    /** When the mailbox is to be taken back, as the step that does it has said last; null: nobody has it, or it is over. */
    async mailboxUntil(runId: string): Promise<Date | null> {
      const [row] = await db.query<{ at: string | null }>(
        `SELECT after->>'endsAt' AS at FROM step_run WHERE run_id = $1 AND step = 'google.mailbox_end' AND NOT step_has_ended(status)`,
        [runId],
      );
      return row?.at ? new Date(row.at) : null;
    },

    async of(runId: string): Promise<Handover> {
      const [[row], grants, elsewhere] = await Promise.all([
        db.query<{
          run_status: string;
          status: StepStatus | null;
          seen_at: Date | null;
          evidence: string | null;
          granted: string | null;
        }>(
          `SELECT r.status AS run_status, s.status, coalesce(s.ended_at, s.started_at) AS seen_at, s.evidence, s.after->>'granted' AS granted
           FROM run r LEFT JOIN step_run s ON s.run_id = r.id AND s.step = 'google.mailbox' WHERE r.id = $1`,
          [runId],
        ),
        db.query<{ target: string; at: Date; accepted: boolean }>(
          `SELECT w.target, CASE w.outcome WHEN 'accepted' THEN w.answered_at ELSE w.intended_at END AS at,
             w.outcome IS NOT DISTINCT FROM 'accepted' AS accepted
           FROM vendor_write w JOIN step_run s ON s.id = w.step_run_id WHERE s.run_id = $1 AND ${MAY_STAND} ORDER BY w.id`,
          [runId],
        ),
        db.query<{ target: string }>(
          `SELECT DISTINCT w.target FROM run r JOIN run n ON n.ids->>'google' = r.ids->>'google' AND n.requested_at > r.requested_at AND n.status = 'open'
             JOIN step_run s ON s.run_id = n.id JOIN vendor_write w ON w.step_run_id = s.id WHERE r.id = $1 AND ${MAY_STAND}`,
          [runId],
        ),
      ]);
      return {
        isCancelled: row?.run_status === 'cancelled',
        status: row?.status ?? null,
        seenAt: row?.seen_at ?? null,
        isAttested: row?.evidence === 'attested',
        granted: row?.granted ?? null,
        grants: grants.map(({ target, at, accepted }) => ({ target, at, isAccepted: accepted })),
        keptElsewhere: elsewhere.map((one) => one.target),
      };
    },
  };
}
