// SQL statements a vendor call, at the first run and after many: what a run costs must not grow with the runs before it.
import { setTimeout as pause } from 'node:timers/promises';
import { catchUp, hire, planAll, submitAll, untilClosed } from './slack-acts.ts';
import { onStage, type Stage, statements } from './stage.ts';
import { heading, held, line } from './table.ts';

const BASELINE_MS = 5_000;
const AT_ONCE = 100;

/** No latency and no pace, so that a thousand runs fit into minutes. */
export async function measureStatements(options: { serverUrl: string; runs: number }): Promise<void> {
  const { serverUrl, runs } = options;
  await onStage({ serverUrl, latencyMs: 0, hasJira: true }, async (stage) => {
    const idle = await idleRate(stage);
    const first = await statementsOfOne(stage, 'first', idle);
    const startedAt = performance.now();
    for (let done = 1; done < runs - 1; done += AT_ONCE)
      await runThrough(stage, Math.min(AT_ONCE, runs - 1 - done), `filler${done}x`);
    const seconds = (performance.now() - startedAt) / 1000;
    const last = await statementsOfOne(stage, 'last', idle);
    heading('SQL statements a vendor call (Okta, Slack and Jira; BEGIN and COMMIT not counted)');
    line('at rest before', `${idle.toFixed(2)} a second, subtracted`);
    line('vendor calls of a run', `${first.calls} at run 1, ${last.calls} at run ${runs}`);
    line(`${runs - 2} runs in between`, `${seconds.toFixed(0)} s`);
    held('at run 1', first.statements / first.calls, 3);
    held(`at run ${runs}`, last.statements / last.calls, 3);
    held(`run ${runs} ÷ run 1`, last.statements / last.calls / (first.statements / first.calls), 1.1);
  });
}

async function idleRate({ sql }: Stage): Promise<number> {
  await sql.query('SELECT pg_stat_statements_reset()');
  await pause(BASELINE_MS);
  return (await statements(sql)) / (BASELINE_MS / 1000);
}

/** From the command to the last message in the thread. */
async function statementsOfOne(
  stage: Stage,
  name: string,
  idle: number,
): Promise<{ readonly statements: number; readonly calls: number }> {
  const vendors = [stage.okta, stage.slack, stage.jira];
  await Promise.all(vendors.map((vendor) => vendor.delete('/journal')));
  await stage.sql.query('SELECT pg_stat_statements_reset()');
  const startedAt = performance.now();
  await runThrough(stage, 1, name);
  const seconds = (performance.now() - startedAt) / 1000;
  const sent = (await statements(stage.sql)) - idle * seconds;
  const journals = (await Promise.all(vendors.map((vendor) => vendor.get('/journal')))) as unknown[][];
  return { statements: sent, calls: journals.flat().length };
}

async function runThrough(stage: Stage, people: number, name: string): Promise<void> {
  const leavers = await hire(stage, people, name);
  const since = new Date();
  await submitAll(stage, await planAll(stage, leavers));
  await untilClosed(stage, leavers, since);
  await catchUp(stage);
}
