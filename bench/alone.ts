// `npm start` by itself: how soon it acks, and what it takes while nothing is to be done.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '../sandbox/temporary-folder.ts';
import { quantile } from './figures.ts';
import { hire, planAll, submitAll, untilClosed, untilDrawn } from './slack-acts.ts';
import { LATENCY_MS, OPERATORS, onScene, type Scene, statements, usageOf } from './stage.ts';
import { heading, held, line, told } from './table.ts';

const PROGRAM = fileURLToPath(new URL('../src/app/main.ts', import.meta.url));
const PATIENCE_MS = 60_000;
const SETTLE_MS = 12_000;

export async function measureAlone(options: { serverUrl: string; starts: number; idleMs: number }): Promise<void> {
  const { serverUrl, starts, idleMs } = options;
  await onScene({ serverUrl, latencyMs: LATENCY_MS, hasJira: true }, async (scene) => {
    const { DATABASE_URL: _, ...embedded } = scene.settings;
    const folder = makeTemporaryFolder();
    try {
      const own = await startsOf(scene, { ...embedded, SENDOFF_DATA_DIR: folder }, starts);
      const given = await startsOf(scene, scene.settings, starts);
      const bare = await startsOfNothing(starts);
      heading('start to first ack (spawned, until a command was committed and acked)');
      line('database in DATABASE_URL', told(given));
      line('its own PostgreSQL, started too', told(own));
      line('  control: node and nothing else', told(bare));
      held('start to first ack', quantile(given, 0.5), 2_500, ' ms');
      held('with its own PostgreSQL', quantile(own, 0.5), 2_500, ' ms');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await measureIdle(scene, idleMs);
  });
}

/** After one whole run, so that everything is loaded that ever will be. */
async function measureIdle(scene: Scene, idleMs: number): Promise<void> {
  const { app } = await startUntilAck(scene, scene.settings);
  try {
    const [leaver] = await hire(scene, 1, 'idle');
    const leavers = leaver ? [leaver] : [];
    const since = new Date();
    await submitAll(scene, await planAll(scene, leavers));
    await untilClosed(scene, leavers, since);
    await untilDrawn(scene);
    await pause(SETTLE_MS);
    await scene.sql.query('SELECT pg_stat_statements_reset()');
    const before = usageOf(app.pid ?? 0);
    await pause(idleMs);
    const after = usageOf(app.pid ?? 0);
    const perMinute = ((await statements(scene.sql)) * 60_000) / idleMs;
    heading(`at rest after one run, ${idleMs / 1000} s`);
    held('queries a minute', perMinute, 30);
    if (before && after) {
      held('CPU, % of a core', ((after.cpuMs - before.cpuMs) / idleMs) * 100, 1);
      held('RSS of the app alone', Math.round(after.rssMb), 240, ' MB');
    } else line('CPU and RSS', 'not read on this platform');
  } finally {
    await end(app);
  }
}

async function startsOf(
  scene: Scene,
  settings: Readonly<Record<string, string>>,
  starts: number,
): Promise<readonly number[]> {
  const found: number[] = [];
  // The first makes the tables and fills the compile cache.
  for (let at = 0; at <= starts; at += 1) {
    const { app, ackedMs } = await startUntilAck(scene, settings);
    await end(app);
    if (at > 0) found.push(ackedMs);
  }
  return found;
}

async function startUntilAck(
  { slack }: Scene,
  settings: Readonly<Record<string, string>>,
): Promise<{ app: ChildProcess; ackedMs: number }> {
  const port = await freePort();
  await slack.post('/command/connect', { eventsUrl: `http://127.0.0.1:${port}/slack/events` });
  const startedAt = performance.now();
  const app = spawn(process.execPath, [PROGRAM], {
    env: { ...settings, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const act = { user: OPERATORS[0], command: '/offboard', text: 'nobody-of-that-name@acme.test' };
  while (performance.now() - startedAt < PATIENCE_MS) {
    const { status } = (await slack.post('/command/slash', act)) as { status: number };
    if (status === 200) return { app, ackedMs: performance.now() - startedAt };
    await pause(20);
  }
  await end(app);
  throw new Error(`no ack ${PATIENCE_MS / 1000} s after the start`);
}

async function startsOfNothing(starts: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let at = 0; at < starts; at += 1) {
    const startedAt = performance.now();
    await new Promise((done) => spawn(process.execPath, ['-e', '0']).once('close', done));
    found.push(performance.now() - startedAt);
  }
  return found;
}

async function end(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null) return;
  const ended = new Promise((done) => app.once('close', done));
  app.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}
