// Between the plan and its confirmation the world moves: a decision that changed is shown instead of started, a count is not.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
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

it('a status that changed is shown with what differs, nothing is started, and confirming the new plan works', async () => {
  await office.plan(office.lin, 'ada@acme.test');
  office.okta.command('set_user', { user: 'ada', patch: { status: 'SUSPENDED' } });

  await office.lin.submits();
  await office.until(() => office.lin.screen().includes('The plan changed since you saw it'));
  const changed = office.lin.screen();
  const runs = await office.runs();
  await office.lin.submits();
  await office.until(() => office.lin.screen().includes('has started'));
  await office.closed();

  expect(changed).toContain('The account was active, now it is suspended.');
  expect(changed).toContain('Nothing was changed.');
  expect(runs).toEqual([]);
  expect(office.accounts.writes().slice(0, 1)).toEqual(['revokeUserSessions']);
  expect(office.accounts.of('ada').status).toBe('DEPROVISIONED');
});

it('a device that becomes theirs alone would be removed too, so it is shown first', async () => {
  await office.plan(office.lin, 'dana@acme.test');
  office.okta.command('delete_user', { user: 'alex' }); // the shared device is Dana's alone now

  await office.lin.submits();
  await office.until(() => office.lin.screen().includes('The plan changed since you saw it'));

  expect(office.lin.screen()).toContain('Lab iMac');
  expect(await office.runs()).toEqual([]);
});

it('more sessions and another group are counts, and start', async () => {
  await office.plan(office.lin, 'ada@acme.test');
  office.okta.command('add_session', { user: 'ada', count: 3 });
  office.okta.command('set_user', { user: 'ada', patch: { groups: ['00gEveryone000000001'] } });

  await office.lin.submits();
  await office.until(() => office.lin.screen().includes('has started'));

  expect(await office.runs()).toHaveLength(1);
});

it('a plan that changed again and again never starts unseen', async () => {
  await office.plan(office.lin, 'danna@acme.test');
  for (const status of ['SUSPENDED', 'ACTIVE', 'LOCKED_OUT']) {
    office.okta.command('set_user', { user: 'danna', patch: { status } });
    const hash = office.lin.view()?.hash;
    await office.lin.submits();
    await office.until(() => office.lin.view()?.hash !== hash && office.lin.screen().includes('What differs'));
  }

  expect(await office.runs()).toEqual([]);
});

it('a person who is gone by then is not started, and it is said so', async () => {
  await office.plan(office.lin, 'danna@acme.test');
  office.okta.command('delete_user', { user: 'danna' });

  await office.lin.submits();
  await office.until(() => office.lin.screen().includes('Not started'));

  expect(office.lin.screen()).toMatch(/No one in Okta has the address `danna@acme.test`/);
});
