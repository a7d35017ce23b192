// What people and policy decide about a handover, in whole offboardings: a country where nobody may read the mailbox, a manager who
// reads too many, and a legal hold wherever the run is shown.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { GoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import type { JiraSimulator } from '../../../sandbox/vendors/jira/server.ts';
import { DAY_MS } from '../../support/engine.ts';
import { anOffice, type Office, type OfficeOptions } from '../../support/office.ts';
import { MANY_AN_HOUR } from '../../support/returns.ts';
import { wordsOf } from '../../support/words.ts';

const LEAVER = 'dana@acme.test';
const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-choices-'));
let office: Office;

afterEach(() => office.close());
afterAll(() => rmSync(folder, { recursive: true }));

const step = async (name: string) => (await office.steps())[name];
const delegates = (key = 'dana'): readonly string[] => {
  const { users } = (office.google as GoogleSimulator).state() as {
    users: readonly { key: string; mailbox: { delegates: readonly { email: string }[] } }[];
  };
  return users.find((one) => one.key === key)?.mailbox.delegates.map((one) => one.email) ?? [];
};
/** Short waits pass by themselves. */
const inTime = async (holds: () => unknown): Promise<void> => {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 80) throw new Error(`still not so: ${holds}\n${JSON.stringify(await office.steps())}`);
    office.pass(5_000);
    await office.until(holds, 300).catch(() => undefined);
  }
};
const isClosed = async () => (await office.runs())[0]?.status === 'closed';
async function opened(policy: string, options: OfficeOptions = {}): Promise<void> {
  const SENDOFF_POLICY = path.join(folder, `${policy.length}.yaml`);
  writeFileSync(SENDOFF_POLICY, policy);
  office = await anOffice({ google: true, ...options, settings: { SENDOFF_POLICY } });
}
const asked = (): Promise<void> =>
  office.until(() => JSON.stringify(office.channel.replies()).includes('step_approve'), 12_000);

it('where the country’s answer is no, nobody is given the mailbox, the rest is handed over, and the run closes', async () => {
  await opened('mailbox:\n  countries:\n    - countries: [Germany]\n      yesFrom: [U0SAM]\n');
  await office.offboard(office.lin, LEAVER);
  await inTime(async () => (await step('google.mailbox'))?.need?.kind === 'question');
  await asked();
  await office.sam.clicks('step_decline');
  await inTime(async () => (await step('google.mailbox'))?.status === 'skipped');

  await inTime(async () => (await step('google.drive'))?.status === 'done');
  await inTime(async () => (await step('google.calendar'))?.status === 'done');
  office.pass(61 * DAY_MS);
  await inTime(isClosed);

  const steps = await office.steps();
  expect(steps['google.mailbox']).toMatchObject({ status: 'skipped', cause: 'mailbox_declined' });
  expect(steps['google.mailbox_end']).toMatchObject({ status: 'skipped', cause: 'no_delegation' });
  expect(['google.drive', 'google.calendar', 'google.keep', 'google.close'].map((one) => steps[one]?.status)).toEqual(
    Array(4).fill('done'),
  );
  // The leaver's own delegate and forwards are gone all the same.
  expect(delegates()).toEqual([]);
  const granted = office.google?.journal.calls.filter((call) => call.operation.endsWith('delegates.create'));
  expect(granted).toEqual([]);
  await office.until(() => office.channel.root().includes('is offboarded'), 12_000);
}, 60_000);

it('where the manager reads ten mailboxes already a person is chosen, and it is said why', async () => {
  await opened(MANY_AN_HOUR);
  await office.offboard(office.lin, 'ada@acme.test');
  await inTime(() => delegates('ada').includes('grace@acme.test'));
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'waiting');
  await nineMoreLikeIt();

  await office.offboard(office.lin, LEAVER);
  await inTime(async () => (await step('google.mailbox'))?.need?.kind === 'question');
  const told = (): string | undefined =>
    office.channel.thread().find((one) => one.includes('the manager already receives ten mailboxes'));
  await office.until(told, 12_000);
  expect(delegates()).toEqual([]);

  await office.until(() => JSON.stringify(office.channel.replies()).includes('step_choose_open'), 12_000);
  await office.lin.clicks('step_choose_open');
  await office.until(() => office.lin.screen().includes('Who receives their mail'));
  await office.lin.submits({ chosen_person: 'U0ALEX' });
  await inTime(() => delegates().includes('alex@acme.test'));
}, 60_000);

/** Runs whose mailbox the same manager receives, as rows: ten people would be ten offboardings. */
async function nineMoreLikeIt(): Promise<void> {
  for (let n = 1; n <= 9; n += 1)
    await office.db.query(
      `WITH r AS (SELECT * FROM run ORDER BY requested_at LIMIT 1), copied AS (
         INSERT INTO run SELECT (jsonb_populate_record(NULL::run, to_jsonb(r) || jsonb_build_object(
           'id', gen_random_uuid(), 'code', 'OFF-' || repeat('0', $1::int), 'person_id', 'copy-' || $1::int, 'ids', '{}'::jsonb))).* FROM r RETURNING id)
       INSERT INTO step_run SELECT (jsonb_populate_record(NULL::step_run, to_jsonb(s) || jsonb_build_object(
         'id', gen_random_uuid(), 'run_id', c.id))).* FROM step_run s CROSS JOIN copied c
       WHERE s.run_id = (SELECT id FROM r) AND s.step IN ('google.mailbox', 'google.mailbox_end')`,
      [n],
    );
}

it('a legal hold stands in the run’s message, on Home and in the ticket while it stands, and is gone from them with it', async () => {
  await opened('', { jira: true });
  await office.slack.home({ user: 'U0LIN' });
  const { workspace } = office.slack;
  const home = (): string => wordsOf(workspace.views.get(workspace.homes.get('U0LIN') ?? '')?.content.blocks ?? []);
  const ticket = (): string =>
    JSON.stringify(((office.jira as JiraSimulator).state() as { issues: readonly object[] }).issues);
  await office.offboard(office.lin, LEAVER);
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'waiting');
  await office.until(() => office.channel.root().includes('Legal hold…'), 12_000);
  expect(home()).not.toContain('legal hold');

  await office.lin.clicks('hold_open');
  await office.until(() => office.lin.screen().includes('Legal hold'));
  await office.lin.submits({ note: 'Matter 2026-7' });

  await office.until(() => /Legal hold.*since .* by .*“Matter 2026-7”/s.test(office.channel.root()), 12_000);
  await office.until(() => home().includes('legal hold'), 12_000);
  await office.until(() => /Legal hold set.*Matter 2026-7/.test(ticket()), 12_000);

  await office.lin.clicks('hold_open');
  await office.until(() => office.lin.screen().includes('Lift the legal hold'));
  await office.lin.submits({ note: 'Settled' });
  await office.until(() => /Legal hold lifted.*Settled/.test(ticket()), 12_000);
  await office.until(() => !home().includes('legal hold'), 12_000);
  await office.until(() => !office.channel.root().includes('Matter 2026-7'), 12_000);
}, 60_000);
