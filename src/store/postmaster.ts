// Reads who serves a PostgreSQL data folder from its lock file, and whether that process is still what the file says.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Postmaster = {
  readonly pid: number;
  readonly port: number;
  /** A PostgreSQL of this very folder, not another process that now has its number. */
  readonly isAlive: boolean;
  readonly isReady: boolean;
};

/** What postmaster.pid says, or null. @see src/include/utils/pidfile.h of PostgreSQL 18 for the lines */
export function findPostmaster(cluster: string): Postmaster | null {
  const file = path.join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null; // it went down as we looked
    throw error;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const isAlive = serves(pid, cluster);
  return { pid, port: Number(lines[3]), isAlive, isReady: isAlive && lines[7]?.trim() === 'ready' };
}

function serves(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform === 'win32') return true; // no cheap way to ask there what the process is
  const command = commandOf(pid);
  return command.includes('postgres') && command.includes(cluster);
}

/** Its command line, empty for one that is gone or waits to be reaped. */
function commandOf(pid: number): string {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
