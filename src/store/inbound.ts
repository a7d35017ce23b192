// What came in at a door and must be acted on once: one committed insert, before the ack. A handler that dies is replaced.
import { type Database, isOurFault } from './client.ts';
import type { Instance } from './instance.ts';
import { together } from './together.ts';

export interface NewInbound {
  readonly source: 'slack' | 'schedule' | 'bamboohr' | 'okta' | 'easypost';
  /** The sender's own id of this delivery: a second one with the same key is not new. */
  readonly key: string;
  readonly kind: string;
  /** `T123/U123`; `sendoff` itself; a vendor by its name. */
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
  /** Forgets handled deliveries older than this: none of them is sent again so late. The last preflight that was told is kept, and that Okta has verified its hook. */
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

type Asked = NewInbound & { readonly now: Date };

/** One wait for the disk and for the team's audit chain, however many knock: a hundred commands at once are acked in time. */
const MOST_TOGETHER = 50;

export function createInboundStore(db: Database, instance: Instance): InboundStore {
  const receive = together<Asked, Inbound | null>({ send: receiveAll, keyOf, isOurs: isOurFault, most: MOST_TOGETHER });

  async function receiveAll(asked: readonly Asked[]): Promise<readonly (Inbound | null)[]> {
    const sentAt = performance.now();
    const rows = await db.query<Row & { source: string; key: string }>(
      `WITH asked AS (SELECT * FROM jsonb_to_recordset($1) AS x(source text, key text, kind text, actor text, payload jsonb,
           "receivedAt" timestamptz, "isHandled" boolean, "isTold" boolean)),
       new AS (
         INSERT INTO inbound_delivery (source, key, kind, actor, payload, received_at, owner, attempt, handled_at)
         SELECT source, key, kind, actor, payload, "receivedAt", $2, 1, CASE WHEN "isHandled" THEN "receivedAt" END FROM asked
         ON CONFLICT DO NOTHING RETURNING ${COLUMNS}, source, key),
       beat AS (UPDATE instance SET seen_at = now() WHERE num = $2),
       told AS (INSERT INTO report (key, audience, inbound_id)
         SELECT 'slack-notice:' || new.id, 'slack', new.id FROM new JOIN asked a ON a.source = new.source AND a.key = new.key AND a."isTold"),
       logged AS (SELECT audit('team', actor, 'door.' || kind, jsonb_build_object('delivery', id))::text FROM new)
       SELECT new.*, (SELECT count(*) FROM logged), pg_notify('sendoff', '')::text FROM new`,
      [
        JSON.stringify(
          asked.map(({ now, handled, announce, source, key, kind, actor, payload }) => ({
            ...{ source, key, kind, actor, payload },
            ...{ receivedAt: now, isHandled: handled, isTold: announce },
          })),
        ),
        instance.num,
      ],
    );
    instance.seen(sentAt);
    const known = new Map(rows.map((row) => [keyOf(row), asInbound(row)]));
    return asked.map((one) => known.get(keyOf(one)) ?? null);
  }

  return {
    receive: (inbound, now) => receive({ ...inbound, now }),
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
             AND d.kind <> 'okta_verified' AND (d.kind <> 'preflight_told' OR EXISTS (SELECT 1 FROM inbound_delivery n WHERE n.kind = d.kind AND n.received_at > d.received_at))),
         d AS (DELETE FROM delivery WHERE report_key IN (SELECT 'slack-notice:' || id FROM old)),
         r AS (DELETE FROM report WHERE inbound_id IN (SELECT id FROM old))
         DELETE FROM inbound_delivery WHERE id IN (SELECT id FROM old) RETURNING id`,
        [before],
      );
      return rows.length;
    },
  };
}

function keyOf({ source, key }: { readonly source: string; readonly key: string }): string {
  return `${source} ${key}`;
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
