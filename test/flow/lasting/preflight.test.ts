// The daily preflight: the doctor's checks, in the channel once, only when what fails has changed, by one of however many processes.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { App } from '../../../src/app/compose.ts';
import { createInboundStore } from '../../../src/store/inbound.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { wordsOf } from '../../support/words.ts';

const DAY = 24 * 60 * 60_000;
let office: Office;
let app: App;

beforeEach(async () => {
  office = await anOffice({ jira: true, bamboohr: true, started: false });
  app = await office.start();
});

afterEach(async () => {
  await office.close();
});

const told = () =>
  office.channel
    .messages()
    .map((one) => wordsOf(one.blocks))
    .filter((words) => words.includes('daily check'));
const outcomes = async () =>
  (
    await office.db.query<{ outcome: string | null }>(
      `SELECT outcome FROM inbound_delivery WHERE kind = 'preflight' ORDER BY received_at`,
      [],
    )
  ).map((row) => row.outcome);

/** The day's check, to its end, with its message posted. */
async function nextDay(on = app): Promise<string | null | undefined> {
  office.clock.move(DAY);
  const before = (await outcomes()).length;
  await on.preflight();
  await office.until(async () => (await outcomes()).length === before + 1 && (await outcomes()).at(-1) !== null);
  await office.until(drawn);
  return (await outcomes()).at(-1);
}
const drawn = async () => {
  const [row] = await office.db.query<{ n: string }>('SELECT count(*) AS n FROM report WHERE wanted > drawn', []);
  return row?.n === '0';
};

it('says nothing while all is fine, and the problem, its fix and the end of it once each', async () => {
  expect(await nextDay()).toBe('fine');
  expect(told()).toEqual([]);

  office.jira?.command('set_permissions', { without: ['ADD_COMMENTS'] });
  expect(await nextDay()).toBe('told');
  expect(told()).toHaveLength(1);
  expect(told()[0]).toMatch(/^:warning: {2}\*Sendoff’s daily check found 1 problem\.\* · /);
  expect(told()[0]).toContain(
    '• *Jira*: may not Add Comments in ITOPS\n   Fix: Jira &gt; Project settings &gt; Permissions &gt; Add Comments: add the account of JIRA_EMAIL',
  );

  expect(await nextDay()).toBe('unchanged');
  expect(told()).toHaveLength(1);

  office.bamboohr?.command('hide_fields', { fields: ['country'] });
  expect(await nextDay()).toBe('told');
  expect(told()[1]).toMatch(/found 2 problems[\s\S]*Jira[\s\S]*BambooHR\*: Country cannot be seen/);

  office.jira?.command('set_permissions');
  office.bamboohr?.command('hide_fields', { fields: [] });
  expect(await nextDay()).toBe('told');
  expect(told()[2]).toMatch(/all fine again/);
  expect(await nextDay()).toBe('fine');
  expect(told()).toHaveLength(3);
});

it('is done once a day, by one of the processes', async () => {
  office.jira?.command('revoke_token');
  const other = await office.start();
  office.jira?.journal.clear();

  await Promise.all([app.preflight(), other.preflight(), app.preflight()]);
  await office.until(() => told().length === 1);
  await other.preflight();
  await office.until(async () => (await outcomes())[0] === 'told');

  expect(await outcomes()).toEqual(['told']);
  expect(told()).toHaveLength(1);
  expect(office.jira?.journal.calls.filter((call) => call.operation === 'jira.getCurrentUser')).toHaveLength(1);
});

it('remembers what it told though a week of deliveries is forgotten', async () => {
  office.jira?.command('revoke_token');
  expect(await nextDay()).toBe('told');
  office.clock.move(30 * DAY);
  const store = createInboundStore(office.db, { num: 0, seen: () => undefined } as never);
  expect(await store.prune(office.clock.now())).toBe(1);

  expect(await nextDay()).toBe('unchanged');
  expect(told()).toHaveLength(1);
});

it('whose answer from Slack was lost stands in the channel once', async () => {
  office.jira?.command('revoke_token');
  office.slack.faults.add({ kind: 'drop_after', operation: 'slack.chat.postMessage' });

  expect(await nextDay()).toBe('told');

  expect(told()).toHaveLength(1);
});

it('whose process died before it was done is done by another', async () => {
  office.jira?.command('revoke_token');
  // As the sweep leaves what a killed process had in hand.
  await office.db.query(
    `INSERT INTO inbound_delivery (source, key, kind, actor, payload, received_at, attempt)
     VALUES ('schedule', 'preflight:2026-01-01', 'preflight', 'sendoff', '{}', $1, 1)`,
    [office.clock.now()],
  );
  await office.start();
  await office.until(() => told().length === 1);
  await office.until(async () => (await outcomes())[0] === 'told');
});

it('that died after it was told tells nothing twice', async () => {
  office.jira?.command('revoke_token');
  expect(await nextDay()).toBe('told');
  await office.db.query(
    `UPDATE inbound_delivery SET handled_at = NULL, outcome = NULL, owner = NULL WHERE kind = 'preflight'`,
    [],
  );
  await office.start();
  await office.until(async () => (await outcomes())[0] !== null);
  await office.until(drawn);

  expect(told()).toHaveLength(1);
});
