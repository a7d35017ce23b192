// A legal hold in the database: who may, once, raced; and a step that it blocks writes nothing while it stands, whatever is in hand.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOperatorStore } from '../../../src/store/operators.ts';
import type { Step } from '../../../src/workflow/model/step.ts';
import type { HoldDecision } from '../../../src/workflow/model/verdicts.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  auditOf,
  claimOnly,
  type Engine,
  engineOn,
  MONDAY,
  movableClock,
  openTestRun,
  rowOf,
  rowsOf,
  SATISFIED,
  type TestStep,
  taking,
  until,
} from '../../support/engine.ts';

const RACES = 25;
const NOTHING = { vendors: [], limit: 0 };
const HOLD: HoldDecision = { kind: 'hold', reason: 'matter 2026-7' };
const LIFT: HoldDecision = { kind: 'lift', reason: 'settled' };
const WRITE = { effect: 'fake.step.do', target: '', repeat: 'safe', irreversible: false, requestHash: 'h' } as const;
const by = (userId: string) => ({ teamId: 'T1', userId });

let database: TestDatabase;
let engine: Engine;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  const operators = createOperatorStore(engine.db);
  for (const [userId, role] of [
    ['UONE', 'approver'],
    ['UTWO', 'approver'],
    ['UOP', 'operator'],
    ['UADA', 'admin'],
  ] as const)
    await operators.add(by(userId), role, 'test');
});

afterEach(async () => {
  await engine.close();
  await database.drop();
});

function aRemovingStep(): TestStep {
  return { ...aStep({ stage: 'close' }), blockedByHold: true };
}

async function opened(steps: readonly Step[] = [aRemovingStep()], personId = 'ada') {
  const { runId } = await openTestRun(engine, steps, { run: { personId, ids: { slack: 'UADA' } } });
  return runId;
}

const hold = (run: string, number: number, decision: HoldDecision, userId = 'UONE', now = MONDAY) =>
  engine.store.holdRun({ run, number }, decision, by(userId), now);

describe('a hold', () => {
  it('is an approver’s: not an operator’s, not the leaver’s, nobody else’s; it is audited with who and why', async () => {
    const runId = await opened();

    const verdicts = [];
    for (const userId of ['UNOBODY', 'UOP', 'UADA', 'UONE'])
      verdicts.push((await hold(runId, 0, HOLD, userId)).verdict);

    expect(verdicts).toEqual(['not_operator', 'needs_approver', 'is_leaver', 'decided']);
    expect((await auditOf(engine, runId)).filter(({ action }) => action.startsWith('run.h'))).toEqual([
      { action: 'run.held', actor: 'T1/UONE', detail: { reason: HOLD.reason } },
    ]);
  });

  it(`counts once of two in one moment, ${RACES} times, and the other is told who was faster`, async () => {
    for (let race = 0; race < RACES; race += 1) {
      const runId = await opened([aRemovingStep()], `p${race}`);

      const answers = await Promise.all([hold(runId, 0, HOLD, 'UONE'), hold(runId, 0, HOLD, 'UTWO')]);

      const [winner, loser] = answers[0].verdict === 'decided' ? ['UONE', answers[1]] : ['UTWO', answers[0]];
      expect(loser).toMatchObject({ verdict: 'stale', what: 'hold', by: `T1/${winner}` });
    }
  });

  it('finds its own when the same submit comes again, and a window of an older hold lifts no newer one', async () => {
    const runId = await opened();

    expect(await hold(runId, 0, HOLD)).toEqual({ verdict: 'decided' });
    expect(await hold(runId, 0, HOLD)).toEqual({ verdict: 'decided' });
    expect(await hold(runId, 1, LIFT)).toEqual({ verdict: 'decided' });
    expect(await hold(runId, 1, LIFT)).toEqual({ verdict: 'decided' });
    expect(await hold(runId, 1, HOLD)).toEqual({ verdict: 'decided' });
    expect(await hold(runId, 1, LIFT, 'UTWO')).toMatchObject({ verdict: 'stale', what: 'hold', by: 'T1/UONE' });

    const [row] = await engine.db.query<{ hold: boolean; n: number }>(
      'SELECT hold, jsonb_array_length(holds) AS n FROM run WHERE id = $1',
      [runId],
    );
    expect(row).toEqual({ hold: true, n: 2 });
    expect((await auditOf(engine, runId)).filter(({ action }) => action.startsWith('run.h'))).toHaveLength(3);
  });

  it('is too late on a run that has ended', async () => {
    const runId = await opened();
    await engine.store.cancelRun(runId, { operator: by('UTWO'), role: 'approver' }, MONDAY);

    expect(await hold(runId, 0, HOLD)).toMatchObject({ verdict: 'stale', status: 'cancelled', what: null, by: null });
  });
});

describe('a step that a hold blocks', () => {
  it('begins no write once the hold stands, though it was claimed before; others go on', async () => {
    const runId = await opened([aRemovingStep(), aStep({ name: 'fake.other', vendor: 'other' })]);
    const claimed = await claimOnly(engine);
    const other = await claimOnly(engine, 'other');
    await hold(runId, 0, HOLD);

    const removing = await engine.store.intend(claimed, { ...WRITE, blockedByHold: true }, [], MONDAY);
    const plain = await engine.store.intend(other, WRITE, [], MONDAY);

    expect([removing.verdict, plain.verdict]).toEqual(['held', 'go']);
  });

  it(`either writes before the hold or not at all, ${RACES} times`, async () => {
    for (let race = 0; race < RACES; race += 1) {
      const runId = await opened([aRemovingStep()], `p${race}`);
      const claimed = await claimOnly(engine);

      const [intent] = await Promise.all([
        engine.store.intend(claimed, { ...WRITE, blockedByHold: true }, [], MONDAY),
        hold(runId, 0, HOLD),
      ]);

      const told = (await auditOf(engine, runId)).map(({ action }) => action);
      const order = told.filter((action) => action === 'write.intended' || action === 'run.held');
      expect(order).toEqual(intent.verdict === 'go' ? ['write.intended', 'run.held'] : ['run.held']);
      await engine.store.record(claimed, SATISFIED, [], [], NOTHING, MONDAY);
    }
  });

  it('waits while it stands, without a look at the vendor or a question, and goes on when it is lifted', async () => {
    const step = aRemovingStep();
    step.fake.always('read', { error: 'unauthorized' });
    const clock = movableClock();
    const other = await engineOn(database.url, { steps: [step], clock });
    try {
      const runId = await opened([step]);
      await hold(runId, 0, HOLD);
      other.runner.wake();
      await until(async () => (await rowOf(engine, runId)).status === 'waiting');
      clock.move(400 * 86_400_000);
      other.runner.wake();

      expect(await rowOf(engine, runId)).toMatchObject({
        status: 'waiting',
        cause: 'legal_hold',
        due_at: null,
        after: { heldBy: 'T1/UONE' },
      });
      expect([step.fake.reads, step.fake.writes]).toEqual([0, []]);

      step.fake.always('read', 'well');
      await hold(runId, 1, LIFT);
      other.runner.wake();
      await until(async () => (await rowOf(engine, runId)).status === 'done');
      expect(step.fake.writes).toEqual(['fake.step.do']);
    } finally {
      await other.close();
    }
  });

  it('is due at once where the hold was lifted between its claim and its record', async () => {
    const runId = await opened();
    await hold(runId, 0, HOLD);
    const claimed = await claimOnly(engine);
    expect(claimed.run.hold).toMatchObject({ by: 'T1/UONE' });
    await hold(runId, 1, LIFT);

    const waits = { ...SATISFIED, event: 'wait', cause: 'legal_hold', evidence: null } as const;
    await engine.store.record(claimed, waits, [], [], NOTHING, MONDAY);
    await engine.store.sweep(MONDAY);

    expect((await rowsOf(engine, runId))['fake.step']?.status).toBe('ready');
    expect(await engine.store.claim(taking('fake').vendors, 1, MONDAY)).toHaveLength(1);
  });
});
