// Decisions in the database, raced: one of them counts, the others are told which; a cancelled run sends nothing more.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorKey } from '../../../src/workflow/model/run.ts';
import type { StepDecision } from '../../../src/workflow/model/verdicts.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  auditOf,
  claimOnly,
  type Engine,
  engineOn,
  MONDAY,
  openTestRun,
  rowOf,
  rowsOf,
  SATISFIED,
  taking,
} from '../../support/engine.ts';

const RACES = 25;
const NOTHING = { vendors: [], limit: 0 };
const NEED = { kind: 'failed', code: 'bug', why: '', tries: 1, effect: null, status: null, sent: 'nothing' } as const;
const FAILED = { ...SATISFIED, event: 'ask', cause: 'bug', need: NEED, evidence: null } as const;
const WRITE = { effect: 'fake.step.do', target: '', repeat: 'safe', irreversible: false, requestHash: 'h' } as const;
const SKIP: StepDecision = { kind: 'skip', reason: 'because' };
const RETRY: StepDecision = { kind: 'retry' };
const ATTEST: StepDecision = { kind: 'attest', evidence: 'I saw it' };

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

const as = (userId: string, role: 'operator' | 'approver' = 'approver') => ({
  operator: { teamId: 'T1', userId },
  role,
});

async function stopped(person: string) {
  const { runId } = await openTestRun(engine, [aStep()], { run: { personId: person }, take: NOTHING });
  await engine.store.record(await claimOnly(engine), FAILED, [], [], NOTHING, MONDAY);
  const row = await rowOf(engine, runId);
  return { runId, step: { stepRun: row.id, attempt: row.attempt } };
}

describe('decide', () => {
  it(`counts one of Skip, Retry and Mark done by hand in one moment, ${RACES} times, and tells the others which`, async () => {
    const winners = new Set<string>();
    for (let race = 0; race < RACES; race += 1) {
      const { runId, step } = await stopped(`p${race}`);
      const decisions = [SKIP, RETRY, ATTEST].sort(
        (one, other) => ((race + one.kind.length) % 3) - ((race + other.kind.length) % 3),
      );

      const answers = await Promise.all(
        decisions.map((decision) => engine.store.decide(step, decision, as(`U${decision.kind}`), MONDAY)),
      );

      const won = decisions[answers.findIndex((one) => one.verdict === 'decided')]?.kind ?? 'nobody';
      winners.add(won);
      expect(answers.filter((one) => one.verdict === 'decided')).toHaveLength(1);
      expect(answers.filter((one) => one.verdict === 'stale')).toMatchObject(
        [1, 2].map(() => ({ what: won, by: `T1/U${won}`, at: MONDAY })),
      );
      const told = (await auditOf(engine, runId)).filter(
        (event) => event.actor.startsWith('T1/U') && event.action.startsWith('step.'),
      );
      expect(told).toHaveLength(1);
      await engine.db.query('DELETE FROM decision', []);
      await engine.store.cancelRun(runId, as('UEND'), MONDAY); // the next race claims its own
    }
    expect(winners.size).toBeGreaterThan(1);
  });

  it('skips containment on an approver’s word only; a retry is anybody’s', async () => {
    const { runId, step } = await stopped('ada');

    expect(await engine.store.decide(step, SKIP, as('UA', 'operator'), MONDAY)).toEqual({ verdict: 'needs_approver' });
    expect(await engine.store.decide(step, ATTEST, as('UA', 'operator'), MONDAY)).toEqual({
      verdict: 'needs_approver',
    });
    expect((await rowOf(engine, runId)).status).toBe('needs_human');
    expect(await engine.store.decide(step, RETRY, as('UA', 'operator'), MONDAY)).toEqual({ verdict: 'decided' });
  });

  it('a Retry after an attestation that ended in a bug takes the attestation back', async () => {
    const { step } = await stopped('ada');
    await engine.store.decide(step, ATTEST, as('UA'), MONDAY);
    const looking = await claimOnly(engine);
    await engine.store.record(looking, FAILED, [], [], NOTHING, MONDAY);
    await engine.store.decide({ ...step, attempt: looking.attempt }, RETRY, as('UB'), MONDAY);

    const again = await claimOnly(engine);

    expect(looking).toMatchObject({ attestedAttempt: 1, resumedAttempt: 0 });
    expect(again).toMatchObject({ attestedAttempt: null, resumedAttempt: 2 });
  });
});

describe('cancel', () => {
  it(`lets no write be intended after it, ${RACES} times; the step that ran stops`, async () => {
    for (let race = 0; race < RACES; race += 1) {
      const waits = aStep({ name: 'fake.waits', needs: [{ step: 'fake.step', until: 'ended' }] });
      const { runId } = await openTestRun(engine, [aStep(), waits], { run: { personId: `p${race}` }, take: NOTHING });
      const claimed = await claimOnly(engine);

      const [, raced] = await Promise.all([
        engine.store.cancelRun(runId, as('UA', 'approver'), MONDAY),
        engine.store.intend(claimed, WRITE, [], MONDAY),
      ]);
      const after = await engine.store.intend(claimed, WRITE, [], MONDAY);

      expect(['go', 'cancelled']).toContain(raced.verdict);
      expect(after.verdict).toBe('cancelled');
      await engine.store.record(
        claimed,
        { ...FAILED, event: race % 2 ? 'ask' : 'wait', dueAt: MONDAY },
        [],
        [],
        taking('fake'),
        MONDAY,
      );
      const rows = await rowsOf(engine, runId);
      expect([rows['fake.step']?.status, rows['fake.waits']?.status]).toEqual(['cancelled', 'cancelled']);
    }
    const checked = await engine.db.query<{ first_bad: string | null }>('SELECT first_bad FROM audit_verify()', []);
    expect(checked.filter((chain) => chain.first_bad !== null)).toEqual([]);
  });

  it('is an operator’s until a write that closes access may have arrived, and an approver’s after that', async () => {
    const { runId } = await openTestRun(engine, [aStep()], { take: NOTHING });
    const claimed = await claimOnly(engine);
    await engine.store.intend(claimed, WRITE, [], MONDAY);
    const late = await engine.store.cancelRun(runId, as('UA', 'operator'), MONDAY);
    const other = await openTestRun(engine, [aStep()], { run: { personId: 'bob' }, take: NOTHING });

    expect(late).toEqual({ verdict: 'needs_approver' });
    expect(await engine.store.cancelRun(other.runId, as('UA', 'operator'), MONDAY)).toEqual({ verdict: 'cancelled' });
    expect(await engine.store.cancelRun(other.runId, as('UB'), MONDAY)).toEqual({
      verdict: 'stale',
      status: 'cancelled',
      what: 'cancel',
      by: 'T1/UA',
      at: MONDAY,
    });
  });

  it('counts once when five press at once', async () => {
    const { runId } = await openTestRun(engine, [aStep()], { take: NOTHING });

    const answers = await Promise.all(
      ['UA', 'UB', 'UC', 'UD', 'UE'].map((user) => engine.store.cancelRun(runId, as(user), MONDAY)),
    );

    expect(answers.map((one) => one.verdict).sort()).toEqual(['cancelled', 'stale', 'stale', 'stale', 'stale']);
  });
});

describe('reopen', () => {
  it('leaves alone what moved meanwhile, and forgets the receipts of before', async () => {
    const waits = aStep({ name: 'fake.waits', vendor: 'other', needs: [] });
    const { runId } = await openTestRun(engine, [aStep(), waits], { take: NOTHING });
    const claimed = await claimOnly(engine);
    const go = await engine.store.intend(claimed, WRITE, [], MONDAY);
    const id = go.verdict === 'go' ? go.writeId : 0;
    const accepted = { id, outcome: 'accepted', receipt: {}, error: null, at: MONDAY } as const;
    await engine.store.record(claimed, SATISFIED, [accepted], [], NOTHING, MONDAY);
    const later = new Date(MONDAY.getTime() + 60_000);
    const [ended] = await engine.store.endedContainment(runId);
    const seen = { status: 'ACTIVE' };

    const stale = await engine.store.reopen(
      runId,
      [{ id: claimed.id, attempt: 9, seen }],
      operatorKey(as('UA').operator),
      later,
    );
    const reopened = await engine.store.reopen(
      runId,
      [{ id: claimed.id, attempt: 1, seen }],
      operatorKey(as('UA').operator),
      later,
    );

    expect(ended?.writes).toHaveLength(1);
    expect([stale, reopened]).toEqual([[], ['fake.step']]);
    expect(await engine.store.claim(['fake'], 5, later)).toMatchObject([{ step: 'fake.step', attempt: 2, writes: [] }]);
    expect((await auditOf(engine, runId)).at(-1)).toMatchObject({ action: 'step.reopened', actor: 'T1/UA' });
  });
});
