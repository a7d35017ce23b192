// The launcher against the real server: first start, survivors, races and stale locks. Needs no other user and no root.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startPostgres } from '../../../src/store/embedded-postgres.ts';
import { findPostmaster } from '../../../src/store/postmaster.ts';

let dataDir: string;
let servers: EmbeddedPostgres[];
let starters: ChildProcess[];

beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'sendoff-launcher-'));
  servers = [];
  starters = [];
});

afterEach(async () => {
  for (const starter of starters) starter.kill('SIGKILL');
  for (const server of servers) await server.stop();
  const survivor = findPostmaster(cluster());
  if (survivor?.isAlive) process.kill(survivor.pid, 'SIGQUIT');
  while (findPostmaster(cluster())?.isAlive) await wait(10);
  rmSync(dataDir, { recursive: true, force: true });
  expect(existsSync(dataDir)).toBe(false);
});

describe('startPostgres', () => {
  it('serves on loopback with a password only its owner may read, and keeps data and port from start to start', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();
    const second = await start();

    expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    expect(second.url).toBe(first.url);
    expect(new URL(second.url).hostname).toBe('127.0.0.1');
    expect(statSync(path.join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(await query(second.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(second.url, 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  });

  it('refuses a wrong password', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'wrong';

    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('is durable unless told otherwise', async () => {
    const server = await startPostgres({ dataDir });
    servers.push(server);

    expect(await query(server.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  });

  it('attaches to a server whose app was killed, and leaves it running', async () => {
    const starter = startElsewhere();
    const { url } = await starter.said;
    starter.process.kill('SIGKILL');
    await once(starter.process, 'exit');

    const attached = await start();
    await attached.stop();

    expect(attached.owned).toBe(false);
    expect(attached.url).toBe(url);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts one server when two processes start together; the other attaches', async () => {
    const [one, other] = await Promise.all([startElsewhere().said, startElsewhere().said]);

    expect([one.owned, other.owned].sort()).toEqual([false, true]);
    expect(one.url).toBe(other.url);
    expect(readdirSync(dataDir).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  it('starts in spite of a lock file whose process is gone', async () => {
    await (await start()).stop();
    writeLock(999_999_999);

    expect((await start()).owned).toBe(true);
  });

  it('starts in spite of a lock file whose number now belongs to another process of the same user', async () => {
    await (await start()).stop();
    const { uid, gid } = statSync(cluster());
    const other = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {});
    starters.push(other);
    writeLock(other.pid ?? 0);

    expect((await start()).owned).toBe(true);
  });

  it('begins again where initdb was killed half-way', async () => {
    const half = path.join(dataDir, 'postgres.new-killed');
    mkdirSync(path.join(half, 'data'), { recursive: true });
    writeFileSync(path.join(half, 'data/PG_VERSION'), '18\n');
    utimesSync(half, new Date('2026-03-02T09:00:00Z'), new Date('2026-03-02T09:00:00Z'));

    const { url } = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(half)).toBe(false);
  });

  it('takes another port when its own is taken', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');

    const second = await start();
    squatter.close();

    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses data whose password file is gone, and says what to do', async () => {
    await (await start()).stop();
    rmSync(path.join(dataDir, 'postgres.password'));

    await expect(start()).rejects.toThrow(/password file .+ is not: put that file back, or move both away/);
  });

  it('refuses a running server that does not take the password, and says which file is wrong', async () => {
    await start();
    writeFileSync(path.join(dataDir, 'postgres.password'), 'wrong');

    await expect(start()).rejects.toThrow(/refuses the password in .+postgres\.password: put the right one back/);
  });

  it('shows the last lines of the log when PostgreSQL does not start', async () => {
    await (await start()).stop();
    writeFileSync(path.join(cluster(), 'postgresql.conf'), 'nonsense = on\n');

    await expect(start()).rejects.toThrow(/did not start[\s\S]+unrecognized configuration parameter "nonsense"/);
  });
});

function cluster(): string {
  return path.join(dataDir, 'postgres');
}

async function start(): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, durable: false });
  servers.push(server);
  return server;
}

function startElsewhere(): { process: ChildProcess; said: Promise<{ url: string; owned: boolean }> } {
  const source = new URL('../../../src/store/embedded-postgres.ts', import.meta.url).href;
  const script = `const { startPostgres } = await import(${JSON.stringify(source)});
    const { url, owned } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
    console.log(JSON.stringify({ url, owned }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  starters.push(child);
  const said = new Promise<{ url: string; owned: boolean }>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(JSON.parse(String(chunk))));
    child.once('exit', (code) => reject(new Error(`exit ${code}`)));
  });
  return { process: child, said };
}

/** The lock file of a server that ended without removing it. */
function writeLock(pid: number): void {
  const file = path.join(cluster(), 'postmaster.pid');
  writeFileSync(
    file,
    [pid, cluster(), 1_772_442_000, 5432, '', '127.0.0.1', '  1234567    123456', 'ready   ', ''].join('\n'),
  );
  expect(readFileSync(file, 'utf8')).toContain(String(pid));
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
