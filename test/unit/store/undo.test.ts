// An undo in the database: it names what it takes back, never stands beside a new offboarding, and its yes ends what is left.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditStore } from '../../../src/store/audit.ts';
import { createOperatorStore } from '../../../src/store/operators.ts';
import { createUndoneStore } from '../../../src/store/undone.ts';
import type { PlanView } from '../../../src/workflow/model/plan.ts';
import { OtherWay } from '../../../src/workflow/model/undone.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import {
  aStep,
  auditOf,
  type Engine,
  engineOn,
  MONDAY,
  openTestRun,
  rowsOf,
  SATISFIED,
  taking,
} from '../../support/engine.ts';

const RACES = 15;
const PLAN: PlanView = {
  person: { name: 'Ada', email: 'ada@example.com', title: null },
  status: 'DEPROVISIONED',
  steps: [],
  warnings: [],
  checkedAt: MONDAY,
  channelId: 'C1',
  hash: 'sha256:one',
};
const user = (userId: string) => ({ teamId: 'T1', userId });
const IDS = { okta: '00uAda', slack: 'UADA' };

let database: TestDatabase;
let engine: Engine;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  const operators = createOperatorStore(engine.db);
  for (const id of ['ULIN', 'UONE']) await operators.add(user(id), 'approver', 'test');
});
afterEach(async () => {
  await engine.close();
  await database.drop();
});

let asked = 0;
/** Each asked for by somebody else, so that none is taken for another's repetition. */
const offboards = (personId = 'ada', steps = [aStep()]) =>
  openTestRun(engine, steps, { run: { personId, ids: IDS, requestedBy: `T1/U${asked++}` } });
const undoes = (runId: string, personId = 'ada') =>
  openTestRun(engine, [aStep({ name: 'back.step', stage: 'hand_over' })], {
    run: {
      ...{ kind: 'rehire', personId, ids: IDS, undoes: runId, requestedBy: 'T1/ULIN' },
      approval: { plan: PLAN, remindAt: new Date(MONDAY.getTime() + 3_600_000) },
    },
  });
const approves = (run: string, by = 'UONE') =>
  engine.store.judge({ run, version: 1 }, { kind: 'approve' }, user(by), { vendors: [], limit: 0 }, MONDAY);
const statusOf = async (id: string) =>
  (await engine.db.query<{ status: string }>('SELECT status FROM run WHERE id = $1', [id]))[0]?.status;

describe('an undo', () => {
  it('is a REH run that waits; its yes cancels what is left, by the approver’s name, in both logs', async () => {
    const offboarding = await offboards();
    const undo = await undoes(offboarding.runId);
    expect(undo.code).toBe('REH-1');
    expect([await statusOf(offboarding.runId), await statusOf(undo.runId)]).toEqual(['open', 'awaiting_approval']);
    expect((await approves(undo.runId, 'ULIN')).verdict).toBe('own_request');
    expect(await statusOf(offboarding.runId)).toBe('open');

    expect((await approves(undo.runId)).verdict).toBe('judged');

    expect([await statusOf(offboarding.runId), await statusOf(undo.runId)]).toEqual(['cancelled', 'open']);
    expect((await rowsOf(engine, offboarding.runId))['fake.step']?.status).toBe('cancelled');
    const log = (await auditOf(engine, offboarding.runId)).map(({ actor, action }) => `${actor} ${action}`);
    expect(log).toContain('T1/UONE run.cancelled');
    expect(log).toContain('T1/UONE run.undone');
    expect((await createAuditStore(engine.db).verify()).filter((one) => one.firstBad !== null)).toEqual([]);
  });

  it('ends the watch of a run that has closed, which stays closed', async () => {
    const offboarding = await offboards('ada', [
      aStep(),
      aStep({ name: 'watch', needs: [{ step: 'nothing.such', until: 'satisfied' }] }),
    ]);
    await engine.db.query(`UPDATE run SET status = 'closed', closed_at = $2 WHERE id = $1`, [
      offboarding.runId,
      MONDAY,
    ]);
    const undo = await undoes(offboarding.runId);
    await approves(undo.runId);

    expect(await statusOf(offboarding.runId)).toBe('closed');
    expect((await rowsOf(engine, offboarding.runId)).watch).toMatchObject({ status: 'cancelled', cause: 'undone' });
  });

  it('and an offboarding of the same person are never live together but for the one that is taken back', async () => {
    const first = await offboards();
    const undo = await undoes(first.runId);
    await approves(undo.runId);

    await expect(offboards()).rejects.toThrow(OtherWay);
    await offboards('bo');
    const other = await offboards('cleo');
    await engine.db.query(`UPDATE run SET status = 'closed' WHERE id = $1`, [other.runId]);
    const second = await offboards('cleo');
    await expect(undoes(other.runId, 'cleo')).rejects.toThrow(OtherWay);
    expect(await statusOf(second.runId)).toBe('open');
  });

  it(`of two that are opened at once in both directions lets one in, ${RACES} times`, async () => {
    for (let race = 0; race < RACES; race++) {
      const personId = `racer${race}`;
      const first = await offboards(personId);
      await engine.db.query(`UPDATE run SET status = 'closed' WHERE id = $1`, [first.runId]);
      const both = await Promise.allSettled([
        openTestRun(engine, [aStep()], { run: { personId, ids: IDS, requestedBy: 'T1/UTWO' } }),
        undoes(first.runId, personId),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('says which run it takes back, and only it does', async () => {
    const row = `INSERT INTO run (kind, code, person_id, person, ids, trigger, requested_by, policy_hash, status, requested_at, undoes)
      VALUES ($1, $2, 'x', '{}', '{}', 'test', 'T1/U1', 'p', 'open', now(), $3)`;
    const { runId } = await offboards();

    await expect(engine.db.query(row, ['rehire', 'REH-90', null])).rejects.toThrow(/only_a_rehire_undoes/);
    await expect(engine.db.query(row, ['offboarding', 'OFF-90', runId])).rejects.toThrow(/only_a_rehire_undoes/);
  });
});

describe('the record of a run', () => {
  it('has what each step may have written; a later offboarding is named once it has written something', async () => {
    const first = await offboards();
    const [claimed] = await engine.store.claim(['fake'], 1, MONDAY);
    if (!claimed) throw new Error('nothing to claim');
    const write = { effect: 'fake.do', target: '', repeat: 'safe', irreversible: false, requestHash: 'h' } as const;
    const verdict = await engine.store.intend(claimed, write, [], MONDAY);
    if (verdict.verdict !== 'go') throw new Error(verdict.verdict);
    const answer = { id: verdict.writeId, outcome: 'accepted', receipt: null, error: null, at: MONDAY } as const;
    await engine.store.record(claimed, SATISFIED, [answer], [], taking(), MONDAY);

    const undone = await createUndoneStore(engine.db).of(first.runId);
    expect(undone).toMatchObject({ code: first.code, personId: 'ada', newer: null, kind: 'offboarding' });
    expect(undone?.steps).toEqual([expect.objectContaining({ step: 'fake.step', wrote: ['fake.do'] })]);
    expect(await createUndoneStore(engine.db).of('00000000-0000-4000-8000-000000000000')).toBeNull();
  });
});
