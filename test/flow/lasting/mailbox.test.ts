// The leaver's mailbox from grant to end: what leaks is closed, the manager reads it for 60 days, and the end comes whatever happens.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { person } from '../../../sandbox/people.ts';
import { auditOf, DAY_MS } from '../../support/engine.ts';
import { anOffice, type Office } from '../../support/office.ts';

const GRACE = person('grace').email;
let office: Office;

beforeAll(async () => {
  office = await anOffice({ google: true });
});
afterEach(() => office.clear());
afterAll(() => office.close());

interface GoogleUser {
  readonly id: string;
  readonly key: string;
  readonly suspended: boolean;
  readonly passwordsSet: number;
  readonly mailbox: {
    readonly delegates: readonly { readonly email: string }[];
    readonly forwardingAddresses: readonly unknown[];
    readonly autoForwarding: { readonly enabled: boolean };
    readonly filters: readonly unknown[];
    readonly vacation: { readonly enableAutoReply: boolean; readonly responseBodyPlainText?: string };
    readonly verificationMails: number;
  };
}
const account = (key: string): GoogleUser => {
  const found = (office.google?.state() as { users: readonly GoogleUser[] } | undefined)?.users.find(
    (one) => one.key === key,
  );
  if (!found) throw new Error(`Google has no ${key}`);
  return found;
};
const delegates = (key = 'dana'): readonly string[] => account(key).mailbox.delegates.map((one) => one.email);
const step = async (name: string) => (await office.steps())[name];

const googleSteps = async (): Promise<string> =>
  JSON.stringify(
    Object.values(await office.steps()).filter((one) => one.step.startsWith('google.')),
    null,
    1,
  );

/** Business time goes on in small steps: a back-off or a settling time ends by the Clock. */
async function inTime(holds: () => unknown, forMs = 20_000): Promise<void> {
  const end = performance.now() + forMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`still not so: ${holds}\n${await googleSteps()}`);
    office.pass(5_000);
    await office.until(holds, 300).catch(() => undefined);
  }
}

/** Started, and the mailbox is with the manager. */
async function handedOver(address = 'dana@acme.test'): Promise<void> {
  await office.offboard(office.lin, address);
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'waiting');
  expect((await step('google.mailbox'))?.status).toBe('done');
}

const ended = (): Promise<void> => inTime(async () => (await step('google.mailbox_end'))?.status === 'done');

it('forwards and delegates are recorded and gone, the manager reads it without a mail, and it ends on day 60', async () => {
  await handedOver();

  const { mailbox } = account('dana');
  expect(delegates()).toEqual([GRACE]);
  expect([mailbox.forwardingAddresses, mailbox.autoForwarding.enabled, mailbox.filters.length]).toEqual([[], false, 1]);
  expect(mailbox.vacation.responseBodyPlainText).toMatch(/no longer work here/);
  expect(mailbox.verificationMails).toBe(0);

  office.pass(59 * DAY_MS);
  await inTime(async () => (await step('google.mailbox_end'))?.after?.reminder === 3);
  expect(delegates()).toEqual([GRACE]);

  office.pass(DAY_MS);
  await ended();
  await inTime(async () => (await office.runs())[0]?.status === 'closed');
  expect(delegates()).toEqual([]);
  expect((await step('google.mailbox_end'))?.evidence).toBe('read_back');
  const [run] = await office.runs();
  expect(JSON.stringify(await auditOf(office, String(run?.id)))).not.toMatch(/home\.test|@acme\.test/);
}, 60_000);

const asked = (operation: string): number =>
  office.google?.journal.calls.filter((call) => call.operation === `google.gmail.users.settings.delegates.${operation}`)
    .length ?? 0;
const replies = (about: RegExp): readonly string[] => office.channel.thread().filter((one) => about.test(one));
const directMessages = (userId: string): readonly string[] =>
  [...office.slack.workspace.channels.values()]
    .filter((one) => one.kind === 'im' && one.members.includes(userId))
    .flatMap((one) => one.messages.map((message) => JSON.stringify(message.blocks)));

it('manager and channel are told 14 and 3 days before, once; of two approvers who extend at once one does', async () => {
  await office.slack.command('scopes', {});
  await handedOver();
  office.pass(46 * DAY_MS);
  await inTime(() => replies(/is taken back/).length === 1);
  expect(directMessages('U0GRACE')).toEqual([expect.stringMatching(/is taken back/)]);
  expect(replies(/is taken back/)[0]).toMatch(/Who reads it was told by direct message/);

  office.pass(DAY_MS);
  office.pass(0);
  await office.lin.clicks('step_extend_open');
  await office.until(() => office.lin.screen().includes('Why longer?'));
  await office.sam.clicks('step_extend_open');
  await office.until(() => office.sam.screen().includes('Why longer?'));
  const day = new Date(office.clock.now().getTime() + 23 * DAY_MS).toISOString().slice(0, 10);
  const filled = { end_date: day, note: 'the tender runs until then' };
  await Promise.all([office.lin.submits(filled), office.sam.submits(filled)]);

  await inTime(async () => String((await step('google.mailbox_end'))?.after?.endsAt).startsWith(day));
  const [run] = await office.runs();
  const extended = (await auditOf(office, String(run?.id))).filter((event) => event.action === 'step.extended');
  expect(extended.map((event) => event.detail.answer)).toEqual([
    { until: `${day}T00:00:00.000Z`, reason: 'the tender runs until then' },
  ]);
  await office.until(() => replies(/now stays until.*Extended by/s).length === 1);

  // Day 60 passes; then the three days before the new end.
  office.pass(13 * DAY_MS);
  expect(delegates()).toEqual([GRACE]);
  // The account is watched as long as its mailbox is given.
  await inTime(async () => String((await step('google.keep'))?.after?.until).startsWith(day));
  office.google?.command('suspend', { user: 'dana' });
  office.pass(DAY_MS);
  await inTime(() => !account('dana').suspended);
  office.pass(6 * DAY_MS);
  await inTime(() => replies(/is taken back/).length === 1);
  office.pass(3 * DAY_MS);
  await ended();
  expect([delegates(), directMessages('U0GRACE').length]).toEqual([[], 2]);
}, 60_000);

it('a suspended account is made active for the removal with a new password, and suspended again', async () => {
  await handedOver();
  office.google?.command('suspend', { user: 'dana' });
  const before = account('dana').passwordsSet;

  office.pass(60 * DAY_MS);
  await ended();

  expect(delegates()).toEqual([]);
  // Made active once, for the removal: the watch that keeps it active has ended, and google.close finds it as it must be.
  await inTime(async () => (await office.runs())[0]?.status === 'closed');
  expect(await step('google.keep')).toMatchObject({ status: 'skipped', cause: 'suspended_at_end' });
  expect([account('dana').suspended, account('dana').passwordsSet]).toEqual([true, before + 1]);
}, 60_000);

it('an end that Google refuses is an alarm, is tried every hour, and comes', async () => {
  await handedOver();
  office.google?.faults.add({
    kind: 'status',
    status: 400,
    operation: 'google.gmail.users.settings.delegates.delete',
    times: 9_999,
  });
  office.pass(60 * DAY_MS);
  await inTime(() => replies(/should have been taken back/).length === 1);
  expect(await step('google.mailbox_end')).toMatchObject({ status: 'waiting', cause: 'keeps_trying' });
  const tried = asked('delete');
  for (let hour = 0; hour < 7; hour += 1) {
    office.pass(3_600_000);
    await inTime(
      async () => asked('delete') > tried + hour && (await step('google.mailbox_end'))?.status === 'waiting',
    );
  }

  office.google?.faults.clear();
  office.pass(3_600_000);
  await ended();
  expect(delegates()).toEqual([]);
  await office.until(() => replies(/An alarm stood here/).length === 1);
}, 60_000);

it('a cancelled run takes the mailbox back at once', async () => {
  await handedOver();
  await office.lin.clicks('run_cancel');
  await inTime(async () => (await office.runs())[0]?.status === 'cancelled');

  await ended();

  expect(delegates()).toEqual([]);
  expect((await office.runs())[0]?.status).toBe('cancelled');
}, 60_000);

it('a grant whose answer was lost is one grant, and ends', async () => {
  office.google?.faults.add({ kind: 'drop_after', operation: 'google.gmail.users.settings.delegates.create' });
  await handedOver();

  expect([delegates(), asked('create')]).toEqual([[GRACE], 1]);
  office.pass(60 * DAY_MS);
  await ended();
  expect(delegates()).toEqual([]);
}, 60_000);

it('a grant that stays in doubt ends on its day, whatever people do with its step', async () => {
  office.google?.faults.add({ kind: 'drop_after', operation: 'google.gmail.users.settings.delegates.create' });
  const google = office.google;
  await office.offboard(office.lin, 'dana@acme.test');
  await office.until(() => delegates().includes(GRACE));
  google?.faults.add({
    kind: 'status',
    status: 403,
    operation: 'google.gmail.users.settings.delegates.list',
    times: 9_999,
  });
  await inTime(async () => (await step('google.mailbox'))?.status === 'needs_human');
  office.pass(11 * 60_000);
  await inTime(async () => (await step('google.mailbox_end'))?.status === 'waiting');

  google?.faults.clear();
  office.pass(60 * DAY_MS);
  await inTime(() => !delegates().includes(GRACE));
  await ended();
}, 60_000);

it('where the organizational unit forbids delegation people are told where to switch it on; Retry then goes on', async () => {
  office.google?.command('allow_delegation', { orgUnit: '/Staff', allowed: false });
  await office.offboard(office.lin, 'dana@acme.test');
  await inTime(async () => (await step('google.mailbox'))?.status === 'needs_human');
  await office.until(() => replies(/Mail delegation\* must be on/).length === 1);
  expect(account('dana').mailbox.forwardingAddresses).toEqual([]);

  office.google?.command('allow_delegation', { orgUnit: '/Staff', allowed: true });
  await office.lin.clicks('step_retry');
  await inTime(() => delegates().includes(GRACE));
}, 60_000);

it('without a manager who can receive a person is chosen, by alias too, and asked for again where they cannot', async () => {
  office.google?.command('suspend', { user: 'grace' });
  office.google?.command('set_user', { user: 'lin', patch: { aliases: ['lin.okafor@acme.test'] } });
  await office.offboard(office.lin, 'dana@acme.test');
  await inTime(async () => (await step('google.mailbox'))?.need?.kind === 'question');
  // What leaks is closed without waiting for the answer.
  expect([delegates(), account('dana').mailbox.autoForwarding.enabled]).toEqual([[], false]);

  for (const chosen of ['U0GRACE', 'U0LIN']) {
    const { attempt } = (await step('google.mailbox')) ?? { attempt: 0 };
    await office.until(() =>
      office.channel
        .messages()
        .some(
          (one) =>
            JSON.stringify(one.blocks).includes(`\\"attempt\\":${attempt}`) &&
            JSON.stringify(one.blocks).includes('step_choose_open'),
        ),
    );
    await office.sam.clicks('step_choose_open');
    await office.until(() => office.sam.screen().includes('Who receives their mail'));
    await office.sam.submits({ chosen_person: chosen });
    await inTime(
      async () =>
        Number((await step('google.mailbox'))?.attempt) > attempt &&
        (await step('google.mailbox'))?.status !== 'running',
    );
  }
  await inTime(() => delegates().length === 1);
  expect(delegates()).toEqual(['lin@acme.test']);
}, 60_000);
