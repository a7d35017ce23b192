// What came in at a door and must be acted on once: one committed insert, before the ack. A handler that dies is replaced.
import type { Database } from './client.ts';
import type { Instance } from './instance.ts';

export interface NewInbound {
  readonly source: 'slack' | 'schedule';
  /** The sender's own id of this delivery: a second one with the same key is not new. */
  readonly key: string;
  readonly kind: string;
  /** `T123/U123`; `sendoff` itself. */
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** True: it is told in the private channel; the report row is committed with it. */
  readonly announce: boolean;
  /** True: only told, nothing is left to do. */
  readonly handled: boolean;
}

export interface Inbound {
  readonly id: string;
  readonly kind: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly receivedAt: Date;
  readonly outcome: string | null;
  /** What handling it produced: the plan that was shown. */
  readonly result: Readonly<Record<string, unknown>> | null;
  /** The fence: `finish` by an older attempt changes nothing. */
  readonly attempt: number;
}

export interface InboundStore {
  /** Null: seen before. */
  receive(inbound: NewInbound, now: Date): Promise<Inbound | null>;
  /** Unhandled ones whose handler is gone become ours. */
  adopt(limit: number): Promise<readonly Inbound[]>;
  finish(inbound: Inbound, outcome: string, now: Date, result?: Readonly<Record<string, unknown>>): Promise<void>;
  find(id: string): Promise<Inbound | null>;
  /** The newest of a kind. */
  latest(kind: string): Promise<Inbound | null>;
  /** Forgets handled deliveries older than this: none of them is sent again so late. The last preflight that was told is kept. */
  prune(before: Date): Promise<number>;
}

type Row = {
  id: string;
  kind: string;
  actor: string;
  payload: Record<string, unknown>;
  received_at: Date;
  outcome: string | null;
  result: Record<string, unknown> | null;
  attempt: number;
};
const COLUMNS = 'id, kind, actor, payload, received_at, outcome, result, attempt';

export function createInboundStore(db: Database, instance: Instance): InboundStore {
  return {
    async receive(inbound, now) {
      const sentAt = performance.now();
      const [row] = await db.query<Row>(
        `WITH new AS (
           INSERT INTO inbound_delivery (source, key, kind, actor, payload, received_at, owner, attempt, handled_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, 1, CASE WHEN $8::boolean THEN $6::timestamptz END) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}),
         beat AS (UPDATE instance SET seen_at = now() WHERE num = $7),
         told AS (INSERT INTO report (key, audience, inbound_id) SELECT 'slack-notice:' || id, 'slack', id FROM new WHERE $9::boolean),
         logged AS (SELECT audit('team', $4, 'door.' || $3, jsonb_build_object('delivery', id))::text FROM new)
         SELECT new.*, (SELECT count(*) FROM logged), pg_notify('sendoff', '')::text FROM new`,
        [
          inbound.source,
          inbound.key,
          inbound.kind,
          inbound.actor,
          JSON.stringify(inbound.payload),
          now,
          instance.num,
          inbound.handled,
          inbound.announce,
        ],
      );
      instance.seen(sentAt);
      return row ? asInbound(row) : null;
    },
    async adopt(limit) {
      const sentAt = performance.now();
      const rows = await db.query<Row>(
        `WITH c AS (SELECT id FROM inbound_delivery WHERE handled_at IS NULL AND owner IS NULL ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED),
         beat AS (UPDATE instance SET seen_at = now() WHERE num = $1)
         UPDATE inbound_delivery d SET owner = $1, attempt = d.attempt + 1 FROM c WHERE d.id = c.id
         RETURNING ${COLUMNS.split(', ')
           .map((column) => `d.${column}`)
           .join(', ')}`,
        [instance.num, limit],
      );
      instance.seen(sentAt);
      return rows.map(asInbound);
    },
    async finish(inbound, outcome, now, result) {
      await db.query(
        'UPDATE inbound_delivery SET outcome = $3, handled_at = $4, owner = NULL, result = coalesce($5::jsonb, result) WHERE id = $1 AND attempt = $2 AND handled_at IS NULL',
        [inbound.id, inbound.attempt, outcome, now, result ? JSON.stringify(result) : null],
      );
    },
    async find(id) {
      const [row] = await db.query<Row>(`SELECT ${COLUMNS} FROM inbound_delivery WHERE id = $1`, [id]);
      return row ? asInbound(row) : null;
    },
    async latest(kind) {
      const [row] = await db.query<Row>(
        `SELECT ${COLUMNS} FROM inbound_delivery WHERE kind = $1 ORDER BY received_at DESC LIMIT 1`,
        [kind],
      );
      return row ? asInbound(row) : null;
    },
    async prune(before) {
      const rows = await db.query<{ id: string }>(
        `WITH old AS (SELECT id FROM inbound_delivery d WHERE d.handled_at < $1
             AND NOT EXISTS (SELECT 1 FROM report r WHERE r.inbound_id = d.id AND r.wanted > r.drawn)
             AND (d.kind <> 'preflight_told' OR EXISTS (SELECT 1 FROM inbound_delivery n WHERE n.kind = d.kind AND n.received_at > d.received_at))),
         d AS (DELETE FROM delivery WHERE report_key IN (SELECT 'slack-notice:' || id FROM old)),
         r AS (DELETE FROM report WHERE inbound_id IN (SELECT id FROM old))
         DELETE FROM inbound_delivery WHERE id IN (SELECT id FROM old) RETURNING id`,
        [before],
      );
      return rows.length;
    },
  };
}

function asInbound(row: Row): Inbound {
  return {
    id: row.id,
    kind: row.kind,
    actor: row.actor,
    payload: row.payload,
    receivedAt: row.received_at,
    outcome: row.outcome,
    result: row.result,
    attempt: row.attempt,
  };
}
