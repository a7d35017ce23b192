// "Offboard someone" without an address at hand: the same door, the same list of operators, the same plan before anything changes.
import { afterEach, describe, expect, it } from 'vitest';
import { anOffice, type Office, type OfficeOptions } from '../support/office.ts';

const SHORTCUT = 'offboard_someone';
const SEARCH = 'person_search';

let office: Office | null = null;
afterEach(async () => {
  await office?.close();
  office = null;
});

async function inOffice(options: OfficeOptions = {}): Promise<Office> {
  office = await anOffice(options);
  return office;
}

const pick = (at: Office, user: string) => at.slack.command('shortcut', { user, callbackId: SHORTCUT });

async function suggested(
  at: Office,
  user: string,
  query: string,
): Promise<{ text: { text: string }; value: string }[]> {
  const viewId = at.person(user).view()?.id;
  const answer = (await at.slack.command('suggest', { user, viewId, actionId: SEARCH, query })) as { body: string };
  return (JSON.parse(answer.body) as { options: { text: { text: string }; value: string }[] }).options;
}

describe.each([
  ['over HTTP', {}],
  ['over a socket', { socketMode: true }],
])('the shortcut %s', (_, options) => {
  it('finds a person by name, shows the plan in the same window, and starts what is confirmed', async () => {
    const at = await inOffice(options);
    await pick(at, 'U0LIN');
    await at.until(() => at.lin.screen().includes('Who is leaving?'));
    const found = await suggested(at, 'U0LIN', 'dana');
    expect(found.map((one) => one.text.text)).toContain('Dana Whitfield · dana@acme.test');
    const both = await suggested(at, 'U0LIN', 'Dana Whit');
    expect(both.map((one) => one.value)).toContain('dana@acme.test');
    expect(both.every((one) => one.text.text.startsWith('Dana Whit'))).toBe(true);

    const viewId = at.lin.view()?.id;
    await at.lin.submits({ person: 'dana@acme.test' }, { force: true });
    await at.until(() => at.lin.screen().includes('What will happen'));
    expect(at.lin.view()?.id).toBe(viewId);
    expect(await at.runs()).toEqual([]);
    await at.until(() => at.channel.notices().length === 1);
    expect(at.channel.notices()[0]).toContain('ran `Offboard someone` for `dana@acme.test`');

    await at.lin.submits();
    await at.closed(20_000);
    expect(at.accounts.of('dana').status).toBe('DEPROVISIONED');
    expect(at.slack.workspace.failures).toEqual([]);
  });
});

describe('the shortcut', () => {
  it('opens nothing but a refusal for others, and the channel hears of it', async () => {
    const at = await inOffice();
    await pick(at, 'U0GRACE');
    await at.until(() => at.person('U0GRACE').screen().includes('You are not on the operator list'));
    await at.until(() => at.channel.notices().length === 1);

    expect(at.channel.notices()[0]).toContain('used “Offboard someone” and was refused');
    expect(at.okta.journal.calls.filter((call) => call.operation === 'okta.listUsers')).toEqual([]);
  });

  it('asks the list again at every letter and at the submit', async () => {
    const at = await inOffice();
    await pick(at, 'U0LIN');
    await at.until(() => at.lin.screen().includes('Who is leaving?'));
    await at.operators.remove({ teamId: 'T0ACME', userId: 'U0LIN' }, 'test');

    expect(await suggested(at, 'U0LIN', 'dana')).toEqual([]);
    await at.lin.submits({ person: 'dana@acme.test' }, { force: true });
    await at.until(() => at.lin.screen().includes('You are not on the operator list'));
    expect(await at.runs()).toEqual([]);
  });

  it.each(['d', '"', 'dana" or profile.status pr or profile.login sw "', '  '])(
    'finds nobody for %j',
    async (typed) => {
      const at = await inOffice();
      await pick(at, 'U0LIN');
      await at.until(() => at.lin.screen().includes('Who is leaving?'));

      expect(await suggested(at, 'U0LIN', typed)).toEqual([]);
      expect(at.log.filter((line) => String(line.msg).includes('was not answered'))).toEqual([]);
    },
  );

  it('shows nobody, in time, when Okta does not answer', async () => {
    const at = await inOffice();
    await pick(at, 'U0LIN');
    await at.until(() => at.lin.screen().includes('Who is leaving?'));
    at.okta.faults.add({ kind: 'hold_before', operation: 'okta.listUsers', times: 1 });

    expect(await suggested(at, 'U0LIN', 'dana')).toEqual([]);
    expect(at.slack.workspace.failures).toEqual([]);
  });
});
