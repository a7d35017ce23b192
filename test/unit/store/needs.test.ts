// When may a blocked step start? The catalogue's own needs in every way its steps can end, and random plans against an
// oracle that knows nothing of SQL.
import fc from 'fast-check';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Okta } from '../../../src/connectors/okta/client.ts';
import type { StepNeed } from '../../../src/workflow/model/step.ts';
import type { StepStatus } from '../../../src/workflow/model/transitions.ts';
import { offboardingSteps } from '../../../src/workflow/steps/catalogue.ts';
import { planStepRuns } from '../../../src/workflow/steps/plan-rows.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { byHand, MONDAY } from '../../support/engine.ts';

/** Only `needs` is read here: no step is run. */
const CATALOGUE = planStepRuns(offboardingSteps({ okta: {} as Okta }));
const PATIENCE_MS = 120_000;
const RUN = '00000000-0000-4000-8000-000000000001';

interface Row {
  readonly step: string;
  readonly subject: string;
  readonly status: StepStatus;
  /** Business ms since MONDAY at which it became ready; null: never. */
  readonly readyAtMs: number | null;
  readonly needs: readonly (readonly StepNeed[])[];
}

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await freshDatabase();
  client = await byHand(database.url);
  await client.query(
    `INSERT INTO run (id, kind, code, person_id, person, ids, trigger, requested_by, policy_hash, status, requested_at)
     VALUES ($1, 'offboarding', 'OFF-0', 'ada', '{}', '{}', 'slack', 'T1/ULIN', 'p', 'open', $2)`,
    [RUN, MONDAY],
  );
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('okta.deactivate', () => {
  // Each step: how it stands. A number: since when it is ready. What is not named is blocked.
  const cases: readonly [string, Record<string, StepStatus>, 'at once' | 'after two minutes'][] = [
    [
      'starts at once when all four are done',
      { block: 'done', snapshot: 'done', factors: 'done', devices: 'done' },
      'at once',
    ],
    [
      'starts at once when all four are skipped',
      { block: 'skipped', snapshot: 'skipped', factors: 'skipped', devices: 'skipped' },
      'at once',
    ],
    [
      'starts at once when all four are cancelled',
      { block: 'cancelled', snapshot: 'cancelled', factors: 'cancelled', devices: 'cancelled' },
      'at once',
    ],
    ['waits two minutes for a block that hangs', { block: 'running', snapshot: 'done' }, 'after two minutes'],
    [
      'waits two minutes for a block that waits for a back-off',
      { block: 'waiting', snapshot: 'done' },
      'after two minutes',
    ],
    [
      'waits two minutes, not longer, for a block that asks a person',
      { block: 'needs_human', snapshot: 'done' },
      'after two minutes',
    ],
    ['waits two minutes for a block that nobody claims', { block: 'ready', snapshot: 'done' }, 'after two minutes'],
    [
      'starts at once where the account cannot be suspended: nothing behind the block can start',
      { block: 'skipped', snapshot: 'done' },
      'at once',
    ],
    ['starts at once when a person skipped the block', { block: 'skipped', snapshot: 'skipped' }, 'at once'],
    [
      'waits for the snapshot, even where the account cannot be suspended',
      { block: 'skipped', snapshot: 'running' },
      'after two minutes',
    ],
    [
      'waits two minutes for a snapshot that hangs, with the block done',
      { block: 'done', snapshot: 'waiting' },
      'after two minutes',
    ],
    [
      'waits two minutes for a snapshot that asks a person',
      { block: 'done', snapshot: 'needs_human' },
      'after two minutes',
    ],
    [
      'waits two minutes for factors that hang',
      { block: 'done', snapshot: 'done', factors: 'running', devices: 'done' },
      'after two minutes',
    ],
    [
      'waits two minutes for factors that wait for the door',
      { block: 'done', snapshot: 'done', factors: 'waiting', devices: 'done' },
      'after two minutes',
    ],
    [
      'waits two minutes for factors that ask a person',
      { block: 'done', snapshot: 'done', factors: 'needs_human', devices: 'done' },
      'after two minutes',
    ],
    [
      'waits two minutes for devices that ask a person',
      { block: 'done', snapshot: 'done', factors: 'done', devices: 'needs_human' },
      'after two minutes',
    ],
    [
      'waits two minutes for devices that hang',
      { block: 'done', snapshot: 'done', factors: 'done', devices: 'running' },
      'after two minutes',
    ],
    [
      'starts at once when devices do not apply',
      { block: 'done', snapshot: 'done', factors: 'done', devices: 'skipped' },
      'at once',
    ],
  ];

  for (const [what, statuses, when] of cases) {
    it(what, async () => {
      await place(catalogue(statuses));

      const starts = [
        await mayStart('okta.deactivate', 0),
        await mayStart('okta.deactivate', PATIENCE_MS - 1),
        await mayStart('okta.deactivate', PATIENCE_MS),
      ];

      expect(starts).toEqual(when === 'at once' ? [true, true, true] : [false, false, true]);
    });
  }

  it('waits for factors and devices that can start but were not yet freed', async () => {
    await place(catalogue({ block: 'done', snapshot: 'done' }));

    const starts = await mayStart('okta.deactivate', 10 * PATIENCE_MS);

    expect(starts).toBe(false); // the record that ended block and snapshot has freed them; nobody sees this state
  });

  it('counts two minutes for each from its own start: factors freed late are waited for', async () => {
    await place(
      catalogue({ block: 'done', snapshot: 'done', factors: 'running', devices: 'done' }, { factors: 60_000 }),
    );

    const starts = [
      await mayStart('okta.deactivate', 60_000 + PATIENCE_MS - 1),
      await mayStart('okta.deactivate', 60_000 + PATIENCE_MS),
    ];

    expect(starts).toEqual([false, true]);
  });
});

describe('okta.factors and okta.devices', () => {
  for (const step of ['okta.factors', 'okta.devices']) {
    it(`${step} start behind a done block and an ended snapshot`, async () => {
      const answers: boolean[] = [];
      for (const [block, snapshot] of [
        ['done', 'done'],
        ['done', 'skipped'],
        ['done', 'running'],
        ['skipped', 'done'],
        ['needs_human', 'done'],
      ] as const) {
        await place(catalogue({ block, snapshot }));
        answers.push(await mayStart(step, 10 * PATIENCE_MS));
      }

      expect(answers).toEqual([true, true, false, false, false]);
    });

    it(`${step} start after the deactivation where the account could not be suspended`, async () => {
      await place(catalogue({ block: 'skipped', snapshot: 'done', deactivate: 'done' }));

      const starts = await mayStart(step, 0);

      expect(starts).toBe(true);
    });
  }
});

describe('a LOCKED_OUT account, in the engine’s own statements', () => {
  it('is deactivated as soon as its block has passed, and then factors and devices start', async () => {
    await place(catalogue({ block: 'skipped', snapshot: 'done' }));

    const first = await release(0);
    await client.query(`UPDATE step_run SET status = 'running' WHERE step = 'okta.deactivate'`);
    await client.query(`UPDATE step_run SET status = 'done' WHERE step = 'okta.deactivate'`);
    const second = await release(0);

    expect(first).toEqual(['okta.deactivate']);
    expect(second.sort()).toEqual(['okta.devices', 'okta.factors']);
  });

  it('is deactivated after two minutes when its block asks a person, and never later', async () => {
    await place(catalogue({ block: 'needs_human', snapshot: 'done' }));

    const early = await release(PATIENCE_MS - 1);
    const late = await release(PATIENCE_MS);

    expect([early, late]).toEqual([[], ['okta.deactivate']]);
  });
});

describe('step_may_start', () => {
  it('agrees with an oracle on random plans', async () => {
    await fc.assert(
      fc.asyncProperty(aPlan(), async ({ rows, nowMs }) => {
        await place(rows);

        const answers = await client.query<{ step: string; may: boolean }>(
          'SELECT step, step_may_start(run_id, step, needs, $1) AS may FROM step_run',
          [at(nowMs)],
        );

        for (const { step, may } of answers.rows) expect([step, may]).toEqual([step, oracle(rows, step, nowMs)]);
      }),
      { numRuns: 300 },
    );
  });
});

// ------------------------------------------------------------------------------------------------ the oracle

const ENDED = new Set<StepStatus>(['done', 'skipped', 'cancelled']);

/** What ARCHITECTURE.md §4 says of needs, over lists. */
function oracle(rows: readonly Row[], name: string, nowMs: number): boolean {
  const of = (step: string): Row[] => rows.filter((row) => row.step === step);
  const isEnded = (row: Row): boolean => ENDED.has(row.status);
  const settled = (need: StepNeed): boolean =>
    of(need.step).every((row) => (need.until === 'satisfied' ? row.status === 'done' : isEnded(row)));
  const isWaitedFor = (row: Row, ms: number): boolean =>
    !isEnded(row) && (row.readyAtMs === null || row.readyAtMs + ms > nowMs);
  const canStillStart = (row: Row, ms: number): boolean =>
    row.needs.every((group) =>
      group.some((need) => need.step !== name && (settled(need) || of(need.step).some((one) => isWaitedFor(one, ms)))),
    );
  const isMet = (need: StepNeed): boolean => {
    if (need.until !== 'tried') return settled(need);
    const open = of(need.step).filter((row) => !isEnded(row));
    const isTried = open.every((row) => !isWaitedFor(row, need.ms));
    const isStuck = open.every((row) => row.status === 'blocked' && !canStillStart(row, need.ms));
    return isTried || isStuck;
  };
  const self = of(name)[0];
  return self?.needs.every((group) => group.some(isMet)) ?? false;
}

/** Acyclic but for `tried`'s counterpart: any step may be an alternative of any other, as factors name deactivate. */
function aPlan(): fc.Arbitrary<{ rows: Row[]; nowMs: number }> {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const need = (among: readonly string[]): fc.Arbitrary<StepNeed> =>
    fc.oneof(
      fc.record({ step: fc.constantFrom(...among), until: fc.constantFrom('satisfied' as const, 'ended' as const) }),
      fc.record({
        step: fc.constantFrom(...among),
        until: fc.constant('tried' as const),
        ms: fc.constantFrom(0, 50, 100),
      }),
    );
  const status = fc.constantFrom<StepStatus>(
    'blocked',
    'ready',
    'running',
    'waiting',
    'needs_human',
    'done',
    'skipped',
    'cancelled',
  );
  const row = (step: string, index: number, subject: string): fc.Arbitrary<Row> =>
    fc
      .record({
        status,
        readyAtMs: fc.constantFrom(0, 50, 100, 150),
        needs: fc.array(
          fc.array(need([...names.slice(0, index), 'gone', ...names.slice(index + 1)]), { minLength: 1, maxLength: 3 }),
          {
            maxLength: 3,
          },
        ),
      })
      .map((one) => ({ ...one, step, subject, readyAtMs: one.status === 'blocked' ? null : one.readyAtMs }));
  return fc.record({
    rows: fc
      .tuple(...names.map((name, index) => row(name, index, '')), row('b', 1, 'second'))
      .map((rows) => rows.map((one) => (one.subject === 'second' ? { ...one, needs: rows[1]?.needs ?? [] } : one))),
    nowMs: fc.constantFrom(0, 50, 99, 100, 150, 200, 250),
  });
}

// ------------------------------------------------------------------------------------------------ rows

function catalogue(statuses: Record<string, StepStatus>, readyAt: Record<string, number> = {}): Row[] {
  return CATALOGUE.map((planned) => {
    const short = planned.step.slice('okta.'.length);
    const status = statuses[short] ?? 'blocked';
    return {
      step: planned.step,
      subject: '',
      status,
      readyAtMs: status === 'blocked' ? null : (readyAt[short] ?? 0),
      needs: planned.needs as StepNeed[][],
    };
  });
}

async function place(rows: readonly Row[]): Promise<void> {
  await client.query('DELETE FROM step_run');
  await client.query(
    `INSERT INTO step_run (run_id, step, subject, vendor, stage, priority, needs, timed, status, opened_at, ready_at)
     SELECT $1, x.step, x.subject, 'okta', 'contain', 50, x.needs, true, x.status, $2, x.ready_at
     FROM jsonb_to_recordset($3) AS x(step text, subject text, status step_status, needs jsonb, ready_at timestamptz)`,
    [
      RUN,
      MONDAY,
      JSON.stringify(rows.map((row) => ({ ...row, ready_at: row.readyAtMs === null ? null : at(row.readyAtMs) }))),
    ],
  );
}

function at(ms: number): Date {
  return new Date(MONDAY.getTime() + ms);
}

async function mayStart(step: string, nowMs: number): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT step_may_start(run_id, step, needs, $2) AS may FROM step_run WHERE step = $1',
    [step, at(nowMs)],
  );
  return rows[0].may;
}

/** What the engine frees at this moment, by step. */
async function release(nowMs: number): Promise<string[]> {
  const blocked = `SELECT step FROM step_run WHERE status = 'blocked'`;
  const before = (await client.query(blocked)).rows.map((row) => row.step);
  await client.query(`SELECT * FROM release_steps($1, 1, 0, '{}', 0, $2)`, [RUN, at(nowMs)]);
  const after = (await client.query(blocked)).rows.map((row) => row.step);
  return before.filter((step) => !after.includes(step));
}
