// What is kept of Acme between two starts, beside its database: the vendors' memories, the clock, keys and ports. One file, which stands
// whole or not at all, a piece a line.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fromLine, toLine } from './json-text.ts';
import { type Ports, VENDORS, type VendorName } from './simulators.ts';

export interface Kept {
  readonly aheadMs: number;
  /** SENDOFF_SECRET_KEYS: what is sealed in the database must stay readable. */
  readonly secretKeys: string;
  readonly ports: Ports;
  readonly appPort: number | null;
  readonly memories: Readonly<Record<VendorName, readonly unknown[]>>;
}

/** To be raised when a simulator's memory changes its shape: then Acme starts over. */
const VERSION = 4;
const FILE = 'acme.state';

interface First {
  readonly version: number;
  /** How many follow. */
  readonly pieces: number;
  readonly kept: Omit<Kept, 'memories'>;
}

interface Piece {
  readonly vendor: VendorName;
  readonly piece: unknown;
}

/** `old`: there is one, of another version. */
export function readKept(folder: string): Kept | 'none' | 'old' {
  const file = path.join(folder, FILE);
  if (!existsSync(file)) return 'none';
  try {
    const [first, ...pieces] = readFileSync(file, 'utf8').split('\n').map(fromLine) as [First, ...Piece[]];
    if (first.version !== VERSION || first.pieces !== pieces.length) return 'old';
    const memories = Object.fromEntries<unknown[]>(VENDORS.map((name) => [name, []]));
    for (const { vendor, piece } of pieces) memories[vendor]?.push(piece);
    return { ...first.kept, memories: memories as Record<VendorName, unknown[]> };
  } catch {
    return 'old';
  }
}

export function writeKept(folder: string, kept: Kept): void {
  mkdirSync(folder, { recursive: true });
  const beside = path.join(folder, `${FILE}.${process.pid}`);
  const file = openSync(beside, 'w', 0o600);
  try {
    const { memories, ...rest } = kept;
    const pieces = Object.entries(memories).flatMap(([vendor, all]) => all.map((piece) => ({ vendor, piece })));
    writeFileSync(file, toLine({ version: VERSION, pieces: pieces.length, kept: rest }));
    for (const piece of pieces) writeFileSync(file, `\n${toLine(piece)}`);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path.join(folder, FILE));
}

/** The vendors' memories and the database; nothing else that may stand in the folder. */
export function removeKept(folder: string): void {
  for (const name of [FILE, 'postgres', 'postgres.password', 'postgres.port', 'postgres.log'])
    rmSync(path.join(folder, name), { recursive: true, force: true });
}
