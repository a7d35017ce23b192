// What our own rows say of devices on their way back: who orders the box, what was ordered, whether it was received, who was told.
import type { Facts } from '../workflow/model/step.ts';
import type { StepStatus } from '../workflow/model/transitions.ts';
import type { Database } from './client.ts';

export interface ReturnRows {
  /** Of the order that is in doubt: when it was sent last, in business time; null: none is. */
  doubtfulOrderAt(runId: string, subject: string): Promise<Date | null>;
  /** Code of another run that orders for this device; null: none does. */
  orderedBy(runId: string, device: string): Promise<string | null>;
  /** As `orderedBy`; where none does it is this one, from now on. */
  takeOrder(runId: string, device: string): Promise<string | null>;
  /** Of the step that sends the box; null: the run has none. */
  shipped(
    runId: string,
    subject: string,
  ): Promise<{ readonly after: Facts | null; readonly hasArrived: boolean } | null>;
  /** What the step that follows its parcels has found so far. */
  tracked(runId: string, subject: string): Promise<Facts | null>;
  /** Who started the run: `T123/U123`; and what was posted for whoever receives the device. */
  receiving(
    runId: string,
    subject: string,
  ): Promise<{ readonly startedBy: string; readonly isTold: boolean; readonly isPosted: boolean }>;
  /** Pinned id of the person's HR record; null: none. */
  recordOf(runId: string): Promise<string | null>;
  /** How many parcels with this number are followed, and looked at now. */
  wakeParcels(code: string, now: Date): Promise<number>;
}

/** Messages of a run's report: to whoever receives the device by direct message, and the same in the thread. */
export const TOLD_RECEIVER = 'return_told:';
export const ASKED_RECEIVER = 'return_receiver:';

export function createReturnRows(db: Database): ReturnRows {
  return {
    async doubtfulOrderAt(runId, subject) {
      const [row] = await db.query<{ at: Date | null }>(
        `SELECT max(w.intended_at) AS at FROM vendor_write w JOIN step_run s ON s.id = w.step_run_id
         WHERE s.run_id = $1 AND s.subject = $2 AND s.step = 'return.ship' AND w.effect = 'retriever.order_return'
           AND w.intended_at >= s.opened_at AND (w.outcome IS NULL OR w.outcome = 'doubt')`,
        [runId, subject],
      );
      return row?.at ?? null;
    },
    async orderedBy(runId, device) {
      const [row] = await db.query<{ code: string }>(
        `SELECT r.code FROM device_order o JOIN run r ON r.id = o.run_id
         WHERE o.device = $2 AND o.run_id <> $1 AND device_order_is_open(o.run_id, o.device)`,
        [runId, device],
      );
      return row?.code ?? null;
    },
    async takeOrder(runId, device) {
      const [row] = await db.query<{ run_id: string; code: string }>(
        'SELECT r.id AS run_id, r.code FROM take_device_order($1, $2) AS taken (run_id) JOIN run r ON r.id = taken.run_id',
        [runId, device],
      );
      if (!row) throw new Error('take_device_order: no row');
      return row.run_id === runId ? null : row.code;
    },
    async shipped(runId, subject) {
      const [row] = await db.query<{ after: Facts | null; received: StepStatus | null }>(
        `SELECT s.after, e.status AS received FROM step_run s
           LEFT JOIN step_run e ON e.run_id = s.run_id AND e.subject = s.subject AND e.step = 'return.receive' AND step_has_ended(e.status)
         WHERE s.run_id = $1 AND s.subject = $2 AND s.step = 'return.ship'`,
        [runId, subject],
      );
      return row ? { after: row.after, hasArrived: row.received !== null } : null;
    },
    async tracked(runId, subject) {
      const [row] = await db.query<{ after: Facts | null }>(
        `SELECT after FROM step_run WHERE run_id = $1 AND subject = $2 AND step = 'return.track'`,
        [runId, subject],
      );
      return row?.after ?? null;
    },
    async receiving(runId, subject) {
      const [row] = await db.query<{ started_by: string; told: boolean; posted: boolean }>(
        `SELECT r.requested_by AS started_by,
           EXISTS (SELECT 1 FROM delivery d WHERE d.report_key = 'slack:' || r.id AND d.message = $2 AND d.ts IS NOT NULL) AS told,
           EXISTS (SELECT 1 FROM delivery d WHERE d.report_key = 'slack:' || r.id AND d.message = $3 AND d.ts IS NOT NULL) AS posted
         FROM run r WHERE r.id = $1`,
        [runId, `${TOLD_RECEIVER}${subject}`, `${ASKED_RECEIVER}${subject}`],
      );
      if (!row) throw new Error(`no run ${runId}`);
      return { startedBy: row.started_by, isTold: row.told, isPosted: row.posted };
    },
    async recordOf(runId) {
      const [row] = await db.query<{ record: string | null }>(
        `SELECT ids->>'bamboohr' AS record FROM run WHERE id = $1`,
        [runId],
      );
      return row?.record ?? null;
    },
    async wakeParcels(code, now) {
      const [row] = await db.query<{ n: number }>('SELECT wake_parcels($1, $2) AS n', [code, now]);
      return row?.n ?? 0;
    },
  };
}
