// The engine's statements against a real PostgreSQL: joins, fences, claims, opening, retrying, closing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditStore } from '../../../src/store/audit.ts';
import type { ClaimedStep, WriteAnswer } from '../../../src/workflow/model/claimed-step.ts';
import { requestHash } from '../../../src/workflow/write-book.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aRun,
  aStep,
  auditOf,
  byHand,
  claimOnly,
  type Engine,
  engineOn,
  MONDAY,
  only,
  openTestRun,
  rowOf,
  rowsOf,
  SATISFIED,
  taking,
  until,
} from '../../support/engine.ts';

const NOTHING = { vendors: [], limit: 0 };
const WRITE = {
  effect: 'fake.step.do',
  target: '',
  repeat: 'safe',
  irreversible: false,
  requestHash: requestHash({ name: 'fake.step.do', repeat: 'safe' }),
};
const FAILED = {
  ...SATISFIED,
  event: 'ask',
  evidence: null,
  cause: 'refused',
  need: { kind: 'failed', code: 'refused', why: 'no', tries: 1, effect: null, status: 403, sent: 'nothing' },
} as const;

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

describe('record', () => {
  const left = aStep({ name: 'left' });
  const right = aStep({ name: 'right' });
  const join = aStep({
    name: 'join',
    needs: [
      { step: 'left', until: 'satisfied' },
      { step: 'right', until: 'satisfied' },
    ],
  });

  it('frees a join whose two last predecessors are recorded at once, exactly once', async () => {
    const { runId, mine } = await openTestRun(engine, [left, right, join], { take: taking('fake') });
    const [a, b] = mine as [ClaimedStep, ClaimedStep];
    const other = await byHand(database.url);
    await other.query('BEGIN');
    await other.query(`SELECT * FROM record_attempt($1, $2, $3, $4, '[]', '{}', 0, '{}', 8000, $5)`, [
      a.id,
      a.attempt,
      a.instance,
      JSON.stringify(SATISFIED),
      MONDAY,
    ]);
    const second = engine.store.record(b, SATISFIED, [], [], taking('fake'), MONDAY);
    const isHeld = async () =>
      (
        await engine.db.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%record_attempt%'`,
          [],
        )
      ).length > 0;
    await until(async () => (await isHeld()) || (await rowOf(engine, runId, b.step)).status === 'done');

    await other.query('COMMIT');
    const recorded = await second;
    await other.end();

    expect(recorded.mine.map((one) => one.step)).toEqual(['join']);
    expect(await rowOf(engine, runId, 'join')).toMatchObject({ status: 'running', attempt: 1 });
  });

  it('frees a join once when both predecessors are recorded a hundred times side by side', async () => {
    const runs = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        openTestRun(engine, [left, right, join], { run: { personId: `p${n}` }, take: taking('fake') }),
      ),
    );

    const recorded = await Promise.all(
      runs.flatMap(({ mine }) =>
        mine.map((one) => engine.store.record(one, SATISFIED, [], [], taking('fake'), MONDAY)),
      ),
    );

    const freed = recorded.flatMap((one) => one.mine);
    expect(freed).toHaveLength(100);
    expect(new Set(freed.map((one) => one.id)).size).toBe(100);
  });

  it('changes nothing for an attempt that was replaced, and says so', async () => {
    const { runId } = await openTestRun(engine, [left, join]);
    const old = await claimOnly(engine);
    await replace(old);
    const before = await rowsOf(engine, runId);

    const recorded = await engine.store.record(old, SATISFIED, [], [], taking('fake'), MONDAY);

    expect(recorded).toEqual({ fenced: true, mine: [], left: false });
    expect(await rowsOf(engine, runId)).toEqual(before);
  });

  it('keeps the answers of an attempt that was replaced', async () => {
    const { runId } = await openTestRun(engine, [aStep()]);
    const old = await claimOnly(engine);
    const writeId = await intended(old);
    await replace(old);

    const recorded = await engine.store.record(old, SATISFIED, [accepted(writeId)], [], taking('fake'), MONDAY);

    expect(recorded.fenced).toBe(true);
    expect(await engine.db.query('SELECT outcome, receipt FROM vendor_write', [])).toEqual([
      { outcome: 'accepted', receipt: { ticket: 'A-1' } },
    ]);
    expect((await auditOf(engine, runId)).map((event) => event.action)).toContain('write.accepted');
  });

  it('is fenced for a second record of the same attempt', async () => {
    await openTestRun(engine, [aStep()]);
    const claimed = await claimOnly(engine);
    await engine.store.record(claimed, SATISFIED, [], [], NOTHING, MONDAY);

    const again = await engine.store.record(claimed, FAILED, [], [], NOTHING, MONDAY);

    expect(again.fenced).toBe(true);
  });

  it('leaves what it may not take ready, and says that something is left', async () => {
    const { runId, mine } = await openTestRun(
      engine,
      [left, aStep({ name: 'after', needs: [{ step: 'left', until: 'ended' }] })],
      {
        take: taking('fake'),
      },
    );

    const recorded = await engine.store.record(only(mine), SATISFIED, [], [], NOTHING, MONDAY);

    expect(recorded).toEqual({ fenced: false, mine: [], left: true });
    expect((await rowOf(engine, runId, 'after')).status).toBe('ready');
  });

  it('closes the run when every step but the watch has ended, and its head lands among the heads', async () => {
    const watch = aStep({ name: 'watch', needs: [{ step: 'right', until: 'satisfied' }] });
    const { runId, mine } = await openTestRun(engine, [left, right, watch], { take: taking('fake') });
    const [a, b] = mine as [ClaimedStep, ClaimedStep];

    await engine.store.record(a, SATISFIED, [], [], NOTHING, MONDAY);
    const afterFirst = await statusOf(runId);
    await engine.store.record(b, SATISFIED, [], [], NOTHING, MONDAY);

    expect(afterFirst).toBe('open');
    expect(await statusOf(runId)).toBe('closed');
    expect((await rowOf(engine, runId, 'watch')).status).toBe('ready');
    const head = only(
      await engine.db.query(`SELECT seq::int, encode(hash, 'hex') AS hash FROM audit_head WHERE chain = $1`, [runId]),
    );
    expect(only(await auditOf(engine, 'heads'))).toMatchObject({
      action: 'chain.ended',
      detail: { chain: runId, ...head },
    });
    expect((await createAuditStore(engine.db).verify()).every((chain) => chain.firstBad === null)).toBe(true);
  });
});

describe('intend', () => {
  it('refuses an attempt that was replaced, and keeps the answers that came with it', async () => {
    await openTestRun(engine, [aStep()]);
    const old = await claimOnly(engine);
    const writeId = await intended(old);
    await replace(old);

    const answer = await engine.store.intend(old, WRITE, [accepted(writeId)], MONDAY);

    expect(answer).toEqual({ verdict: 'fenced' });
    expect(await engine.db.query('SELECT outcome FROM vendor_write', [])).toEqual([{ outcome: 'accepted' }]);
  });
});

describe('claim', () => {
  it('gives 200 ready steps to two claimers, each to one of them', async () => {
    const other = await engineOn(database.url);
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => openTestRun(engine, [aStep()], { run: { personId: `p${n}` } })),
    );
    const drain = async (by: Engine): Promise<string[]> => {
      const got: string[] = [];
      for (;;) {
        const claimed = await by.store.claim(['fake'], 7, MONDAY);
        if (claimed.length === 0) return got;
        got.push(...claimed.map((one) => one.id));
      }
    };

    const [a, b] = await Promise.all([drain(engine), drain(other)]);
    await other.close();

    expect(a.length + b.length).toBe(200);
    expect(new Set([...a, ...b]).size).toBe(200);
    expect(Math.min(a.length, b.length)).toBeGreaterThan(0);
  });

  it('takes access first, evidence next, and logistics last', async () => {
    const stages = ['close', 'device', 'evidence', 'contain', 'hand_over'] as const;
    await openTestRun(
      engine,
      stages.map((stage) => aStep({ name: stage, stage })),
    );

    const order: string[] = [];
    for (const _ of stages) order.push(only(await engine.store.claim(['fake'], 1, MONDAY)).step);

    expect(order).toEqual(['contain', 'evidence', 'hand_over', 'device', 'close']);
  });

  it('leaves a paused vendor’s steps alone, and takes the others’', async () => {
    await openTestRun(engine, [aStep({ name: 'slow', vendor: 'slow' }), aStep({ name: 'brisk', vendor: 'brisk' })]);
    await engine.store.pauseVendor('slow', 60_000);

    const claimed = await engine.store.claim(['slow', 'brisk'], 10, MONDAY);

    expect(claimed.map((one) => one.step)).toEqual(['brisk']);
  });
});

describe('openRun', () => {
  it('opens one run when twenty doors ask for the same person at once', async () => {
    const other = await engineOn(database.url);

    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        openTestRun(n % 2 ? engine : other, [aStep()], { run: { trigger: `door ${n}` }, take: taking('fake') }),
      ),
    );
    await other.close();

    expect(opened.filter((one) => !one.joined)).toHaveLength(1);
    expect(opened.flatMap((one) => one.mine)).toHaveLength(1);
    expect(new Set(opened.map((one) => `${one.runId} ${one.code}`)).size).toBe(1);
    const counts = await engine.db.query(
      'SELECT count(*)::int AS runs, (SELECT last_value::int FROM offboarding_number) AS number FROM run',
      [],
    );
    expect(counts).toEqual([{ runs: 1, number: 1 }]);
    const actions = (await auditOf(engine, opened[0]?.runId ?? '')).map((event) => event.action);
    expect(actions.filter((action) => action === 'run.joined')).toHaveLength(19);
  });

  it('opens a second run for a person whose first has closed', async () => {
    const first = await openTestRun(engine, [aStep()], { take: taking('fake') });
    await engine.store.record(only(first.mine), SATISFIED, [], [], NOTHING, MONDAY);

    const requestedAt = new Date(MONDAY.getTime() + 60_000);
    const second = await openTestRun(engine, [aStep()], { run: { requestedAt } });

    expect(second).toMatchObject({ joined: false, code: 'OFF-2' });
  });

  it('finds its own run again when the same request is handled twice, even after the run has closed', async () => {
    const first = await openTestRun(engine, [aStep()], { take: taking('fake') });
    await engine.store.record(only(first.mine), SATISFIED, [], [], NOTHING, MONDAY);

    const again = await openTestRun(engine, [aStep()]);

    expect(again).toMatchObject({ joined: true, runId: first.runId });
  });

  it('tells a device return from an offboarding of the same person', async () => {
    await openTestRun(engine, [aStep()]);

    const other = await engine.store.openRun(aRun({ kind: 'device_return' }), [], NOTHING, MONDAY);

    expect(other).toMatchObject({ joined: false, code: 'RET-1' });
  });
});

describe('retry', () => {
  const retry = (stepRun: string, attempt: number, userId: string) =>
    engine.store.decide(
      { stepRun, attempt },
      { kind: 'retry' },
      { operator: { teamId: 'T1', userId }, role: 'operator' },
      MONDAY,
    );

  it('counts once when three people press at once, and tells the others who and when', async () => {
    const { runId } = await failedRun();
    const row = await rowOf(engine, runId);

    const answers = await Promise.all(['UA', 'UB', 'UC'].map((user) => retry(row.id, row.attempt, user)));

    expect(answers.filter((one) => one.verdict === 'decided')).toHaveLength(1);
    const winner = only(await engine.db.query<{ decided_by: string }>('SELECT decided_by FROM decision', []));
    const stale = answers.filter((one) => one.verdict === 'stale');
    expect(stale).toEqual(
      [1, 2].map(() => ({
        verdict: 'stale',
        status: 'ready',
        attempt: 1,
        what: 'retry',
        by: winner.decided_by,
        at: MONDAY,
      })),
    );
  });

  it('is stale for an attempt that is no longer the newest', async () => {
    const { runId } = await failedRun();
    const row = await rowOf(engine, runId);
    await retry(row.id, row.attempt, 'UA');
    await engine.store.record(await claimOnly(engine), FAILED, [], [], NOTHING, MONDAY);

    const again = await retry(row.id, row.attempt, 'UB');

    expect(again).toMatchObject({ verdict: 'stale', status: 'needs_human', attempt: 2, by: 'T1/UA' });
  });

  it('does not know a step run that was never made', async () => {
    const answer = await retry('00000000-0000-4000-8000-000000000009', 1, 'UA');

    expect(answer).toEqual({ verdict: 'unknown' });
  });

  async function failedRun() {
    const opened = await openTestRun(engine, [aStep()], { take: taking('fake') });
    await engine.store.record(only(opened.mine), FAILED, [], [], NOTHING, MONDAY);
    return opened;
  }
});

/** Another instance takes the step over and claims it. */
async function replace(old: ClaimedStep): Promise<void> {
  await engine.db.query(`UPDATE step_run SET status = 'ready', owner = NULL, taken_over_at = now() WHERE id = $1`, [
    old.id,
  ]);
  await engine.db.query(`UPDATE step_run SET status = 'running', attempt = attempt + 1, owner = $2 WHERE id = $1`, [
    old.id,
    old.instance + 1,
  ]);
}

async function intended(claimed: ClaimedStep): Promise<number> {
  const answer = await engine.store.intend(claimed, WRITE, [], MONDAY);
  if (answer.verdict !== 'go') throw new Error(answer.verdict);
  return answer.writeId;
}

function accepted(id: number): WriteAnswer {
  return { id, outcome: 'accepted', receipt: { ticket: 'A-1' }, error: null, at: MONDAY };
}

async function statusOf(runId: string): Promise<string> {
  return only(await engine.db.query<{ status: string }>('SELECT status FROM run WHERE id = $1', [runId])).status;
}
