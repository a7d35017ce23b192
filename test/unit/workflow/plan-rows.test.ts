// Rows of a run with devices: one a step and device, each needing its own device's steps; and that PostgreSQL reads them so.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceOf, deviceSubject, type RunDevice } from '../../../src/workflow/model/device.ts';
import type { Step } from '../../../src/workflow/model/step.ts';
import { planStepRuns } from '../../../src/workflow/steps/plan-rows.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aStep, type Engine, engineOn, MONDAY, openTestRun, taking } from '../../support/engine.ts';

const device = (id: string, way: RunDevice['way']): RunDevice => ({
  id,
  kind: 'laptop',
  serial: `C02${id}`,
  name: `Mac ${id}`,
  model: null,
  managementId: null,
  isAppleSilicon: true,
  fate: 'collect',
  way,
});
const DEVICES = [device('a', 'ship'), device('b', 'in_person')];
const having =
  (way: RunDevice['way']): NonNullable<Step['subjects']> =>
  ({ devices }) =>
    devices.filter((one) => one.way === way).map(deviceSubject);
const steps: readonly Step[] = [
  { ...aStep({ name: 'lock' }), subjects: ({ devices }) => devices.map(deviceSubject) },
  { ...aStep({ name: 'ship' }), subjects: having('ship') },
  { ...aStep({ name: 'in_person' }), subjects: having('in_person') },
  {
    ...aStep({
      name: 'receive',
      needs: [
        [
          { step: 'ship', until: 'satisfied' },
          { step: 'in_person', until: 'satisfied' },
        ],
        { step: 'lock', until: 'ended' },
      ],
    }),
    subjects: ({ devices }) => devices.map(deviceSubject),
  },
  aStep({ name: 'close', needs: [{ step: 'receive', until: 'ended' }] }),
];

describe('the rows of a run', () => {
  it('are one a device, with that device’s facts', () => {
    const rows = planStepRuns(steps, { devices: DEVICES });

    expect(rows.map((row) => [row.step, row.subject])).toEqual([
      ['lock', 'a'],
      ['lock', 'b'],
      ['ship', 'a'],
      ['in_person', 'b'],
      ['receive', 'a'],
      ['receive', 'b'],
      ['close', ''],
    ]);
    expect(deviceOf({ id: 'b', facts: rows[5]?.facts ?? {} })).toEqual(DEVICES[1]);
  });

  it('need the same device’s rows, and only ways that this run has', () => {
    const rows = planStepRuns(steps, { devices: DEVICES });

    expect(rows[5]?.needs).toEqual([
      [{ step: 'in_person', until: 'satisfied', subject: 'b' }],
      [{ step: 'lock', until: 'ended', subject: 'b' }],
    ]);
    expect(rows[6]?.needs).toEqual([[{ step: 'receive', until: 'ended' }]]);
  });

  it('are none for devices where there is none', () => {
    expect(planStepRuns(steps).map((row) => [row.step, row.needs])).toEqual([['close', []]]);
  });
});

describe('PostgreSQL', () => {
  let database: TestDatabase;
  let engine: Engine;

  beforeAll(async () => {
    database = await freshDatabase();
    engine = await engineOn(database.url, { wakes: false });
  });

  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  it('frees a device’s step when that device’s own needs are met, and hands its facts on', async () => {
    const { runId, mine } = await openTestRun(engine, steps, { devices: DEVICES, take: taking('fake') });
    const end = async (step: string, subject: string): Promise<readonly string[]> => {
      const claimed = mine.find((one) => one.step === step && one.subject === subject);
      if (!claimed) throw new Error(`${step} ${subject} was not claimed`);
      const outcome = {
        event: 'satisfy',
        cause: null,
        need: null,
        dueAt: null,
        before: null,
        after: null,
        evidence: 'read_back',
        failures: 0,
      } as const;
      const recorded = await engine.store.record(claimed, outcome, [], [], taking('fake'), MONDAY);
      return recorded.mine.map((one) => `${one.step} ${one.subject} ${String(one.facts.serial)}`);
    };

    expect(mine.map((one) => `${one.step} ${one.subject}`).sort()).toEqual([
      'in_person b',
      'lock a',
      'lock b',
      'ship a',
    ]);
    expect(await end('lock', 'a')).toEqual([]);
    expect(await end('in_person', 'b')).toEqual([]);
    expect(await end('lock', 'b')).toEqual(['receive b C02b']);
    expect(await end('ship', 'a')).toEqual(['receive a C02a']);
    const left = await engine.db.query<{ status: string }>(
      `SELECT status FROM step_run WHERE run_id = $1 AND step = 'close'`,
      [runId],
    );
    expect(left).toEqual([{ status: 'blocked' }]);
  });
});
