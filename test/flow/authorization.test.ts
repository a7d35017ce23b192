// Who may: every door asks for itself, now. Whoever may not is told so privately, it is announced, and nothing is opened.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Forgery } from '../../sandbox/vendors/slack/deliver.ts';
import { anOffice, type Office } from '../support/office.ts';
import type { Actor } from '../support/office-people.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});

afterEach(async () => {
  await office.clear();
  await office.db.query('DELETE FROM operator', []);
  for (const userId of ['U0LIN', 'U0SAM']) await office.operators.add({ teamId: 'T0ACME', userId }, 'operator', 'test');
});

afterAll(async () => {
  await office.close();
});

type Knock = readonly [who: string, actor: () => Actor, forgery: Forgery, because: string];

/** Everybody who must not get in. Sam is taken off the list in `lockOut`; the others never were on this team's. */
const KNOCKS: readonly Knock[] = [
  ['somebody who never was an operator', () => office.person('U0GRACE'), {}, 'not an operator'],
  ['somebody removed between the command and the click', () => office.sam, {}, 'not an operator'],
  ['somebody of another workspace', () => office.person('U0GRACE'), { teamId: 'T0EVIL' }, 'from another workspace'],
  ['an operator’s id in another workspace', () => office.lin, { teamId: 'T0EVIL' }, 'from another workspace'],
  ['another team’s operator, by the same user id', () => office.person('U0ALEX'), {}, 'not an operator'],
];

async function lockOut(): Promise<void> {
  await office.operators.add({ teamId: 'T0EVIL', userId: 'U0LIN' }, 'admin', 'test');
  await office.operators.add({ teamId: 'T0EVIL', userId: 'U0ALEX' }, 'admin', 'test');
  await office.operators.remove({ teamId: 'T0ACME', userId: 'U0SAM' }, 'test');
}

async function announced(did: string): Promise<void> {
  const refused = (): readonly string[] =>
    office.channel.notices().filter((line) => line.includes('and was refused: '));
  await office.until(() => refused().length === KNOCKS.length, 15_000);
  const expected = KNOCKS.map(
    ([, actor, , because]) => `<@${actor().userId}> ${did} and was refused: ${because}. Nothing was changed`,
  );
  const lines = refused().map((line) => line.replace(/^\S+ +/, '').replace(/ · <!date.*/, ''));
  expect([...lines].sort()).toEqual(expected.sort());
}

describe('refused privately and announced, with nothing opened', () => {
  it('at the command', async () => {
    await lockOut();

    for (const [who, actor, forgery] of KNOCKS) {
      const heard = actor().told().length;
      await actor().types('/offboard dana@acme.test', forgery);
      expect(actor().told()[heard], who).toContain('You are not on the operator list, so nothing happened.');
      expect(actor().screen(), who).toBe('');
    }

    await announced('tried `/offboard`');
    expect(office.okta.journal.calls).toEqual([]);
  });

  it('at the confirmation, even of a plan that an operator was shown', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    const shown = office.lin.view();
    await lockOut();
    office.okta.journal.clear();

    for (const [who, actor, forgery] of KNOCKS) {
      const metadata = { ...shown?.content };
      await office.slack.submit({ user: actor().userId, viewId: shown?.id ?? '', force: true, ...forgery });
      expect(office.lin.screen(), who).toContain('You are not on the operator list');
      if (shown) shown.content = metadata;
      if (shown) shown.hash = `${shown.hash}x`;
    }

    await announced('tried to confirm an offboarding');
    expect(await office.runs()).toEqual([]);
    expect(office.okta.journal.calls).toEqual([]);
  });

  it('at a Retry', async () => {
    office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
    await office.offboard(office.lin, 'danna@acme.test');
    await office.until(() => office.channel.root().includes('Retry'), 15_000);
    await lockOut();
    const before = await office.steps();

    for (const [who, actor, forgery] of KNOCKS) {
      const heard = actor().told().length;
      await office.person(actor().userId).clicks('step_retry', { force: true, ...forgery });
      await office.until(() => actor().told().length > heard);
      expect(actor().told()[heard], who).toContain('You are not on the operator list, so nothing happened.');
    }

    await announced('pressed Retry');
    expect((await office.steps())['okta.block']).toEqual(before['okta.block']);
  });
});

describe('the allow-list', () => {
  it('that is empty lets nobody in', async () => {
    await office.db.query('DELETE FROM operator', []);

    await office.lin.types('/offboard dana@acme.test');

    expect(office.lin.told()[0]).toContain('Ask whoever set up Sendoff for access.');
  });

  it('names whom to ask', async () => {
    await office.person('U0GRACE').types('/offboard dana@acme.test');

    expect(office.person('U0GRACE').told()[0]).toContain(
      'Ask <@U0LIN> or <@U0SAM> for access. This attempt is shown in the IT channel.',
    );
  });

  it('is asked once more after the plan was read again, right before anything starts', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.listAssignedRolesForUser' });
    await office.lin.submits();
    await office.until(() => office.okta.faults.held().length > 0);
    await office.operators.remove({ teamId: 'T0ACME', userId: 'U0LIN' }, 'test');
    office.okta.faults.release();
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(office.lin.screen()).toContain('You are not on the operator list');
    expect(await office.runs()).toEqual([]);
  });
});

describe('safeguards', () => {
  it('nobody offboards themselves', async () => {
    await office.lin.types('/offboard lin@acme.test');
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(office.lin.screen()).toMatch(
      /You cannot offboard yourself\.\n\*Nothing was changed\.\*\nAsk another operator/,
    );
  });

  it('nobody offboards the last active super admin, also when they became it after the plan', async () => {
    await office.plan(office.lin, 'admin@acme.test');
    office.okta.command('make_last_super_admin', { user: 'admin' });
    await office.lin.submits();
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(office.lin.screen()).toContain('Amara Root is the last active Okta super admin');
    expect(await office.runs()).toEqual([]);
  });

  it('a super admin who is not the last is warned about and may go', async () => {
    await office.plan(office.lin, 'admin@acme.test');

    expect(office.lin.screen()).toContain('*Amara Root is an Okta admin*: super admin.');
  });

  it.each([
    ['okta.listAssignedRolesForUser', () => office.okta],
    ['slack.users.lookupByEmail', () => office.slack],
  ] as const)('that cannot be read (%s) start nothing', async (operation, vendor) => {
    await office.plan(office.lin, 'danna@acme.test');
    vendor().faults.add({ kind: 'status', status: 503, operation, times: 99 });
    await office.lin.submits();
    await office.until(() => office.lin.screen().includes('Not started'));

    expect(office.lin.screen()).toMatch(/I could not check this safeguard: .*503.*\. Without it nothing is started\./);
    expect(await office.runs()).toEqual([]);
  });

  it('a leaver who sits in the channel or is an operator is warned about in the plan', async () => {
    await office.slack.command('channel', { channel: 'C0ITOPS', add: 'U0DANNA' });
    await office.operators.add({ teamId: 'T0ACME', userId: 'U0DANNA' }, 'operator', 'test');
    await office.plan(office.lin, 'danna@acme.test');
    await office.slack.command('channel', { channel: 'C0ITOPS', remove: 'U0DANNA' });

    expect(office.lin.screen()).toContain('*Danna Whitfield is in the IT channel*');
    expect(office.lin.screen()).toContain('*Danna Whitfield is a Sendoff operator.*');
  });
});
