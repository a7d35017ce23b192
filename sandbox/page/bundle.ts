// The page's script and style, built by esbuild when their sources have changed since the last time.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CLIENT = path.join(ROOT, 'sandbox/client');
/** The page's own, and what it shares with the terminal. */
const SOURCES = [CLIENT, path.join(ROOT, 'sandbox/terminal')];
const CACHE = path.join(ROOT, 'node_modules/.cache/sendoff-sandbox');

export interface Bundle {
  readonly script: Buffer;
  readonly style: Buffer;
  /** Both as they are sent, gzipped. */
  readonly gzippedBytes: number;
}

export async function buildBundle(): Promise<Bundle> {
  const folder = path.join(CACHE, stamp());
  if (!existsSync(folder)) await build(folder);
  const [script, style] = ['main.js.gz', 'main.css.gz'].map((name) => readFileSync(path.join(folder, name)));
  if (!script || !style) throw new Error(`${folder} holds no page`);
  return { script, style, gzippedBytes: script.length + style.length };
}

/** Changes with every source file, and with whatever is installed. */
function stamp(): string {
  const hash = createHash('sha256');
  for (const name of SOURCES.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))) {
    if (name.isFile()) hash.update(name.name).update(readFileSync(path.join(name.parentPath, name.name)));
  }
  return hash
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
}

/** Written beside and renamed: two sandboxes may start at once. */
async function build(folder: string): Promise<void> {
  const esbuild = await import('esbuild');
  const built = await esbuild.build({
    entryPoints: [path.join(CLIENT, 'main.tsx')],
    outdir: CACHE,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const beside = `${folder}.${process.pid}`;
  mkdirSync(beside, { recursive: true });
  for (const file of built.outputFiles)
    writeFileSync(path.join(beside, `${path.basename(file.path)}.gz`), gzipSync(file.contents, { level: 9 }));
  try {
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else the other one was faster
  }
  for (const old of readdirSync(CACHE).filter((name) => isOutdated(name, folder)))
    rmSync(path.join(CACHE, old), { recursive: true, force: true });
}

/** What somebody writes just now has a number of its process behind it; one that died there leaves little. */
function isOutdated(name: string, folder: string): boolean {
  return name !== path.basename(folder) && !name.includes('.');
}
