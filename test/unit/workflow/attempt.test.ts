// The protocol of one attempt, with a fake vendor and the real store: what is written, what is not, and what a person is asked.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretStore } from '../../../src/store/secrets.ts';
import { type AttemptEnd, runAttempt } from '../../../src/workflow/attempt.ts';
import { backOffMs } from '../../../src/workflow/attempt-end.ts';
import type { AttemptDeps } from '../../../src/workflow/attempt-state.ts';
import type { Effect, Step } from '../../../src/workflow/model/step.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  auditOf,
  claimOnly,
  type Engine,
  engineOn,
  MONDAY,
  type MovableClock,
  movableClock,
  only,
  openTestRun,
  rowOf,
  type TestStep,
} from '../../support/engine.ts';

const NOTHING = { vendors: [], limit: 0 };
const SETTLE_MS = 10_000;
const LIN = { teamId: 'T1', userId: 'ULIN' };

let database: TestDatabase;
let engine: Engine;
let clock: MovableClock;
let runId: string;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  clock = movableClock();
});

afterEach(async () => {
  await engine.close();
  await database.drop();
});

describe('runAttempt', () => {
  it('writes nothing where all is as it must be at first sight', async () => {
    const step = await opened(aStep());
    step.fake.doByOthers(runId);

    const end = await attempted(step);

    expect(end.outcome).toMatchObject({ event: 'satisfy', evidence: 'read_back', before: { missing: 0 } });
    expect([step.fake.reads, step.fake.writes.length]).toEqual([1, 0]);
  });

  it('observes, writes, and observes again', async () => {
    const step = await opened(aStep());

    await attempted(step);

    expect(step.fake).toMatchObject({ reads: 2, writes: ['fake.step.do'] });
    expect(await row()).toMatchObject({ status: 'done', before: { missing: 1 }, after: { missing: 0 } });
  });

  it('takes an ambiguous answer for a doubt, and the next attempt looks first and adopts what it finds', async () => {
    const step = await opened(aStep());
    step.fake.next('write', { error: 'ambiguous', applied: true });

    await attempted(step);
    const first = await row();
    await attemptedLater(step, 2_000);

    expect(first).toMatchObject({ status: 'waiting', cause: 'back_off', failures: 1 });
    expect(await writes()).toEqual(['doubt']);
    expect(step.fake.writes).toHaveLength(1);
    expect((await row()).status).toBe('done');
  });

  it('leaves a step alone that passes, waits or asks, and says why', async () => {
    const seen = [
      { is: 'not_applicable', facts: {}, why: 'no_device' },
      { is: 'under_way', facts: {}, lookAgainInMs: 5_000 },
      { is: 'unknown', facts: {}, why: 'no such report' },
      { is: 'asks', facts: {}, need: { kind: 'task', owner: 'Grace' } },
    ] as const;

    const ends: unknown[] = [];
    for (const [n, one] of seen.entries()) {
      const step = await opened(aStep({ see: () => one }), `p${n}`);
      ends.push((await attempted(step)).outcome);
    }

    expect(ends).toMatchObject([
      { event: 'pass', cause: 'no_device' },
      { event: 'wait', cause: 'vendor', dueAt: new Date(MONDAY.getTime() + 5_000) },
      { event: 'ask', need: { kind: 'failed', code: 'unknown', sent: 'nothing' } },
      { event: 'ask', need: { kind: 'task', owner: 'Grace' } },
    ]);
  });
});

describe('a long wait', () => {
  it('looks again as long after its look as it said, though the Clock was moved between look and record', async () => {
    const step = await opened(
      aStep({
        see: () => {
          clock.move(61 * 86_400_000);
          return { is: 'under_way', facts: {}, lookAgainInMs: 5_000 };
        },
      }),
    );

    expect((await attempted(step)).outcome).toMatchObject({ dueAt: new Date(MONDAY.getTime() + 5_000) });
  });

  it('is not given up for failures that are no five in a row: a vendor that answers takes back those before', async () => {
    const step = await opened(aStep({ see: () => ({ is: 'under_way', facts: {}, lookAgainInMs: 5_000 }) }));
    await attempted(step);
    for (let look = 0; look < 6; look += 1) {
      step.fake.next('read', { error: 'transient' });
      await attemptedLater(step, 5_000);
      expect(await row()).toMatchObject({ status: 'waiting', cause: 'back_off', failures: 1 });
      await attemptedLater(step, 5_000);
      expect(await row()).toMatchObject({ status: 'waiting', cause: 'vendor', failures: 0 });
    }
  });
});

describe('after a doubt', () => {
  it('sends a `safe` effect again', async () => {
    const step = await opened(anEffect('safe'));
    step.fake.next('write', { error: 'ambiguous' });

    await attempted(step);
    await attemptedLater(step, 2_000);

    expect(step.fake.writes).toHaveLength(2);
    expect((await row()).status).toBe('done');
  });

  it('looks twice for a `search_first` effect, settleMs apart, before it sends it again', async () => {
    const step = await opened(anEffect('search_first'));
    step.fake.next('write', { error: 'ambiguous' });
    await attempted(step);

    await attemptedLater(step, 2_000);
    const first = { ...(await row()), sent: step.fake.writes.length };
    await attemptedLater(step, SETTLE_MS - 1);
    const early = { ...(await row()), sent: step.fake.writes.length };
    await attemptedLater(step, 1);

    expect(first).toMatchObject({ status: 'waiting', cause: 'searching', sent: 1 });
    expect(first.due_at).toEqual(new Date(MONDAY.getTime() + 2_000 + SETTLE_MS));
    expect(early).toMatchObject({ status: 'waiting', cause: 'searching', sent: 1 });
    expect(step.fake.writes).toHaveLength(2);
    expect((await row()).status).toBe('done');
  });

  it('adopts a `search_first` effect that the second look finds', async () => {
    const step = await opened(anEffect('search_first'));
    step.fake.next('write', { error: 'ambiguous' });
    await attempted(step);
    await attemptedLater(step, 2_000);

    step.fake.doByOthers(runId);
    await attemptedLater(step, SETTLE_MS);

    expect(step.fake.writes).toHaveLength(1);
    expect((await row()).status).toBe('done');
  });

  it('asks a person about a `once` effect', async () => {
    const step = await opened(anEffect('once'));
    step.fake.next('write', { error: 'ambiguous' });

    await attempted(step);
    await attemptedLater(step, 2_000);

    expect(step.fake.writes).toHaveLength(1);
    expect(await row()).toMatchObject({
      status: 'needs_human',
      need: { kind: 'doubt', code: 'doubt', effect: 'fake.step.do', tries: 1, sent: 'in_doubt' },
    });
  });

  it('sends a `once` effect again when a person, told of the doubt, presses Retry', async () => {
    const step = await opened(anEffect('once'));
    step.fake.next('write', { error: 'ambiguous' });
    await attempted(step);
    await attemptedLater(step, 2_000);

    const asked = await row();
    await engine.store.decide(
      { stepRun: asked.id, attempt: asked.attempt },
      { kind: 'retry' },
      { operator: LIN, role: 'operator' },
      clock.now(),
    );
    await attempted(step);

    expect(step.fake.writes).toHaveLength(2);
    expect((await row()).status).toBe('done');
  });
});

describe('after an accepted write that does not show', () => {
  it('waits until settleMs has passed, and only then sends a `safe` effect again', async () => {
    const step = await opened(anEffect('safe'));
    step.fake.next('write', 'unseen');

    await attempted(step);
    const first = await row();
    await attemptedLater(step, SETTLE_MS - 1);
    const early = step.fake.writes.length;
    await attemptedLater(step, 1);

    expect(first).toMatchObject({ status: 'waiting', cause: 'settling', failures: 0 });
    expect(early).toBe(1);
    expect(step.fake.writes).toHaveLength(2);
    expect((await row()).status).toBe('done');
  });

  it('looks twice before it sends a `search_first` effect again', async () => {
    const step = await opened(anEffect('search_first'));
    step.fake.next('write', 'unseen');
    await attempted(step);

    await attemptedLater(step, SETTLE_MS);
    const first = { ...(await row()), sent: step.fake.writes.length };
    await attemptedLater(step, SETTLE_MS);

    expect(first).toMatchObject({ status: 'waiting', cause: 'searching', sent: 1 });
    expect(step.fake.writes).toHaveLength(2);
  });

  it('never sends a `once` effect again: a person is asked', async () => {
    const step = await opened(anEffect('once'));
    step.fake.next('write', 'unseen');

    await attempted(step);
    await attemptedLater(step, SETTLE_MS);

    expect(step.fake.writes).toHaveLength(1);
    expect(await row()).toMatchObject({
      status: 'needs_human',
      need: { kind: 'failed', code: 'not_seen', sent: 'accepted' },
    });
  });

  it('asks a person after five sends', async () => {
    const step = await opened(anEffect('safe'));
    step.fake.always('write', 'unseen');

    await attempted(step);
    for (let n = 0; n < 5; n += 1) await attemptedLater(step, SETTLE_MS);

    expect(step.fake.writes).toHaveLength(5);
    expect(await row()).toMatchObject({
      status: 'needs_human',
      need: { kind: 'failed', code: 'not_seen', tries: 5, effect: 'fake.step.do', sent: 'accepted' },
    });
  });

  it('counts sends anew after a person pressed Retry', async () => {
    const step = await opened(anEffect('safe'));
    step.fake.always('write', 'unseen');
    await attempted(step);
    for (let n = 0; n < 5; n += 1) await attemptedLater(step, SETTLE_MS);

    const asked = await row();
    await engine.store.decide(
      { stepRun: asked.id, attempt: asked.attempt },
      { kind: 'retry' },
      { operator: LIN, role: 'operator' },
      clock.now(),
    );
    await attempted(step);

    expect(step.fake.writes).toHaveLength(6);
    expect((await row()).status).toBe('waiting');
  });
});

describe('a vendor that fails', () => {
  it('is asked five times, then a person is, who is told that nothing was sent', async () => {
    const step = await opened(aStep());
    step.fake.always('read', { error: 'transient' });
    const waits: number[] = [];

    await attempted(step);
    for (let n = 0; n < 4; n += 1) {
      waits.push(((await row()).due_at as Date).getTime() - clock.now().getTime());
      await attemptedLater(step, 60_000);
    }

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(step.fake.reads).toBe(5);
    expect(await row()).toMatchObject({
      status: 'needs_human',
      need: { kind: 'failed', code: 'no_answer', tries: 5, sent: 'nothing' },
    });
  });

  it('makes a pause for its vendor, in all processes and for nobody else, when it asks for one', async () => {
    const step = await opened(aStep());
    const other = await engineOn(database.url);
    step.fake.next('write', { error: 'rate_limited', retryAfterMs: 30_000 });

    await attempted(step);
    await openTestRun(engine, [aStep(), aStep({ name: 'b', vendor: 'brisk' })], { run: { personId: 'bob' } });
    const claimed = await other.store.claim(['fake', 'brisk'], 10, MONDAY);
    await other.close();

    expect(await row()).toMatchObject({
      status: 'waiting',
      cause: 'paused',
      due_at: new Date(MONDAY.getTime() + 30_000),
    });
    expect(await pausedForMs()).toBeGreaterThan(28_000);
    expect(await pausedForMs()).toBeLessThanOrEqual(30_000);
    expect(claimed.map((one) => one.vendor)).toEqual(['brisk']);
  });

  it('counts no try for a write that a rate limit put off, however often', async () => {
    const step = await opened(aStep());
    for (let n = 0; n < 7; n += 1) step.fake.next('write', { error: 'rate_limited', retryAfterMs: 1_000 });

    for (let n = 0; n < 8; n += 1) {
      await attemptedLater(step, 1_000);
      await engine.db.query('DELETE FROM vendor_pace', []);
    }

    expect(await row()).toMatchObject({ status: 'done' });
  });

  it('pauses for a quarter of an hour at most, and for a back-off when it asks for nothing', async () => {
    const pauses: number[] = [];
    for (const [n, retryAfterMs] of [1_000_000_000, 0].entries()) {
      await engine.db.query('DELETE FROM vendor_pace', []);
      const step = await opened(aStep(), `p${n}`);
      step.fake.next('read', { error: 'rate_limited', retryAfterMs });
      await attempted(step);
      pauses.push(Math.round((await pausedForMs()) / 1_000));
    }

    expect(pauses).toEqual([900, 1]);
  });

  it('waits a quarter of an hour at most for what it asks after a failure', async () => {
    const step = await opened(aStep());
    step.fake.next('read', { error: 'transient', retryAfterMs: 1_000_000_000 });

    await attempted(step);

    expect((await row()).due_at).toEqual(new Date(MONDAY.getTime() + 900_000));
  });

  it('stops a write that was about to be sent while its vendor is paused', async () => {
    const step = await opened(aStep());
    const claimed = await claimOnly(engine);
    await engine.store.pauseVendor('fake', 20_000);

    const end = await runAttempt(step, claimed, deps());

    expect(step.fake.writes).toEqual([]);
    expect(end.outcome).toMatchObject({ event: 'wait', cause: 'paused' });
  });

  it('makes a person asked at once when it does not accept our credentials', async () => {
    const step = await opened(aStep());
    step.fake.next('write', { error: 'unauthorized' });

    await attempted(step);

    expect(await row()).toMatchObject({
      status: 'needs_human',
      attempt: 1,
      need: { kind: 'failed', code: 'unauthorized', sent: 'nothing' },
    });
  });

  for (const error of ['not_found', 'rejected'] as const) {
    it(`is believed when it answers "${error}" and the thing turns out to be so already`, async () => {
      const step = await opened(aStep());
      step.fake.next('write', { error, applied: true });

      await attempted(step);

      expect(await row()).toMatchObject({ status: 'done', attempt: 1 });
    });

    it(`makes a person asked when it answers "${error}" and the thing is not so`, async () => {
      const step = await opened(aStep());
      step.fake.next('write', { error });

      await attempted(step);

      expect(step.fake.writes).toHaveLength(1);
      expect(await row()).toMatchObject({
        status: 'needs_human',
        need: { kind: 'failed', code: 'refused', sent: 'nothing' },
      });
    });
  }
});

describe('a write', () => {
  it('that its observation did not name is a bug, and is not sent', async () => {
    const bugs: unknown[] = [];
    const step = await opened(aStep());
    let sent = false;
    const wrong: Step = {
      ...step,
      async apply(context) {
        await context.write({ name: 'fake.other', repeat: 'safe' }, async () => {
          sent = true;
        });
      },
    };

    await attempted(wrong, { onBug: (error) => bugs.push(error) });

    expect(sent).toBe(false);
    expect(bugs).toEqual([
      expect.objectContaining({ message: 'fake.step wrote fake.other, which its observation did not name' }),
    ]);
    expect(await row()).toMatchObject({ status: 'needs_human', need: { code: 'bug', sent: 'nothing' } });
  });

  it('that would ask for something else than the unanswered one is refused', async () => {
    const asking = (to: string) => aStep({ effects: [{ name: 'fake.grant', repeat: 'safe', request: { to } }] });
    const first = await opened(asking('grace'));
    first.fake.next('write', { error: 'ambiguous' });
    await attempted(first);

    const second = asking('mallory');
    await attemptedLater(second, 2_000);

    expect(second.fake.writes).toEqual([]);
    expect(await row()).toMatchObject({
      status: 'needs_human',
      cause: 'changed',
      need: { kind: 'doubt', code: 'changed' },
    });
  });

  it('is not sent once its run was cancelled', async () => {
    const step = await opened(aStep());
    const claimed = await claimOnly(engine);
    await engine.db.query(`UPDATE run SET status = 'cancelled' WHERE id = $1`, [runId]);

    const end = await runAttempt(step, claimed, deps());
    await recorded(claimed, end);

    expect(step.fake.writes).toEqual([]);
    expect(await row()).toMatchObject({ status: 'cancelled', cause: 'run_cancelled' });
  });

  it('is not sent by an attempt that was replaced', async () => {
    const step = await opened(aStep());
    const claimed = await claimOnly(engine);
    await engine.db.query(`UPDATE step_run SET status = 'ready', owner = NULL WHERE run_id = $1`, [runId]);

    const end = await runAttempt(step, claimed, deps());

    expect(step.fake.writes).toEqual([]);
    expect(end.outcome).toBeNull();
  });

  it('whose connection to the database failed keeps its earlier answers for the next statement', async () => {
    const step = await opened(aStep({ effects: twoEffects() }));
    const claimed = await claimOnly(engine);
    const store: AttemptDeps['store'] = {
      ...engine.store,
      intend: async (one, write, ...rest) =>
        write.effect === 'fake.b' ? { verdict: 'fenced' } : engine.store.intend(one, write, ...rest),
    };

    const end = await runAttempt(step, claimed, deps({ store }));

    expect(end.book.answers()).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('commits the answer of the write before it together with its own intent, and before it is sent', async () => {
    const step = await opened(aStep({ effects: twoEffects() }));
    const claimed = await claimOnly(engine);
    const seen: unknown[] = [];
    const watching: Step = {
      ...step,
      async apply(context, what) {
        for (const effect of what.would) await context.write(effect, async () => void seen.push(await writes()));
      },
    };

    await runAttempt(watching, claimed, deps());

    expect(seen).toEqual([[null], ['accepted', null]]);
    expect((await auditOf(engine, runId)).map((event) => event.action)).toEqual([
      'run.opened',
      'write.intended',
      'write.accepted',
      'write.intended',
    ]);
  });

  it('of a `once` effect has its answer committed at once', async () => {
    const step = await opened(anEffect('once'));
    const claimed = await claimOnly(engine);

    const end = await runAttempt(step, claimed, deps());

    expect(await writes()).toEqual(['accepted']);
    expect(end.book.answers()).toEqual([]);
  });

  it('of a `once` effect stays accepted when its answer cannot be committed at once', async () => {
    const step = await opened(anEffect('once'));
    const claimed = await claimOnly(engine);
    const settle = () => Promise.reject(new Error('no connection'));

    const end = await runAttempt(step, claimed, deps({ store: { ...engine.store, settle }, onBug: () => undefined }));
    await recorded(claimed, end);

    expect(await writes()).toEqual(['accepted']);
    expect((await row()).status).toBe('done');
  });

  it('keeps the vendor’s receipt, which later observations see', async () => {
    const step = await opened(aStep());
    const receipts: unknown[] = [];
    const keeping: Step = {
      ...step,
      async observe(context) {
        receipts.push(context.receipt({ name: 'fake.step.do' }));
        return step.observe(context);
      },
      async apply(context, seen) {
        for (const effect of seen.would)
          await context.write(
            effect,
            async () => 'T-7',
            (ticket) => ({ ticket }),
          );
      },
    };

    await attempted(keeping);
    await attemptedLater(keeping, 1_000);

    expect(receipts).toEqual([
      null,
      { at: MONDAY, facts: { ticket: 'T-7' } },
      ...Array(2).fill({ at: MONDAY, facts: { ticket: 'T-7' } }),
    ]);
  });

  it('that another hand made unnecessary is left out, and what its refusal left to do is done', async () => {
    const step = await opened(aStep({ effects: twoEffects() }));
    step.fake.next('write', { error: 'not_found', applied: true });

    await attempted(step);

    expect(step.fake.writes).toEqual(['fake.a', 'fake.b']);
    expect(await row()).toMatchObject({ status: 'done', attempt: 1 });
  });
});

describe('backOffMs', () => {
  it('doubles from one second to a minute, give or take a fifth', () => {
    const table = [0, 1, 2, 5, 6, 20].map((failures) => [0, 0.5, 1].map((random) => backOffMs(failures, random)));

    expect(table).toEqual([
      [800, 1_000, 1_200],
      [1_600, 2_000, 2_400],
      [3_200, 4_000, 4_800],
      [25_600, 32_000, 38_400],
      [48_000, 60_000, 72_000],
      [48_000, 60_000, 72_000],
    ]);
  });
});

function anEffect(repeat: Effect['repeat']): TestStep {
  return aStep({ settleMs: SETTLE_MS, effects: [{ name: 'fake.step.do', repeat }] });
}

function twoEffects(): Effect[] {
  return [
    { name: 'fake.a', repeat: 'safe' },
    { name: 'fake.b', repeat: 'safe' },
  ];
}

/** Opens a run of this one step. */
async function opened(step: TestStep, personId = 'ada'): Promise<TestStep> {
  ({ runId } = await openTestRun(engine, [step], { run: { personId } }));
  return step;
}

function deps(over: Partial<AttemptDeps> = {}): AttemptDeps {
  return {
    store: engine.store,
    clock,
    lease: engine.instance,
    signal: new AbortController().signal,
    secrets: createSecretStore(engine.db, new Map()),
    pace: async () => undefined,
    sleep: async () => undefined,
    random: () => 0.5,
    onBug: (error) => {
      throw error;
    },
    ...over,
  };
}

/** One attempt, claimed and recorded as the runner would. */
async function attempted(step: Step, over: Partial<AttemptDeps> = {}): Promise<AttemptEnd> {
  const claimed = await claimOnly(engine, step.vendor, clock.now());
  const end = await runAttempt(step, claimed, deps(over));
  await recorded(claimed, end);
  return end;
}

/** The next attempt, `ms` of business time later; due or not. */
async function attemptedLater(step: Step, ms: number): Promise<AttemptEnd> {
  clock.move(ms);
  await engine.db.query(
    `UPDATE step_run SET status = 'ready', due_at = NULL WHERE run_id = $1 AND status = 'waiting'`,
    [runId],
  );
  return attempted(step);
}

async function recorded(claimed: Parameters<typeof runAttempt>[1], end: AttemptEnd): Promise<void> {
  if (end.outcome === null) throw new Error('nothing to record');
  await engine.store.record(claimed, end.outcome, end.book.answers(), end.searched, NOTHING, clock.now());
}

async function row() {
  return rowOf(engine, runId);
}

/** Outcomes of the run's writes, oldest first. */
async function writes(): Promise<(string | null)[]> {
  const rows = await engine.db.query<{ outcome: string | null }>('SELECT outcome FROM vendor_write ORDER BY id', []);
  return rows.map((one) => one.outcome);
}

async function pausedForMs(): Promise<number> {
  const sql = `SELECT (extract(epoch FROM (paused_until - now())) * 1000)::float8 AS ms FROM vendor_pace WHERE vendor = 'fake'`;
  return only(await engine.db.query<{ ms: number }>(sql, [])).ms;
}
