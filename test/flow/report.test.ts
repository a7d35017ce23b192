// The report in the thread of a finished run: once, below all other replies, drawn from state and redrawn with it.
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

const reports = () => office.channel.replies().filter((one) => one.text.startsWith('Report: '));
const report = (): string => wordsOf(reports()[0]?.blocks);

async function drawn(): Promise<void> {
  await office.until(
    async () => (await office.db.query('SELECT 1 FROM report WHERE wanted > drawn', [])).length === 0,
    15_000,
  );
}

it('tells what failed on the way, who retried it, and how each step is known', async () => {
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(() => office.channel.root().includes('Retry sign-in block'), 10_000);
  expect(reports()).toEqual([]);
  await office.sam.clicks('step_retry');
  await office.closed();
  await office.until(() => reports().length === 1, 15_000);
  await drawn();

  expect(reports()).toHaveLength(1);
  expect(reports()[0]?.text).toMatch(
    /^Report: Danna Whitfield is offboarded\. 6 of 6 steps done · 1 failure on the way/,
  );
  expect(report()).toMatch(
    /Sign-in blocked, sessions ended\nread back from Okta\nfailed once, last: Okta refused; retried by Sam Rivera/,
  );
  expect(report()).toContain('*Still open*\nNothing.');
  expect(report()).toContain('Started by Lin Okafor');
  expect(report()).toMatch(/OFF-\d+/);
});

it('counts the tries that were repeated without anybody', async () => {
  office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.suspendUser', times: 2 });
  await office.offboard(office.lin, 'danna@acme.test');
  const timer = setInterval(() => office.pass(1_000), 50);
  await office.closed(15_000).finally(() => clearInterval(timer));
  await office.until(() => reports().length === 1, 15_000);

  expect(report()).toContain('failed 2 times, last: Okta did not answer');
});

it('is redrawn, not posted again, when a step is opened again', async () => {
  await office.offboard(office.lin, 'danna@acme.test');
  await office.closed();
  await office.until(() => reports().length === 1, 15_000);
  await drawn();
  const ts = reports()[0]?.ts;

  for (const change of [
    "UPDATE run SET status = 'open', closed_at = NULL",
    "UPDATE step_run SET status = 'ready', ended_at = NULL, vendor = 'nobody' WHERE step = 'okta.factors'",
    'UPDATE report SET wanted = wanted + 1, retry_at = now() WHERE run_id IS NOT NULL',
  ])
    await office.db.query(change, []);
  office.pass(0);
  await office.until(() => report().includes('Open again'), 15_000);
  expect(report()).toContain('*Still open*\n:white_circle:  *Remove second factors*');
  expect(reports().map((one) => one.ts)).toEqual([ts]);
});
