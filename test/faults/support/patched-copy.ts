// A copy of the project with a defence taken out, to see whether the suite notices.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT } from './scene.ts';

export interface Patch {
  /** A file, or a function of the database: the newest migration that defines it. */
  readonly in: { readonly file: string } | { readonly sql: string };
  /** Must stand in the file exactly once: a patch that no longer fits fails loudly. */
  readonly find: string;
  readonly replace: string;
}

export interface PatchedCopy {
  readonly root: string;
  remove(): void;
}

const COPIED = ['src', 'prisma', 'sandbox', 'package.json', 'tsconfig.json'];

export function patchedCopy(patches: readonly Patch[]): PatchedCopy {
  const root = mkdtempSync(path.join(os.tmpdir(), 'sendoff-teeth-'));
  for (const name of COPIED) cpSync(path.join(PROJECT, name), path.join(root, name), { recursive: true });
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(root, 'node_modules'));
  for (const { in: place, find, replace } of patches) {
    const file = 'file' in place ? place.file : newestOf(place.sql);
    const text = readFileSync(path.join(root, file), 'utf8');
    const times = text.split(find).length - 1;
    if (times !== 1) throw new Error(`${file} has the place to patch ${times} times: ${find}`);
    writeFileSync(
      path.join(root, file),
      text.replace(find, () => replace),
    );
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function newestOf(sqlFunction: string): string {
  const folder = path.join('prisma', 'migrations');
  const files = readdirSync(path.join(PROJECT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name, 'migration.sql'))
    .sort();
  const defines = new RegExp(`CREATE (?:OR REPLACE )?FUNCTION ${sqlFunction}\\(`);
  const newest = files.findLast((file) => defines.test(readFileSync(path.join(PROJECT, file), 'utf8')));
  if (newest === undefined) throw new Error(`no migration defines ${sqlFunction}`);
  return newest;
}
