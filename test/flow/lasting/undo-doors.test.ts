// An undo beside HR, Okta, Jamf and Slack: doors that knock meanwhile begin nothing, a locked Mac is unlocked by hand, an account is waited for.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { App } from '../../../src/app/compose.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { DOOR_SETTINGS, fromBambooHr, fromOkta, post } from '../../support/office-doors.ts';
import { macsOf } from '../../support/office-jamf.ts';
import { approvesUndo, opensUndo, runOf, stepsIn } from '../../support/office-undo.ts';

const SERIAL = 'C02DANA0001';
let office: Office;
let app: App;

beforeAll(async () => {
  office = await anOffice({ bamboohr: true, jamf: true, settings: DOOR_SETTINGS, started: false });
  app = await office.start();
});
afterEach(() => office.clear());
afterAll(() => office.close());

const undoSteps = async () => stepsIn(office, (await runOf(office, 'rehire')).id);
const mac = () => {
  if (!office.jamf) throw new Error('no Jamf');
  return macsOf(office.jamf).of(SERIAL);
};
const outcomeAt = async (door: string): Promise<string | null> => {
  const rows = await office.db.query<{ outcome: string | null }>(
    'SELECT outcome FROM knock WHERE door = $1 AND wanted = looked',
    [door],
  );
  return rows[0]?.outcome ?? null;
};

async function inTime(holds: () => unknown, forMs = 25_000): Promise<void> {
  const end = performance.now() + forMs;
  while (!(await holds())) {
    if (performance.now() > end)
      throw new Error(`still not so: ${holds}\n${JSON.stringify(await undoSteps().catch(() => null))}`);
    office.pass(20_000);
    await office.until(holds, 300).catch(() => undefined);
  }
}

it('HR is warned of and begins nothing; the Mac is unlocked by hand; Slack’s account is waited for', async () => {
  await office.plan(office.lin, 'dana@acme.test');
  await office.lin.submits({ return_way: 'none' });
  await office.until(() => office.lin.screen().includes('has started'));
  await inTime(async () => (await runOf(office, 'offboarding')).status === 'closed');
  const pin = mac().lock?.pin;
  expect(pin).toMatch(/^\d{6}$/);
  const hr = office.bamboohr?.state() as { employees: { id: string; key: string }[] } | undefined;
  const record = hr?.employees.find((one) => one.key === 'dana')?.id ?? '';
  office.bamboohr?.command('set_employee', { employee: 'dana', patch: { status: 'Inactive' } });
  await office.slack.command('person', { user: 'U0DANA', deleted: true });

  await opensUndo(office, office.lin);
  expect(office.lin.screen()).toContain('*BambooHR still has them inactive*: an import may deactivate them again');
  expect(office.lin.screen()).toMatch(/\*Show passcode…\* stands at its lock in OFF-\d+/);
  await office.lin.submits({ reason: 'Stays after all' });
  await approvesUndo(office, office.sam);
  await inTime(async () => (await undoSteps())['okta.groups_back']?.status === 'done');

  // HR and Okta knock: nothing begins in the other direction, and the channel hears of it.
  expect(await post(app, 'bamboohr', fromBambooHr([record]))).toBe(200);
  await office.until(() => outcomeAt('bamboohr'));
  expect(await outcomeAt('bamboohr')).toBe('being_undone');
  expect((await office.runs()).length).toBe(2);
  await office.until(() => office.channel.messages().some((one) => one.text.includes('is being taken back')));
  expect(office.accounts.of('dana').status).toBe('PROVISIONED');

  // The passcode is the offboarding's, shown where it was locked.
  expect((await undoSteps())['jamf.unlock']?.status).toBe('waiting');
  expect((await undoSteps())['slack.back']?.status).toBe('waiting');
  expect(office.jamf?.command('unlock', { device: SERIAL, pin })).toEqual({ unlocked: true });
  await inTime(async () => (await undoSteps())['jamf.unlock']?.status === 'done');
  expect((await undoSteps())['jamf.unlock']).toMatchObject({ evidence: 'read_back', after: { locked: false } });

  await office.slack.command('person', { user: 'U0DANA', deleted: false });
  await inTime(async () => (await undoSteps())['slack.back']?.status === 'done');
  expect(await post(app, 'okta', fromOkta([office.accounts.of('dana').id]))).toBe(200);
  await office.until(() => outcomeAt('okta'));
  expect((await office.runs()).length).toBe(2);
}, 120_000);
