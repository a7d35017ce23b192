// Business time comes from the Clock, leases from the database: neither ever touches the other.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  DAY_MS,
  type Engine,
  engineOn,
  MONDAY,
  movableClock,
  only,
  openTestRun,
  rowOf,
  SATISFIED,
  taking,
  until,
} from '../../support/engine.ts';

const NOTHING = { vendors: [], limit: 0 };
const inDays = (days: number): Date => new Date(MONDAY.getTime() + days * DAY_MS);
const waitingUntil = (dueAt: Date) =>
  ({ ...SATISFIED, event: 'wait', evidence: null, cause: 'vendor', dueAt }) as const;

let database: TestDatabase;
let engine: Engine;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
});

afterEach(async () => {
  await engine.close();
  await database.drop();
});

describe('dueAt', () => {
  it('wakes a step 61 days on, and not 59 days on', async () => {
    const { runId, mine } = await openTestRun(engine, [aStep()], { take: taking('fake') });
    await engine.store.record(only(mine), waitingUntil(inDays(60)), [], [], NOTHING, MONDAY);

    const asleep = await engine.store.sweep(inDays(59));
    const claimedEarly = await engine.store.claim(['fake'], 10, inDays(59));
    const awake = await engine.store.sweep(inDays(61));

    expect(asleep).toMatchObject({ woken: 0, ready: 0, nextDueAt: inDays(60) });
    expect(claimedEarly).toEqual([]);
    expect(awake).toMatchObject({ woken: 1, ready: 1, nextDueAt: null });
    expect((await rowOf(engine, runId)).status).toBe('ready');
  });

  it('is followed by a running app whose Clock is moved', async () => {
    const clock = movableClock();
    const step = aStep({ see: () => (clock.now() < inDays(60) ? later(60, clock.now()) : null) });
    const app = await engineOn(database.url, { steps: [step], clock });
    const { runId, mine } = await openTestRun(app, [step], { take: taking('fake') });
    app.runner.begin(mine);
    await until(async () => (await rowOf(app, runId)).status === 'waiting');

    clock.move(59 * DAY_MS);
    app.runner.wake();
    await until(async () => (await app.store.sweep(clock.now())).woken === 0);
    const asleep = await rowOf(app, runId);
    clock.move(2 * DAY_MS);
    app.runner.wake();
    await until(async () => (await rowOf(app, runId)).status === 'done');
    await app.close();

    expect(asleep).toMatchObject({ status: 'waiting', attempt: 1 });
    expect(step.fake.writes).toHaveLength(1);
  });
});

describe('the lease', () => {
  it('does not notice that the Clock moves by years', async () => {
    const other = await engineOn(database.url);
    const { runId } = await openTestRun(other, [aStep()], { take: taking('fake') });

    const ahead = await engine.store.sweep(inDays(3650));
    const behind = await engine.store.sweep(inDays(-3650));
    const leftMs = other.instance.leftMs();
    await other.close();

    expect([ahead.takenOver, behind.takenOver]).toEqual([0, 0]);
    expect(leftMs).toBeGreaterThan(10_000);
    expect(await rowOf(engine, runId)).toMatchObject({ status: 'running', owner: other.instance.num });
  });

  it('does not notice that app and database clocks are five minutes apart', async () => {
    const [slow, fast] = [new Date(Date.now() - 300_000), new Date(Date.now() + 300_000)];
    const steps = [aStep()];
    const frozen = await engineOn(database.url, { beats: false });

    for (const [n, now] of [slow, fast].entries()) {
      await openTestRun(frozen, steps, { run: { personId: `p${n}`, requestedAt: now }, now });
      only(await frozen.store.claim(['fake'], 10, now));
    }
    const kept = [await engine.store.sweep(slow), await engine.store.sweep(fast)];
    await frozen.close();
    const taken: number[] = [];
    await until(async () => {
      taken.push((await engine.store.sweep(slow)).takenOver);
      return taken.reduce((sum, one) => sum + one, 0) === 2;
    });

    expect(kept.map((one) => one.takenOver)).toEqual([0, 0]);
    const claimed = await engine.store.claim(['fake'], 10, fast);
    expect(claimed.every((one) => one.waitMs > 7_000 && one.waitMs <= 8_000)).toBe(true);
  });

  it('pauses a vendor by the database’s clock, whatever the Clock says', async () => {
    await openTestRun(engine, [aStep()]);
    await engine.store.pauseVendor('fake', 60_000);

    const claimed = await engine.store.claim(['fake'], 10, inDays(3650));

    expect(claimed).toEqual([]);
  });
});

function later(days: number, now: Date) {
  return { is: 'under_way', facts: {}, lookAgainInMs: inDays(days).getTime() - now.getTime() } as const;
}
