// What the channel shows of one run: a root that is redrawn in place, one reply a step, and the figures people ask for.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';
import { wordsOf } from '../support/words.ts';

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

it('is one root, redrawn in place, with one reply a step and a report', async () => {
  office.okta.faults.add({ kind: 'hold_before', operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'ada@acme.test');
  await office.until(() => office.channel.roots().length === 1);
  office.clock.move(4_000);
  office.okta.faults.release();
  await office.closed();
  await office.until(
    () => office.channel.root().includes('is offboarded') && office.channel.replies().length === 7,
    10_000,
  );

  const [root] = office.channel.roots();
  expect(wordsOf(root?.original.blocks)).toContain('Offboarding Ada Byrne is running');
  expect(office.channel.root()).toContain('6 of 6 steps done');
  expect(office.channel.root()).toContain('Started by Lin Okafor');
  expect(office.channel.replies().map((reply) => reply.threadTs)).toEqual(Array(7).fill(root?.ts));
  expect(office.channel.root()).toContain('access revoked in 4 s');
  expect(office.channel.root()).not.toContain('<@');
});

it('shows a stopped step with its reason and a Retry, and takes the button away once it was pressed', async () => {
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(() => office.channel.root().includes('Retry sign-in block'), 10_000);
  const stopped = office.channel.root();

  await office.sam.clicks('step_retry');
  await office.closed();
  await office.until(() => office.channel.root().includes('is offboarded'), 15_000);

  expect(stopped).toContain('*Sign-in block failed* · failed: Okta refused (1 try)');
  expect(office.channel.root()).not.toContain('Retry');
  await office.until(() => office.channel.thread().some((reply) => reply.includes('retried by Sam Rivera')), 15_000);
});
