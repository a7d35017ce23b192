// `/offboard status`: for operators only, from the database alone, within the ack.
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

it('lists what is running and what needs somebody, privately, asking no vendor', async () => {
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(() => office.channel.root().includes('Retry'), 10_000);
  await office.until(() => office.channel.notices().length === 1, 10_000);
  const asked = office.okta.journal.calls.length;

  await office.sam.types('/offboard status');

  const told = office.sam.told().at(-1);
  expect(told).toContain('*1 running · 1 needs you*');
  expect(told).toMatch(/\*Danna Whitfield\* · OFF-\d+ · \d of 6 steps ended/);
  expect(told).toContain(':x:  *Sign-in block failed* · failed: Okta refused (1 try)');
  expect(office.lin.told()).toEqual([]);
  expect(office.channel.notices()).toHaveLength(1);
  expect(office.okta.journal.calls).toHaveLength(asked);
});

it('says that nothing is running', async () => {
  await office.lin.types('/offboard  Status ');

  expect(office.lin.told()).toEqual([expect.stringContaining('Nothing is running, and nothing needs you.')]);
});

it('tells nobody else who is leaving', async () => {
  await office.person('U0GRACE').types('/offboard status');

  expect(office.person('U0GRACE').told()[0]).toContain('You are not on the operator list, so nothing happened.');
});
