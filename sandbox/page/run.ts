// The sandbox from its command line: opens Acme, says where, and closes it again.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { keepHeapSmall } from '../../src/app/heap.ts';
import { defaultDataDir } from '../../src/store/embedded-postgres.ts';
import { openBrowser } from './browser.ts';
import { stopDatabase } from './database.ts';
import { removeKept } from './kept.ts';
import { realCredentials } from './real-credentials.ts';
import { noteRunning, noteStopped, runningAt } from './running.ts';
import { type PageServer, servePage } from './server.ts';
import { VENDORS } from './simulators.ts';
import { World } from './world.ts';

const HELP = `usage: npm run sandbox -- [--reset] [--json] [--port PORT] [--data-dir FOLDER] [--no-open]

Opens Acme, an invented company, in the browser: a page that looks like Slack, with the production app behind it and
simulated vendors behind that. Needs no account, no .env and no database, and answers on loopback only.

  --reset     Acme as on its first day; otherwise all is kept between two starts
  --json      one JSON line with every address, once the app runs: {url, token, clock, control, …}
  --port      where the page is; 4300 or the next that is free
  --data-dir  where Acme is kept; .sendoff/sandbox (as root /var/lib/sendoff/sandbox)
  --no-open   opens no browser; none is opened anyway where there is no terminal, or in CI
  --slack-times   the app posts so many times as often as Slack's published rates; for measuring
  --follow-stdin  ends when standard input closes`;

const OPTIONS = {
  reset: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  'no-open': { type: 'boolean', default: false },
  'slack-times': { type: 'string', default: '1' },
  'follow-stdin': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

interface Values {
  readonly json: boolean;
  readonly port?: string;
  readonly 'no-open': boolean;
  readonly 'slack-times': string;
  readonly 'follow-stdin': boolean;
}

/** Resolves with the exit code once it was told to stop. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const real = realCredentials(process.env);
  if (real !== null) return complain(real);
  const folder = path.resolve(values['data-dir'] ?? path.join(defaultDataDir(), 'sandbox'));
  const open = await runningAt(folder);
  if (open !== null && values.reset)
    return complain(`Acme is open at ${open}: stop it first, or press “Start Acme over” there.`);
  if (open !== null) {
    console.log(`Acme is open already: ${open}`);
    return 0;
  }
  if (values.reset) {
    await stopDatabase(folder);
    removeKept(folder);
  }
  return play(folder, values);
}

async function play(folder: string, values: Values): Promise<number> {
  keepHeapSmall({ all: true });
  const world = await World.open(folder, Number(values['slack-times']));
  const page = await servePage(world, { folder, port: values.port === undefined ? null : Number(values.port) });
  noteRunning(folder, page.url);
  const stopped = untilStopped(values['follow-stdin']);
  if (!values.json) {
    if (world.hasStartedOver) console.log('What was kept is of another version: Acme starts over.');
    console.log(greeting(page.url));
    if (!values['no-open']) openBrowser(page.url, process.env);
  }
  await Promise.race([world.ready, stopped]);
  if (values.json) console.log(JSON.stringify(addresses(world, page)));
  else if (world.app.state === 'running')
    console.log(`The app runs, ${(performance.now() / 1000).toFixed(1)} s after the start.`);
  if (world.app.state === 'stopped')
    complain([...world.app.lastWords, 'To begin with an empty Acme: npm run sandbox -- --reset'].join('\n'));
  await stopped;
  await page.close();
  await world.stop();
  noteStopped(folder);
  return 0;
}

function greeting(url: string): string {
  return `
  Acme is open:  ${url}

  A sandbox: nothing there is real but the app. Type into #it-offboarding:
    /offboard dana@acme.test
    /return-device ada@acme.test
    /offboard help

  Ctrl-C closes it and keeps what happened. Back to the first day: npm run sandbox -- --reset
`;
}

function addresses(world: World, page: PageServer): object {
  const control = VENDORS.map((name) => [name, world.simulators.all[name].controlUrl]);
  return {
    url: page.url,
    /** To be sent as x-sandbox-token with every POST. */
    token: page.token,
    /** POST {ms}: everybody's clock. */
    clock: new URL('/outside/advance', page.url).href,
    eventsUrl: world.app.announced?.eventsUrl ?? null,
    control: Object.fromEntries(control),
    gzippedBytes: page.gzippedBytes,
  };
}

function untilStopped(followStdin: boolean): Promise<void> {
  return new Promise((stop) => {
    if (followStdin) process.stdin.once('end', stop).once('close', stop).resume();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());
  });
}

function complain(words: string): number {
  process.stderr.write(`${words}\n`);
  return 1;
}
