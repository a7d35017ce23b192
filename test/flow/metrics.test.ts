// /metrics, /healthz and /readyz of the running app: a whole offboarding and some refused requests can be read there, nobody's name.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../src/app/compose.ts';
import { anOffice, type Office } from '../support/office.ts';

let office: Office;
let app: App;

beforeAll(async () => {
  office = await anOffice({ started: false, jira: true, bamboohr: true });
  app = await office.start();
});

afterAll(async () => {
  await office.close();
});

const read = async (path: string): Promise<string> => (await fetch(`${app.url}${path}`)).text();
/** The figures of the rows are kept for 5 s: another process reads them anew. */
async function readAnew(): Promise<string> {
  const other = await office.start();
  return (await fetch(`${other.url}/metrics`)).text();
}

it('answers for the process and for its database', async () => {
  expect([await read('/healthz'), await read('/readyz')]).toEqual(['ok', 'ready']);
});

it('counts requests that are not Slack’s by why they were refused', async () => {
  const command = '/offboard dana@acme.test';
  await office.lin.types(command, { secret: 'not-the-secret' });
  await office.lin.types(command, { skewSeconds: -600 });
  await office.lin.types(command, { skewSeconds: 600 });
  await fetch(app.eventsUrl, { method: 'POST', body: 'x' });

  const text = await read('/metrics');

  for (const reason of ['signature', 'stale', 'future', 'headers'])
    expect(text).toContain(`sendoff_slack_requests_refused_total{reason="${reason}"} 1`);
});

it('tells of a whole offboarding, with no name, address or id in any label', async () => {
  office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'dana@acme.test');
  await office.until(async () => (await office.steps())['okta.block']?.status === 'waiting');
  office.pass(5_000);
  await office.closed();

  const text = await read('/metrics');
  const figures = await readAnew();

  expect(text).toMatch(/sendoff_step_attempts_total\{step="okta.block",outcome="waiting"\} 1/);
  expect(text).toMatch(/sendoff_step_attempts_total\{step="okta.block",outcome="done"\} 1/);
  const suspend = 'vendor="okta",operation="suspendUser",kind="write"';
  expect(text).toContain(`sendoff_vendor_calls_total{${suspend},outcome="ambiguous"} 1`);
  expect(text).toContain(`sendoff_vendor_calls_total{${suspend},outcome="answered"} 1`);
  expect(text).toContain(`sendoff_vendor_call_seconds_count{${suspend}} 2`);
  for (const [vendor, operation, kind] of [
    ['jira', 'createIssue', 'write'],
    ['bamboohr', 'getEmployee', 'read'],
  ]) {
    const labels = `vendor="${vendor}",operation="${operation}",kind="${kind}"`;
    expect(text).toMatch(new RegExp(`sendoff_vendor_calls_total\\{${labels},outcome="answered"\\} [1-9]`));
    expect(text).toMatch(new RegExp(`sendoff_vendor_call_seconds_count\\{${labels}\\} [1-9]`));
  }
  expect(text).toMatch(
    /sendoff_vendor_calls_total\{vendor="slack",operation="chat.postMessage",kind="write",outcome="answered"\} \d/,
  );
  expect(figures).toContain('sendoff_runs{kind="offboarding",status="closed"} 1');
  expect(figures).toContain('sendoff_time_to_revoke_runs 1');
  // Business time moved by 5 s while access was not revoked.
  expect(Number(/sendoff_time_to_revoke_seconds\{quantile="0.5"\} (\S+)/.exec(figures)?.[1])).toBe(5);
  expect(figures).toContain('sendoff_queue_age_seconds 0');
  expect(`${text}${figures}`).not.toMatch(/dana|whitfield|@|00u|U0LIN|C0ITOPS|T0ACME|OFF-1/i);
});

it('tells how long access has been waiting to be revoked', async () => {
  office.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'ada@acme.test');
  await office.until(async () => (await office.steps())['okta.block']?.status === 'waiting');
  office.clock.move(500);

  const figures = await readAnew();

  expect(figures).toContain('sendoff_unrevoked_age_seconds 0.5');
  expect(figures).toMatch(/sendoff_steps\{status="waiting"\} [1-9]/);
});
