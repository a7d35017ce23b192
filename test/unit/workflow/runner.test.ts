// The runner over the real store: a run comes to its end, work is shared, and stopping leaves nothing half done.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  type Engine,
  engineOn,
  MONDAY,
  movableClock,
  only,
  openTestRun,
  rowOf,
  rowsOf,
  type TestStep,
  taking,
  until,
} from '../../support/engine.ts';

let database: TestDatabase;
const engines: Engine[] = [];

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await database.drop();
});

describe('a runner', () => {
  it('runs a run of five steps to its end, each applied once and in the order of its needs', async () => {
    const steps = fiveSteps();
    const engine = await started(steps);

    const { runId } = await openTestRun(engine, steps);
    engine.runner.wake();
    await until(async () => (await statusOf(engine, runId)) === 'closed');

    expect(steps.map((step) => [step.name, step.fake.writes.length])).toEqual([
      ['snapshot', 1],
      ['block', 1],
      ['factors', 1],
      ['devices', 1],
      ['deactivate', 1],
    ]);
    const rows = await rowsOf(engine, runId);
    expect(Object.values(rows).map((row) => [row.status, row.attempt, row.evidence])).toEqual(
      steps.map(() => ['done', 1, 'read_back']),
    );
  });

  it('begins at once what the opening claimed for it, and takes the rest of the chain without another claim', async () => {
    const steps = fiveSteps();
    const engine = await another({ steps });

    const opened = await openTestRun(engine, steps, { take: engine.runner.room() });
    engine.runner.begin(opened.mine);
    await until(async () => (await statusOf(engine, opened.runId)) === 'closed');

    expect(opened.mine.map((one) => one.step).sort()).toEqual(['block', 'snapshot']);
  });

  it('leaves a step whose name it does not know, and runs the others', async () => {
    const known = aStep();
    const engine = await started([known]);

    const { runId } = await openTestRun(engine, [known, aStep({ name: 'newer' })]);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId)).status === 'done');
    await until(() => engine.said.includes('no such step in this version'));

    expect(await rowOf(engine, runId, 'newer')).toMatchObject({ status: 'running', owner: engine.instance.num });
  });

  it('leaves the steps of a vendor it does not know ready', async () => {
    const known = aStep();
    const engine = await started([known]);

    const { runId } = await openTestRun(engine, [known, aStep({ name: 'other', vendor: 'other' })]);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId)).status === 'done');

    expect((await rowOf(engine, runId, 'other')).status).toBe('ready');
  });

  it('wakes a waiting step when its moment comes by the Clock', async () => {
    const clock = movableClock();
    const step = aStep();
    step.fake.next('read', { error: 'transient' });
    const engine = await started([step], clock);
    const { runId } = await openTestRun(engine, [step]);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId)).status === 'waiting');

    clock.move(2_000);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId)).status === 'done');

    expect((await rowOf(engine, runId)).attempt).toBe(2);
  });

  it('frees by the Clock what waits no longer than two minutes for another step', async () => {
    const clock = movableClock();
    const slow = aStep({ name: 'slow', see: () => ({ is: 'under_way', facts: {}, lookAgainInMs: 3_600_000 }) });
    const cut = aStep({ name: 'cut', needs: [{ step: 'slow', until: 'tried', ms: 120_000 }] });
    const engine = await started([slow, cut], clock);
    const { runId } = await openTestRun(engine, [slow, cut]);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId, 'slow')).status === 'waiting');
    const before = (await rowOf(engine, runId, 'cut')).status;

    clock.move(120_000);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId, 'cut')).status === 'done');

    expect(before).toBe('blocked');
  });

  it('has thirty steps of one vendor in hand at most, however many runs are opened at once', async () => {
    const hold = Promise.withResolvers<void>();
    const step = aStep();
    step.fake.always('write', { hold: hold.promise });
    const engine = await another({ steps: [step] });
    const open = async (personId: string) => {
      const opened = await openTestRun(engine, [step], { run: { personId }, take: engine.runner.room() });
      engine.runner.begin(opened.mine);
    };

    await Promise.all(Array.from({ length: 40 }, (_, n) => open(`p${n}`)));
    await until(() => step.fake.reads >= 30 && step.fake.writes.length >= 30);
    const held = [step.fake.reads, step.fake.writes.length];
    hold.resolve();
    await until(() => step.fake.writes.length === 40);

    expect(held).toEqual([30, 30]);
  });

  it('does not spin on a step that never writes what it wants written', async () => {
    const step = aStep();
    const engine = await started([{ ...step, apply: async () => undefined }]);

    const { runId } = await openTestRun(engine, [step]);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId)).status === 'waiting');

    const row = await rowOf(engine, runId);
    expect(row.due_at?.getTime()).toBeGreaterThanOrEqual(MONDAY.getTime() + 800);
  });

  it('asks a person, as a fault of ours, about a step whose facts the database does not take', async () => {
    const step = aStep({ facts: { name: 'a\u0000b' } });
    const engine = await started([step]);

    const { runId } = await openTestRun(engine, [step]);
    engine.runner.wake();
    await until(async () => (await rowOf(engine, runId)).status === 'needs_human');

    expect(await rowOf(engine, runId)).toMatchObject({
      cause: 'bug',
      need: { kind: 'failed', code: 'bug', sent: 'accepted' },
      before: null,
    });
    expect(await engine.db.query('SELECT outcome FROM vendor_write', [])).toEqual([{ outcome: 'accepted' }]);
  });
});

describe('stop', () => {
  it('waits for what is in hand and records it, and starts nothing more', async () => {
    const hold = Promise.withResolvers<void>();
    const first = aStep({ name: 'first' });
    const second = aStep({ name: 'second', needs: [{ step: 'first', until: 'satisfied' }] });
    first.fake.next('write', { hold: hold.promise });
    const engine = await started([first, second]);
    const { runId } = await openTestRun(engine, [first, second]);
    engine.runner.wake();
    await until(() => first.fake.writes.length === 1);

    const stopped = engine.runner.stop();
    hold.resolve();
    await stopped;

    expect((await rowOf(engine, runId, 'first')).status).toBe('done');
    expect((await rowOf(engine, runId, 'second')).status).toBe('ready');
    expect(second.fake.writes).toEqual([]);
  });

  it('leaves what is in hand to the next process when the vendor fails meanwhile', async () => {
    const hold = Promise.withResolvers<void>();
    const step = aStep();
    step.fake.next('write', { hold: hold.promise.then(() => Promise.reject(new Error('aborted'))) });
    const engine = await another({ steps: [step] });
    const { runId, mine } = await openTestRun(engine, [step], { take: taking('fake') });
    engine.runner.begin(mine);
    await until(() => step.fake.writes.length === 1);

    const stopped = engine.runner.stop();
    hold.resolve();
    await stopped;
    const left = await rowOf(engine, runId);
    await only(engines.splice(0)).close();
    const next = await started([step]);
    await until(async () => (await rowOf(next, runId)).status === 'done');

    expect(left.status).toBe('running');
    expect(await next.db.query('SELECT attempt, outcome FROM vendor_write ORDER BY id', [])).toEqual([
      { attempt: 1, outcome: 'doubt' },
      { attempt: 2, outcome: 'accepted' },
    ]);
  });
});

describe('two runners on one database', () => {
  it('share the work, and each step is applied once', async () => {
    const steps = fiveSteps();
    const [a, b] = [await another({ steps }), await another({ steps })];
    const opened = await Promise.all(
      Array.from({ length: 30 }, (_, n) => openTestRun(n % 2 ? a : b, steps, { run: { personId: `p${n}` } })),
    );

    a.runner.start();
    b.runner.start();
    await until(async () => {
      const [row] = await a.db.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM run WHERE status = 'open'`,
        [],
      );
      return row?.open === 0;
    }, 10_000);

    for (const step of steps) expect(opened.map((one) => step.fake.writesOf(one.runId))).toEqual(opened.map(() => 1));
    const attempts = await a.db.query('SELECT DISTINCT attempt FROM step_run', []);
    expect(attempts).toEqual([{ attempt: 1 }]);
  });
});

/** The shape of the Okta steps, on two vendors. */
function fiveSteps(): TestStep[] {
  const behind = [[{ step: 'block', until: 'satisfied' }], { step: 'snapshot', until: 'ended' }] as const;
  return [
    aStep({ name: 'snapshot' }),
    aStep({ name: 'block' }),
    aStep({ name: 'factors', vendor: 'other', needs: behind }),
    aStep({ name: 'devices', needs: behind }),
    aStep({
      name: 'deactivate',
      needs: ['block', 'snapshot', 'factors', 'devices'].map((step) => ({ step, until: 'tried', ms: 120_000 })),
    }),
  ];
}

async function another(options: Parameters<typeof engineOn>[1]): Promise<Engine> {
  const engine = await engineOn(database.url, options);
  engines.push(engine);
  return engine;
}

async function started(steps: readonly TestStep[], clock = movableClock()): Promise<Engine> {
  const engine = await another({ steps, clock });
  engine.runner.start();
  return engine;
}

async function statusOf(engine: Engine, runId: string): Promise<string> {
  return only(await engine.db.query<{ status: string }>('SELECT status FROM run WHERE id = $1', [runId])).status;
}
