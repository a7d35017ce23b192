// Drives the Google simulator's mailboxes by plain HTTP, and holds every exchange against Google's published spec.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { HAS_SPECS, problemsOf } from './google-published.ts';
import { createCaller, refusalOf, SETTINGS } from './google-simulator-caller.ts';

const as = 'dana@acme.test';

let simulator: GoogleSimulator;
let google: ReturnType<typeof createCaller>;

beforeAll(async () => {
  simulator = await startGoogleSimulator();
  google = createCaller(simulator);
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.command('reset');
  simulator.journal.clear();
});

describe('a mailbox', () => {
  const DELEGATES = `${SETTINGS}/delegates`;
  const create = (delegateEmail: string) => google.call('POST', DELEGATES, { as, body: { delegateEmail } });

  it('has delegates: without a verification mail, not twice, and gone when removed', async () => {
    const first = await create('grace@acme.test');
    const twice = await create('grace@acme.test');
    const list = await google.call('GET', DELEGATES, { as });
    const one = `${DELEGATES}/grace@acme.test`;
    const read = await google.call('GET', one, { as });
    const gone = [
      await google.call('DELETE', one, { as }),
      await google.call('DELETE', one, { as }),
      await google.call('GET', one, { as }),
    ];

    expect(first.body).toEqual({ delegateEmail: 'grace@acme.test', verificationStatus: 'accepted' });
    expect(refusalOf(twice)).toBe('409 alreadyExists');
    expect(list.body.delegates).toHaveLength(2);
    expect([read.body.verificationStatus, ...gone.map((answer) => answer.status)]).toEqual(['accepted', 204, 404, 404]);
    const { users } = simulator.state() as { users: { key: string; mailbox: unknown }[] };
    expect(users.find((one) => one.key === 'dana')?.mailbox).toMatchObject({
      verificationMails: 0,
      delegates: [{ email: 'alex@acme.test' }],
    });
  });

  it.each([
    ['an alias', 'grace.njeri@acme.test'],
    ['a group', 'engineering@acme.test'],
    ['somebody outside', 'grace@elsewhere.test'],
    ['the owner', 'dana@acme.test'],
    ['nobody', ''],
  ])('does not take %s for a delegate', async (_, email) => {
    patched('grace', { aliases: ['grace.njeri@acme.test'] });

    expect(refusalOf(await create(email))).toBe('400 invalidArgument');
  });

  it.each([
    ['the delegate is suspended', () => simulator.command('suspend', { user: 'grace' })],
    ['the delegate must change the password', () => patched('grace', { changePasswordAtNextLogin: true })],
    ['the owner must change the password', () => patched('dana', { changePasswordAtNextLogin: true })],
    ['the owner’s unit may not', () => simulator.command('allow_delegation', { orgUnit: '/Staff', allowed: false })],
    ['there are 25 already', () => patched('dana', { mailbox: { delegates: Array.from({ length: 25 }, delegate) } })],
  ])('takes no delegate where %s', async (_, prepare) => {
    prepare();

    expect(refusalOf(await create('grace@acme.test'))).toBe('400 failedPrecondition');
  });

  const patched = (user: string, patch: Record<string, unknown>): unknown =>
    simulator.command('set_user', { user, patch });
  const delegate = (_: unknown, index: number) => ({
    email: `d${index}@acme.test`,
    status: 'accepted',
    shownFrom: 0,
    hiddenFrom: null,
  });

  it('answers for itself, and a reply with neither subject nor text is none', async () => {
    const before = await google.call('GET', `${SETTINGS}/vacation`, { as });
    const reply = {
      enableAutoReply: true,
      responseSubject: 'Dana has left',
      responseBodyPlainText: 'Write to Grace.',
      startTime: '1790000000000',
      restrictToDomain: false,
    };
    const set = await google.call('PUT', `${SETTINGS}/vacation`, { as, body: reply });
    const empty = await google.call('PUT', `${SETTINGS}/vacation`, { as, body: { enableAutoReply: true } });
    const backwards = { ...reply, endTime: '1780000000000' };
    const late = await google.call('PUT', `${SETTINGS}/vacation`, { as, body: backwards });
    const off = await google.call('PUT', `${SETTINGS}/vacation`, { as, body: { enableAutoReply: false } });

    expect([before.body, set.body, off.body]).toEqual([{ enableAutoReply: false }, reply, { enableAutoReply: false }]);
    expect([empty, late].map(refusalOf)).toEqual(['400 invalidArgument', '400 invalidArgument']);
  });

  it('forwards only where it was agreed to, and stops when the address goes', async () => {
    const forwarding = `${SETTINGS}/autoForwarding`;
    const addresses = `${SETTINGS}/forwardingAddresses`;
    const before = await google.call('GET', forwarding, { as });
    const list = await google.call('GET', addresses, { as });
    const outside = { as, body: { forwardingEmail: 'me@home.test' } };
    const pending = await google.call('POST', addresses, outside);
    const inside = await google.call('POST', addresses, { as, body: { forwardingEmail: 'grace@acme.test' } });
    const to = (emailAddress: string, disposition = 'archive') =>
      google.call('PUT', forwarding, { as, body: { enabled: true, emailAddress, disposition } });
    const refused = [
      await to('me@home.test'),
      await to('stranger@home.test'),
      await to('grace@acme.test', 'burn'),
      await google.call('POST', addresses, outside),
    ];
    const set = await to('grace@acme.test');
    const removed = [
      await google.call('DELETE', `${addresses}/grace@acme.test`, { as }),
      await google.call('GET', `${addresses}/grace@acme.test`, { as }),
      await google.call('DELETE', `${addresses}/grace@acme.test`, { as }),
    ];

    expect(before.body).toMatchObject({ enabled: true, emailAddress: 'dana.private@home.test' });
    expect(list.body.forwardingAddresses).toHaveLength(1);
    expect([pending.body.verificationStatus, inside.body.verificationStatus]).toEqual(['pending', 'accepted']);
    expect(refused.map(refusalOf)).toEqual([
      '400 failedPrecondition',
      '400 invalidArgument',
      '400 invalidArgument',
      '409 alreadyExists',
    ]);
    expect([set.body.emailAddress, ...removed.map((one) => one.status)]).toEqual(['grace@acme.test', 204, 404, 404]);
    expect((await google.call('GET', forwarding, { as })).body).toEqual({ enabled: false });
  });

  it('has filters that forward, IMAP and POP, and addresses it sends as', async () => {
    const filters = `${SETTINGS}/filters`;
    const list = await google.call('GET', filters, { as });
    const { id } = list.body.filter.find((one: { action: { forward?: string } }) => one.action.forward);
    const read = await google.call('GET', `${filters}/${id}`, { as });
    const gone = [
      await google.call('DELETE', `${filters}/${id}`, { as }),
      await google.call('DELETE', `${filters}/${id}`, { as }),
    ];
    const filter = (forward: string) =>
      google.call('POST', filters, { as, body: { criteria: { subject: 'x' }, action: { forward } } });
    const made = [await filter('dana.private@home.test'), await filter('stranger@home.test')];
    const imap = await google.call('PUT', `${SETTINGS}/imap`, { as, body: { enabled: false } });
    const pop = await google.call('PUT', `${SETTINGS}/pop`, { as, body: { accessWindow: 'disabled' } });
    const reads = await Promise.all(
      ['imap', 'pop', 'sendAs', 'sendAs/dana.whitfield@acme.test', 'forwardingAddresses/dana.private@home.test'].map(
        async (path) => (await google.call('GET', `${SETTINGS}/${path}`, { as })).body,
      ),
    );

    expect([list.body.filter.length, read.body.action.forward]).toEqual([2, 'dana.private@home.test']);
    expect([...gone, ...made].map((one) => one.status)).toEqual([204, 404, 200, 400]);
    expect([imap.body, pop.body]).toEqual([{ enabled: false }, { accessWindow: 'disabled' }]);
    expect(reads[0]).toEqual({ enabled: false });
    expect(reads[2].sendAs.map((one: { sendAsEmail: string }) => one.sendAsEmail)).toEqual([
      as,
      'dana.whitfield@acme.test',
    ]);
  });
});

describe.skipIf(!HAS_SPECS)('the published specs', () => {
  it('hold for every recorded exchange', () => {
    expect(google.recorded.length).toBeGreaterThan(25);
    expect([...new Set(google.recorded.flatMap(problemsOf))]).toEqual([]);
  });
});
