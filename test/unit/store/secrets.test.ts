// Secrets in PostgreSQL: sealed once whoever is first, never readable in the table, rotated under the running app.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyRing } from '../../../src/store/key-ring.ts';
import { countByKey, createSecretStore, rotateSecrets } from '../../../src/store/secrets.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type Engine, engineOn, openTestRun } from '../../support/engine.ts';

const first = randomBytes(32);
const second = randomBytes(32);
const old: KeyRing = new Map([[1, first]]);
const both: KeyRing = new Map([
  [1, first],
  [2, second],
]);
let database: TestDatabase;
let engine: Engine;
let runId: string;

beforeAll(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  ({ runId } = await openTestRun(engine, []));
});

afterAll(async () => {
  await engine.close();
  await database.drop();
});

const place = (subject: string) => ({ runId, subject, kind: 'passcode' }) as const;

describe('a passcode', () => {
  it('is the same for whoever asks, also when twenty seal it at once', async () => {
    const store = createSecretStore(engine.db, old);
    let made = 0;
    const got = await Promise.all(
      Array.from({ length: 20 }, () =>
        store.sealOnce(place('jamf:race'), () => {
          made += 1;
          return `code ${made}`;
        }),
      ),
    );

    expect(new Set(got.map((secret) => secret.reveal())).size).toBe(1);
    expect((await store.open(place('jamf:race')))?.reveal()).toBe(got[0]?.reveal());
  });

  it('stands in no column that can be read', async () => {
    await createSecretStore(engine.db, old).sealOnce(place('jamf:plain'), () => '493027');
    const [row] = await engine.db.query<{ text: string }>(
      `SELECT row_to_json(s)::text || encode(sealed, 'escape') AS text FROM sealed_secret s WHERE subject = 'jamf:plain'`,
      [],
    );

    expect(row?.text).not.toContain('493027');
  });

  it('is not opened in another row', async () => {
    const store = createSecretStore(engine.db, old);
    await store.sealOnce(place('jamf:a'), () => '111222');
    await store.sealOnce(place('jamf:b'), () => '333444');
    await engine.db.query(
      `UPDATE sealed_secret s SET sealed = o.sealed, wrapped_key = o.wrapped_key FROM sealed_secret o
         WHERE s.subject = 'jamf:a' AND o.subject = 'jamf:b'`,
      [],
    );

    await expect(store.open(place('jamf:a'))).rejects.toThrow('cannot be opened');
    await engine.db.query(`DELETE FROM sealed_secret WHERE subject = 'jamf:a'`, []);
  });

  it('is replaced where a person corrects it', async () => {
    const store = createSecretStore(engine.db, old);
    const address = { runId, subject: '', kind: 'address' } as const;
    await store.replace(address, 'one');
    await store.replace(address, 'two');

    expect((await store.open(address))?.reveal()).toBe('two');
  });
});

describe('rotation', () => {
  it('wraps 1,000 records anew while others are sealed, is gone on with after a stop, and frees the old key', async () => {
    const before = createSecretStore(engine.db, old);
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => before.sealOnce(place(`jamf:${n}`), () => `code ${n}`)));
    // Stopped somewhere in the middle: each record is whole under one key or the other.
    let statements = 0;
    const stopping = {
      ...engine.db,
      query: (sql: string, values: readonly unknown[]) => {
        statements += 1;
        return statements > 300 ? Promise.reject(new Error('killed')) : engine.db.query(sql, values);
      },
    } as Engine['db'];
    await expect(rotateSecrets(stopping, both)).rejects.toThrow('killed');
    const half = await countByKey(engine.db);
    const after = createSecretStore(engine.db, both);
    const [rotated] = await Promise.all([
      rotateSecrets(engine.db, both),
      ...Array.from({ length: 100 }, (_, n) => after.sealOnce(place(`jamf:new${n}`), () => `new ${n}`)),
    ]);

    expect(half.get(1)).toBeGreaterThan(0);
    expect(half.get(2)).toBeGreaterThan(0);
    expect(rotated.left).toBe(0);
    expect([...(await countByKey(engine.db)).keys()]).toEqual([2]);
    const alone = createSecretStore(engine.db, new Map([[2, second]]));
    const opened = await Promise.all(Array.from({ length: 1_000 }, (_, n) => alone.open(place(`jamf:${n}`))));
    expect(opened.map((secret) => secret?.reveal())).toEqual(Array.from({ length: 1_000 }, (_, n) => `code ${n}`));
  });
});
