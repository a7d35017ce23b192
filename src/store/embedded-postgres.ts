// Starts the real PostgreSQL that comes with Sendoff, or attaches to one that outlived a killed app.
// Used when DATABASE_URL is not set; knows nothing of what is stored.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { findBinaries, type PostgresBinaries, type ServerUser } from './postgres-binaries.ts';
import { type ClusterFiles, ensureCluster, prepareDataDir, SERVER_ENV, serverUser } from './postgres-cluster.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';
import { StartError } from './start-error.ts';

export type EmbeddedPostgres = {
  /** A superuser's address of the database `postgres`, with the password in it: never log it. */
  readonly url: string;
  /** False when the server was already running: then it is not ours to stop. */
  readonly owned: boolean;
  /** Stops an owned server and waits until it is down; does nothing to another's. May be called twice. */
  stop(): Promise<void>;
};

type Settings = {
  readonly files: ClusterFiles;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly password: string;
  readonly durable: boolean;
};

const START_TIMEOUT_MS = 60_000; // pg_ctl's own default; recovery after a power cut takes seconds
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'];
/** Sixteen processes beside one another have up to ten each; PostgreSQL's own 100 refuses the last of them. */
const FOR_MANY_PROCESSES = ['max_connections=400'];
// What PostgreSQL says when waiting or another port may help (src/backend/utils/init/miscinit.c, src/backend/libpq/pqcomm.c).
const MAY_PASS =
  /lock file "postmaster\.pid" already exists|pre-existing shared memory block|lock file "postmaster\.pid" is empty/;
const PORT_TAKEN = /could not bind|could not create any TCP\/IP sockets/;

/** Where the data live unless SENDOFF_DATA_DIR says otherwise. */
export function defaultDataDir(): string {
  return process.getuid?.() === 0 ? '/var/lib/sendoff' : path.resolve('.sendoff');
}

/** The server that is there already; null: none is. Starts and changes nothing. */
export function runningPostgres(dataDir: string): string | null {
  const found = findPostmaster(path.join(path.resolve(dataDir), 'postgres'));
  if (!found?.isReady) return null;
  const password = readFileSync(path.join(path.resolve(dataDir), 'postgres.password'), 'utf8').trim();
  return addressOf(found.port, password);
}

/**
 * A server on loopback whose data live in `dataDir`. Safe to call from two processes at once: one starts it, the other
 * attaches. `durable: false` trades the data's safety in a power cut for speed, for tests, whose
 * processes are many. Throws StartError, whose message says what to do. The server survives us if we are killed; the next
 * start attaches to it.
 */
export async function startPostgres(options: { dataDir: string; durable?: boolean }): Promise<EmbeddedPostgres> {
  const { dataDir, durable = true } = options;
  const user = serverUser();
  const files = prepareDataDir(path.resolve(dataDir), user);
  const binaries = findBinaries(files.dataDir, user);
  const password = ensureCluster(files, binaries, user, durable);
  const settings = { files, binaries, user, password, durable };
  const deadline = Date.now() + START_TIMEOUT_MS;
  let found: Postmaster | null = null;
  while (Date.now() < deadline) {
    found = findPostmaster(files.cluster);
    if (found?.isReady && (await answers(addressOf(found.port, password), files))) {
      return { url: addressOf(found.port, password), owned: false, stop: async () => undefined };
    }
    const started = found?.isAlive ? null : await tryStart(settings, found);
    if (started) return started;
    await wait(POLL_MS * 5); // it is starting or stopping: under another starter, or after a crash
  }
  throw new StartError(
    `A PostgreSQL server (process ${found?.pid ?? 'unknown'}) holds ${files.cluster} but does not answer: ` +
      `stop it, then start Sendoff again. Its log is ${files.log}.`,
  );
}

/** @returns null when another start was quicker, or waiting may help. */
async function tryStart(settings: Settings, stale: Postmaster | null): Promise<EmbeddedPostgres | null> {
  const { files, password } = settings;
  const port = await freePort(rememberedPort(files));
  const before = rotateLog(files.log);
  const server = launch(settings, port, stale);
  const outcome = await untilReady(server, files);
  if (outcome === 'ready') {
    writeFileSync(files.port, String(port), { mode: 0o600 });
    let stopping: Promise<void> | undefined;
    return {
      url: addressOf(port, password),
      owned: true,
      stop: () => {
        stopping ??= stopServer(server, settings);
        return stopping;
      },
    };
  }
  const said = readFileSync(files.log, 'utf8').slice(before);
  if (MAY_PASS.test(said)) return null;
  if (PORT_TAKEN.test(said)) {
    writeFileSync(files.port, '', { mode: 0o600 });
    return null;
  }
  const lines = said.trim().split('\n').slice(-6).join('\n  ');
  throw new StartError(`PostgreSQL did not start (${outcome}). The last lines of ${files.log}:\n  ${lines}`);
}

function launch({ files, binaries, user, durable }: Settings, port: number, stale: Postmaster | null): ChildProcess {
  const settings = ['timezone=UTC', 'log_timezone=UTC'];
  if (binaries.hasStatStatements) settings.push('shared_preload_libraries=pg_stat_statements');
  if (!durable) settings.push(...NOT_DURABLE, ...FOR_MANY_PROCESSES);
  // Loopback only, and no socket file: its folder would have to be short, writable and known to every client.
  const command = ['-D', files.cluster, '-h', '127.0.0.1', '-p', String(port), '-k', ''];
  for (const setting of settings) command.push('-c', setting);
  // PostgreSQL trusts a lock file whose process lives, though after a reboot that may be any process: naming it our
  // grandparent, as pg_ctl does with its shell, makes it look further (miscinit.c, CreateLockFile).
  const env = stale ? { ...SERVER_ENV, PG_GRANDPARENT_PID: String(stale.pid) } : SERVER_ENV;
  const log = openSync(files.log, 'a', 0o600);
  // Detached: the terminal's Ctrl-C is for the app, which ends its work before it stops the server.
  const server = spawn(binaries.postgres, command, {
    ...user,
    cwd: '/',
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  server.unref();
  return server;
}

function untilReady(server: ChildProcess, files: ClusterFiles): Promise<string> {
  return new Promise((resolve) => {
    const deadline = Date.now() + START_TIMEOUT_MS;
    const end = (outcome: string) => {
      clearInterval(timer);
      server.removeAllListeners();
      resolve(outcome);
    };
    const timer = setInterval(() => {
      const postmaster = findPostmaster(files.cluster);
      if (postmaster?.pid === server.pid && postmaster?.isReady) end('ready');
      else if (Date.now() > deadline) {
        server.kill('SIGQUIT');
        end(`not ready after ${START_TIMEOUT_MS / 1000} s`);
      }
    }, POLL_MS);
    server.once('error', (error) => end(error.message));
    server.once('exit', (code, signal) => end(`exit ${code ?? signal}`));
  });
}

async function stopServer(server: ChildProcess, { files, binaries, user }: Settings): Promise<void> {
  const down = () => server.exitCode !== null || server.signalCode !== null;
  if (process.platform === 'win32') {
    // A signal would end the process there without a shutdown.
    spawnSync(binaries.pgCtl, ['stop', '-D', files.cluster, '-m', 'fast'], { ...user, env: SERVER_ENV });
  } else if (!down()) {
    server.kill('SIGINT'); // fast shutdown: https://www.postgresql.org/docs/18/server-shutdown.html
  }
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (!down() && Date.now() < deadline) await wait(POLL_MS);
  if (!down()) server.kill('SIGQUIT');
}

/** Whether this address is our own data's server. Throws StartError when it is, but does not take our password. */
async function answers(connectionString: string, files: ClusterFiles): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined); // a server that goes down as we ask: the query below fails too
  try {
    await client.connect();
    const { rows } = await client.query<{ at: string }>("select current_setting('data_directory') as at");
    return rows[0]?.at === files.cluster;
  } catch (cause) {
    const isPassword = (cause as { code?: string }).code === '28P01'; // invalid_password
    if (!isPassword) return false;
    throw new StartError(
      `The PostgreSQL server that runs on ${files.cluster} refuses the password in ${files.password}: put the right one back.`,
      { cause },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function addressOf(port: number, password: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

function rememberedPort(files: ClusterFiles): number {
  return existsSync(files.port) ? Number(readFileSync(files.port, 'utf8')) : 0;
}

/** `wanted` where it is free, else one that is. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** @returns where the log now ends. */
function rotateLog(log: string): number {
  const bytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes <= LOG_LIMIT_BYTES) return bytes;
  renameSync(log, `${log}.1`);
  return 0;
}
