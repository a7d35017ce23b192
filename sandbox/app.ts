// The production app as a process of the sandbox: its settings come from the environment, its Clock can be moved from outside,
// and its database is a temporary one that goes with it. Usage: node sandbox/app.ts [--follow-stdin] [--ahead-ms 1000] [--slack-times 50]
import { rmSync } from 'node:fs';
import http from 'node:http';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { startApp } from '../src/app/compose.ts';
import { readConfig } from '../src/app/config.ts';
import { keepHeapSmall } from '../src/app/heap.ts';
import { createLog } from '../src/app/log.ts';
import { createSlackPace } from '../src/reporters/slack-pace.ts';
import { connectDatabase } from '../src/store/client.ts';
import { startPostgres } from '../src/store/embedded-postgres.ts';
import { makeTemporaryFolder, removeAbandonedFolders } from './temporary-folder.ts';

const { values } = parseArgs({
  options: {
    'follow-stdin': { type: 'boolean', default: false },
    'ahead-ms': { type: 'string', default: '0' },
    'slack-times': { type: 'string', default: '1' },
  },
});
keepHeapSmall();
/** In reverse order of their start. */
const stops: (() => Promise<unknown> | unknown)[] = [];
/** Of the Clock before the real time: what has passed already for one that follows another. */
let movedMs = Number(values['ahead-ms']);

const starting = start();
let isEnding = false;
const end = (): void => {
  if (isEnding) return;
  isEnding = true;
  // What is only starting is stopped as soon as it has started.
  void starting.then(stopAll, stopAll).finally(() => process.exit(0));
};
// Nobody reads us any more when our parent was killed: that must not keep us from stopping the database.
process.stdout.on('error', end);
process.stderr.on('error', end);
process.once('SIGTERM', end).once('SIGINT', end);
if (values['follow-stdin']) process.stdin.once('end', end).once('close', end).resume();

try {
  process.stdout.write(`${JSON.stringify(await starting)}\n`);
  // Where NODE_COMPILE_CACHE is set: one that is killed would keep nothing.
  flushCompileCache();
} catch (error) {
  if (!isEnding) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await stopAll();
    process.exit(1);
  }
}

/** About so many times Slack's published rates: for measuring, where no Slack is asked that would refuse. */
function oftener(times: number): { intervalMs: number; burst: number } {
  return { intervalMs: 1_000 / times, burst: 3 * times };
}

async function start(): Promise<{ eventsUrl: string; clockUrl: string }> {
  const config = readConfig();
  await removeAbandonedFolders();
  const databaseUrl = config.databaseUrl ?? (await startTemporaryDatabase());
  const log = createLog({ write: (line) => void process.stderr.write(line) });
  const clock = { now: (): Date => new Date(Date.now() + movedMs) };
  const times = Number(values['slack-times']);
  const pace = times > 1 ? { slackPace: createSlackPace({ post: oftener(times), update: oftener(times) }) } : {};
  const app = await startApp({ config: { ...config, databaseUrl }, clock, log, ...pace });
  stops.push(() => app.stop());
  const clockUrl = await serveClock(databaseUrl, (advanceMs) => {
    movedMs += advanceMs;
    app.wake();
    return clock.now();
  });
  return { eventsUrl: app.eventsUrl, clockUrl };
}

/** Not durable: nothing of it is kept. */
async function startTemporaryDatabase(): Promise<string> {
  const folder = makeTemporaryFolder();
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startPostgres({ dataDir: folder, durable: false });
  stops.push(() => server.stop());
  return server.url;
}

/** POST /clock {advanceMs} answers {now}. Only forward: dates already stored must stay in the past. GET /audit: the whole log, for a checker. */
async function serveClock(databaseUrl: string, advance: (ms: number) => Date): Promise<string> {
  const server = http.createServer(async (request, response) => {
    if (request.method === 'GET' && request.url === '/audit') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await readAudit(databaseUrl)));
      return;
    }
    let raw = '';
    for await (const chunk of request) raw += String(chunk);
    const advanceMs = readAdvance(raw);
    const isAsked = request.method === 'POST' && request.url === '/clock';
    const [status, body] =
      isAsked && advanceMs !== null
        ? [200, { now: advance(advanceMs) }]
        : [400, { error: 'POST /clock {"advanceMs": 1000}' }];
    response.writeHead(status as number, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  stops.push(() => new Promise((done) => server.close(done).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/clock`;
}

async function readAudit(databaseUrl: string): Promise<unknown> {
  const db = connectDatabase(databaseUrl, () => undefined);
  try {
    return await db.query(
      `SELECT chain, actor, action, detail->>'kind' AS kind FROM audit_event ORDER BY chain, seq`,
      [],
    );
  } finally {
    await db.close();
  }
}

function readAdvance(raw: string): number | null {
  try {
    const { advanceMs } = JSON.parse(raw) as { advanceMs?: unknown };
    return typeof advanceMs === 'number' && Number.isFinite(advanceMs) && advanceMs >= 0 ? advanceMs : null;
  } catch {
    return null;
  }
}

/** One that cannot be stopped must not keep the others. */
async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
    }
  }
}
