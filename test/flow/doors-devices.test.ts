// Computers of runs that nobody confirms in a window, or that act at a moment: the only one that is theirs, a question, or what was ticked.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/compose.ts';
import { anOffice, type Office } from '../support/office.ts';
import { DOOR_SETTINGS, fromBambooHr, post } from '../support/office-doors.ts';
import { type Macs, macsOf } from '../support/office-jamf.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DANAS = 'C02DANA0001';
const SECOND = 'C02DANA0002';
let office: Office;
let app: App;
let macs: Macs;

beforeAll(async () => {
  office = await anOffice({ bamboohr: true, jamf: true, settings: DOOR_SETTINGS, started: false });
  app = await office.start();
  macs = macsOf(jamf());
});
afterAll(() => office.close());
afterEach(async () => {
  await office.clear();
  await office.operators.addFirst([{ teamId: 'T0ACME', userId: 'U0LIN' }]);
});

function jamf() {
  if (!office.jamf) throw new Error('no Jamf');
  return office.jamf;
}
function hr() {
  if (!office.bamboohr) throw new Error('no BambooHR');
  return office.bamboohr;
}
const dayIn = (days: number): string => new Date(office.clock.now().getTime() + days * DAY).toISOString().slice(0, 10);
const newest = async () => (await office.runs())[0];
const locks = (serial: string) => macs.of(serial).commands.filter((one) => one.type === 'DEVICE_LOCK');
const rows = () =>
  office.db.query<{ step: string; subject: string; status: string; facts: Record<string, unknown> }>(
    `SELECT step, subject, status, facts FROM step_run WHERE run_id = (SELECT id FROM run ORDER BY requested_at DESC LIMIT 1)
       AND (subject <> '' OR step = 'jamf.look') AND step <> 'watch' ORDER BY step, subject`,
    [],
  );
const stepsAbout = async (subject: string) =>
  (await rows()).filter((one) => one.subject === subject).map(({ step }) => step);
const isDone = async (step: string) => (await office.steps())[step]?.status === 'done';

async function hrEnds(): Promise<void> {
  const { employees } = hr().state() as { employees: { id: string; key: string }[] };
  const record = employees.find((one) => one.key === 'dana')?.id ?? '';
  hr().command('set_employee', { employee: 'dana', patch: { status: 'Inactive', endsOn: dayIn(0) } });
  expect(await post(app, 'bamboohr', fromBambooHr([record]))).toBe(200);
  await office.until(() => office.channel.root().includes('unless somebody stops it'));
}

describe('a run that BambooHR begins', () => {
  it('says which Mac it will lock, and locks and fetches the only one that is theirs', async () => {
    await hrEnds();
    expect(office.channel.root()).toMatch(/Lock the Mac.*C02DANA0001/);
    expect(locks(DANAS)).toEqual([]);

    office.pass(11 * MINUTE);

    await office.until(() => isDone('jamf.lock'));
    expect(locks(DANAS)).toHaveLength(1);
    expect(await stepsAbout('')).toEqual([]);
    expect(await stepsAbout('jamf:11')).toEqual(expect.arrayContaining(['jamf.lock', 'return.receive', 'jamf.erase']));
    expect((await rows())[0]?.facts).toMatchObject({ serial: DANAS, fate: 'collect' });
  });

  it('locks none of several, and asks an operator about them, in words that are so', async () => {
    jamf().command('add_device', { user: 'dana', serialNumber: SECOND });
    await hrEnds();
    expect(office.channel.root()).not.toContain('Lock the Mac');
    expect(office.channel.root()).toContain('Look for their computers in Jamf');

    office.pass(11 * MINUTE);

    await office.until(async () => (await office.steps())['jamf.look']?.status === 'needs_human');
    await office.until(() => isDone('okta.deactivate'));
    await office.until(() =>
      office.channel.thread().some((reply) => reply.includes('nobody has said yet which of them are theirs')),
    );
    expect(office.channel.thread().join()).not.toContain('answers again');
    expect([...locks(DANAS), ...locks(SECOND)]).toEqual([]);
    expect((await rows()).map(({ step }) => step)).toEqual(['jamf.look']);
  });
});

describe('a run that an operator schedules', () => {
  const soon = (days: number) => ({ start_day: dayIn(days), start_time: '18:00' });
  const schedule = async (values: Record<string, unknown>): Promise<void> => {
    await office.plan(office.lin, 'dana@acme.test');
    await office.lin.submits({ ...soon(2), ...values });
    await office.until(() => office.channel.root().includes('is scheduled: access ends'));
  };

  it('locks at the moment what was ticked, and nothing else, whether or not Jamf answers just then', async () => {
    jamf().command('add_device', { user: 'dana', serialNumber: SECOND });
    const second = `jamf:${macs.of(SECOND).id}`;
    await schedule({ devices: [second], device_fate: 'wipe', return_way: 'none' });
    expect(office.channel.root()).toMatch(/Lock the Mac.*C02DANA0002/);
    expect(office.channel.root()).not.toContain(DANAS);
    jamf().faults.add({ kind: 'status', operation: '*', times: 99 });

    office.pass(3 * DAY);

    await office.until(async () => (await newest())?.status === 'open');
    jamf().faults.clear();
    await office.until(async () => {
      office.pass(61_000);
      return isDone('jamf.lock');
    });
    expect(locks(SECOND)).toHaveLength(1);
    expect(locks(DANAS)).toEqual([]);
    expect((await rows()).map(({ step, subject }) => `${step} ${subject}`)).toEqual([`jamf.lock ${second}`]);
    expect((await rows())[0]?.facts).toMatchObject({ serial: SECOND, fate: 'wipe', way: 'none' });
  });

  it('is held where there is another Mac by then, and locks what is ticked anew: of the old rows none is left', async () => {
    await schedule({ return_way: 'none' });
    jamf().command('add_device', { user: 'dana', serialNumber: SECOND });
    const second = `jamf:${macs.of(SECOND).id}`;

    office.pass(3 * DAY);

    await office.until(async () => (await newest())?.status === 'held');
    await office.until(() => office.channel.root().includes('the devices are others'));
    expect([...locks(DANAS), ...locks(SECOND)]).toEqual([]);
    await office.lin.clicks('start_review');
    await office.until(() => office.lin.screen().includes('is on hold'));
    await office.lin.submits({ devices: [second], return_way: 'none' });
    await office.until(() => isDone('jamf.lock'));
    expect(locks(SECOND)).toHaveLength(1);
    expect(locks(DANAS)).toEqual([]);
    expect(await stepsAbout('jamf:11')).toEqual([]);
  });
});
