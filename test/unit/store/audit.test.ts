// The log that nobody can edit: refused where we can, found where somebody with the keys did it all the same.
import type { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditStore } from '../../../src/store/audit.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aStep, auditOf, byHand, type Engine, engineOn, openTestRun, until } from '../../support/engine.ts';

let database: TestDatabase;
let engine: Engine;
let client: Client;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  client = await byHand(database.url);
});

afterEach(async () => {
  await client.end();
  await engine.close();
  await database.drop();
});

describe('audit_event', () => {
  const edits = {
    update: `UPDATE audit_event SET actor = 'x'`,
    delete: 'DELETE FROM audit_event',
    truncate: 'TRUNCATE audit_event',
  };

  for (const [what, sql] of Object.entries(edits)) {
    it(`refuses ${what}`, async () => {
      await teamEvents(1);

      const failure = client.query(sql);

      await expect(failure).rejects.toThrow(new RegExp(`append-only \\(${what} refused\\)`, 'i'));
    });
  }

  it('lets no caller choose sequence, moment or hashes', async () => {
    await client.query(
      `INSERT INTO audit_event (chain, seq, at, actor, action, detail, prev_hash, hash) VALUES ('team', 99, '2001-01-01', 'a', 'b', '{}', '\\x00', '\\x00')`,
    );

    const { rows } = await client.query(
      `SELECT seq::int, at > now() - interval '1 minute' AS fresh, length(hash) AS bytes FROM audit_event`,
    );

    expect(rows).toEqual([{ seq: 1, fresh: true, bytes: 32 }]);
  });

  it('has no gap and no fork when many append to one chain at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => createAuditStore(engine.db).team('T1/UX', 'tried', { n })));

    expect(await verified('team')).toEqual({ chain: 'team', rows: 40, firstBad: null });
  });
});

describe('audit_verify', () => {
  const tampering: Record<string, { sql: string; firstBad: number }> = {
    'an edited actor': {
      sql: `UPDATE audit_event SET actor = 'somebody' WHERE chain = 'team' AND seq = 4`,
      firstBad: 4,
    },
    'an edited detail': {
      sql: `UPDATE audit_event SET detail = '{"n": 7}' WHERE chain = 'team' AND seq = 4`,
      firstBad: 4,
    },
    'a row deleted from the middle': { sql: `DELETE FROM audit_event WHERE chain = 'team' AND seq = 4`, firstBad: 5 },
    'the tail deleted': { sql: `DELETE FROM audit_event WHERE chain = 'team' AND seq > 7`, firstBad: 8 },
    'a back-dated row': {
      sql: `UPDATE audit_event SET at = at - interval '1 microsecond' WHERE chain = 'team' AND seq = 4`,
      firstBad: 4,
    },
    'contents swapped between two rows': {
      sql: `UPDATE audit_event e SET detail = o.detail, actor = o.actor, at = o.at FROM audit_event o
            WHERE e.chain = 'team' AND o.chain = 'team' AND (e.seq, o.seq) IN ((3, 6), (6, 3))`,
      firstBad: 3,
    },
  };

  for (const [what, { sql, firstBad }] of Object.entries(tampering)) {
    it(`finds ${what}`, async () => {
      await teamEvents(8);

      await tamper(sql);

      expect((await verified('team'))?.firstBad).toBe(firstBad);
    });
  }

  it('finds a whole chain that was deleted after it had ended, its head with it', async () => {
    const runId = await ranThrough();
    const before = await verified(runId);

    await tamper(`DELETE FROM audit_event WHERE chain = '${runId}'; DELETE FROM audit_head WHERE chain = '${runId}'`);

    expect(before?.firstBad).toBeNull();
    expect(await verified(runId)).toEqual({ chain: runId, rows: 0, firstBad: before?.rows });
  });

  it('finds an ended chain that was cut, though its head was moved back to match', async () => {
    const runId = await ranThrough();
    const rows = (await verified(runId))?.rows ?? 0;

    await tamper(`DELETE FROM audit_event WHERE chain = '${runId}' AND seq = ${rows};
      UPDATE audit_head h SET seq = ${rows - 1}, hash = (SELECT hash FROM audit_event WHERE chain = h.chain AND seq = ${rows - 1}) WHERE chain = '${runId}'`);

    expect((await verified(runId))?.firstBad).toBe(rows);
  });

  it('finds a row that was added behind the head', async () => {
    await teamEvents(3);

    await tamper(`INSERT INTO audit_event SELECT chain, 4, at, actor, action, detail, hash,
      audit_hash(hash, chain, 4, at, actor, action, detail) FROM audit_event WHERE chain = 'team' AND seq = 3`);

    expect((await verified('team'))?.firstBad).toBe(4);
  });
});

describe('a run’s chain', () => {
  it('has each vendor write’s intent, and its outcome after it', async () => {
    const runId = await ranThrough();

    const writes = await engine.db.query<{ id: number; outcome: string }>(
      'SELECT w.id::int, w.outcome FROM vendor_write w JOIN step_run s ON s.id = w.step_run_id WHERE s.run_id = $1 ORDER BY w.id',
      [runId],
    );

    expect(writes).toHaveLength(3);
    const events = await auditOf(engine, runId);
    for (const write of writes) {
      const rows = events.filter((event) => event.detail.write === write.id).map((event) => event.action);
      expect(rows).toEqual(['write.intended', `write.${write.outcome}`]);
    }
  });

  it('tells of the run from its opening to its end', async () => {
    const runId = await ranThrough();

    const actions = (await auditOf(engine, runId)).map((event) => event.action);

    expect(actions[0]).toBe('run.opened');
    expect(actions.filter((action) => action === 'step.satisfy')).toHaveLength(2);
    expect(actions.at(-1)).toBe('run.closed');
  });

  it('has the intent committed before the vendor is called', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    const step = aStep();
    step.fake.next('write', { hold: held });
    const app = await engineOn(database.url, { steps: [step] });
    const { runId } = await openTestRun(app, [step]);
    app.runner.start();
    await until(() => step.fake.writes.length === 1);

    const during = (await auditOf(engine, runId)).map((event) => event.action);
    release();
    await until(async () => (await auditOf(engine, runId)).at(-1)?.action === 'run.closed');
    await app.close();

    expect(during).toEqual(['run.opened', 'write.intended']);
  });
});

/** A run of two steps and three writes (one of them doubted first), to its end. */
async function ranThrough(): Promise<string> {
  const first = aStep({
    name: 'first',
    effects: [
      { name: 'first.a', repeat: 'safe' },
      { name: 'first.b', repeat: 'safe' },
    ],
  });
  const second = aStep({ name: 'second', needs: [{ step: 'first', until: 'ended' }] });
  first.fake.next('write', { error: 'not_found', applied: true });
  const app = await engineOn(database.url, { steps: [first, second] });
  const { runId } = await openTestRun(app, [first, second]);
  app.runner.start();
  await until(async () => (await auditOf(engine, runId)).at(-1)?.action === 'run.closed');
  await app.close();
  return runId;
}

async function teamEvents(n: number): Promise<void> {
  const audit = createAuditStore(engine.db);
  for (let at = 1; at <= n; at += 1) await audit.team(`T1/U${at}`, 'tried', { n: at });
}

async function verified(chain: string) {
  return (await createAuditStore(engine.db).verify()).find((one) => one.chain === chain);
}

/** As a superuser who switches the triggers off. */
async function tamper(sql: string): Promise<void> {
  await client.query('ALTER TABLE audit_event DISABLE TRIGGER ALL');
  await client.query(sql);
  await client.query('ALTER TABLE audit_event ENABLE TRIGGER ALL');
}
