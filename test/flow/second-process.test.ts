// Two processes on one database: everything is done once, whichever of them does it, and the channel has one root.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';

let office: Office;

beforeAll(async () => {
  office = await anOffice();
  await office.start();
});

afterAll(async () => {
  await office.close();
});

it('bring three runs to their end, with each write once and one root a run', async () => {
  const { added } = office.okta.command('add_user', { count: 3 }) as { added: string[] };
  for (const at of added.keys()) await office.offboard(office.lin, `load${at}@acme.test`);
  await office.until(async () => (await office.runs()).filter((run) => run.status === 'closed').length === 3, 15_000);
  await office.until(() => office.channel.roots().length === 3, 15_000);

  const writes = office.okta.journal.calls.filter((call) => call.write && call.operation !== 'okta.token');
  const counts = added.map((id) =>
    writes.filter((call) => call.detail.subject === id).map((call) => call.operation.replace('okta.', '')),
  );
  expect(counts).toEqual(
    added.map(() => ['suspendUser', 'revokeUserSessions', 'deactivateUser', 'revokeUserSessions']),
  );
  const heads = office.channel.roots().map((root) => /load\d@acme\.test/.exec(JSON.stringify(root.blocks))?.[0]);
  expect(heads.sort()).toEqual(['load0@acme.test', 'load1@acme.test', 'load2@acme.test']);
});

it('go on with each other’s work: a click at one process resumes a run that the other started', async () => {
  const first = await office.runs();
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'ada@acme.test');
  await office.until(async () => (await office.steps())['okta.block']?.status === 'needs_human');
  const step = (await office.steps())['okta.block'];
  await office.start();

  await office.until(
    () => office.channel.messages().some((one) => JSON.stringify(one.blocks).includes(String(step?.id))),
    15_000,
  );
  await office.sam.clicks('step_retry');
  await office.closed();

  expect((await office.runs()).length).toBe(first.length + 1);
  expect(office.accounts.of('ada').status).toBe('DEPROVISIONED');
});
