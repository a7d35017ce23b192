// Prepares the folder a PostgreSQL server keeps its data in: who owns it, its password, its first content.
// Starts nothing that stays.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { PostgresBinaries, ServerUser } from './postgres-binaries.ts';
import { StartError } from './start-error.ts';

/** The files of one embedded server, all in Sendoff's data folder. */
export type ClusterFiles = {
  readonly dataDir: string;
  /** PostgreSQL's own folder. */
  readonly cluster: string;
  readonly password: string;
  readonly port: string;
  readonly log: string;
};

// PostgreSQL refuses to run as root, and initdb wants a user that has a name: `nobody` is there on every Linux.
const NOBODY = 65534;
const UNFINISHED = 'postgres.new-';
const UNFINISHED_FOR_MS = 10 * 60_000; // initdb takes a second: a folder this old was left by a killed one

/** Throws StartError for root on a system other than Linux. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  if (process.platform === 'linux') return { uid: NOBODY, gid: NOBODY };
  throw new StartError('PostgreSQL does not run as root: start Sendoff as an ordinary user, or set DATABASE_URL.');
}

/** Creates `dataDir` where it is missing. Throws StartError when the server's user could not reach it, or it is another's. */
export function prepareDataDir(dataDir: string, user: ServerUser): ClusterFiles {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // For the server's user to pass through on the way to its own folder; the names stay hidden.
    if (user.uid !== undefined) chmodSync(dataDir, 0o711);
    readdirSync(dataDir);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') throw anothers(dataDir, cause);
    throw new StartError(
      `${dataDir} cannot hold Sendoff's data (${code}): set SENDOFF_DATA_DIR to a folder that can.`,
      {
        cause,
      },
    );
  }
  const real = realpathSync(dataDir);
  if (user.uid !== undefined) refuseUnreachable(real);
  return {
    dataDir: real,
    cluster: path.join(real, 'postgres'),
    password: path.join(real, 'postgres.password'),
    port: path.join(real, 'postgres.port'),
    log: path.join(real, 'postgres.log'),
  };
}

/**
 * Makes the cluster unless it is there, and returns its password. Safe with two starters at once: both use the one
 * password that was saved first, and the cluster arrives whole by a rename, so a killed initdb leaves nothing that counts.
 */
export function ensureCluster(
  files: ClusterFiles,
  binaries: PostgresBinaries,
  user: ServerUser,
  durable: boolean,
): string {
  const isMade = existsSync(files.cluster);
  if (isMade) refuseAnothers(files, user);
  if (isMade && !existsSync(files.password)) {
    throw new StartError(
      `The database in ${files.cluster} is there but its password file ${files.password} is not: ` +
        'put that file back, or move both away to begin with an empty database.',
    );
  }
  const password = savedPassword(files);
  if (!isMade) makeCluster(files, binaries, user, { password, durable });
  return password;
}

function savedPassword(files: ClusterFiles): string {
  const mine = `${files.password}.${process.pid}`;
  writeFileSync(mine, randomBytes(24).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(mine, files.password); // whole, and only where there is none
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine);
  }
  try {
    return readFileSync(files.password, 'utf8').trim();
  } catch (cause) {
    throw anothers(files.password, cause);
  }
}

function makeCluster(
  files: ClusterFiles,
  binaries: PostgresBinaries,
  user: ServerUser,
  { password, durable }: { password: string; durable: boolean },
): void {
  removeUnfinished(files.dataDir);
  const unfinished = mkdtempSync(path.join(files.dataDir, UNFINISHED));
  const cluster = path.join(unfinished, 'data');
  const passwordFile = path.join(unfinished, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    for (const at of [unfinished, passwordFile]) give(at, user);
    const options = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
    const quick = durable ? [] : ['--no-sync'];
    const command = [`--pgdata=${cluster}`, ...options, '--locale=C', '--no-instructions', ...quick];
    const made = spawnSync(binaries.initdb, command, { ...user, cwd: '/', env: SERVER_ENV, encoding: 'utf8' });
    if (made.status !== 0) {
      const reason = made.error?.message ?? made.stderr.trim();
      throw new StartError(`PostgreSQL could not make its data folder ${files.cluster}: ${reason}`);
    }
    renameSync(cluster, files.cluster);
  } catch (error) {
    // Another starter's cluster arrived first, with the same password.
    if (!existsSync(path.join(files.cluster, 'PG_VERSION'))) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** All the server is told of our environment: no token of ours belongs in another process, and no PG* variable may steer it. */
export const SERVER_ENV = { LC_ALL: 'C', TZ: 'UTC' } as const;

function give(file: string, { uid, gid }: ServerUser): void {
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
}

function removeUnfinished(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const folder = path.join(dataDir, name);
    const touchedAt = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (name.startsWith(UNFINISHED) && Date.now() - touchedAt > UNFINISHED_FOR_MS)
      rmSync(folder, { recursive: true, force: true });
  }
}

function refuseUnreachable(dataDir: string): void {
  for (let folder = path.dirname(dataDir); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const { mode, uid } = statSync(folder);
    if ((mode & 0o001) === 0 && uid !== NOBODY) {
      throw new StartError(
        `PostgreSQL runs as the user nobody here, because it refuses to run as root, and nobody cannot enter ${folder}: ` +
          'set SENDOFF_DATA_DIR to a folder outside it, for example /var/lib/sendoff, or start Sendoff as an ordinary user.',
      );
    }
  }
}

function refuseAnothers(files: ClusterFiles, user: ServerUser): void {
  if (process.platform === 'win32') return; // no owners there as Node sees them
  if (statSync(files.cluster).uid !== (user.uid ?? process.getuid?.())) throw anothers(files.cluster);
}

function anothers(file: string, cause?: unknown): StartError {
  return new StartError(
    `${file} is not this user's: start Sendoff as the user it belongs to, or set SENDOFF_DATA_DIR to a folder of your own.`,
    { cause },
  );
}
