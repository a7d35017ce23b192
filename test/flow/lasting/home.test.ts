// The App Home: an operator's overview that follows the state, a polite page for others, and the allow-list changed by admins.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';
import { wordsOf } from '../../support/words.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});

afterEach(async () => {
  await office.clear();
  office.slack.workspace.homes.clear();
  await office.db.query('DELETE FROM operator', []);
  for (const userId of ['U0LIN', 'U0SAM']) await office.operators.add({ teamId: 'T0ACME', userId }, 'admin', 'test');
});

afterAll(async () => {
  await office.close();
});

const viewOf = (user: string) => office.slack.workspace.views.get(office.slack.workspace.homes.get(user) ?? '');
const home = (user: string): string => wordsOf(viewOf(user)?.content.blocks);

async function opened(user: string): Promise<string> {
  await office.slack.home({ user });
  await office.until(() => home(user) !== '', 10_000);
  return home(user);
}

async function manage(user: string, values: Record<string, string>): Promise<void> {
  const actor = office.person(user);
  await office.slack.click({ user, viewId: viewOf(user)?.id ?? '', actionId: 'home_operators' });
  await office.until(() => actor.screen().includes('Operators'));
  await actor.submits(values);
}

it('shows what needs somebody and what was, and follows it', async () => {
  expect(await opened('U0LIN')).toContain('Nothing running');
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
  await office.offboard(office.sam, 'danna@acme.test');
  await office.until(() => home('U0LIN').includes('Needs you (1)'), 15_000);
  expect(home('U0LIN')).toContain(':x:  *Sign-in block failed*');
  await office.until(() => home('U0LIN').includes('Open thread'), 15_000);

  await office.sam.clicks('step_retry');
  await office.closed(15_000);
  await office.until(() => home('U0LIN').includes('*Offboarded*\n1'), 15_000);

  expect(home('U0LIN')).toContain('*Needed a person*\n1 of 1');
  expect(home('U0LIN')).toMatch(/:white_check_mark: {2}\*Danna Whitfield\* · OFF-\d+ · done · access revoked in/);
  expect(office.slack.workspace.homes.has('U0SAM')).toBe(false);
});

it('names nobody who leaves to others', async () => {
  await office.offboard(office.lin, 'danna@acme.test');
  await office.closed();

  const shown = await opened('U0GRACE');

  expect(shown).toContain('Only IT operators can use this app.');
  expect(shown).not.toContain('Danna');
  expect(shown).toContain('please ask <@U0');
});

it('is not drawn for another workspace', async () => {
  await office.slack.home({ user: 'U0LIN', teamId: 'T0EVIL' });

  expect(await office.db.query("SELECT 1 FROM report WHERE key LIKE 'home:%'", [])).toEqual([]);
});

it('lets an admin add and remove operators, audited and announced, and redraws theirs', async () => {
  expect(await opened('U0GRACE')).toContain('Only IT operators');
  await opened('U0LIN');
  await manage('U0LIN', { operator_person: 'U0GRACE', operator_role: 'approver' });

  expect(office.lin.screen()).toContain('<@U0GRACE> may act as approver.');
  expect(await office.operators.role({ teamId: 'T0ACME', userId: 'U0GRACE' })).toBe('approver');
  await office.until(() => home('U0GRACE').includes('Nothing running'), 15_000);
  expect(home('U0GRACE')).not.toContain('Manage operators');

  await office.lin.submits({ operator_person: 'U0GRACE', operator_role: 'off' });
  expect(office.lin.screen()).toContain('<@U0GRACE> may no longer act.');
  await office.until(() => home('U0GRACE').includes('Only IT operators'), 15_000);
  await office.until(() => office.channel.notices().length === 2, 10_000);

  expect(office.channel.notices()[0]).toMatch(/<@U0LIN> changed the list of operators: <@U0GRACE> may act as approver/);
  expect(office.channel.notices()[1]).toMatch(/<@U0GRACE> may no longer act/);
  // What a phone's notification reads: no id where there is a name.
  expect(office.channel.messages().find((one) => one.text.includes('may act as'))?.text).toMatch(
    /^Lin Okafor changed the list of operators: Grace Njeri may act as approver · /,
  );
  const audited = await office.db.query<{ action: string; actor: string }>(
    `SELECT action, actor FROM audit_event WHERE detail->>'operator' = 'T0ACME/U0GRACE' ORDER BY seq`,
    [],
  );
  expect(audited).toEqual([
    { action: 'operator.added', actor: 'T0ACME/U0LIN' },
    { action: 'operator.removed', actor: 'T0ACME/U0LIN' },
  ]);
});

it('never loses its last admin, and tells when nothing changed', async () => {
  await office.operators.add({ teamId: 'T0ACME', userId: 'U0SAM' }, 'operator', 'test');
  await office.operators.add({ teamId: 'T0EVIL', userId: 'U0ALEX' }, 'admin', 'test');
  await opened('U0LIN');
  await manage('U0LIN', { operator_person: 'U0LIN', operator_role: 'off' });
  expect(office.lin.screen()).toContain('<@U0LIN> is the last admin. *Nothing was changed.*');
  expect(office.lin.screen()).not.toContain('U0ALEX');
  expect(home('U0LIN')).not.toContain('U0ALEX');

  await office.lin.submits({ operator_person: 'U0SAM', operator_role: 'operator' });
  expect(office.lin.screen()).toContain('That was so already for <@U0SAM>.');
  expect(await office.operators.role({ teamId: 'T0ACME', userId: 'U0LIN' })).toBe('admin');
});

it('refuses operators who are no admins, also those who were when the window opened', async () => {
  await opened('U0LIN');
  await office.slack.click({ user: 'U0LIN', viewId: viewOf('U0LIN')?.id ?? '', actionId: 'home_operators' });
  await office.until(() => office.lin.screen().includes('Operators'));
  await office.operators.add({ teamId: 'T0ACME', userId: 'U0LIN' }, 'approver', 'test');

  await office.lin.submits({ operator_person: 'U0GRACE', operator_role: 'admin' });
  expect(office.lin.screen()).toContain('Only admins change the list of operators. *Nothing was changed.*');
  await office.slack.click({
    user: 'U0LIN',
    viewId: viewOf('U0LIN')?.id ?? '',
    actionId: 'home_operators',
    force: true,
  });
  await office.until(() => office.channel.notices().length === 2, 10_000);

  expect(office.channel.notices().join('\n')).toMatch(
    /tried to change the operators and was refused: only admins do that/,
  );
  expect(office.channel.notices().join('\n')).toMatch(/tried to manage operators and was refused/);
  expect(await office.operators.role({ teamId: 'T0ACME', userId: 'U0GRACE' })).toBeNull();
});

it('that Slack cannot take holds nothing up, and is drawn later', async () => {
  office.slack.faults.add({ kind: 'status', status: 503, operation: 'slack.views.publish', times: 1_000 });
  await office.slack.home({ user: 'U0LIN' });
  await office.offboard(office.sam, 'danna@acme.test');
  await office.closed();
  await office.until(() => office.channel.root().includes('is offboarded'), 10_000);

  expect(home('U0LIN')).toBe('');
  office.slack.faults.clear();
  await office.db.query('UPDATE report SET retry_at = now()', []);
  office.pass(0);
  await office.until(() => home('U0LIN').includes('*Offboarded*\n1'), 15_000);
});
