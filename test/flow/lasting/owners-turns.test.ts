// Who is asked about an app outside Okta where the owner cannot be, needs help, or says nothing: the backup, then whom an operator chooses.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { nextWorkingMoment } from '../../../src/workflow/model/working-time.ts';
import { anOffice, type Office } from '../../support/office.ts';
import { type Owners, ownersIn, policyFile } from '../../support/office-owners.ts';

const TEAM = 'T0ACME';
const HOUR_MS = 3_600_000;
const ASKED = 'zone: Europe/Berlin, deadlineHours: 4';
/** Danna leaves in each: one app is her own, one nobody is in Slack for. */
const POLICY = `
apps:
  - { key: hers, name: Figma, owner: danna@acme.test, backup: grace@acme.test, ${ASKED}, when: { countries: [DE] } }
  - { key: gone, name: Miro, owner: nobody@acme.test, backup: deprovisioned@acme.test, ${ASKED}, when: { countries: [US] } }
  - { key: night, name: Notion, owner: alex@acme.test, backup: grace@acme.test, zone: America/Los_Angeles, when: { countries: [KR] } }
  - { key: plain, name: Intercom, owner: grace@acme.test, backup: alex@acme.test, ${ASKED}, when: { countries: [FR] } }
`;
let office: Office;
let owners: Owners;

beforeAll(async () => {
  office = await anOffice({ settings: { SENDOFF_POLICY: policyFile(POLICY) } });
  owners = ownersIn(office);
});
beforeEach(async () => {
  // Every test begins on a working day at 09:00 UTC, 10:00 in Berlin.
  const now = office.clock.now();
  const morning = nextWorkingMoment(now, {
    zone: 'Etc/UTC',
    days: ['mon', 'tue', 'wed', 'thu'],
    from: '09:00',
    until: '09:01',
  });
  office.clock.move(morning.getTime() - now.getTime());
  await office.operators.add({ teamId: TEAM, userId: 'U0LIN' }, 'admin', 'test');
  await office.operators.add({ teamId: TEAM, userId: 'U0SAM' }, 'operator', 'test');
});
afterEach(() => office.clear());
afterAll(() => office.close());

/** One app each: the country says which. */
async function leaves(country: string): Promise<void> {
  office.okta.command('set_user', { user: 'danna', patch: { profile: { countryCode: country } } });
  await office.offboard(office.lin, 'danna@acme.test');
}

async function needsHuman(app: string): Promise<void> {
  await office.until(async () => (await owners.apps())[app]?.status === 'needs_human');
}

it('an owner who is the leaver is never asked: the backup is, at once', async () => {
  await leaves('DE');
  await owners.asked('U0GRACE', 'Figma');

  expect(owners.directs('U0DANNA')).toEqual([]);
  expect((await owners.apps()).hers?.after).toMatchObject({ turn: 'backup', ownerPassed: 'is_leaver' });
  await office.until(() => office.channel.thread().some((one) => one.includes('The owner is the person who leaves')));
  await owners.presses('U0GRACE', 'owner_never_had', 'hers');
  await office.closed();
});

it('where nobody can be asked an operator chooses somebody, who is asked and answers; never the leaver', async () => {
  await leaves('US');
  await needsHuman('gone');
  await office.until(() => office.channel.thread().some((one) => one.includes('Who is asked about this app instead?')));
  const reply = office.channel.thread().find((one) => one.includes('Who is asked about this app')) ?? '';
  expect(reply).toMatch(/owner.*is not in Slack/);

  await office.sam.clicks('step_choose_open');
  await office.until(() => office.sam.screen().includes('Who is asked'));
  await office.sam.submits({ chosen_person: 'U0DANNA' });
  await office.until(
    () => office.sam.screen().includes('Nothing was changed') || office.sam.screen().includes('own work'),
  );
  await office.sam.closes();
  await office.sam.clicks('step_choose_open');
  await office.until(() => office.sam.screen().includes('Who is asked'));
  await office.sam.submits({ chosen_person: 'U0ALEX' });
  await owners.asked('U0ALEX', 'Miro');
  await owners.says('U0ALEX', 'owner_done_open', 'gone', 'Removed in the admin page');

  await office.closed();
  expect((await owners.apps()).gone).toMatchObject({ status: 'done', evidence: 'attested' });
});

it('an owner who is not at work is asked when they are, and nobody before', async () => {
  await leaves('KR');
  await office.until(async () => (await owners.apps()).night?.status === 'waiting');
  expect(owners.directs('U0ALEX')).toEqual([]);
  await office.until(() => office.channel.thread().some((one) => one.includes('in their working hours')));

  // 09:00 UTC on Monday is 01:00 there; they begin at 09:00, which is 17:00 UTC.
  office.pass(7 * HOUR_MS);
  await office.until(async () => (await owners.apps()).night?.status === 'waiting');
  expect(owners.directs('U0ALEX')).toEqual([]);
  office.pass(HOUR_MS);
  await owners.asked('U0ALEX', 'Notion');
});

it('a call for help is told in the owner’s words, waits for an operator, and their own answer still ends it', async () => {
  await leaves('FR');
  await owners.asked('U0GRACE', 'Intercom');

  await owners.says('U0GRACE', 'owner_help_open', 'plain', 'I am no admin there <!channel> any more');
  await needsHuman('plain');
  await office.until(() => office.channel.thread().some((one) => one.includes('Grace Njeri needs help with Intercom')));
  const told = office.channel.replies().find((one) => JSON.stringify(one.blocks).includes('needs help with Intercom'));
  expect(JSON.stringify(told?.blocks)).not.toContain('<!channel>');
  await office.until(() => owners.words('U0GRACE').includes('you asked for help; IT was told'));
  expect((await office.runs())[0]?.status).toBe('open');

  office.pass(HOUR_MS);
  await owners.presses('U0GRACE', 'owner_never_had', 'plain');
  await office.closed();
});

it('two who answer at once: one counts, the other is told', async () => {
  await leaves('FR');
  await owners.asked('U0GRACE', 'Intercom');
  office.pass(4 * HOUR_MS);
  await owners.asked('U0ALEX', 'Intercom');

  await Promise.all([
    owners.presses('U0GRACE', 'owner_never_had', 'plain'),
    owners.presses('U0ALEX', 'owner_never_had', 'plain'),
  ]);
  await office.closed();

  const told = () => [...office.person('U0GRACE').told(), ...office.person('U0ALEX').told()];
  await office.until(() => told().length === 1);
  expect(told()[0]).toContain('has said already that they never had access');
  const [row] = await office.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM decision d JOIN step_run s ON s.id = d.step_run_id WHERE s.step = 'app.owner' AND d.kind = 'attest'`,
    [],
  );
  expect(row?.n).toBe(1);
});

it('nobody is asked twice where Slack’s answer was lost: operators are told to ask, and the reminder carries the buttons', async () => {
  office.slack.faults.add({ kind: 'hold_before', operation: 'slack.conversations.open' });
  await leaves('FR');
  await office.until(() =>
    office.slack.journal.calls.some(({ operation }) => operation === 'slack.conversations.open'),
  );
  office.slack.faults.add({ kind: 'drop_after', operation: 'slack.chat.postMessage' });
  office.slack.faults.releaseAll();
  await office.until(() =>
    office.channel.thread().some((one) => one.includes('did not deliver a direct message to Grace')),
  );
  expect(owners.directs('U0GRACE')).toHaveLength(1);

  office.pass(2 * HOUR_MS);
  await office.until(() => owners.directs('U0GRACE').length === 2);
  expect(JSON.stringify(owners.directs('U0GRACE')[1]?.blocks)).toContain('owner_never_had');
  // The one that did arrive works all the same.
  await owners.presses('U0GRACE', 'owner_never_had', 'plain');
  await office.closed();
});
