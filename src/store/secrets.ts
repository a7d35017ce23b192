// Sealed secrets in their table. Values leave here only inside a Secret.
import { Secret, type SecretPlace, type Secrets } from '../workflow/model/secret.ts';
import type { Database } from './client.ts';
import { type KeyRing, newestOf, rewrap, type Sealed, seal, unseal } from './key-ring.ts';

const BATCH = 100;

type Row = {
  readonly run_id: string;
  readonly subject: string;
  readonly kind: SecretPlace['kind'];
  readonly key_version: number;
  readonly wrapped_key: Buffer;
  readonly sealed: Buffer;
};

export function createSecretStore(db: Database, ring: KeyRing): Secrets {
  const open = async (place: SecretPlace): Promise<Secret | null> => {
    const [row] = await db.query<Row>(
      'SELECT * FROM sealed_secret WHERE run_id = $1 AND subject = $2 AND kind = $3',
      keyOf(place),
    );
    return row ? new Secret(unseal(ring, aboutOf(row), sealedOf(row))) : null;
  };
  return {
    open,
    async sealOnce(place, make) {
      const kept = await open(place);
      if (kept) return kept;
      const made = seal(ring, about(place), await make());
      await db.query(
        `INSERT INTO sealed_secret (run_id, subject, kind, key_version, wrapped_key, sealed) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (run_id, subject, kind) DO NOTHING`,
        [...keyOf(place), made.keyVersion, made.wrappedKey, made.sealed],
      );
      const ours = await open(place);
      if (!ours) throw new Error('a secret that was sealed is not there');
      return ours;
    },
    async replace(place, value) {
      const made = seal(ring, about(place), value);
      await db.query(
        `INSERT INTO sealed_secret (run_id, subject, kind, key_version, wrapped_key, sealed) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (run_id, subject, kind) DO UPDATE SET key_version = excluded.key_version, wrapped_key = excluded.wrapped_key,
             sealed = excluded.sealed, sealed_at = now()`,
        [...keyOf(place), made.keyVersion, made.wrappedKey, made.sealed],
      );
    },
  };
}

/** Wraps every older record anew, in small batches beside the running app; stopped at any point it is gone on with later. */
export async function rotateSecrets(db: Database, ring: KeyRing): Promise<{ rewrapped: number; left: number }> {
  const newest = newestOf(ring);
  let rewrapped = 0;
  for (;;) {
    const rows = await db.query<Row>('SELECT * FROM sealed_secret WHERE key_version < $1 ORDER BY run_id LIMIT $2', [
      newest,
      BATCH,
    ]);
    if (rows.length === 0) break;
    for (const row of rows) {
      const now = rewrap(ring, aboutOf(row), sealedOf(row));
      // Somebody may have replaced it meanwhile: then it has the newest key already.
      await db.query(
        `UPDATE sealed_secret SET key_version = $4, wrapped_key = $5
           WHERE run_id = $1 AND subject = $2 AND kind = $3 AND wrapped_key = $6`,
        [row.run_id, row.subject, row.kind, now.keyVersion, now.wrappedKey, row.wrapped_key],
      );
      rewrapped += 1;
    }
  }
  const [count] = await db.query<{ n: number }>('SELECT count(*)::int AS n FROM sealed_secret WHERE key_version < $1', [
    newest,
  ]);
  return { rewrapped, left: count?.n ?? 0 };
}

/** How many secrets each key still opens: one with none may be taken out of the ring. */
export async function countByKey(db: Database): Promise<ReadonlyMap<number, number>> {
  const rows = await db.query<{ key_version: number; n: number }>(
    'SELECT key_version, count(*)::int AS n FROM sealed_secret GROUP BY 1 ORDER BY 1',
    [],
  );
  return new Map(rows.map((row) => [row.key_version, row.n]));
}

function keyOf({ runId, subject, kind }: SecretPlace): [string, string, string] {
  return [runId, subject, kind];
}

function about({ runId, subject, kind }: SecretPlace): string {
  return `sealed_secret|${runId}|${subject}|${kind}`;
}

function aboutOf(row: Row): string {
  return about({ runId: row.run_id, subject: row.subject, kind: row.kind });
}

function sealedOf(row: Row): Sealed {
  return { keyVersion: row.key_version, wrappedKey: row.wrapped_key, sealed: row.sealed };
}
