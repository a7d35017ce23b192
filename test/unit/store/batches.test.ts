// Batches in the database: asked for once, opened by the second of two approvers and no earlier, and nobody taken twice.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBatchStore } from '../../../src/store/batches.ts';
import type { BatchStore } from '../../../src/workflow/model/batch.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aStep, type Engine, engineOn, MONDAY, openTestRun } from '../../support/engine.ts';

const RACES = 20;
const LIN = 'T1/ULIN';
let database: TestDatabase;
let engine: Engine;
let store: BatchStore;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  store = createBatchStore(engine.db);
  for (const [user, role] of [
    ['ULIN', 'admin'],
    ['USAM', 'approver'],
    ['UGRACE', 'admin'],
    ['UALEX', 'operator'],
    ['UDANA', 'approver'],
  ])
    await isOperator(String(user), String(role));
});
afterEach(async () => {
  await engine.close();
  await database.drop();
});

const isOperator = (userId: string, role: string | null) =>
  engine.db.query(
    `INSERT INTO operator (team_id, user_id, role, added_by) VALUES ('T1', $1, coalesce($2, 'operator'), 'test')
     ON CONFLICT (team_id, user_id) DO UPDATE SET role = coalesce($2, operator.role), removed_at = CASE WHEN $2 IS NULL THEN now() END`,
    [userId, role],
  );
const person = (n: number) => ({
  ...{ personId: `p${n}`, person: { name: `P ${n}`, email: `p${n}@acme.test`, title: null } },
  ...{
    ids: { okta: `p${n}`, ...(n === 1 && { slack: 'UDANA' }) },
    plan: { steps: [], warnings: [], checkedAt: MONDAY } as never,
  },
});
const asks = (shownAs: string = randomUUID(), requestedBy = LIN) =>
  store.ask({
    shownAs,
    requestedBy,
    requestedAt: MONDAY,
    reason: 'why',
    plan: { ready: [person(0), person(1)], leftOut: [], hash: 'h' },
  });
const judge = (id: string, user: string, kind: 'approve' | 'decline' = 'approve') =>
  store.judge(id, kind, `T1/${user}`, MONDAY);

describe('a batch', () => {
  it('is asked for once for what was shown, and by operators only', async () => {
    const shown = randomUUID();
    const [one, other] = await Promise.all([asks(shown), asks(shown)]);

    expect(one).toEqual(other);
    expect(one?.code).toBe('BAT-1');
    expect(await asks(randomUUID(), 'T1/UNOBODY')).toBeNull();
  });

  it('is opened by the second of two who may, and by nobody else', async () => {
    const { id = '' } = (await asks()) ?? {};

    expect(await judge(id, 'ULIN')).toEqual({ verdict: 'own_request' });
    expect(await judge(id, 'UALEX')).toEqual({ verdict: 'needs_approver' });
    expect(await judge(id, 'UDANA')).toEqual({ verdict: 'is_leaver' });
    expect(await judge(id, 'UNOBODY')).toEqual({ verdict: 'not_operator' });
    expect(await judge(id, 'USAM')).toEqual({ verdict: 'approved', approvals: 1, status: 'awaiting_approval' });
    expect(await judge(id, 'USAM')).toEqual({ verdict: 'again', approvals: 1, status: 'awaiting_approval' });
    expect(await store.take(10)).toEqual([]);
    expect(await judge(id, 'UGRACE')).toEqual({ verdict: 'approved', approvals: 2, status: 'open' });
    expect(await judge(id, 'USAM')).toMatchObject({ verdict: 'stale', status: 'open' });
    expect((await store.take(10)).map((turn) => turn.personId).sort()).toEqual(['p0', 'p1']);
    expect(await store.take(10)).toEqual([]);
  });

  it('does not count whoever is no approver any more, nor begins for who is no operator any more', async () => {
    const { id = '' } = (await asks()) ?? {};
    await judge(id, 'USAM');
    await isOperator('USAM', 'operator');

    expect(await judge(id, 'UGRACE')).toEqual({ verdict: 'approved', approvals: 1, status: 'awaiting_approval' });
    await isOperator('ULIN', null);
    await isOperator('USAM', 'approver');
    expect(await judge(id, 'USAM')).toEqual({ verdict: 'asker_gone' });
    expect(await judge(id, 'UGRACE', 'decline')).toEqual({ verdict: 'declined', approvals: 1, status: 'declined' });
    expect(await store.take(10)).toEqual([]);
  });

  it(`is opened once, and each taken by one process, whoever presses at once: ${RACES} races`, async () => {
    const other = await engineOn(database.url);
    try {
      for (let race = 0; race < RACES; race++) {
        const { id = '' } = (await asks()) ?? {};
        const stores = [store, createBatchStore(other.db)];
        const judged = await Promise.all(
          ['USAM', 'UGRACE'].map((user, at) => (stores[at] as BatchStore).judge(id, 'approve', `T1/${user}`, MONDAY)),
        );
        expect(judged.map((one) => ('status' in one ? one.status : one.verdict)).sort()).toEqual([
          'awaiting_approval',
          'open',
        ]);
        const taken = (await Promise.all(stores.map((one) => one.take(10)))).flat();
        expect(taken.map((turn) => turn.number).sort()).toEqual([1, 2]);
      }
    } finally {
      await other.close();
    }
  });

  it('links a run in the statement that opens it, and then asks for nobody of it again', async () => {
    const { id = '' } = (await asks()) ?? {};
    await judge(id, 'USAM');
    await judge(id, 'UGRACE');
    const [turn] = await store.take(1);
    const run = { personId: 'p0', ids: { okta: 'p0', batch: id } };
    const { runId } = await openTestRun(engine, [aStep({ name: 'okta.block', vendor: 'okta' })], { run });

    if (turn) await store.leaveOut(turn, 'already_running');

    const view = await store.view(id);
    expect(view?.members[0]).toMatchObject({ outcome: null, run: { id: runId, status: 'open' } });
    expect(await store.wantOf(runId)).toBe(true);
    await engine.db.query(`UPDATE batch_person SET claimed_at = claimed_at - interval '61 seconds'`, []);
    expect((await store.take(10)).map((one) => one.personId)).toEqual(['p1']);
  });
});
