// The append-only log: team events go in here, run events inside the engine's own statements. Verified row by row.
import type { Database } from './client.ts';

export interface ChainCheck {
  readonly chain: string;
  readonly rows: number;
  /** Sequence number of the first row that was changed, removed or cut off; null: the chain holds. */
  readonly firstBad: number | null;
}

export interface AuditStore {
  /** An event that belongs to no run: a refusal, a change of the allow-list. Detail: ids and words, never addresses or secrets. */
  team(
    actor: string,
    action: string,
    detail: Readonly<Record<string, string | number | boolean | null>>,
  ): Promise<void>;
  verify(): Promise<readonly ChainCheck[]>;
}

export function createAuditStore(db: Database): AuditStore {
  return {
    async team(actor, action, detail) {
      await db.query(`SELECT audit('team', $1, $2, $3)::text`, [actor, action, JSON.stringify(detail)]);
    },
    async verify() {
      const rows = await db.query<{ chain: string; rows_checked: string; first_bad: string | null }>(
        'SELECT * FROM audit_verify()',
        [],
      );
      return rows.map((row) => ({
        chain: row.chain,
        rows: Number(row.rows_checked),
        firstBad: row.first_bad === null ? null : Number(row.first_bad),
      }));
    },
  };
}
