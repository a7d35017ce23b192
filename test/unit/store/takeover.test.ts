// What happens to a process's steps when it is killed, frozen, or loses its connection.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretStore } from '../../../src/store/secrets.ts';
import { runAttempt } from '../../../src/workflow/attempt.ts';
import { CALL_DEADLINE_MS } from '../../../src/workflow/attempt-state.ts';
import type { ClaimedStep } from '../../../src/workflow/model/claimed-step.ts';
import type { EngineStore } from '../../../src/workflow/model/ports.ts';
import { requestHash } from '../../../src/workflow/write-book.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  auditOf,
  byHand,
  claimOnly,
  type Engine,
  engineOn,
  MONDAY,
  movableClock,
  openTestRun,
  rowOf,
  SATISFIED,
  type TestStep,
  taking,
  until,
} from '../../support/engine.ts';

const DEADLINE_MS = 700;
const NOTHING = { vendors: [], limit: 0 };
const WRITE = {
  effect: 'fake.step.do',
  target: '',
  repeat: 'safe',
  irreversible: false,
  requestHash: requestHash({ name: 'fake.step.do', repeat: 'safe' }),
};

let database: TestDatabase;
let survivor: Engine;
const others: Engine[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  survivor = await engineOn(database.url, { callDeadlineMs: DEADLINE_MS });
});

afterEach(async () => {
  for (const engine of [survivor, ...others.splice(0)]) await engine.close();
  await database.drop();
});

describe('sweep', () => {
  it('takes over at once from a process that was killed', async () => {
    const killed = await engineOn(database.url);
    const { runId } = await openTestRun(killed, [aStep()], { take: taking('fake') });
    await killed.close();

    await until(async () => (await survivor.store.sweep(MONDAY)).takenOver === 1, 1_000);

    expect(await rowOf(survivor, runId)).toMatchObject({ status: 'ready', owner: null, attempt: 1 });
    expect((await auditOf(survivor, runId)).at(-1)).toMatchObject({
      action: 'step.taken_over',
      detail: { step: 'fake.step', attempt: 1, by: survivor.instance.num },
    });
  });

  it('takes over from a frozen process when its lease has ended, and not before', async () => {
    const frozen = await another({ beats: false });
    const { runId } = await openTestRun(frozen, [aStep()], { take: taking('fake') });
    const early = await survivor.store.sweep(MONDAY);

    await survivor.db.query(`UPDATE instance SET seen_at = now() - interval '16 seconds' WHERE num = $1`, [
      frozen.instance.num,
    ]);
    const late = await survivor.store.sweep(MONDAY);

    expect([early.takenOver, late.takenOver]).toEqual([0, 1]);
    expect((await rowOf(survivor, runId)).status).toBe('ready');
  });

  it('never takes over from itself, however late it is', async () => {
    await openTestRun(survivor, [aStep()], { take: taking('fake') });
    await survivor.db.query(`UPDATE instance SET seen_at = now() - interval '1 hour' WHERE num = $1`, [
      survivor.instance.num,
    ]);

    const seen = await survivor.store.sweep(MONDAY);

    expect(seen).toMatchObject({ takenOver: 0, inHand: 1 });
  });

  it('lets two survivors take over each step once', async () => {
    const killed = await engineOn(database.url);
    const second = await another();
    const ids = Array.from({ length: 30 }, (_, n) => `p${n}`);
    await Promise.all(
      ids.map((personId) =>
        openTestRun(killed, [aStep(), aStep({ name: 'b' })], { run: { personId }, take: taking('fake') }),
      ),
    );
    await killed.close();
    const taken = { survivor: 0, second: 0 };

    await until(async () => {
      const seen = await Promise.all([survivor.store.sweep(MONDAY), second.store.sweep(MONDAY)]);
      taken.survivor += seen[0].takenOver;
      taken.second += seen[1].takenOver;
      return taken.survivor + taken.second >= 60;
    });

    expect(taken.survivor + taken.second).toBe(60);
  });
});

describe('takeover’s wait', () => {
  it('refuses a write while a predecessor’s unanswered one may still arrive, then allows it', async () => {
    const { claimed } = await takenOver({ intended: true });

    const early = await survivor.store.intend(claimed, WRITE, [], MONDAY);
    const waitMs = early.verdict === 'wait' ? early.waitMs : 0;
    await until(
      async () => (await survivor.store.intend(claimed, WRITE, [], MONDAY)).verdict === 'go',
      3 * DEADLINE_MS,
    );

    expect(early.verdict).toBe('wait');
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(DEADLINE_MS);
    expect(await sinceTakeoverMs(claimed)).toBeGreaterThanOrEqual(DEADLINE_MS);
    expect(claimed.waitMs).toBeGreaterThan(0);
  });

  it('calls the predecessor’s write a doubt once its time is over', async () => {
    const { claimed, runId } = await takenOver({ intended: true });

    await until(
      async () => (await survivor.store.intend(claimed, WRITE, [], MONDAY)).verdict === 'go',
      3 * DEADLINE_MS,
    );

    expect(await survivor.db.query('SELECT attempt, outcome FROM vendor_write ORDER BY id', [])).toEqual([
      { attempt: 1, outcome: 'doubt' },
      { attempt: 2, outcome: null },
    ]);
    expect((await auditOf(survivor, runId)).map((event) => event.action)).toEqual(
      expect.arrayContaining(['write.intended', 'step.taken_over', 'write.doubt']),
    );
  });

  it('asks for no wait when the predecessor had intended nothing', async () => {
    const { claimed } = await takenOver({ intended: false });

    const answer = await survivor.store.intend(claimed, WRITE, [], MONDAY);

    expect(answer.verdict).toBe('go');
  });

  it('makes the attempt wait, look again, and adopt what arrived meanwhile', async () => {
    const step = aStep();
    const { claimed, runId } = await takenOver({ intended: true, step });
    const slept: number[] = [];

    const end = await attemptOf(step, claimed, {
      sleep: async (ms) => {
        slept.push(ms);
        step.fake.doByOthers(runId);
      },
    });

    expect(slept).toHaveLength(1);
    expect(end.outcome?.event).toBe('satisfy');
    expect(step.fake.writes).toEqual([]);
  });
});

describe('a process that was frozen', () => {
  it('sends nothing when it thaws between its intent and the send', async () => {
    const step = aStep();
    const frozen = await another({ beats: false, leaseMs: CALL_DEADLINE_MS + 300 });
    const { mine } = await openTestRun(frozen, [step], { take: taking('fake') });
    const intend: EngineStore['intend'] = async (...args) => {
      const answer = await frozen.store.intend(...args);
      await until(() => frozen.instance.leftMs() < CALL_DEADLINE_MS);
      return answer;
    };

    const end = await attemptOf(step, mine[0] as ClaimedStep, {
      store: { ...frozen.store, intend },
      lease: frozen.instance,
    });

    expect(step.fake.writes).toEqual([]);
    expect(end.outcome).toMatchObject({ event: 'wait', cause: 'held_up' });
    expect(end.book.answers()).toMatchObject([{ outcome: 'deferred', error: 'not sent: the lease ran out' }]);
  });

  it('goes on with a step that nobody took over meanwhile', async () => {
    const step = aStep();
    const clock = movableClock();
    const thawed = await another({ beats: false, leaseMs: CALL_DEADLINE_MS + 300, steps: [step], clock });
    const { runId, mine } = await openTestRun(thawed, [step], { take: taking('fake') });
    await until(() => thawed.instance.leftMs() < CALL_DEADLINE_MS);

    thawed.runner.begin(mine);
    await until(async () => (await rowOf(thawed, runId)).status === 'waiting');
    clock.move(60_000);
    thawed.runner.start();
    await until(async () => (await rowOf(thawed, runId)).status === 'done');

    expect(step.fake.writes).toEqual(['fake.step.do']);
  });
});

describe('an instance', () => {
  it('regains a place under a new number when its connection is terminated, and nothing is lost', async () => {
    const step = aStep();
    const cut = await another({ steps: [step] });
    const first = cut.instance.num;
    const { runId } = await openTestRun(cut, [step], { take: taking('fake') });

    await terminate(first);
    await until(() => cut.instance.num !== first);
    cut.runner.start();
    await until(async () => (await rowOf(cut, runId)).status === 'done');

    expect(cut.instance.leftMs()).toBeGreaterThan(CALL_DEADLINE_MS);
    expect(await rowOf(cut, runId)).toMatchObject({ attempt: 2 });
    expect(step.fake.writes).toEqual(['fake.step.do']);
  });

  it('has no lease left from the moment its connection has ended', async () => {
    const cut = await another();
    const seen: number[] = [];
    const first = cut.instance.num;

    await terminate(first);
    await until(() => {
      if (cut.instance.num === first) seen.push(cut.instance.leftMs());
      return seen.includes(0) || cut.instance.num !== first;
    });
    await until(() => cut.instance.num !== first && cut.instance.leftMs() > 0);

    expect(cut.said).toContainEqual(expect.stringMatching(/terminating connection/));
  });

  it('sends nothing under the number that it lost', async () => {
    const step = aStep();
    const cut = await another({ steps: [step], wakes: false });
    const { mine, runId } = await openTestRun(cut, [step], { take: taking('fake') });
    const first = cut.instance.num;
    await terminate(first);
    await until(() => cut.instance.num !== first && cut.instance.leftMs() > CALL_DEADLINE_MS);

    cut.runner.begin(mine);
    await until(async () => (await rowOf(cut, runId)).status !== 'running');

    expect(step.fake.writes).toEqual([]);
  });

  it('gives up its number when a claim’s answer is lost, so that the claimed step is not left for ever', async () => {
    const step = aStep();
    const cut = await another({ steps: [step] });
    const { runId } = await openTestRun(cut, [step]);
    const first = cut.instance.num;
    const other = await byHand(database.url);
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM instance WHERE num = $1 FOR UPDATE', [first]);

    const claiming = cut.store.claim(['fake'], 10, MONDAY).catch((error: Error) => error.message);
    await until(() => terminated("query LIKE '%claim_steps%' AND wait_event_type = 'Lock'"));
    await other.query('ROLLBACK');
    await other.end();

    expect(await claiming).toMatch(/terminat/);
    await until(() => cut.instance.num !== first);
    cut.runner.start();
    await until(async () => (await rowOf(cut, runId)).status === 'done');
    expect(step.fake.writes).toEqual(['fake.step.do']);
  });

  it('leaves no step behind when the record’s connection breaks', async () => {
    const step = aStep();
    const cut = await another({ steps: [step] });
    const { mine, runId } = await openTestRun(cut, [step], { take: taking('fake') });
    const first = cut.instance.num;
    const other = await byHand(database.url);
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM run WHERE id = $1 FOR UPDATE', [runId]);

    const recording = cut.store.record(mine[0] as ClaimedStep, SATISFIED, [], [], NOTHING, MONDAY);
    await until(() => terminated("query LIKE '%record_attempt%' AND wait_event_type = 'Lock'"));
    await other.query('ROLLBACK');
    await other.end();

    expect(await recording).toEqual({ fenced: true, mine: [], left: false });
    await until(() => cut.instance.num !== first);
    cut.runner.start();
    await until(async () => (await rowOf(cut, runId)).status === 'done');
  });
});

async function another(options: Parameters<typeof engineOn>[1] = {}): Promise<Engine> {
  const engine = await engineOn(database.url, options);
  others.push(engine);
  return engine;
}

/** A step claimed by the survivor after its first owner was killed, with or without an unanswered intent. */
async function takenOver(options: { intended: boolean; step?: TestStep }) {
  const killed = await engineOn(database.url);
  const { runId, mine } = await openTestRun(killed, [options.step ?? aStep()], { take: taking('fake') });
  if (options.intended) await killed.store.intend(mine[0] as ClaimedStep, WRITE, [], MONDAY);
  await killed.close();
  await until(async () => (await survivor.store.sweep(MONDAY)).takenOver === 1);
  return { runId, claimed: await claimOnly(survivor) };
}

function attemptOf(step: TestStep, claimed: ClaimedStep, over: Partial<Parameters<typeof runAttempt>[2]>) {
  return runAttempt(step, claimed, {
    store: survivor.store,
    clock: movableClock(),
    lease: survivor.instance,
    signal: new AbortController().signal,
    secrets: createSecretStore(survivor.db, new Map()),
    pace: async () => undefined,
    sleep: async () => undefined,
    random: () => 0.5,
    onBug: (error) => {
      throw error;
    },
    ...over,
  });
}

/** By the database's clock, up to the newest write: its intent is what had to wait. */
async function sinceTakeoverMs(claimed: ClaimedStep): Promise<number> {
  const sql = `SELECT (extract(epoch FROM (a.at - s.taken_over_at)) * 1000)::float8 AS ms FROM step_run s
    JOIN audit_event a ON a.chain = s.run_id::text AND a.action = 'write.intended' WHERE s.id = $1 ORDER BY a.seq DESC LIMIT 1`;
  const [row] = await survivor.db.query<{ ms: number }>(sql, [claimed.id]);
  return row?.ms ?? 0;
}

/** Ends the session that holds this instance's lock. */
async function terminate(num: number): Promise<void> {
  await survivor.db.query(
    `SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = 4242 AND l.objid = $1::int::oid
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [num],
  );
}

async function terminated(where: string): Promise<boolean> {
  const rows = await survivor.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${where}`,
    [],
  );
  return rows.length > 0;
}
