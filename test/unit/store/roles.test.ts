// prisma/roles.sql: the app works with no right to change the schema or the audit log.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditStore } from '../../../src/store/audit.ts';
import { connectDatabase, type Database } from '../../../src/store/client.ts';
import { type Instance, joinInstances } from '../../../src/store/instance.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { createOperatorStore } from '../../../src/store/operators.ts';
import { createEngineStore } from '../../../src/store/steps.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

// Roles belong to the whole server: names of their own, so that files do not meet.
const suffix = randomBytes(4).toString('hex');
const roles = readFileSync(new URL('../../../prisma/roles.sql', import.meta.url), 'utf8').replaceAll(
  /sendoff_(app|auditor)/g,
  `sendoff_$1_${suffix}`,
);
let database: TestDatabase;
let owner: Client;
let appUrl: string;
let db: Database;
let instance: Instance;

beforeAll(async () => {
  database = await freshDatabase();
  owner = new Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(roles);
  await owner.query(`ALTER ROLE sendoff_app_${suffix} PASSWORD 'only-in-this-test'`);
  const url = new URL(database.url);
  url.username = `sendoff_app_${suffix}`;
  url.password = 'only-in-this-test';
  appUrl = url.href;
  db = connectDatabase(appUrl, () => undefined);
  instance = await joinInstances({
    url: appUrl,
    onWake: () => undefined,
    onError: () => undefined,
    isBusy: () => false,
  });
});

afterAll(async () => {
  await instance.close();
  await db.close();
  await owner.query(`DROP OWNED BY sendoff_app_${suffix}, sendoff_auditor_${suffix}`);
  await owner.query(`DROP ROLE sendoff_app_${suffix}, sendoff_auditor_${suffix}`);
  await owner.end();
  await database.drop();
});

describe('sendoff_app', () => {
  it('starts on a migrated database, changes the allow-list and runs a step to its end', async () => {
    const engine = createEngineStore(db, instance, { leaseMs: 15_000, callDeadlineMs: 8_000 });
    const now = new Date('2026-03-02T09:00:00Z');
    const run = {
      kind: 'offboarding',
      personId: '00uRoles',
      person: { name: 'Ada', email: 'ada@acme.test', title: null },
      ids: { okta: '00uRoles' },
      trigger: 'test',
      requestedBy: 'T0ACME/U0LIN',
      reason: null,
      planHash: null,
      policyHash: 'none',
      policy: {},
      approval: null,
      requestedAt: now,
    } as const;
    const step = {
      step: 'test.one',
      subject: '',
      facts: {},
      vendor: 'test',
      stage: 'contain',
      priority: 1,
      needs: [],
      timed: false,
      outlives: false,
    };

    expect(await migrate(appUrl)).toEqual({ applied: [] });
    await createOperatorStore(db).add({ teamId: 'T0ACME', userId: 'U0LIN' }, 'admin', 'test');
    const opened = await engine.openRun(run, [step], { vendors: ['test'], limit: 1 }, now);
    const [claimed] = opened.mine;
    if (!claimed) throw new Error('nothing was claimed');
    const intended = await engine.intend(
      claimed,
      { effect: 'test.write', target: '', repeat: 'safe', irreversible: false, requestHash: 'x' },
      [],
      now,
    );
    const recorded = await engine.record(
      claimed,
      {
        event: 'satisfy',
        cause: null,
        need: null,
        dueAt: null,
        before: {},
        after: {},
        evidence: 'read_back',
        failures: 0,
      },
      [],
      [],
      { vendors: [], limit: 0 },
      now,
    );

    expect(intended.verdict).toBe('go');
    expect(recorded.fenced).toBe(false);
    expect((await createAuditStore(db).verify()).filter((chain) => chain.firstBad !== null)).toEqual([]);
  });

  it.each([
    ['change a row of the audit log', `UPDATE audit_event SET actor = 'somebody else'`],
    ['delete one', 'DELETE FROM audit_event'],
    ['empty it', 'TRUNCATE audit_event'],
    ['move a head', 'UPDATE audit_head SET seq = 0'],
    ['switch the trigger off', 'ALTER TABLE audit_event DISABLE TRIGGER ALL'],
    ['add a way to move a status', `INSERT INTO step_transition VALUES ('done', 'undo', 'ready')`],
    ['create a table', 'CREATE TABLE mine (x int)'],
    ['delete a run', 'DELETE FROM run'],
  ])('may not %s', async (_what, sql) => {
    await expect(db.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});
