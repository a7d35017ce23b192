// Jira's settings are taken away while runs are live: nothing waits for them, people are told, and what is missing follows.
import { afterEach, expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';
import { ticketsIn } from '../support/tickets.ts';

const DANA = 'dana@acme.test';
const GONE = { JIRA_URL: undefined, JIRA_EMAIL: undefined, JIRA_API_TOKEN: undefined, JIRA_PROJECT: undefined };

let office: Office | null = null;
afterEach(async () => {
  await office?.close();
  office = null;
});

it('a ticket that is not made yet is passed over, and the run says why', { timeout: 60_000 }, async () => {
  const at = await anOffice({ jira: true, started: false });
  office = at;
  const site = ticketsIn(at);
  const first = await at.start();
  site.jira.faults.add({ kind: 'status', status: 503, operation: '*', times: 1_000 });
  at.okta.faults.add({ kind: 'status', status: 503, operation: 'okta.suspendUser', times: 1 });
  await at.offboard(at.lin, DANA);
  await at.until(async () => (await at.steps())['jira.ticket']?.cause === 'back_off', 15_000);
  await first.stop();
  await at.start(GONE);
  at.pass(60_000);
  const steps = await at.closed(20_000);

  expect(steps['jira.ticket']).toMatchObject({ status: 'skipped', cause: 'jira_not_set_up' });
  await at.until(() => at.channel.thread().join().includes('Passed over: Jira is not set up any more.'), 15_000);
  await at.until(() => at.channel.root().includes('is offboarded'), 15_000);
  expect(site.all()).toEqual([]);
});

it('a ticket that is there is told to be out of date, and catches up once the settings are back', {
  timeout: 60_000,
}, async () => {
  const at = await anOffice({ jira: true, started: false });
  office = at;
  const site = ticketsIn(at);
  const first = await at.start();
  at.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.deactivateDevice', times: 1_000 });
  await at.offboard(at.lin, DANA);
  await at.until(() => site.said().includes('Failed: Registered devices not removed'), 15_000);
  await at.until(site.isDrawn, 15_000);
  at.okta.faults.clear();
  await first.stop();
  const second = await at.start(GONE);
  await at.until(() => at.channel.thread().some((one) => one.includes('Retry')), 15_000);
  await at.sam.clicks('step_retry');
  at.pass(121_000);
  await at.closed(20_000);
  await at.until(() => at.channel.root().includes('Jira is not set up any more'), 15_000);
  await at.until(site.isDrawn, 15_000);
  expect(site.said()).not.toContain('has ended');

  await second.stop();
  await at.start();
  await at.until(() => site.all()[0]?.status === 'Done', 20_000);
  await at.until(() => !at.channel.root().includes('Jira is not set up'), 15_000);
  expect(site.said()).toContain('Retried: Remove registered devices');
});
