// What doors have heard of and nobody has looked at yet, and where polls stand. A look that dies is begun again.
import type { Door } from '../workflow/model/start.ts';
import type { KnockStore } from '../workflow/model/start-ports.ts';
import type { Database } from './client.ts';

/** A look that takes longer counts as lost; its own work is safe to repeat. */
const CLAIM_SECONDS = 60;

const KNOCK = `INSERT INTO knock AS k (door, subject, knocked_at) SELECT $1, s, $3 FROM unnest($2::text[]) AS s ORDER BY s
  ON CONFLICT (door, subject) DO UPDATE SET wanted = k.wanted + 1, tries = 0, retry_at = now(),
    knocked_at = CASE WHEN k.wanted = k.looked THEN excluded.knocked_at ELSE k.knocked_at END`;

export function createKnockStore(db: Database): KnockStore {
  return {
    async knock(door, subjects, now) {
      if (subjects.length > 0) await db.query(KNOCK, [door, [...new Set(subjects)], now]);
    },
    async claim(limit) {
      const rows = await db.query<{ door: Door; subject: string; knocked_at: Date; tries: number; wanted: number }>(
        `WITH c AS (SELECT k.door, k.subject FROM knock k WHERE k.wanted > k.looked AND k.retry_at <= now()
             AND (k.claimed_at IS NULL OR k.claimed_at < now() - $2 * interval '1 second')
             ORDER BY k.retry_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         UPDATE knock k SET claimed_at = now() FROM c WHERE k.door = c.door AND k.subject = c.subject
         RETURNING k.door, k.subject, k.knocked_at, k.tries, k.wanted`,
        [limit, CLAIM_SECONDS],
      );
      return rows.map((row) => ({ ...row, knockedAt: row.knocked_at }));
    },
    async looked({ door, subject, wanted }, outcome) {
      await db.query(
        `UPDATE knock SET looked = greatest(looked, $3), tries = 0, outcome = $4, claimed_at = NULL WHERE door = $1 AND subject = $2`,
        [door, subject, wanted, outcome],
      );
    },
    async putOff({ door, subject }, outcome, afterMs) {
      await db.query(
        `UPDATE knock SET tries = tries + 1, outcome = $3, claimed_at = NULL, retry_at = now() + $4 * interval '1 millisecond'
         WHERE door = $1 AND subject = $2`,
        [door, subject, outcome, Math.round(afterMs)],
      );
    },
    async nextInMs() {
      const [row] = await db.query<{ ms: number | null }>(
        `SELECT (extract(epoch FROM min(greatest(retry_at, coalesce(claimed_at + $1 * interval '1 second', retry_at))) - now()) * 1000)::float8 AS ms
         FROM knock WHERE wanted > looked`,
        [CLAIM_SECONDS],
      );
      // Not in SQL: its greatest() passes over a null, and an empty queue would be due at once, for ever.
      const ms = row?.ms ?? null;
      return ms === null ? null : Math.max(ms, 0);
    },
    async takePoll(name, everyMs) {
      const [row] = await db.query<{ position: unknown }>(
        `INSERT INTO poll AS p (name, taken_at) VALUES ($1, now())
         ON CONFLICT (name) DO UPDATE SET taken_at = now() WHERE p.taken_at <= now() - $2 * interval '1 millisecond' RETURNING p.position`,
        [name, Math.round(everyMs)],
      );
      return row ? { position: row.position } : null;
    },
    async polled(name, position, door, subjects, now) {
      await db.query(`WITH moved AS (UPDATE poll SET position = $4 WHERE name = $5) ${KNOCK}`, [
        door,
        [...new Set(subjects)],
        now,
        JSON.stringify(position),
        name,
      ]);
    },
  };
}
