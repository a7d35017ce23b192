// The database fails: at each door the operator hears so before Slack gives up, nothing half done is kept, and work in hand goes on.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseProxy, proxyTo } from '../support/database-proxy.ts';
import { byHand } from '../support/engine.ts';
import { anOffice, type Office } from '../support/office.ts';

const SORRY = /Sendoff’s database gave no answer in time\.\s\*Nothing was changed so far\.\*/;

let office: Office;
let wire: DatabaseProxy;

beforeAll(async () => {
  office = await anOffice({
    databaseUrl: async (url) => {
      wire = await proxyTo(url);
      return wire.url;
    },
  });
});

afterEach(async () => {
  wire.mend();
  await office.clear();
});

afterAll(async () => {
  await office.close();
  await wire.close();
});

/** Waits until the app is whole again: its instance has its place back. */
async function mended(): Promise<void> {
  wire.mend();
  await office.until(async () => {
    const answer = await fetch((office.slack.workspace.eventsUrl ?? '').replace('/slack/events', '/readyz'));
    return answer.status === 200;
  }, 15_000);
}

describe.each(['cut', 'hang'] as const)('a database whose wire is %s', (how) => {
  it('at the command is told within three seconds, and no plan is shown', async () => {
    wire[how]();
    const { ackMs, problem } = await office.lin.types('/offboard danna@acme.test');

    expect(office.lin.told()[0]).toMatch(SORRY);
    expect([problem, ackMs < 3_000]).toEqual([undefined, true]);
    await mended();
    expect(office.lin.screen()).toBe('');
  });

  it('at the confirmation is told within three seconds, and nothing is started, also not later', async () => {
    await office.plan(office.lin, 'danna@acme.test');
    wire[how]();
    const { ackMs, problem } = await office.lin.submits();

    expect(office.lin.screen()).toMatch(SORRY);
    expect([problem, ackMs < 3_000]).toEqual([undefined, true]);
    await mended();
    await office.until(
      async () => (await office.db.query(`SELECT 1 FROM inbound_delivery WHERE handled_at IS NULL`, [])).length === 0,
    );
    expect(await office.runs()).toEqual([]);
  });
});

it('a confirmation that is stored after the operator was told otherwise is closed unhandled', async () => {
  await office.plan(office.lin, 'danna@acme.test');
  const blocker = await byHand(office.databaseUrl);
  await blocker.query('BEGIN; LOCK TABLE inbound_delivery IN SHARE ROW EXCLUSIVE MODE');
  await office.lin.submits();
  const told = office.lin.screen();
  await blocker.query('COMMIT');
  await blocker.end();
  const late = () =>
    office.db.query<{ outcome: string }>(`SELECT outcome FROM inbound_delivery WHERE kind = 'confirm'`, []);
  await office.until(async () => (await late())[0]?.outcome === 'too_late');

  expect(told).toMatch(SORRY);
  expect(await office.runs()).toEqual([]);
});

it('a confirmation whose every question is slow is told within three seconds all the same', async () => {
  await office.plan(office.lin, 'danna@acme.test');
  const [allowList, inbox] = await Promise.all([byHand(office.databaseUrl), byHand(office.databaseUrl)]);
  await allowList.query('BEGIN; LOCK TABLE operator IN ACCESS EXCLUSIVE MODE');
  await inbox.query('BEGIN; LOCK TABLE inbound_delivery IN SHARE ROW EXCLUSIVE MODE');
  // Almost all of the time goes into the first question; the second never gets its answer.
  setTimeout(() => void allowList.query('COMMIT'), 1_700);
  const { ackMs, problem } = await office.lin.submits();
  await inbox.query('COMMIT');
  await Promise.all([allowList.end(), inbox.end()]);

  expect(office.lin.screen()).toMatch(SORRY);
  expect([problem, ackMs < 3_000]).toEqual([undefined, true]);
});

it('a Retry while the database hangs is told within three seconds', async () => {
  office.okta.faults.add({ kind: 'status', status: 400, operation: 'okta.suspendUser' });
  await office.offboard(office.lin, 'danna@acme.test');
  await office.until(() => office.channel.root().includes('Retry'), 15_000);
  wire.hang();
  const { ackMs, problem } = await office.sam.clicks('step_retry');
  await office.until(() => office.sam.told().length > 0);

  expect(office.sam.told()[0]).toMatch(SORRY);
  expect([problem, ackMs < 3_000]).toEqual([undefined, true]);
  await mended();
});

it('connections that are all terminated in the middle of a run lose nothing and repeat nothing', async () => {
  office.okta.faults.add({ kind: 'hold_before', operation: 'okta.revokeUserSessions' });
  await office.offboard(office.lin, 'ada@acme.test');
  await office.until(() => office.okta.faults.held().length === 1);
  await office.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    [],
  );
  office.okta.faults.release();
  for (let look = 0; look < 3; look += 1) office.pass(10_000);
  await office.until(async () => {
    office.pass(1_000);
    return (await office.runs())[0]?.status === 'closed';
  }, 15_000);

  const writes = office.accounts.writes();
  expect(office.accounts.of('ada').status).toBe('DEPROVISIONED');
  for (const write of ['suspendUser', 'deactivateUser']) expect(writes.filter((one) => one === write)).toHaveLength(1);
});
