// The sandbox's own database, kept between starts. It is started here and not by the app, so that an app that is killed finds it again.
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from '../../src/store/embedded-postgres.ts';
import { findPostmaster } from '../../src/store/postmaster.ts';

export interface Database {
  /** With the password in it. */
  readonly url: string;
  stop(): Promise<void>;
}

const STOP_MS = 20_000;

/** Not safe in a power cut, which the sandbox's invented people survive; quicker at every press. */
export async function startDatabase(folder: string): Promise<Database> {
  const server = await startPostgres({ dataDir: folder, durable: false });
  return { url: server.url, stop: () => (server.owned ? server.stop() : stopDatabase(folder)) };
}

/** Also one that outlived a sandbox that was killed. */
export async function stopDatabase(folder: string): Promise<void> {
  const cluster = path.join(folder, 'postgres');
  const postmaster = findPostmaster(cluster);
  if (!postmaster?.isAlive) return;
  process.kill(postmaster.pid, 'SIGINT'); // fast shutdown
  const deadline = Date.now() + STOP_MS;
  while (findPostmaster(cluster)?.isAlive && Date.now() < deadline) await wait(20);
  if (findPostmaster(cluster)?.isAlive) process.kill(postmaster.pid, 'SIGQUIT');
}

/** As it was before the app's first start. The app must not run. */
export async function emptyDatabase(url: string): Promise<void> {
  await withClient(url, (client) => client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // the query under way rejects with the same error
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
