// One run a device, in the database: whichever doors opened two at once, the second is refused whole; a box that is out is never doubled.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeviceRunStore } from '../../../src/store/device-runs.ts';
import { deviceSubject, FetchedElsewhere, type RunDevice } from '../../../src/workflow/model/device.ts';
import type { NewRun } from '../../../src/workflow/model/new-run.ts';
import type { Step } from '../../../src/workflow/model/step.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aStep, type Engine, engineOn, MONDAY, openTestRun, SATISFIED, taking } from '../../support/engine.ts';

const RACES = 20;
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

const device = (serial: string, over: Partial<RunDevice> = {}): RunDevice => ({
  ...{ id: `jamf:${serial}`, kind: 'laptop', serial, name: 'Mac', model: null, managementId: null },
  ...{ isAppleSilicon: null, fate: 'collect', way: 'ship' },
  ...over,
});
const about =
  (ways: readonly string[]): NonNullable<Step['subjects']> =>
  ({ devices }) =>
    devices.filter((one) => ways.includes(one.way)).map(deviceSubject);
const steps: readonly Step[] = [
  { ...aStep({ name: 'jamf.lock', vendor: 'jamf' }), subjects: about(['ship', 'courier', 'none']) },
  { ...aStep({ name: 'return.ship', vendor: 'box', stage: 'device' }), subjects: about(['ship']) },
  {
    ...aStep({
      name: 'return.receive',
      vendor: 'hand',
      stage: 'device',
      needs: [{ step: 'return.ship', until: 'ended' }],
    }),
    subjects: about(['ship', 'courier']),
  },
];
const opens = (personId: string, devices: readonly RunDevice[], run: Partial<NewRun> = {}) =>
  openTestRun(engine, steps, { run: { personId, kind: 'device_return', ...run }, devices });
const count = async (table: 'run' | 'step_run') =>
  Number((await engine.db.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`, []))[0]?.n);
const fetching = (serial: string, personId = 'nobody') =>
  createDeviceRunStore(engine.db).fetching([serial], { kind: 'device_return', personId });

async function orders(serial: string, outcome: 'accepted' | 'refused'): Promise<void> {
  const [claimed] = (await engine.store.claim(['box'], 10, MONDAY)).filter((one) => one.subject === `jamf:${serial}`);
  if (!claimed) throw new Error('no box to order');
  const write = { effect: 'box.order', target: '', repeat: 'once', irreversible: true, requestHash: 'h' } as const;
  const verdict = await engine.store.intend(claimed, write, [], MONDAY);
  if (verdict.verdict !== 'go') throw new Error(verdict.verdict);
  const answer = { id: verdict.writeId, outcome, receipt: null, error: null, at: MONDAY };
  await engine.store.record(claimed, SATISFIED, [answer], [], taking(), MONDAY);
}

describe('a device that a live run fetches', () => {
  it('is fetched by no other, whoever it is for and whatever it is called there, and nothing of the other is kept', async () => {
    const { code } = await opens('ada', [device('C1')]);
    const rows = await count('step_run');

    await expect(opens('bo', [device('C2'), device('c1', { id: 'serial:C1', way: 'courier' })])).rejects.toThrow(
      FetchedElsewhere,
    );
    await expect(opens('bo', [device('C1')], { kind: 'offboarding' })).rejects.toThrow(FetchedElsewhere);
    expect([await count('run'), await count('step_run')]).toEqual([1, rows]);
    expect(await fetching('C1')).toEqual(new Map([['C1', { code, isLive: true }]]));
    expect(await fetching('C2')).toEqual(new Map());
    expect(await fetching('C1', 'ada')).toEqual(new Map());
  });

  it('may be locked by another run, which fetches nothing', async () => {
    await opens('ada', [device('C1')]);
    const { joined } = await opens('ada', [device('C1', { way: 'none', fetchedBy: 'RET-1' })], { kind: 'offboarding' });

    expect(joined).toBe(false);
  });

  it('keeps this process’s number: a refusal is no lost answer', async () => {
    const { num } = engine.instance;
    await opens('ada', [device('C1')]);
    await opens('bo', [device('C1')]).catch(() => undefined);

    expect(engine.instance.num).toBe(num);
  });

  it(`is opened by one of two at once, ${RACES} times`, async () => {
    const other = await engineOn(database.url);
    try {
      for (let race = 0; race < RACES; race += 1) {
        const serials = [`A${race}`, `B${race}`];
        const both = await Promise.allSettled(
          [engine, other].map((one, at) => {
            const devices = (at === 0 ? serials : [...serials].reverse()).map((serial) => device(serial));
            return openTestRun(one, steps, { run: { personId: `p${race}-${at}`, kind: 'device_return' }, devices });
          }),
        );
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const refused = both.find((one) => one.status === 'rejected');
        expect(refused?.status === 'rejected' && refused.reason).toBeInstanceOf(FetchedElsewhere);
      }
    } finally {
      await other.close();
    }
    expect(await count('run')).toBe(RACES);
  });
});

describe('a box that was ordered by a run that has ended', () => {
  const cancel = (runId: string) =>
    engine.db
      .query(`UPDATE run SET status = 'cancelled' WHERE id = $1`, [runId])
      .then(() =>
        engine.db.query(
          `UPDATE step_run SET status = 'cancelled' WHERE run_id = $1 AND status IN ('blocked', 'ready', 'waiting')`,
          [runId],
        ),
      );

  it('is still out: no second one is ordered, but somebody may fetch the device', async () => {
    const { runId, code } = await opens('ada', [device('C1')]);
    await orders('C1', 'accepted');
    await cancel(runId);

    expect(await fetching('C1')).toEqual(new Map([['C1', { code, isLive: false }]]));
    await expect(opens('bo', [device('C1')])).rejects.toThrow(FetchedElsewhere);
    expect((await opens('bo', [device('C1', { way: 'courier' })])).joined).toBe(false);
  });

  it('is out no more once the device was received, or where Retriever refused the order', async () => {
    const one = await opens('ada', [device('C1')]);
    await orders('C1', 'accepted');
    const received = `UPDATE step_run SET status = 'running' WHERE run_id = $1 AND step = 'return.receive'`;
    await engine.db.query(received, [one.runId]);
    await engine.db.query(received.replace('running', 'done'), [one.runId]);
    await engine.db.query(`UPDATE run SET status = 'closed' WHERE id = $1`, [one.runId]);
    const two = await opens('bo', [device('C2')]);
    await orders('C2', 'refused');
    await cancel(two.runId);

    expect(
      await createDeviceRunStore(engine.db).fetching(['C1', 'C2'], { kind: 'device_return', personId: '' }),
    ).toEqual(new Map());
    expect((await opens('cy', [device('C1'), device('C2')])).joined).toBe(false);
  });
});
