// Which pictures are not what they should be, and which messages were posted for them: at least once, found again by marker.
import { type OperatorId, operatorKey } from '../workflow/model/run.ts';
import type { Database } from './client.ts';
import type { Instance } from './instance.ts';

const HOME = 'home:';

export interface ClaimedReport {
  readonly key: string;
  readonly runId: string | null;
  readonly inboundId: string | null;
  /** Whose Home it is. */
  readonly viewer: OperatorId | null;
  readonly attempt: number;
  /** The version to record as drawn; a change meanwhile makes the picture due again. */
  readonly wanted: number;
  readonly failures: number;
  /** How long the picture has been wrong, in ms. */
  readonly lateMs: number;
}

/** A message of a report: posted (`ts` known), perhaps posted (intended, no `ts`), or not yet. */
export interface DeliveryRow {
  readonly message: string;
  readonly marker: string;
  readonly ts: string | null;
  readonly hash: string | null;
  /** Database time of the intent: where to start looking for it. */
  readonly intendedAt: Date;
  /** Since the intent, by the database's clock, in ms. */
  readonly ageMs: number;
  readonly searches: number;
}

export interface ReportStore {
  claim(limit: number): Promise<readonly ClaimedReport[]>;
  /**
   * Records what was drawn; `againInMs` coalesces what comes next. `problem`: a sentence for operators about what lasts until
   * somebody acts; null: none. Answers whether that is news.
   */
  finish(
    report: ClaimedReport,
    result: { drawn: boolean; againInMs: number; problem: string | null },
  ): Promise<{ isNews: boolean }>;
  /** What keeps a run's picture for this store's audience from being whole. */
  problemOf(runId: string): Promise<string | null>;
  /** What has kept some run from being shown at all for the longest. */
  oldestProblem(): Promise<string | null>;
  /** All pictures with this problem are due again. */
  wantAll(problem: string): Promise<void>;
  /** The run's picture for this store's audience is due again. */
  wantRun(runId: string): Promise<void>;
  /** When the next picture is due, in ms; null: all are right. */
  nextInMs(): Promise<number | null>;
  deliveries(reportKey: string): Promise<readonly DeliveryRow[]>;
  /** The committed intent to post. */
  intend(reportKey: string, message: string): Promise<DeliveryRow>;
  /**
   * The same, as long as the row is still as it was read: `over`, or null for none. Null: somebody else draws this picture by now, as
   * after a lease was lost while we drew it.
   */
  intendOver(reportKey: string, message: string, over: DeliveryRow | null): Promise<DeliveryRow | null>;
  /** It was surely not posted: the intent is taken back. */
  withdraw(reportKey: string, message: string): Promise<void>;
  searched(reportKey: string, message: string): Promise<void>;
  posted(reportKey: string, message: string, ts: string, hash: string): Promise<void>;
  /** This step's reply is part of another message. */
  shared(reportKey: string, message: string, ts: string, hash: string): Promise<void>;
  threadTs(runId: string): Promise<string | null>;
  /** Somebody opened their Home: it is drawn now, and again for some days whenever state changes. */
  homeOpened(viewer: OperatorId): Promise<void>;
  /** State has changed: the Homes that were opened of late are due again. */
  wantHomes(): Promise<void>;
}

type Row = {
  message: string;
  marker: string;
  ts: string | null;
  hash: string | null;
  intended_at: Date;
  age_ms: number;
  searches: number;
};
const COLUMNS =
  'message, marker, ts, hash, intended_at, (extract(epoch FROM (clock_timestamp() - intended_at)) * 1000)::int AS age_ms, searches';

export function createReportStore(db: Database, instance: Instance, audience: string): ReportStore {
  return {
    async claim(limit) {
      const sentAt = performance.now();
      const rows = await db.query<{
        key: string;
        run_id: string | null;
        inbound_id: string | null;
        attempt: number;
        wanted: number;
        failures: number;
        late_ms: number;
      }>('SELECT * FROM claim_reports($1, $2, $3)', [instance.num, audience, limit]);
      instance.seen(sentAt);
      return rows.map((row) => ({
        key: row.key,
        runId: row.run_id,
        inboundId: row.inbound_id,
        viewer: viewerOf(row.key),
        attempt: row.attempt,
        wanted: row.wanted,
        failures: row.failures,
        lateMs: row.late_ms,
      }));
    },
    async finish(report, { drawn, againInMs, problem }) {
      const [row] = await db.query<{ is_news: boolean }>(
        `WITH was AS (SELECT r.problem FROM report r WHERE r.key = $1)
         UPDATE report SET owner = NULL, drawn = CASE WHEN $3::boolean THEN greatest(drawn, $4) ELSE drawn END, problem = $6,
           failures = CASE WHEN $3::boolean THEN 0 ELSE failures + 1 END, retry_at = now() + $5 * interval '1 millisecond'
         WHERE key = $1 AND attempt = $2 RETURNING (SELECT was.problem FROM was) IS DISTINCT FROM $6::text AS is_news`,
        [report.key, report.attempt, drawn, report.wanted, againInMs, problem],
      );
      return { isNews: row?.is_news ?? false };
    },
    async problemOf(runId) {
      const [row] = await db.query<{ problem: string | null }>(
        'SELECT problem FROM report WHERE run_id = $1 AND audience = $2',
        [runId, audience],
      );
      return row?.problem ?? null;
    },
    async oldestProblem() {
      const [row] = await db.query<{ problem: string }>(
        `SELECT problem FROM report WHERE audience = $1 AND wanted > drawn AND run_id IS NOT NULL AND problem IS NOT NULL
         ORDER BY wanted_at LIMIT 1`,
        [audience],
      );
      return row?.problem ?? null;
    },
    async wantAll(problem) {
      await db.query(
        `UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END
         WHERE problem = $1 AND audience = $2`,
        [problem, audience],
      );
    },
    async wantRun(runId) {
      await db.query(
        `UPDATE report SET wanted = wanted + 1, wanted_at = CASE WHEN wanted = drawn THEN now() ELSE wanted_at END
         WHERE run_id = $1 AND audience = $2`,
        [runId, audience],
      );
    },
    async nextInMs() {
      const [row] = await db.query<{ ms: number | null }>(
        `SELECT (extract(epoch FROM (min(retry_at) - now())) * 1000)::int AS ms FROM report WHERE wanted > drawn AND owner IS NULL AND audience = $1`,
        [audience],
      );
      return row?.ms ?? null;
    },
    async deliveries(reportKey) {
      return (await db.query<Row>(`SELECT ${COLUMNS} FROM delivery WHERE report_key = $1`, [reportKey])).map(
        asDelivery,
      );
    },
    async intend(reportKey, message) {
      const [row] = await db.query<Row>(
        `INSERT INTO delivery (report_key, message) VALUES ($1, $2)
         ON CONFLICT (report_key, message) DO UPDATE SET intended_at = now(), searches = 0, ts = NULL, hash = NULL RETURNING ${COLUMNS}`,
        [reportKey, message],
      );
      if (!row) throw new Error('delivery: no row');
      return asDelivery(row);
    },
    async intendOver(reportKey, message, over) {
      const [row] =
        over === null
          ? await db.query<Row>(
              `INSERT INTO delivery (report_key, message) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
              [reportKey, message],
            )
          : await db.query<Row>(
              // A Date has milliseconds only; two intents for one message are seconds apart.
              `UPDATE delivery SET intended_at = now(), searches = 0, ts = NULL, hash = NULL
               WHERE report_key = $1 AND message = $2 AND ts IS NOT DISTINCT FROM $3
                 AND abs(extract(epoch FROM intended_at - $4::timestamptz)) < 0.002 RETURNING ${COLUMNS}`,
              [reportKey, message, over.ts, over.intendedAt],
            );
      return row ? asDelivery(row) : null;
    },
    async withdraw(reportKey, message) {
      await db.query('DELETE FROM delivery WHERE report_key = $1 AND message = $2 AND ts IS NULL', [
        reportKey,
        message,
      ]);
    },
    async searched(reportKey, message) {
      await db.query('UPDATE delivery SET searches = searches + 1 WHERE report_key = $1 AND message = $2', [
        reportKey,
        message,
      ]);
    },
    async posted(reportKey, message, ts, hash) {
      await db.query('UPDATE delivery SET ts = $3, hash = $4 WHERE report_key = $1 AND message = $2', [
        reportKey,
        message,
        ts,
        hash,
      ]);
    },
    async shared(reportKey, message, ts, hash) {
      await db.query(
        `INSERT INTO delivery (report_key, message, ts, hash) VALUES ($1, $2, $3, $4) ON CONFLICT (report_key, message) DO UPDATE SET ts = excluded.ts, hash = excluded.hash`,
        [reportKey, message, ts, hash],
      );
    },
    async homeOpened(viewer) {
      await db.query(
        `INSERT INTO report (key, audience, seen_at) VALUES ($1, $2, now()) ON CONFLICT (key) DO UPDATE
           SET seen_at = now(), wanted = report.wanted + 1, wanted_at = CASE WHEN report.wanted = report.drawn THEN now() ELSE report.wanted_at END`,
        [`${HOME}${operatorKey(viewer)}`, audience],
      );
    },
    async wantHomes() {
      await db.query('SELECT want_homes(NULL)::text', []);
    },
    async threadTs(runId) {
      const [row] = await db.query<{ ts: string | null }>(
        `SELECT d.ts FROM delivery d JOIN report r ON r.key = d.report_key WHERE r.run_id = $1 AND d.message = 'root'`,
        [runId],
      );
      return row?.ts ?? null;
    },
  };
}

function viewerOf(key: string): OperatorId | null {
  if (!key.startsWith(HOME)) return null;
  const [teamId = '', userId = ''] = key.slice(HOME.length).split('/');
  return { teamId, userId };
}

function asDelivery(row: Row): DeliveryRow {
  return {
    message: row.message,
    marker: row.marker,
    ts: row.ts,
    hash: row.hash,
    intendedAt: row.intended_at,
    ageMs: row.age_ms,
    searches: row.searches,
  };
}
