// Traps that Prisma sets, shown as controls, and that our own calls do not step into them.
import { PrismaPg } from '@prisma/adapter-pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditStore } from '../../../src/store/audit.ts';
import { connectDatabase, type Database } from '../../../src/store/client.ts';
import { PrismaClient } from '../../../src/store/generated/client.ts';
import { createInboundStore } from '../../../src/store/inbound.ts';
import { createOperatorStore } from '../../../src/store/operators.ts';
import { createReportStore } from '../../../src/store/reports.ts';
import { createRunStore } from '../../../src/store/runs.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aStep, auditOf, engineOn, MONDAY, openTestRun, taking } from '../../support/engine.ts';

/** Longer than Prisma's own maxWait of 2 s: who waits for a second turn is refused by default. */
const LONG_MS = 2_200;

let database: TestDatabase;
let db: Database;

beforeEach(async () => {
  database = await freshDatabase();
  db = connectDatabase(database.url, () => undefined);
});

afterEach(async () => {
  await db.close();
  await database.drop();
});

describe('P2028', () => {
  it('meets no transaction of ours that only waits its turn for a connection', async () => {
    const results = await transactions(db.prisma, db.pool.options.max + 2);

    expect(results).toEqual(results.map(() => 'done'));
  });

  it('meets some of them with Prisma’s default, as control', async () => {
    const byDefault = new PrismaClient({ adapter: new PrismaPg(db.pool) });

    const results = await transactions(byDefault, db.pool.options.max + 2);
    await byDefault.$disconnect();

    expect(results.filter((result) => result === 'P2028').length).toBeGreaterThan(0);
  });
});

describe('P2010', () => {
  it('meets a raw query that returns void, as control', async () => {
    const failure = db.prisma.$queryRaw`SELECT audit('team', 'me', 'tried', '{}'::jsonb)`;

    await expect(failure).rejects.toMatchObject({ code: 'P2010' });
  });

  it('meets an array as a json parameter, as control', async () => {
    const failure = db.prisma.$queryRaw`SELECT jsonb_array_length(${['a', 'b']}::jsonb) AS n`;

    await expect(failure).rejects.toMatchObject({ code: 'P2010' });
  });

  it('meets none of our calls that return void', async () => {
    const operators = createOperatorStore(db);
    const lin = { teamId: 'T1', userId: 'ULIN' };

    await createAuditStore(db).team('T1/UX', 'door.refused', { why: 'not_operator' });
    await operators.addFirst([lin]);
    await operators.addFirst([lin]);
    await operators.add({ teamId: 'T1', userId: 'UGRACE' }, 'operator', 'T1/ULIN');
    await operators.remove({ teamId: 'T1', userId: 'UGRACE' }, 'T1/ULIN');

    expect((await operators.list()).map((row) => [row.userId, row.role])).toEqual([['ULIN', 'admin']]);
    expect((await auditOf({ db }, 'team')).map((event) => event.action)).toEqual([
      'door.refused',
      'operator.added',
      'operator.added',
      'operator.removed',
    ]);
  });

  it('meets none of our calls that hand over lists', async () => {
    const engine = await engineOn(database.url);

    const opened = await openTestRun(
      engine,
      [aStep(), aStep({ name: 'b', needs: [{ step: 'fake.step', until: 'ended' }] })],
      {
        take: taking('fake'),
        run: { ids: { okta: '00uAda', devices: ['d1', 'd2'] } },
      },
    );
    const view = await createRunStore(engine.db, ['fake.step', 'b']).view(opened.runId);
    await engine.close();

    expect(opened.mine[0]?.run.ids).toEqual({ okta: '00uAda', devices: ['d1', 'd2'] });
    expect(view?.steps.map((step) => [step.step, step.status])).toEqual([
      ['fake.step', 'running'],
      ['b', 'blocked'],
    ]);
  });

  it('meets none of our calls at the door and at the pictures', async () => {
    const engine = await engineOn(database.url);
    const inbound = createInboundStore(engine.db, engine.instance);
    const reports = createReportStore(engine.db, engine.instance, 'slack');
    const delivery = {
      source: 'slack',
      key: 'k1',
      kind: 'offboard',
      actor: 'T1/ULIN',
      payload: { list: ['a', 'b'] },
      announce: true,
      handled: false,
    } as const;

    const [first, second] = await Promise.all([inbound.receive(delivery, MONDAY), inbound.receive(delivery, MONDAY)]);
    const received = first ?? second;
    const claimed = await reports.claim(10);
    for (const report of claimed) {
      const post = await reports.intend(report.key, 'root');
      await reports.posted(report.key, post.message, '1.1', 'h');
      await reports.finish(report, { drawn: true, againInMs: 0, problem: null });
    }
    if (received) await inbound.finish(received, 'opened', MONDAY);
    const pruned = await inbound.prune(new Date(MONDAY.getTime() + 1));
    await engine.close();

    expect([first, second].filter((one) => one === null)).toHaveLength(1);
    expect(received?.payload).toEqual({ list: ['a', 'b'] });
    expect(claimed).toHaveLength(1);
    expect(pruned).toBe(1);
    expect((await auditOf({ db }, 'team')).map((event) => event.action)).toEqual(['door.offboard']);
  });
});

async function transactions(prisma: PrismaClient, n: number): Promise<string[]> {
  const one = async (): Promise<string> => {
    try {
      return await prisma.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_sleep(${LONG_MS / 1000}::float8)`;
        return 'done';
      });
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
  return Promise.all(Array.from({ length: n }, one));
}
