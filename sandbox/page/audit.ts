// The app's audit log as an auditor reads it: each line holds the hash of the one before.
import type { AuditLine } from '../client/shapes.ts';
import { withClient } from './database.ts';

const MOST = 200;

/** Newest first; empty while the database does not answer. */
export async function readAudit(databaseUrl: string | null): Promise<AuditLine[]> {
  if (databaseUrl === null) return [];
  const sql = `SELECT chain, seq::int AS seq, extract(epoch FROM at) * 1000 AS at, actor, action, detail::text AS detail,
              encode(hash, 'hex') AS hash, encode(prev_hash, 'hex') AS "previousHash",
              prev_hash = lag(hash) OVER (PARTITION BY chain ORDER BY seq) AS "isLinked"
         FROM audit_event ORDER BY at DESC, chain, seq DESC LIMIT $1`;
  try {
    const { rows } = await withClient(databaseUrl, (client) => client.query<AuditLine>(sql, [MOST]));
    return rows.map((row) => ({ ...row, at: Number(row.at) }));
  } catch {
    return [];
  }
}
