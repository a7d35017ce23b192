// An app with nothing to do leaves its database alone: whatever looks again must know for how long it need not.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anOffice, type Office } from '../support/office.ts';

/** What is judged is a span of rest, so this is no wait for something to happen. A loop without a breath asks thousands of times in it. */
const REST_MS = 3_000;
/** The heartbeat, and what looks around each half minute. */
const FEW = 12;

let office: Office;

beforeAll(async () => {
  office = await anOffice({ bamboohr: true, google: true, jira: true });
  await office.db.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements', []);
});

afterAll(() => office.close());

async function statements(): Promise<number> {
  const [row] = await office.db.query<{ n: number }>(
    `SELECT coalesce(sum(calls), 0)::int AS n FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [],
  );
  return row?.n ?? 0;
}

async function askedAtRest(): Promise<number> {
  const before = await statements();
  await pause(REST_MS);
  return (await statements()) - before;
}

it('asks next to nothing before its first run', async () => {
  expect(await askedAtRest()).toBeLessThan(FEW);
});

it('and next to nothing beside a run that waits for its sixtieth day', async () => {
  await office.offboard(office.lin, 'dana@acme.test');
  await office.until(async () => {
    office.pass(5_000);
    const steps = await office.steps();
    const isBusy = Object.values(steps).some(({ status }) => status === 'ready' || status === 'running');
    const undrawn = await office.db.query('SELECT 1 FROM report WHERE wanted > drawn', []);
    if (undrawn.length > 0) return false;
    return steps['google.mailbox_end']?.status === 'waiting' && !isBusy;
  });
  expect(await askedAtRest()).toBeLessThan(FEW);
});
