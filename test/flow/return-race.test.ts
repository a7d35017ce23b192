// Two runs about one device that want a box at the same moment: one order, and the other run is told of it.
import { afterEach, expect, it } from 'vitest';
import { type RetrieverSimulator, startRetrieverSimulator } from '../../sandbox/vendors/retriever/server.ts';
import { parsePolicy } from '../../src/app/policy.ts';
import { connectRetriever } from '../../src/connectors/retriever/client.ts';
import { createReturnRows } from '../../src/store/returns.ts';
import { createSecretStore } from '../../src/store/secrets.ts';
import type { RunDevice } from '../../src/workflow/model/device.ts';
import { policyFacts } from '../../src/workflow/model/policy.ts';
import { createOrderBook } from '../../src/workflow/steps/return-orders.ts';
import { returnShip } from '../../src/workflow/steps/return-ship.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { type Engine, engineOn, movableClock, openTestRun, rowOf, until } from '../support/engine.ts';
import { DANAS_ADDRESS } from '../support/return-order.ts';
import { OFFICE_POLICY } from '../support/returns.ts';

const KEYS = new Map([[1, Buffer.alloc(32, 5)]]);
const LAPTOP: RunDevice = {
  ...{ id: 'jamf:11', kind: 'laptop', serial: 'C02DANA0001', name: 'Dana’s MacBook', model: null },
  ...{ managementId: null, isAppleSilicon: true, fate: 'collect', way: 'ship' },
};
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function aCompany(): Promise<{ database: TestDatabase; retriever: RetrieverSimulator }> {
  const [database, retriever] = await Promise.all([freshDatabase(), startRetrieverSimulator()]);
  closing.push(
    () => database.drop(),
    () => retriever.close(),
  );
  return { database, retriever };
}

/** A process of its own, with a list of orders of its own. */
async function aProcess(
  { database, retriever }: Awaited<ReturnType<typeof aCompany>>,
  clock = movableClock(new Date()),
) {
  const connected = connectRetriever({
    url: retriever.url,
    apiKey: retriever.apiKey,
    deadlineMs: 5_000,
    pace: async () => undefined,
  });
  const holder: { rows?: ReturnType<typeof createReturnRows> } = {};
  const step = returnShip({
    retriever: connected,
    orders: createOrderBook(connected),
    bamboohr: null,
    rows: {
      doubtfulOrderAt: (...asked) => rowsOf(holder).doubtfulOrderAt(...asked),
      orderedBy: (...asked) => rowsOf(holder).orderedBy(...asked),
      takeOrder: (...asked) => rowsOf(holder).takeOrder(...asked),
    },
  });
  const engine = await engineOn(database.url, { steps: [step], clock, keys: KEYS });
  holder.rows = createReturnRows(engine.db);
  closing.push(() => engine.close());
  return { engine, step, clock };
}

function rowsOf({ rows }: { rows?: ReturnType<typeof createReturnRows> }): ReturnType<typeof createReturnRows> {
  if (!rows) throw new Error('no database yet');
  return rows;
}

async function aRunWithAddress(engine: Engine, step: ReturnType<typeof returnShip>, personId: string): Promise<string> {
  const policy = policyFacts(parsePolicy(OFFICE_POLICY));
  const { runId } = await openTestRun(engine, [step], {
    run: { personId, policy, requestedAt: new Date() },
    devices: [LAPTOP],
  });
  const { line2, ...rest } = DANAS_ADDRESS;
  const address = JSON.stringify({ ...rest, line2, country: 'US' });
  await createSecretStore(engine.db, KEYS).replace({ runId, subject: LAPTOP.id, kind: 'address' }, address);
  return runId;
}

it('two processes with two runs order one box; the second asks whether to use it', async () => {
  const company = await aCompany();
  const [one, two] = [await aProcess(company), await aProcess(company)];
  // A device is in one live run, which is refused at the start already: without that, this holds all the same.
  await one.engine.db.query('ALTER TABLE step_run DISABLE TRIGGER one_return_a_device', []);
  // Both have read an empty list, and both mean to order.
  company.retriever.faults.add({ kind: 'delay', delayMs: 300, operation: 'retriever.createDeviceReturn', times: 2 });
  const runs = [
    await aRunWithAddress(one.engine, one.step, 'dana'),
    await aRunWithAddress(two.engine, two.step, 'dana again'),
  ];
  for (const { engine } of [one, two]) engine.runner.start();

  const statuses = async (): Promise<string[]> =>
    (await Promise.all(runs.map((run) => rowOf(one.engine, run, 'return.ship')))).map((row) => row.status);
  await until(async () => (await statuses()).includes('done'), 10_000);
  for (const { clock, engine } of [one, two]) {
    clock.move(6 * 60_000);
    engine.runner.wake();
  }
  await until(async () => (await statuses()).includes('needs_human'), 10_000);

  expect((company.retriever.state() as { billed: number }).billed).toBe(1);
  const asking = (await Promise.all(runs.map((run) => rowOf(one.engine, run, 'return.ship')))).find(
    (row) => row.status === 'needs_human',
  );
  expect(asking?.need).toMatchObject({ question: { name: 'other_order' } });
}, 30_000);
