// A run that an operator schedules: by the person's own clock, moved, started early, and read again when its moment comes.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../../sandbox/people.ts';
import type { App } from '../../../src/app/compose.ts';
import { instantOf } from '../../../src/workflow/model/time-zone.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { wordsOf } from '../../support/words.ts';

const HOUR = 3_600_000;
const ZONE = person('dana').timezone;
let office: Office;
let app: App;

beforeAll(async () => {
  office = await anOffice({ bamboohr: true, started: false });
  app = await office.start();
});
afterAll(() => office.close());
afterEach(async () => {
  await office.clear();
  await office.operators.addFirst([{ teamId: 'T0ACME', userId: 'U0LIN' }]);
});

const newest = async () => (await office.runs())[0];
/** The day after tomorrow at six in the evening, where Dana is. */
const soon = (days = 2) => ({
  start_day: new Date(office.clock.now().getTime() + days * 24 * HOUR).toISOString().slice(0, 10),
  start_time: '18:00',
});
const momentOf = ({ start_day, start_time }: ReturnType<typeof soon>): Date => instantOf(start_day, start_time, ZONE);

async function schedule(when = soon()): Promise<Date> {
  await office.plan(office.lin, 'dana@acme.test');
  expect(office.lin.screen()).toContain(`Their time zone: ${ZONE}, as Okta says`);
  await office.lin.submits(when);
  await office.until(() => office.lin.screen().includes('is scheduled'));
  await office.until(() => office.channel.root().includes('is scheduled: access ends'));
  return momentOf(when);
}
const until = (at: Date): number => at.getTime() - office.clock.now().getTime();

describe('an operator schedules a run', () => {
  it('waits for the moment by the person’s own clock, reminds before it, and then does what was agreed', async () => {
    const at = await schedule();
    expect(office.channel.root()).toContain(`18:00 on ${soon().start_day} in ${ZONE}`);
    expect(office.channel.root()).toContain('Nothing has changed yet');
    office.pass(until(at) - 23 * HOUR);
    await office.until(() => office.channel.thread().some((line) => line.includes('It starts by itself')));
    office.pass(until(at) - 1_000);
    expect(office.accounts.writes()).toEqual([]);

    office.pass(1_000);

    const steps = await office.closed();
    expect(steps['okta.deactivate']).toMatchObject({ status: 'done', evidence: 'read_back' });
    expect((await newest())?.status).toBe('closed');
    // Time to revoke counts from the moment, not from two days before.
    await office.until(() => office.channel.root().includes('is offboarded'));
    expect(office.channel.root()).not.toMatch(/(took|revoked in) \d+ (d|h)/);
    expect(await office.runs()).toHaveLength(1);
  });

  it('refuses a moment that has gone by, and a time without a day, at the input', async () => {
    await office.plan(office.lin, 'dana@acme.test');

    const past = await office.lin.submits({ start_day: '2026-02-01', start_time: '09:00' });
    const dayless = await office.lin.submits({ start_day: null, start_time: '09:00' });

    expect(JSON.stringify(past)).toContain('gone by');
    expect(JSON.stringify(dayless)).toContain('A time needs a day');
    expect(await office.runs()).toHaveLength(0);
  });

  it('is moved, and started early, by whoever confirms its plan again: there is never a second run', async () => {
    await schedule();
    const first = await newest();
    office.pass(60_000);

    await office.sam.clicks('start_review');
    await office.until(() => office.sam.screen().includes('is scheduled and has done nothing'));
    await office.sam.submits(soon(5));
    await office.until(() => office.channel.root().includes(`18:00 on ${soon(5).start_day}`));
    await office.plan(office.lin, 'dana@acme.test');
    await office.lin.submits();

    const steps = await office.closed();
    expect(steps['okta.deactivate']?.status).toBe('done');
    expect((await newest())?.id).toBe(first?.id);
    const said = await office.db.query('SELECT kind, decided_by FROM decision ORDER BY decided_at, kind', []);
    expect(said).toEqual(
      expect.arrayContaining([
        { kind: 'reschedule', decided_by: 'T0ACME/U0SAM' },
        { kind: 'start', decided_by: 'T0ACME/U0LIN' },
      ]),
    );
  });

  it('is stopped with who', async () => {
    const at = await schedule();

    await office.sam.clicks('run_cancel');

    await office.until(() => office.channel.root().includes('Cancelled by Sam'));
    office.pass(until(at) + HOUR);
    expect(office.accounts.writes()).toEqual([]);
    expect(office.channel.root()).toContain('Nothing was done');
  });

  it('is listed on Home, soonest first', async () => {
    await schedule(soon(5));
    await office.slack.home({ user: 'U0LIN' });

    const { homes, views } = office.slack.workspace;
    const words = (): string => wordsOf(views.get(homes.get('U0LIN') ?? '')?.content.blocks);
    await office.until(() => words().includes('Scheduled (1)'));
    expect(words()).toContain(`18:00 on ${soon(5).start_day}`);
  });
});

describe('when its moment comes', () => {
  it('holds where a decision is no longer what was agreed, says what, and calls for help; a human starts it', async () => {
    const at = await schedule();
    office.bamboohr?.command('set_employee', { employee: 'dana', patch: { supervisorId: null } });

    office.pass(until(at) + 1_000);

    await office.until(async () => (await newest())?.status === 'held');
    await office.until(() => office.channel.root().includes('on hold: nothing was started'));
    expect(office.channel.root()).toContain('the manager is another one');
    expect(office.channel.root()).toContain('Access is as it was');
    await office.until(() => office.channel.thread().some((line) => line.includes('Nothing was started for Dana')));
    expect(office.accounts.of('dana').status).toBe('ACTIVE');
    await office.lin.clicks('start_review');
    await office.until(() => office.lin.screen().includes('is on hold'));
    await office.lin.submits();
    expect((await office.closed())['okta.deactivate']?.status).toBe('done');
  });

  it('goes on where somebody deactivated the account before: there is only less to do', async () => {
    const at = await schedule();
    office.okta.command('set_user', { user: 'dana', patch: { status: 'DEPROVISIONED' } });

    office.pass(until(at) + 1_000);

    expect((await office.closed())['okta.deactivate']?.status).toBe('done');
  });

  it('says that access is still open while Okta cannot be read, and starts once it can', async () => {
    const at = await schedule();
    office.okta.command('revoke_credentials');

    office.pass(until(at) + 1_000);
    await office.until(() => office.channel.root().includes('Its moment has come and it has not started'));
    expect(office.channel.root()).toContain('Access is still open');
    office.okta.command('restore_credentials');

    expect((await office.closed(25_000))['okta.deactivate']?.status).toBe('done');
  });

  it('starts once, however many processes look', async () => {
    const other = await office.start();
    const at = await schedule();

    office.pass(until(at) + 1_000);
    for (const one of [app, other]) one.wake();

    await office.closed();
    expect(office.accounts.writes().filter((one) => one === 'deactivateUser')).toHaveLength(1);
    const begun = await office.db.query(`SELECT 1 FROM audit_event WHERE action = 'run.opened' AND chain = $1`, [
      (await newest())?.id,
    ]);
    expect(begun).toHaveLength(1);
  });
});
