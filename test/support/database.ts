// Gives a test file a database of its own, with every table, in some tens of milliseconds.
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

export type TestDatabase = {
  readonly url: string;
  /** Fails when a connection was left open (PostgreSQL waits 5 s for it): a test that leaks one is wrong. */
  drop(): Promise<void>;
};

/** A clone of the migrated template. `empty: true` leaves the tables out. */
export async function freshDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = inject('databaseServer');
  const name = `t_${randomBytes(8).toString('hex')}`;
  await run(server.url, `CREATE DATABASE ${name} TEMPLATE ${empty ? 'template0' : server.template}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(server.url, `DROP DATABASE ${name}`) };
}

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
