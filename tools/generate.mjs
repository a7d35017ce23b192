// Writes the Prisma client into src/store/generated when the schema or Prisma's version changed since the last time.
// npm's `postinstall` would do it, but npm 11 runs no install script that was not approved, so every npm script asks here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'src/store/generated');
const stampFile = join(target, '.stamp');
const UNFINISHED = '.next-';
const UNFINISHED_FOR_MS = 10 * 60_000; // a run takes 2 s: one this old was killed

const schema = readFileSync(join(root, 'prisma/schema.prisma'), 'utf8');
const prismaPackage = createRequire(import.meta.url).resolve('prisma/package.json');
const { version, bin } = JSON.parse(readFileSync(prismaPackage, 'utf8'));
const stamp = createHash('sha256').update(`${version}\n${schema}`).digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) generate();

/**
 * Two of us may run at once (`npm test` beside `npm start`), and need no lock: each generates apart, both get the same
 * files, and every file arrives whole by a rename; the stamp comes last.
 */
function generate() {
  mkdirSync(target, { recursive: true });
  removeUnfinished();
  const apart = mkdtempSync(join(target, UNFINISHED));
  try {
    // Prisma reads the place to write to from the schema only, and refuses a folder that holds anything else.
    const elsewhere = schema.replace(/^(\s*output\s*=\s*).*$/m, '$1"client"');
    writeFileSync(join(apart, 'schema.prisma'), elsewhere);
    if (!runPrisma(join(apart, 'schema.prisma'))) return;
    const made = filesIn(join(apart, 'client'));
    for (const file of made) {
      mkdirSync(dirname(join(target, file)), { recursive: true });
      renameSync(join(apart, 'client', file), join(target, file));
    }
    // A model that is gone leaves its file, which would still be type-checked.
    for (const file of filesIn(target)) {
      if (!made.includes(file)) rmSync(join(target, file), { force: true });
    }
    writeFileSync(join(apart, 'stamp'), stamp);
    renameSync(join(apart, 'stamp'), stampFile);
  } finally {
    rmSync(apart, { recursive: true, force: true });
  }
}

function runPrisma(schemaFile) {
  const environment = {
    ...process.env,
    CHECKPOINT_DISABLE: '1', // no call to checkpoint.prisma.io
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    // Generating uses no schema engine, but Prisma 7 downloads one first unless it is told where one is.
    PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'tools/schema-engine.mjs'),
  };
  const command = [join(dirname(prismaPackage), bin.prisma), 'generate', '--schema', schemaFile];
  const ran = spawnSync(process.execPath, command, { cwd: root, env: environment, encoding: 'utf8' });
  if (ran.status === 0) return true;
  process.stderr.write(`prisma generate failed:\n${ran.stdout ?? ''}${ran.stderr ?? ''}${ran.error?.message ?? ''}\n`);
  process.exitCode = 1;
  return false;
}

/** The files below `folder`, without dot files: the other run's unfinished folder may vanish while we look. */
function filesIn(folder, below = '') {
  const entries = readdirSync(join(folder, below), { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries.flatMap((entry) => {
    const at = join(below, entry.name);
    return entry.isDirectory() ? filesIn(folder, at) : [at];
  });
}

function removeUnfinished() {
  for (const name of readdirSync(target)) {
    const folder = join(target, name);
    const touchedAt = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (name.startsWith(UNFINISHED) && Date.now() - touchedAt > UNFINISHED_FOR_MS)
      rmSync(folder, { recursive: true, force: true });
  }
}
