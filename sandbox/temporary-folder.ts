// The folder the sandbox's database lives in: made for one process, and removed with it, or by the next one after a kill -9.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findPostmaster } from '../src/store/postmaster.ts';

const PREFIX = 'sendoff-sandbox-';

export function makeTemporaryFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Folders of processes that were killed, and the servers that still run on them. Another user's are left alone. */
export async function removeAbandonedFolders(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isRunning(owner)) continue;
    try {
      await removeFolder(path.join(os.tmpdir(), name));
    } catch (error) {
      if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

async function removeFolder(folder: string): Promise<void> {
  const cluster = path.join(folder, 'postgres');
  const postmaster = findPostmaster(cluster);
  if (postmaster?.isAlive) process.kill(postmaster.pid, 'SIGQUIT');
  while (findPostmaster(cluster)?.isAlive) await wait(10);
  rmSync(folder, { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
