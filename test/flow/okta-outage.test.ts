// Okta refuses us or is away: at the plan, at the confirmation, and in the middle. Nothing is claimed that was not seen.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';

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

async function notStarted(): Promise<string> {
  await office.until(() => office.lin.screen().includes('Not started'));
  expect(await office.runs()).toEqual([]);
  expect(office.lin.screen()).toContain('*Nothing was changed.*');
  return office.lin.screen();
}

const REFUSED = /Okta does not accept Sendoff’s credentials, or they lack a permission\./;
const AWAY = /I could not reach Okta just now\.[\s\S]*Try again in a minute\.[\s\S]*Reference `req-/;

describe('credentials that Okta refuses', () => {
  it('are told at the command', async () => {
    office.okta.command('revoke_credentials');
    await office.lin.types('/offboard danna@acme.test');

    expect(await notStarted()).toMatch(REFUSED);
  });

  it('are told at the confirmation, and nothing is started', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    office.okta.command('revoke_credentials');
    await office.lin.submits();

    expect(await notStarted()).toMatch(REFUSED);
  });

  it('stop a run with a sentence, and a Retry brings it to its end once they are good again', async () => {
    office.okta.faults.add({ kind: 'hold_before', operation: 'okta.suspendUser' });
    await office.offboard(office.lin, 'danna@acme.test');
    await office.until(
      async () => office.okta.faults.held().length === 1 && (await office.steps())['okta.snapshot']?.status === 'done',
    );
    office.okta.command('revoke_credentials');
    office.okta.faults.release();
    await office.until(
      () => office.channel.thread().some((reply) => REFUSED.test(reply) || /does not accept Sendoff/.test(reply)),
      15_000,
    );
    const told = office.channel.thread().find((reply) => reply.includes('does not accept'));
    office.okta.command('restore_credentials');
    await office.sam.clicks('step_retry');
    await office.closed();

    expect(told).toMatch(/\*Nothing was changed\* by this step\. \*Not done:\* blocking sign-in[\s\S]*press Retry/);
    expect(office.accounts.of('danna').status).toBe('DEPROVISIONED');
  });

  it('that lack one scope leave that line unchecked, and the rest of the plan stands', async () => {
    await office.plan(office.lin, 'danna@acme.test'); // a token is at hand
    await office.lin.closes();
    office.okta.command('set_scopes', { scopes: office.okta.scopes.filter((scope) => scope !== 'okta.devices.read') });
    await office.plan(office.lin, 'dana@acme.test');

    expect(office.lin.screen()).toMatch(
      /\*Remove registered devices\* · couldn’t check \(.*403.*\); it is read again when the step runs/,
    );
    expect(office.lin.screen()).toContain('*Remove 2 second factors*');
  });

  it('that lack one scope when the token is fetched are told as refused', async () => {
    office.okta.command('expire_access_tokens');
    office.okta.command('set_scopes', { scopes: ['okta.users.read'] });
    await office.lin.types('/offboard danna@acme.test');
    await office.until(() => office.lin.screen().includes('Not started'));
    await office.lin.closes();
    await office.lin.types('/offboard danna@acme.test');

    expect(await notStarted()).toMatch(REFUSED);
  });
});

describe('an Okta that is away', () => {
  it.each([
    ['when the person is looked up', 'okta.listUsers'],
    ['when the person is read', 'okta.getUser'],
  ])('%s starts nothing', async (_, operation) => {
    office.okta.faults.add({ kind: 'status', status: 503, operation, times: 99 });
    await office.lin.types('/offboard danna@acme.test');

    expect(await notStarted()).toMatch(AWAY);
  });

  it('with its token address alone is away too, not refusing us', async () => {
    office.okta.command('expire_access_tokens');
    office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.token', times: 99 });
    await office.lin.types('/offboard danna@acme.test');
    await office.until(() => office.lin.screen().includes('Not started'));
    await office.lin.closes();
    await office.lin.types('/offboard danna@acme.test'); // the first learned that the old token is dead

    expect(await notStarted()).toMatch(AWAY);
  });

  it('at the confirmation starts nothing', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    office.okta.faults.add({ kind: 'reset', operation: 'okta.getUser', times: 99 });
    await office.lin.submits();

    expect(await notStarted()).toMatch(AWAY);
  });

  it('for a line of the plan says that it could not check it, and may be confirmed', async () => {
    office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.listFactors', times: 2 }); // the plan, and the look at the confirmation
    await office.plan(office.lin, 'danna@acme.test');
    const plan = office.lin.screen();
    await office.lin.submits();
    await office.until(() => office.lin.screen().includes('has started'));
    await office.closed();

    expect(plan).toMatch(/\*Remove second factors\* · couldn’t check/);
    expect(office.accounts.of('danna').status).toBe('DEPROVISIONED');
  });

  it('in the middle is asked again by the Clock, five times, then a person is', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.suspendUser', times: 99 });
    await office.lin.submits();
    await office.until(async () => {
      office.pass(500); // well below the two minutes after which the account is deactivated all the same
      return (await office.steps())['okta.block']?.status === 'needs_human';
    });

    expect(office.accounts.asked('suspendUser')).toBe(5);
    expect((await office.steps())['okta.block']?.need).toMatchObject({ kind: 'doubt', sent: 'in_doubt' });
  });
});
