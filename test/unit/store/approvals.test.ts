// A second person's word in the database: nothing starts before it, one word counts however many press, and a killed process takes nothing with it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOperatorStore } from '../../../src/store/operators.ts';
import type { NewRun } from '../../../src/workflow/model/new-run.ts';
import type { PlanView } from '../../../src/workflow/model/plan.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  auditOf,
  type Engine,
  engineOn,
  MONDAY,
  movableClock,
  openTestRun,
  rowsOf,
  SATISFIED,
  type TestStep,
  taking,
  until,
} from '../../support/engine.ts';

const RACES = 25;
const HOUR_MS = 3_600_000;
const NOTHING = { vendors: [], limit: 0 };
const WRITE = { effect: 'fake.step.do', target: '', repeat: 'safe', irreversible: false, requestHash: 'h' } as const;
const PLAN: PlanView = {
  person: { name: 'Ada', email: 'ada@example.com', title: null },
  status: 'ACTIVE',
  steps: [],
  warnings: [],
  checkedAt: MONDAY,
  channelId: 'C1',
  hash: 'sha256:one',
};
const APPROVE = { kind: 'approve' } as const;
const DECLINE = { kind: 'decline', reason: 'Wrong person' } as const;
const at = (ms: number): Date => new Date(MONDAY.getTime() + ms);
const user = (userId: string) => ({ teamId: 'T1', userId });

let database: TestDatabase;
let engine: Engine;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  const operators = createOperatorStore(engine.db);
  for (const [id, role] of [
    ['ULIN', 'admin'],
    ['UONE', 'approver'],
    ['UTWO', 'admin'],
    ['UOPS', 'operator'],
    ['UADA', 'approver'],
  ] as const)
    await operators.add(user(id), role, 'test');
});

afterEach(async () => {
  await engine.close();
  await database.drop();
});

/** Lin asked; Ada, who leaves, is UADA in Slack. */
async function awaiting(steps: readonly TestStep[] = [aStep()], run: Partial<NewRun> = {}): Promise<string> {
  const approval = { plan: PLAN, remindAt: at(4 * HOUR_MS) };
  const ids = { okta: '00uAda', slack: 'UADA' };
  const opened = await openTestRun(engine, steps, { run: { approval, ids, ...run }, take: taking('fake') });
  expect(opened.mine).toHaveLength(run.policy ? 1 : 0);
  return opened.runId;
}

const containFirst = { policy: { 'protected.containBeforeApproval': true } };
const statuses = async (runId: string) =>
  Object.values(await rowsOf(engine, runId))
    .map((row) => `${row.step} ${row.status}`)
    .sort();
const statusOf = async (runId: string) =>
  (await engine.db.query<{ status: string }>('SELECT status FROM run WHERE id = $1', [runId]))[0]?.status;
const judge = (run: string, judgement: typeof APPROVE | typeof DECLINE, by: string, version = 1, process = engine) =>
  process.store.judge({ run, version }, judgement, user(by), NOTHING, MONDAY);

describe('before the approval', () => {
  it('no step can be claimed, by sweeps or by hand, however long it lasts', async () => {
    const runId = await awaiting();

    await engine.store.sweep(at(30 * 24 * HOUR_MS));

    expect(await engine.store.claim(['fake'], 10, at(30 * 24 * HOUR_MS))).toEqual([]);
    expect(await statuses(runId)).toEqual(['fake.step blocked']);
    expect(await statusOf(runId)).toBe('awaiting_approval');
  });

  it('containment starts where the policy says so, may write, and nothing else starts, also once it has ended', async () => {
    const later = aStep({ name: 'fake.later', stage: 'hand_over' });
    const after = aStep({ name: 'fake.after', stage: 'hand_over', needs: [{ step: 'fake.step', until: 'satisfied' }] });
    const opened = await openTestRun(engine, [aStep(), later, after], {
      run: { approval: { plan: PLAN, remindAt: MONDAY }, ...containFirst },
      take: taking('fake'),
    });
    const [claimed] = opened.mine;
    if (!claimed) throw new Error('nothing was claimed');

    const intended = await engine.store.intend(claimed, WRITE, [], MONDAY);
    await engine.store.record(claimed, SATISFIED, [], [], taking('fake'), MONDAY);

    expect(opened.mine).toHaveLength(1);
    expect(intended.verdict).toBe('go');
    expect(await statuses(opened.runId)).toEqual(['fake.after blocked', 'fake.later blocked', 'fake.step done']);
    expect(await statusOf(opened.runId)).toBe('awaiting_approval');
    expect((await judge(opened.runId, APPROVE, 'UONE')).verdict).toBe('judged');
    expect(await statuses(opened.runId)).toEqual(['fake.after ready', 'fake.later ready', 'fake.step done']);
  });

  it('is reminded of at the policy’s interval, and stays as it is', async () => {
    const runId = await awaiting([aStep()], {});
    const told = async () =>
      (await auditOf(engine, runId)).filter((event) => event.action === 'run.approval_reminded').length;

    const sweep = await engine.store.sweep(at(4 * HOUR_MS - 1));
    expect([await told(), sweep.nextDueAt]).toEqual([0, at(4 * HOUR_MS)]);
    await engine.store.sweep(at(4 * HOUR_MS));
    await engine.store.sweep(at(4 * HOUR_MS));
    expect(await told()).toBe(1);
    await engine.store.sweep(at(8 * HOUR_MS));
    expect(await told()).toBe(2);

    expect(await statusOf(runId)).toBe('awaiting_approval');
  });

  it('a second request joins it, and cancelling it takes any operator but the leaver', async () => {
    const runId = await awaiting();
    const again = await openTestRun(engine, [aStep()], { run: { requestedBy: 'T1/UTWO', requestedAt: at(1) } });

    expect(again).toMatchObject({ joined: true, runId });
    const leaver = { operator: user('UADA'), role: 'approver' } as const;
    expect(await engine.store.cancelRun(runId, leaver, MONDAY)).toEqual({ verdict: 'is_leaver' });
    const by = { operator: user('UOPS'), role: 'operator' } as const;
    expect(await engine.store.cancelRun(runId, by, MONDAY)).toEqual({ verdict: 'cancelled' });
    expect(await judge(runId, APPROVE, 'UONE')).toMatchObject({ verdict: 'stale', what: 'cancel', by: 'T1/UOPS' });
    expect(await statuses(runId)).toEqual(['fake.step cancelled']);
  });
});

describe('who may say yes or no', () => {
  it.each([
    ['ULIN', 'own_request'],
    ['UADA', 'is_leaver'],
    ['UOPS', 'needs_approver'],
    ['UNOBODY', 'not_operator'],
  ])('%s: %s', async (by, verdict) => {
    const runId = await awaiting();

    expect(await judge(runId, APPROVE, by)).toEqual({ verdict });
    expect(await judge(runId, DECLINE, by)).toEqual({ verdict });
    expect(await statusOf(runId)).toBe('awaiting_approval');
    expect(await statuses(runId)).toEqual(['fake.step blocked']);
  });

  it('nobody from another workspace, nor who was taken off the list', async () => {
    const runId = await awaiting();
    const operators = createOperatorStore(engine.db);
    await operators.add({ teamId: 'T2', userId: 'UONE' }, 'admin', 'test');
    await operators.remove(user('UONE'), 'test');

    const foreign = await engine.store.judge(
      { run: runId, version: 1 },
      APPROVE,
      { teamId: 'T2', userId: 'UONE' },
      NOTHING,
      MONDAY,
    );

    expect([foreign, await judge(runId, APPROVE, 'UONE')]).toEqual([
      { verdict: 'not_operator' },
      { verdict: 'not_operator' },
    ]);
  });
});

describe('the second person’s word', () => {
  it('opens the run, is audited with who and which plan, and leaves a chain that holds', async () => {
    const runId = await awaiting();

    const judged = await engine.store.judge({ run: runId, version: 1 }, APPROVE, user('UONE'), taking('fake'), MONDAY);

    expect(judged).toMatchObject({ verdict: 'judged', mine: [{ step: 'fake.step', attempt: 1 }] });
    expect(await statusOf(runId)).toBe('open');
    expect(await auditOf(engine, runId)).toMatchObject([
      { action: 'run.approval_asked', actor: 'T1/ULIN' },
      { action: 'run.approved', actor: 'T1/UONE', detail: { version: 1, plan: null } },
    ]);
  });

  it('no ends it with its reason, and nothing can be claimed', async () => {
    const runId = await awaiting();

    expect(await judge(runId, DECLINE, 'UONE')).toMatchObject({ verdict: 'judged', mine: [] });

    expect(await statusOf(runId)).toBe('cancelled');
    expect(await statuses(runId)).toEqual(['fake.step cancelled']);
    expect((await auditOf(engine, runId)).at(-1)).toMatchObject({
      action: 'run.declined',
      actor: 'T1/UONE',
      detail: { reason: 'Wrong person' },
    });
  });

  it('no after containment has begun stops it at its next write', async () => {
    const runId = await awaiting([aStep()], containFirst);
    const [held] = await engine.store.claim(['fake'], 1, MONDAY);
    expect(held).toBeUndefined(); // claimed as it was opened
    const [row] = Object.values(await rowsOf(engine, runId));

    await judge(runId, DECLINE, 'UONE');
    const claimed = { id: row?.id, attempt: 1, instance: engine.instance.num } as never;

    expect((await engine.store.intend(claimed, WRITE, [], MONDAY)).verdict).toBe('cancelled');
  });

  it('counts for the plan it was drawn for only', async () => {
    const runId = await awaiting();
    const newer = { ...PLAN, hash: 'sha256:two' };

    const renewed = await Promise.all(
      ['UONE', 'UTWO'].map((by) => engine.store.renewPlan({ run: runId, version: 1 }, newer, user(by), MONDAY)),
    );

    expect(renewed.filter(Boolean)).toHaveLength(1);
    expect(await judge(runId, APPROVE, 'UONE', 1)).toEqual({ verdict: 'changed' });
    expect(await statusOf(runId)).toBe('awaiting_approval');
    expect((await judge(runId, APPROVE, 'UONE', 2)).verdict).toBe('judged');
    expect((await auditOf(engine, runId)).map((event) => event.action)).toContain('run.plan_changed');
  });

  it(`counts once when two approve, one declines and one cancels in one moment, ${RACES} times; the others are told which`, async () => {
    // Three processes: statements of one wait for each other at its instance's row.
    const [second, third] = [await engineOn(database.url), await engineOn(database.url)];
    const winners = new Set<string>();
    for (let race = 0; race < RACES; race += 1) {
      const runId = await awaiting([aStep()], { personId: `p${race}` });
      const cancelling = { operator: user('UOPS'), role: 'operator' } as const;
      const acts = [
        async () => ({ by: 'T1/UONE', what: 'approve', answer: await judge(runId, APPROVE, 'UONE') }),
        async () => ({ by: 'T1/UTWO', what: 'approve', answer: await judge(runId, APPROVE, 'UTWO', 1, second) }),
        async () => ({ by: 'T1/UTWO', what: 'decline', answer: await judge(runId, DECLINE, 'UTWO', 1, third) }),
      ];
      const turned = [...acts.slice(race % 3), ...acts.slice(0, race % 3)];
      // Who cancels races with them every other time: then an approved run may be cancelled right after.
      const [told] = await Promise.all([
        Promise.all(turned.map((act) => act())),
        race % 2 ? engine.store.cancelRun(runId, cancelling, MONDAY) : null,
      ]);

      const won = told.filter(({ answer }) => answer.verdict === 'judged');
      const decided = await engine.db.query<{ kind: string; decided_by: string }>(
        'SELECT kind, decided_by FROM decision WHERE run_id = $1 ORDER BY decided_at, kind',
        [runId],
      );
      expect(won.length).toBeLessThanOrEqual(1);
      if (race % 2 === 0) expect(won).toHaveLength(1);
      const judged = decided.filter(({ kind }) => kind !== 'cancel');
      expect(judged).toHaveLength(won.length);
      const [winner] = won;
      if (winner) expect(judged[0]).toEqual({ kind: winner.what, decided_by: winner.by });
      winners.add(winner ? `${winner.what} ${winner.by}` : 'cancel');
      for (const { answer } of told.filter((one) => one.answer.verdict !== 'judged'))
        expect(answer).toMatchObject(
          winner
            ? { verdict: 'stale', what: winner.what, by: winner.by, at: MONDAY }
            : { verdict: 'stale', what: 'cancel', by: 'T1/UOPS', at: MONDAY },
        );
      const audited = (await auditOf(engine, runId)).filter(({ action }) => /approved|declined/.test(action));
      expect(audited).toHaveLength(won.length);
      await engine.store.cancelRun(runId, { ...cancelling, role: 'approver' }, MONDAY);
    }
    await Promise.all([second.close(), third.close()]);
    expect(winners.size).toBeGreaterThan(1);
    const checked = await engine.db.query<{ first_bad: string | null }>('SELECT first_bad FROM audit_verify()', []);
    expect(checked.filter((chain) => chain.first_bad !== null)).toEqual([]);
  });

  it('lets nobody approve who is taken off the list in the same moment and answers first', async () => {
    const operators = createOperatorStore(engine.db);
    for (let race = 0; race < RACES; race += 1) {
      await operators.add(user('UONE'), 'approver', 'test');
      const runId = await awaiting([aStep()], { personId: `q${race}` });

      const [answer] = await Promise.all([
        judge(runId, APPROVE, 'UONE'),
        operators.change(user('UTWO'), user('UONE'), null),
      ]);

      expect(['judged', 'not_operator']).toContain(answer.verdict);
      expect(await statusOf(runId)).toBe(answer.verdict === 'judged' ? 'open' : 'awaiting_approval');
      expect((await judge(runId, DECLINE, 'UONE')).verdict).toBe('not_operator');
      const by = { operator: user('UTWO'), role: 'admin' } as const;
      await engine.store.cancelRun(runId, by, MONDAY);
    }
  });
});

it('a process that is killed right after the yes was committed leaves a run that another brings to its end', async () => {
  const clock = movableClock();
  const step = aStep();
  const later = aStep({ name: 'fake.later', needs: [{ step: 'fake.step', until: 'satisfied' }] });
  const runId = await awaiting([step, later]);
  const dying = await engineOn(database.url, { steps: [], clock });
  const judged = await dying.store.judge({ run: runId, version: 1 }, APPROVE, user('UONE'), taking('fake'), MONDAY);
  await dying.close(); // its lock goes with it; what it had claimed it never began
  const survivor = await engineOn(database.url, { steps: [step, later], clock, callDeadlineMs: 50 });

  survivor.runner.start();
  await until(async () => (await statusOf(runId)) === 'closed', 15_000);
  await survivor.close();

  expect(judged).toMatchObject({ verdict: 'judged', mine: [{ step: 'fake.step' }] });
  expect([step.fake.writesOf(runId), later.fake.writesOf(runId)]).toEqual([1, 1]);
});
