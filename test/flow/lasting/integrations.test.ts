// API tokens and integrations that hang on a leaver: the plan says which end with the account, each is asked about, and what Okta hides is said.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { anOffice, type Office } from '../../support/office.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice();
});
afterEach(() => office.clear());
afterAll(() => office.close());

function owns(user: string, kind: string, name: string): void {
  office.okta.command('add_integration', { user, kind, name });
}

async function rows() {
  return office.db.query<{ id: string; name: string; status: string; evidence: string | null }>(
    `SELECT id, facts->>'name' AS name, status::text, evidence FROM step_run WHERE step = 'okta.integrations' ORDER BY 2`,
    [],
  );
}

it('are listed before the account ends, and each waits for somebody’s word that it was replaced', async () => {
  owns('dana', 'api_token', 'HR sync');
  owns('dana', 'api_service', 'Log export');
  owns('ada', 'api_token', 'Not theirs');

  await office.plan(office.lin, 'dana@acme.test');
  expect(office.lin.screen()).toMatch(/1 API token ends with this account\*: HR sync/);
  expect(office.lin.screen()).toMatch(/Set up by them, and goes on\*: 1 API service integration: Log export/);
  expect(office.lin.screen()).not.toContain('Not theirs');
  await office.lin.submits();
  await office.until(async () => (await office.steps())['okta.deactivate']?.status === 'done');
  await office.until(() => office.channel.thread().filter((one) => one.includes('Was it replaced')).length === 2);
  expect((await rows()).map(({ name, status }) => [name, status])).toEqual([
    ['HR sync', 'needs_human'],
    ['Log export', 'needs_human'],
  ]);

  for (const { id } of await rows()) {
    const reply = office.channel.replies().find((one) => JSON.stringify(one.blocks).includes(id));
    await office.lin.clicks('step_choose_open', { messageTs: reply?.ts ?? '' });
    await office.until(() => office.lin.screen().includes('What was done, and what uses it now?'));
    await office.lin.submits({ form_how: 'New one by the service account' });
  }
  await office.closed();

  expect((await rows()).map(({ status, evidence }) => [status, evidence])).toEqual([
    ['done', 'accepted'],
    ['done', 'accepted'],
  ]);
  await office.until(() =>
    office.channel.thread().some((one) => one.includes('attested by an operator, not verified')),
  );
});

it('are said to be unknown where Okta does not let us look, and nothing is asked', async () => {
  owns('dana', 'api_token', 'HR sync');
  const scopes = office.okta.scopes.filter((one) => one !== 'okta.apiTokens.read');
  office.okta.command('set_scopes', { scopes });

  await office.plan(office.lin, 'dana@acme.test');
  expect(office.lin.screen()).toContain('Okta does not show whether they own API tokens (okta.apiTokens.read)');
  await office.lin.submits();
  await office.closed();

  expect(await rows()).toEqual([]);
});

it('of an account that is deactivated already are told as ended', async () => {
  await office.plan(office.lin, 'deprovisioned@acme.test');

  expect(office.lin.screen()).toContain('API tokens of the account have ended with its deactivation');
});
