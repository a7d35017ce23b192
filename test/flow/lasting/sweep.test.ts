// The nightly sweep: live accounts of who has left, runs in which nothing goes on, a vendor that was silent. One message, told once, and again in a week.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app/compose.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { elementsWith, wordsOf } from '../../support/words.ts';

const DAY_MS = 86_400_000;

let office: Office;
let app: App;

beforeAll(async () => {
  // Nothing begins by itself: what HR says is left for the sweep to find.
  office = await anOffice({ bamboohr: true });
  app = await office.start();
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

const messages = () => office.channel.messages().filter((one) => wordsOf(one.blocks).includes('nightly sweep'));
const outcomes = async (): Promise<readonly (string | null)[]> =>
  (
    await office.db.query<{ outcome: string | null }>(
      `SELECT outcome FROM inbound_delivery WHERE kind = 'sweep' ORDER BY received_at`,
      [],
    )
  ).map((one) => one.outcome);
const day = (daysAgo: number): string =>
  new Date(office.clock.now().getTime() - daysAgo * DAY_MS).toISOString().slice(0, 10);
const left = (employee: string, daysAgo: number) =>
  office.bamboohr?.command('set_employee', { employee, patch: { endsOn: day(daysAgo), status: 'Inactive' } });
/** As the schedule does; waits until that night's sweep has ended, and answers how. */
async function sweep(): Promise<string | null> {
  const before = (await outcomes()).length;
  await app.sweep();
  await office.until(async () => (await outcomes()).length > before && (await outcomes()).at(-1) !== null);
  return (await outcomes()).at(-1) ?? null;
}

describe('somebody who left and still has an account', () => {
  it('is told once with a button that makes the plan, again in a week, and not once they are offboarded', async () => {
    left('dana', 20);
    left('ada', 200); // longer ago than the policy looks
    // Hers is entered for the second week of this.
    office.bamboohr?.command('set_employee', { employee: 'danna', patch: { endsOn: null } });
    const before = office.accounts.writes().length;
    expect(await sweep()).toBe('told');
    await office.until(() => messages().length === 1);
    const [message] = messages();
    const words = wordsOf(message?.blocks ?? []);
    expect(words).toContain('dana@acme.test');
    expect(words).toContain('the Okta account is active');
    expect(words).not.toContain('ada@acme.test');

    office.pass(DAY_MS);
    expect(await sweep()).toBe('unchanged');
    office.pass(6 * DAY_MS);
    expect(await sweep()).toBe('told');
    await office.until(() => messages().length === 2);
    expect(wordsOf(messages()[1]?.blocks ?? [])).toContain('still open since');
    expect(office.accounts.writes()).toHaveLength(before);
    expect(await office.runs()).toEqual([]);

    await office.sam.clicks('sweep_begin');
    await office.until(() => office.sam.screen().includes('What will happen'));
    await office.sam.submits();
    await office.closed();
    office.pass(8 * DAY_MS);
    expect(await sweep()).toBe('nothing');
    expect(messages()).toHaveLength(2);
  }, 60_000);

  it('is not told while a run of theirs is live', async () => {
    office.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.deactivateUser', times: 99 });
    await office.offboard(office.lin, 'dana@acme.test');
    left('dana', 1);
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'needs_human');
    expect(await sweep()).toBe('unchanged');
    expect(messages()).toEqual([]);
  }, 60_000);
});

describe('a run in which nothing goes on', () => {
  it('that has waited for somebody for three days is told with its step', async () => {
    office.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.deactivateUser', times: 99 });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'needs_human');
    expect(await sweep()).toBe('unchanged');
    office.pass(3 * DAY_MS);
    expect(await sweep()).toBe('told');
    await office.until(() => messages().length === 1);
    expect(wordsOf(messages()[0]?.blocks ?? [])).toMatch(/OFF-\d+: Okta deactivation waits for somebody/);
    expect(elementsWith(messages()[0]?.blocks ?? [], 'open_thread')).toHaveLength(1);
  }, 60_000);

  it('that has no step left to go on is told', async () => {
    office.okta.faults.add({ kind: 'status', status: 403, operation: 'okta.deactivateUser', times: 99 });
    await office.offboard(office.lin, 'dana@acme.test');
    await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'needs_human');
    // As no statement of ours leaves it.
    await office.db.query(`ALTER TABLE step_run DISABLE TRIGGER USER`, []);
    const itself = JSON.stringify([[{ step: 'okta.deactivate', until: 'satisfied' }]]);
    await office.db.query(
      `UPDATE step_run SET status = 'blocked', need = NULL, timed = false, needs = $1 WHERE status = 'needs_human'`,
      [itself],
    );
    await office.db.query(`ALTER TABLE step_run ENABLE TRIGGER USER`, []);
    office.pass(DAY_MS);
    expect(await sweep()).toBe('told');
    await office.until(() => messages().length === 1);
    expect(wordsOf(messages()[0]?.blocks ?? [])).toContain('nothing goes on in it since');
  }, 60_000);
});

describe('a vendor that is silent', () => {
  it('is said, and what it had is not taken for closed', async () => {
    left('dana', 20);
    expect(await sweep()).toBe('told');
    office.okta.command('revoke_credentials');
    office.pass(DAY_MS);
    expect(await sweep()).toBe('told');
    await office.until(() => messages().length === 2);
    expect(wordsOf(messages()[1]?.blocks ?? [])).toContain('Couldn’t check: Okta did not answer');
    office.okta.command('restore_credentials');
    office.pass(DAY_MS);
    // Dana's account was found before: she is not news again.
    expect(await sweep()).toBe('unchanged');
  }, 60_000);
});
