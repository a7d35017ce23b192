// One run orders for a device, also when twenty want to at once; it is free again once that run's step has ended. That two runs are about
// one device is refused at their start already: that first line is taken out here, to see the second one hold.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createReturnRows, type ReturnRows } from '../../../src/store/returns.ts';
import type { RunDevice } from '../../../src/workflow/model/device.ts';
import { returnCourier } from '../../../src/workflow/steps/return-by-hand.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { type Engine, engineOn, openTestRun } from '../../support/engine.ts';

let database: TestDatabase;
let engine: Engine;
let rows: ReturnRows;

beforeAll(async () => {
  database = await freshDatabase();
  engine = await engineOn(database.url);
  rows = createReturnRows(engine.db);
  await engine.db.query('ALTER TABLE step_run DISABLE TRIGGER one_return_a_device', []);
});
afterAll(async () => {
  await engine.close();
  await database.drop();
});

const device = (serial: string): RunDevice => ({
  ...{ id: `jamf:${serial}`, kind: 'laptop', serial, name: serial, model: null },
  ...{ managementId: null, isAppleSilicon: null, fate: 'collect', way: 'ship' },
});
const aShip = { ...returnCourier(), name: 'return.ship', vendor: 'retriever', subjects: undefined };
async function aRunWith(serial: string, personId: string): Promise<{ runId: string; code: string }> {
  const one = device(serial);
  const step = { ...aShip, subjects: () => [{ id: one.id, facts: { serial, name: serial } }] };
  return openTestRun(engine, [step], { run: { personId }, devices: [one] });
}

it('is one of twenty', async () => {
  const runs = await Promise.all(Array.from({ length: 20 }, (_, at) => aRunWith('C02RACE', `racer ${at}`)));
  const answers = await Promise.all(runs.map(({ runId }) => rows.takeOrder(runId, 'C02RACE')));

  const won = runs.filter((_, at) => answers[at] === null);
  expect(won).toHaveLength(1);
  expect(new Set(answers.filter((one) => one !== null))).toEqual(new Set([won[0]?.code]));
});

it('is free again once its step has ended, or its run was cancelled', async () => {
  const [first, second] = [await aRunWith('C02FREE', 'one'), await aRunWith('C02FREE', 'two')];
  expect(await rows.takeOrder(first.runId, 'C02FREE')).toBeNull();
  expect(await rows.takeOrder(second.runId, 'C02FREE')).toBe(first.code);
  expect([await rows.orderedBy(second.runId, 'C02FREE'), await rows.orderedBy(first.runId, 'C02FREE')]).toEqual([
    first.code,
    null,
  ]);

  await engine.db.query(`UPDATE run SET status = 'cancelled' WHERE id = $1`, [first.runId]);
  expect(await rows.orderedBy(second.runId, 'C02FREE')).toBeNull();
  expect(await rows.takeOrder(second.runId, 'C02FREE')).toBeNull();
});
