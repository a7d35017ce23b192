// `npm run bench -- [--runs 1]`: time to revoke and makespan against a control that keeps nothing, acks in a burst, SQL a call.
// Ratios count, not milliseconds: both sides share one machine, one simulator and one latency.
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createControlRun } from './control.ts';
import { quantile, type Times, timesOf, told } from './figures.ts';
import { LATENCY_MS, onStage, type Stage } from './stage.ts';

const OPERATOR = 'U0LIN';
const BURST = 100;
const PATIENCE_MS = 180_000;
/** Okta's slowest published bucket (devices, 100 a minute) is full again after so long: else it is all that is measured. */
const REFILL_MS = 30_000;

const { values } = parseArgs({ options: { runs: { type: 'string', default: '1' } } });
const sizes = values.runs.split(',').map(Number);

console.log(`${os.cpus().length} cores, load ${loadNow()}, ${LATENCY_MS} ms a vendor call, node ${process.version}`);
await onStage(async (stage) => {
  await stage.sql.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  const control = createControlRun(stage.settings);
  for (const size of sizes) {
    const ideal = await measureControl(stage, size, control);
    await pause(REFILL_MS);
    const ours = await measureOurs(stage, size);
    report(size, ours, ideal);
    if (size !== sizes.at(-1)) await pause(REFILL_MS);
  }
  await measureAcks(stage);
});

interface Person {
  readonly login: string;
  readonly id: string;
}

async function people({ okta }: Stage, count: number, prefix: string): Promise<readonly Person[]> {
  const copies = (await okta.post('/command/copy_user', { user: 'ada', count, prefix })) as {
    login: string;
    ids: Readonly<Record<string, string>>;
  }[];
  const state = (await okta.get('/state')) as { users: { id: string }[] };
  const known = new Set(state.users.map((user) => user.id));
  return copies.map(({ login, ids }) => ({ login, id: Object.values(ids).find((id) => known.has(id)) ?? '' }));
}

async function measureControl(stage: Stage, size: number, run: (userId: string) => Promise<void>): Promise<Times> {
  const leavers = await people(stage, size, `control${size}x`);
  await stage.okta.delete('/journal');
  const startedAt = new Map(leavers.map(({ id }) => [id, Date.now()]));
  await Promise.all(leavers.map(({ id }) => run(id)));
  return timesOf(stage.okta, startedAt);
}

async function measureOurs(stage: Stage, size: number): Promise<Times & { readonly statementsPerCall: number }> {
  const leavers = await people(stage, size, `run${size}x`);
  const plans: { id: string; viewId: string }[] = [];
  for (const { id, login } of leavers) plans.push({ id, viewId: await plan(stage, login) });
  await pause(size > 10 ? 2 * REFILL_MS : 0);
  await stage.okta.delete('/journal');
  await stage.slack.delete('/journal');
  await stage.sql.query('SELECT pg_stat_statements_reset()');
  const before = await closedRuns(stage);
  const startedAt = new Map<string, number>();
  await Promise.all(
    plans.map(({ id, viewId }) => {
      startedAt.set(id, Date.now());
      return stage.slack.post('/command/submit', { user: OPERATOR, viewId, force: true });
    }),
  );
  await until(async () => (await closedRuns(stage)) - before === size);
  const { rows } = await stage.sql.query<{ n: string }>(
    `SELECT sum(calls) AS n FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
     WHERE toplevel AND query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE 'SELECT count(*) AS n FROM run%'`,
  );
  const times = await timesOf(stage.okta, startedAt);
  const slackCalls = ((await stage.slack.get('/journal')) as unknown[]).length;
  return { ...times, statementsPerCall: Number(rows[0]?.n) / (times.calls + slackCalls) };
}

async function plan({ slack }: Stage, login: string): Promise<string> {
  await slack.post('/command/slash', { user: OPERATOR, command: '/offboard', text: login });
  let found = '';
  await until(async () => {
    const { views } = (await slack.get('/state')) as { views: Record<string, { id: string; submit?: unknown }[]> };
    const shown = views[OPERATOR]?.find((view) => view.submit && JSON.stringify(view).includes(login));
    found = shown?.id ?? '';
    return found !== '';
  });
  // Slack stacks three windows at most; a confirmation of a closed one counts as well.
  await slack.post('/command/close_view', { user: OPERATOR, viewId: found, all: true });
  return found;
}

async function closedRuns({ sql }: Stage): Promise<number> {
  const { rows } = await sql.query<{ n: string }>("SELECT count(*) AS n FROM run WHERE status = 'closed'");
  return Number(rows[0]?.n);
}

/** Each is committed before its ack. */
async function measureAcks({ slack }: Stage): Promise<void> {
  const acks = await Promise.all(
    Array.from({ length: BURST }, async (_, at) => {
      const argument = { user: OPERATOR, command: '/offboard', text: `burst${at}@acme.test` };
      return ((await slack.post('/command/slash', argument)) as { ackMs: number }).ackMs;
    }),
  );
  console.log(`acks, ${BURST} commands at once: ${told(acks)}, ${ratio(quantile(acks, 0.99), 3_000)} of Slack’s 3 s`);
}

function report(size: number, ours: Times & { readonly statementsPerCall: number }, ideal: Times): void {
  const against = (one: readonly number[], other: readonly number[], q: number): string =>
    `× ${ratio(quantile(one, q), quantile(other, q))}`;
  console.log(`\n${size} at once, load ${loadNow()}`);
  console.log(`  time to revoke  ${told(ours.revoked)}`);
  console.log(`         control  ${told(ideal.revoked)}`);
  console.log(
    `           ratio  p50 ${against(ours.revoked, ideal.revoked, 0.5)}, p99 ${against(ours.revoked, ideal.revoked, 0.99)}`,
  );
  console.log(`  makespan        ${told(ours.made)}`);
  console.log(`         control  ${told(ideal.made)}`);
  console.log(
    `           ratio  p50 ${against(ours.made, ideal.made, 0.5)}, p99 ${against(ours.made, ideal.made, 0.99)}`,
  );
  console.log(`  Okta calls      ${ours.calls}, control ${ideal.calls}`);
  console.log(`  SQL statements  ${ours.statementsPerCall.toFixed(2)} a vendor call (Okta and Slack)`);
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

function loadNow(): string {
  return os.loadavg()[0]?.toFixed(1) ?? '?';
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`still not so after ${PATIENCE_MS} ms: ${holds}`);
    await pause(50);
  }
}
