// Starts one PostgreSQL for a whole test run and migrates one template database, which each test file's own is cloned from.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../src/store/embedded-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { findPostmaster } from '../../src/store/postmaster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run, and the migrated database to clone. */
    databaseServer: { readonly url: string; readonly template: string };
  }
}

const FOLDER = 'sendoff-test-';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const server = await testServer();
  const template = `sendoff_template_${randomBytes(6).toString('hex')}`;
  const url = new URL(server.url);
  await onServer(server.url, `CREATE DATABASE ${template}`);
  url.pathname = `/${template}`;
  await migrate(url.href);
  project.provide('databaseServer', { url: server.url, template });
  return async () => {
    await onServer(server.url, `DROP DATABASE ${template}`);
    await server.stop();
  };
}

/** The embedded server in a folder of its own, or the one that SENDOFF_TEST_DATABASE_URL names, which stays. */
async function testServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const named = process.env.SENDOFF_TEST_DATABASE_URL;
  if (named) return { url: named, stop: async () => undefined };
  const dataDir = mkdtempSync(path.join(os.tmpdir(), `${FOLDER}${process.pid}-`));
  const server = await startPostgres({ dataDir, durable: false });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, stop };
}

/** A run that was killed left its server and folder behind: they go now. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const owner = name.startsWith(FOLDER) ? Number.parseInt(name.slice(FOLDER.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isRunning(owner)) continue;
    const folder = path.join(os.tmpdir(), name);
    try {
      const cluster = path.join(folder, 'postgres');
      const postmaster = findPostmaster(cluster);
      if (postmaster?.isAlive) process.kill(postmaster.pid, 'SIGQUIT');
      while (findPostmaster(cluster)?.isAlive) await wait(10);
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error; // another user's
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function onServer(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
