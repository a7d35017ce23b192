// One offboarding from the command to the closed run: what the operator sees, what Okta is asked, what the channel shows.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../sandbox/people.ts';
import { anOffice, type Office } from '../support/office.ts';
import { wordsOfView } from '../support/words.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});

afterEach(async () => {
  await office.clear();
});

afterAll(async () => {
  await office.close();
});

describe('the command', () => {
  it('opens a loading window at once, then shows the plan with this person’s numbers', async () => {
    await office.lin.types('/offboard dana@acme.test');
    await office.until(() => office.lin.screen().includes('What will happen'));

    const [first] = office.lin.view()?.shown ?? [];
    expect(wordsOfView(first?.content ?? {})).toContain('Looking up `dana@acme.test` in Okta…');
    const plan = office.lin.screen();
    expect(plan).toContain('*Dana Whitfield*');
    expect(plan).toContain('Okta status: active');
    expect(plan).toContain('3 groups, 3 apps, 2 second factors, 2 registered devices');
    expect(plan).toContain(
      '*Remove 1 registered device*: Dana’s MacBook Pro · 1 left because somebody else uses it: Lab iMac',
    );
    expect(plan).toContain('Offboard Dana');
  });

  it('writes nothing in Okta before the plan is confirmed', async () => {
    await office.plan(office.lin, 'dana@acme.test');

    expect(office.okta.journal.calls.filter((call) => call.write)).toEqual([]);
    expect(await office.runs()).toEqual([]);
  });

  it('is announced in the channel with who ran it for whom', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    await office.until(() => office.channel.notices().length === 1);

    expect(office.channel.notices()[0]).toMatch(/<@U0LIN> ran `\/offboard` for `dana@acme.test`/);
  });
});

describe('a confirmed plan', () => {
  it('is checked once more, started, and brought to its end', async () => {
    await office.plan(office.lin, 'dana@acme.test');

    await office.lin.submits({ reason: 'Last day' });
    await office.until(() => office.lin.screen().includes('has started'));
    const steps = await office.closed();

    const shown = (office.lin.view()?.shown ?? []).map((one) => wordsOfView(one.content));
    expect(shown.map((words) => /Looking up|What will happen|Checking once more|has started/.exec(words)?.[0])).toEqual(
      ['Looking up', 'What will happen', 'Checking once more', 'has started'],
    );
    expect(Object.values(steps).map((step) => step.status)).toEqual(Array(6).fill('done'));
    expect((await office.runs())[0]).toMatchObject({ reason: 'Last day', requested_by: 'T0ACME/U0LIN' });
    expect(office.accounts.of('dana')).toMatchObject({
      status: 'DEPROVISIONED',
      sessions: 0,
      clientTokens: {},
      factors: [],
    });
  });

  it('suspends first, takes factors and devices behind the blocked sign-in, and ends sessions again after the deactivation', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    await office.lin.submits();
    await office.closed();

    const writes = office.accounts.writes();
    expect(writes.slice(0, 2)).toEqual(['suspendUser', 'revokeUserSessions']);
    expect([...writes.slice(2, -2)].sort()).toEqual(
      [
        'deactivateDevice',
        'deleteDevice',
        'unenrollFactor opfDanaPush000000001',
        'unenrollFactor ostDanaTotp000000001',
      ].filter((write) => writes.includes(write)),
    );
    expect(writes.slice(-2)).toEqual(['deactivateUser', 'revokeUserSessions']);
  });

  it('touches nobody else and no shared device', async () => {
    const others = (): string => JSON.stringify(office.accounts.everybody().filter((one) => one.key !== 'dana'));
    const before = others();
    await office.plan(office.lin, 'dana@acme.test');
    await office.lin.submits();
    await office.closed();

    expect(others()).toBe(before);
    expect(office.accounts.touched()).toEqual([person('dana').okta.id, 'guoDanaMac0000000001']);
    expect(office.accounts.deletedDevices()).toEqual(['guoDanaMac0000000001']);
    expect(office.accounts.devices().find((one) => one.id === 'guoSharedMac00000001')?.status).toBe('ACTIVE');
  });
});

describe('acting on the pinned person', () => {
  it('never touches somebody who got the address between plan and confirmation', async () => {
    await office.plan(office.lin, 'dana@acme.test');
    office.okta.command('set_user', {
      user: 'dana',
      patch: { profile: { login: 'dana.w@acme.test', email: 'dana.w@acme.test' } },
    });
    office.okta.command('set_user', {
      user: 'danna',
      patch: { profile: { login: 'dana@acme.test', email: 'dana@acme.test' } },
    });

    await office.lin.submits();
    await office.until(
      async () => (await office.runs())[0]?.status === 'closed' || office.lin.screen().includes('What differs'),
    );

    expect(office.accounts.of('danna').status).toBe('ACTIVE');
    expect(office.accounts.touched()).not.toContain(person('danna').okta.id);
    expect((await office.runs()).map((run) => run.ids.okta)).toEqual([person('dana').okta.id]);
  });
});
