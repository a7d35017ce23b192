// The watch: 1, 7, 30 and 60 days later each closed door is looked at again; what is open again is told once, and cut again by one word.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { elementsWith, wordsOf } from '../../support/words.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let office: Office;

beforeAll(async () => {
  office = await anOffice({ jira: true, bamboohr: true });
  await office.start();
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

interface WatchRow {
  readonly subject: string;
  readonly status: string;
  readonly cause: string | null;
  readonly after: Record<string, unknown> | null;
  readonly attempt: number;
}

const watches = async (): Promise<Readonly<Record<string, WatchRow>>> => {
  const rows = await office.db.query<WatchRow>(
    `SELECT subject, status::text, cause, after, attempt FROM step_run WHERE step = 'watch' AND run_id = (SELECT id FROM run ORDER BY split_part(code, '-', 2)::int DESC LIMIT 1)`,
    [],
  );
  return Object.fromEntries(rows.map((row) => [row.subject, row]));
};
const statusOfRun = async () => (await office.runs())[0]?.status;
const replyWith = (words: string) => office.channel.replies().filter((one) => wordsOf(one.blocks).includes(words));
const homeOf = (user: string): string =>
  wordsOf(office.slack.workspace.views.get(office.slack.workspace.homes.get(user) ?? '')?.content.blocks);
const reactivate = () => office.okta.command('import_reactivates', { user: 'dana' });
async function offboarded(): Promise<void> {
  await office.offboard(office.lin, 'dana@acme.test');
  await office.closed();
  await office.until(async () => Object.values(await watches()).every((one) => one.status === 'waiting'));
}
/** `day` days after access ended; waits until that day's watch has looked. */
async function day(days: 1 | 7 | 30 | 60, aheadMs: number): Promise<WatchRow> {
  office.pass(aheadMs);
  await office.until(async () => ['done', 'skipped'].includes((await watches())[String(days)]?.status ?? ''));
  return (await watches())[String(days)] as WatchRow;
}

describe('a person who stays out', () => {
  it('is looked at on each day, once, and each look has a line in the thread and in the ticket; the run closed long before', async () => {
    await offboarded();
    const before = office.accounts.writes().length;
    const ahead = { 1: DAY_MS, 7: 6 * DAY_MS, 30: 23 * DAY_MS, 60: 30 * DAY_MS } as const;
    for (const days of [1, 7, 30, 60] as const) {
      const row = await day(days, ahead[days]);
      expect(row).toMatchObject({ status: 'done', after: { day: days, open: [], unread: [] } });
      expect(Number(row.after?.looked)).toBeGreaterThanOrEqual(5);
      await office.until(
        () => replyWith(days === 1 ? 'Still closed a day later' : `Still closed ${days} days later`).length === 1,
      );
    }
    expect(await statusOfRun()).toBe('closed');
    expect(office.accounts.writes()).toHaveLength(before);
    expect(office.channel.messages().filter((one) => wordsOf(one.blocks).includes('Cut again'))).toEqual([]);
    await office.until(() => JSON.stringify(office.jira?.state()).includes('Looked again 60 days later'));
    expect(
      (await office.db.query<{ first_bad: unknown }>('SELECT first_bad FROM audit_verify()', [])).filter(
        (one) => one.first_bad !== null,
      ),
    ).toEqual([]);
  }, 60_000);
});

describe('a person whom an import makes active again', () => {
  it('is told of with since when, cut again by one press in the closed run, and never without one', async () => {
    await offboarded();
    reactivate();
    const row = await day(1, DAY_MS);
    expect(row.after).toMatchObject({ open: expect.arrayContaining(['okta.block', 'okta.deactivate']) });
    await office.until(() => replyWith('Open again a day later').length === 1);
    expect(wordsOf(replyWith('Open again a day later')[0]?.blocks ?? [])).toContain(
      'The Okta account can sign in again since',
    );
    expect(office.accounts.of('dana').status).toBe('ACTIVE');

    // Two press in one moment: one counts, the other is told who was faster.
    await Promise.all([office.lin.clicks('cut_again'), office.sam.clicks('cut_again')]);
    await office.until(() =>
      [...office.lin.told(), ...office.sam.told()].some((words) => words.includes('had it cut again')),
    );
    await office.until(
      async () => (await statusOfRun()) === 'closed' && office.accounts.of('dana').status === 'DEPROVISIONED',
    );
    await office.until(() => replyWith('Cut again by').length === 1);
    expect(office.slack.workspace.users.get('U0DANA')?.deleted).toBe(true);
    await office.until(() => JSON.stringify(office.jira?.state()).includes('Cut again'));
    expect(
      (await office.db.query<{ first_bad: unknown }>('SELECT first_bad FROM audit_verify()', [])).filter(
        (one) => one.first_bad !== null,
      ),
    ).toEqual([]);

    const pressed = await office.db.query(`SELECT 1 FROM decision WHERE kind = 'cut_again'`, []);
    expect(pressed).toHaveLength(1);
    const again = await day(7, 6 * DAY_MS);
    expect(again.after).toMatchObject({ open: [] });
  }, 60_000);

  it('stays in Needs you while nobody presses, and is told again on the next day of the watch', async () => {
    await offboarded();
    reactivate();
    await day(1, DAY_MS);
    await office.until(() => replyWith('Open again a day later').length === 1);
    await office.slack.home({ user: 'U0SAM' });
    await office.until(() => homeOf('U0SAM').includes('Needs you (1)'));
    await day(7, 6 * DAY_MS);
    await office.until(() => replyWith('Open again 7 days later').length === 1);
    await office.until(() =>
      wordsOf(replyWith('Open again a day later')[0]?.blocks ?? []).includes('A later look has taken its place'),
    );
    expect(office.accounts.of('dana').status).toBe('ACTIVE');
  }, 60_000);
});

describe('a person whom HR has hired again', () => {
  it('is told of as hired again, the button asks once more, and nothing is cut by itself', async () => {
    await offboarded();
    reactivate();
    office.bamboohr?.command('set_employee', { employee: 'dana', patch: { endsOn: null, status: 'Active' } });
    expect((await day(1, DAY_MS)).after).toMatchObject({ hris: 'active' });
    await office.until(() => replyWith('HR says that they work here again').length === 1);
    const [told] = replyWith('HR says that they work here again');
    const [pressed] = elementsWith(told?.blocks ?? [], 'cut_again');
    expect(JSON.stringify(pressed?.confirm)).toContain('locks out somebody who works here');
    expect(office.accounts.of('dana').status).toBe('ACTIVE');
  }, 60_000);
});

describe('a vendor that does not answer', () => {
  it('is asked again each hour for a day, and then told as not checked, never as closed', async () => {
    await offboarded();
    office.okta.command('revoke_credentials');
    office.pass(DAY_MS);
    await office.until(
      async () => (await watches())['1']?.attempt === 2 && (await watches())['1']?.status === 'waiting',
    );
    expect((await watches())['1']?.after?.unread).toContain('okta.deactivate');
    expect(office.channel.replies().some((one) => wordsOf(one.blocks).includes('a day later'))).toBe(false);
    const row = await day(1, DAY_MS + HOUR_MS);
    expect(row.after).toMatchObject({ open: [], unread: expect.arrayContaining(['okta.block', 'okta.deactivate']) });
    await office.until(() => replyWith('Not everything could be checked a day later').length === 1);
    const words = wordsOf(replyWith('Not everything could be checked')[0]?.blocks ?? []);
    expect(words).toContain('Couldn’t check: ');
    expect(words).toContain('1 closed door could be seen');
  }, 60_000);
});

describe('a button that somebody kept', () => {
  it('refuses who is not on the list, who leaves, and a value that was never drawn', async () => {
    await offboarded();
    reactivate();
    await day(1, DAY_MS);
    await office.until(() => replyWith('Open again a day later').length === 1);
    await office.person('U0ALEX').clicks('cut_again', { force: true });
    await office.person('U0DANA').clicks('cut_again', { force: true });
    await office.until(() => office.person('U0ALEX').told().length > 0 && office.person('U0DANA').told().length > 0);
    await office.sam.clicks('cut_again', { value: '{"stepRun":"no"}' });
    await office.until(() => office.sam.told().length > 0);
    expect(await statusOfRun()).toBe('closed');
    expect(await office.db.query(`SELECT 1 FROM decision WHERE kind = 'cut_again'`, [])).toEqual([]);
    expect(office.accounts.of('dana').status).toBe('ACTIVE');
  }, 60_000);

  it('does nothing once a newer run of the person is there', async () => {
    await offboarded();
    reactivate();
    await day(1, DAY_MS);
    await office.until(() => replyWith('Open again a day later').length === 1);
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(
      async () => (await office.runs()).length === 2 && (await office.runs()).every((one) => one.status === 'closed'),
    );
    await office.sam.clicks('cut_again', { messageTs: replyWith('Open again a day later')[0]?.ts ?? '' });
    await office.until(() => office.sam.told().some((words) => words.includes('is a newer run of this person')));
    office.pass(8 * DAY_MS);
    await office.until(async () => {
      const rows = await office.db.query<{ status: string; cause: string | null }>(
        `SELECT s.status::text, s.cause FROM step_run s JOIN run r ON r.id = s.run_id WHERE s.step = 'watch' AND s.subject = '7' ORDER BY r.requested_at`,
        [],
      );
      return rows[0]?.cause === 'newer_run' && rows[1]?.status === 'done';
    });
  }, 60_000);

  it('is not there in a cancelled run, which has no watch', async () => {
    office.okta.faults.add({ kind: 'status', operation: 'okta.deactivateUser', status: 403, times: 1e6 });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'needs_human');
    await office.until(() => office.channel.root() !== undefined);
    await office.sam.clicks('run_cancel');
    await office.until(async () => (await statusOfRun()) === 'cancelled');
    expect(Object.values(await watches()).map((one) => one.status)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
  }, 60_000);
});
