// The breaker in the database: so many begin within an hour, whichever doors and however many at once; the next is refused whole.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBreakerStore } from '../../../src/store/breaker.ts';
import { TooManyRuns } from '../../../src/workflow/model/breaker.ts';
import type { NewRun } from '../../../src/workflow/model/new-run.ts';
import type { Start } from '../../../src/workflow/model/start.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aStep, type Engine, engineOn, MONDAY, openTestRun, taking } from '../../support/engine.ts';

const RACES = 20;
const MINUTE = 60_000;
let database: TestDatabase;
let engine: Engine;
let people = 0;

beforeEach(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
});
afterEach(async () => {
  await engine.close();
  await database.drop();
});

const steps = [aStep({ name: 'okta.block', vendor: 'okta' })];
const held: Start = {
  ...{ status: 'held', at: MONDAY, zone: null, lastWorkingAt: null, employmentEndsOn: null, remindAt: null },
  ...{ plan: null, devices: null, held: { because: { why: 'many', most: 2 }, now: null } },
};
const opens = (most: number | null, over: Partial<NewRun> = {}, now = MONDAY, on = engine) => {
  people += 1;
  const policy = most === null ? {} : { 'breaker.runsAnHour': most };
  const run = { personId: `person-${people}`, requestedAt: new Date(now.getTime() + people), policy, ...over };
  return openTestRun(on, steps, { run, now, take: taking('okta') });
};
const statuses = async () =>
  (await engine.db.query<{ status: string }>('SELECT status FROM run ORDER BY requested_at', [])).map(
    (one) => one.status,
  );

describe('one too many within the hour', () => {
  it('is refused whole, by any door; an hour later it may begin', async () => {
    await opens(2);
    await opens(2, { requestedBy: 'bamboohr' });

    await expect(opens(2, { requestedBy: 'okta' })).rejects.toThrow(TooManyRuns);
    await expect(opens(2)).rejects.toThrow('2 offboardings began within an hour');
    expect(await statuses()).toEqual(['open', 'open']);
    await opens(2, {}, new Date(MONDAY.getTime() + 60 * MINUTE + 1));
    expect(await statuses()).toHaveLength(3);
  });

  it('does not act before its approval either, as the policy would have it; another kind of run is not counted', async () => {
    await opens(1);
    await opens(1, { kind: 'device_return' });
    const approval = { plan: { warnings: [], steps: [], hash: 'h' } as never, remindAt: MONDAY };
    const policy = { 'breaker.runsAnHour': 1, 'protected.containBeforeApproval': true };

    await expect(opens(1, { approval, policy })).rejects.toThrow(TooManyRuns);
    await opens(1, { approval });
    expect(await statuses()).toEqual(['open', 'open', 'awaiting_approval']);
  });

  it('begins where a second person has answered, and is counted', async () => {
    await opens(1);

    await opens(1, { ids: { okta: 'x', 'breaker.letBy': 'BAT-1' } });

    expect(await createBreakerStore(engine.db).begunSince(new Date(MONDAY.getTime() - MINUTE))).toBe(2);
    await expect(opens(2)).rejects.toThrow(TooManyRuns);
  });

  it(`is never two at once: ${RACES} races`, async () => {
    // One process's openings wait for one another anyway.
    const others = [await engineOn(database.url), await engineOn(database.url)];
    try {
      for (let race = 1; race <= RACES; race++) {
        const now = new Date(MONDAY.getTime() + race * 120 * MINUTE);
        await opens(2, {}, now);
        const begun = await Promise.allSettled([engine, ...others].map((one) => opens(2, {}, now, one)));

        expect(begun.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      }
      expect(await statuses()).toHaveLength(2 * RACES);
    } finally {
      for (const one of others) await one.close();
    }
  });
});

describe('what is held for it', () => {
  const sam = 'T1/USAM';
  const store = () => createBreakerStore(engine.db);
  const isOperator = (userId: string, role: string) =>
    engine.db.query(
      `INSERT INTO operator (team_id, user_id, role, added_by) VALUES ('T1', $1, $2, 'test')
       ON CONFLICT (team_id, user_id) DO UPDATE SET role = $2`,
      [userId, role],
    );

  it('has one message, and an approver’s one word lets begin what it showed, but their own', async () => {
    await isOperator('USAM', 'approver');
    await opens(2, { requestedBy: 'bamboohr', start: held });
    await opens(2, { requestedBy: 'bamboohr', start: held, ids: { okta: 'x', slack: 'USAM' } });
    await opens(2, { requestedBy: sam, start: held });
    const shown = await store().stop(1);
    await opens(2, { requestedBy: 'bamboohr', start: held });

    expect(shown?.held.map((one) => one.stands)).toEqual(['waits', 'waits', 'waits']);
    expect(shown?.most).toBe(2);
    expect(await store().letBegin({ stop: 1, upTo: shown?.upTo ?? 0 }, sam, MONDAY)).toEqual({
      verdict: 'let',
      let: 1,
    });
    expect(await statuses()).toEqual(['scheduled', 'held', 'held', 'held']);
    expect(await store().letBegin({ stop: 1, upTo: shown?.upTo ?? 0 }, sam, MONDAY)).toEqual({
      verdict: 'own_request',
    });
    const reports = await engine.db.query(`SELECT key FROM report WHERE key LIKE 'breaker:%'`, []);
    expect(reports).toHaveLength(1);
    const told = await engine.db.query(`SELECT actor FROM audit_event WHERE action = 'run.let_begin'`, []);
    expect(told).toEqual([{ actor: sam }]);
  });

  it('is let begin by approvers only, and once', async () => {
    await opens(2, { requestedBy: 'bamboohr', start: held });
    const asked = { stop: 1, upTo: 99 };

    expect(await store().letBegin(asked, sam, MONDAY)).toEqual({ verdict: 'not_operator' });
    await isOperator('USAM', 'operator');
    expect(await store().letBegin(asked, sam, MONDAY)).toEqual({ verdict: 'needs_approver' });
    await isOperator('USAM', 'admin');
    expect(await store().letBegin(asked, sam, MONDAY)).toMatchObject({ verdict: 'let' });
    expect(await store().letBegin(asked, sam, MONDAY)).toEqual({ verdict: 'stale', by: sam, at: MONDAY });
    expect((await store().stop(1))?.isOver).toBe(true);
    await opens(2, { requestedBy: 'bamboohr', start: held });
    expect((await store().stop(2))?.held).toHaveLength(1);
  });
});
