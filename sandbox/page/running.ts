// Whether Acme is open already in this folder: two at once would write over each other.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = 'sandbox.url';
const LOOK_MS = 1_000;

/** Its address, where one answers; a process that was killed leaves an address that does not. */
export async function runningAt(folder: string): Promise<string | null> {
  try {
    const url = readFileSync(path.join(folder, FILE), 'utf8');
    const answer = await fetch(new URL('/alive', url), { signal: AbortSignal.timeout(LOOK_MS) });
    const { sandbox } = (await answer.json()) as { sandbox?: string };
    return sandbox === folder ? url : null;
  } catch {
    return null;
  }
}

export function noteRunning(folder: string, url: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, FILE), url);
}

export function noteStopped(folder: string): void {
  rmSync(path.join(folder, FILE), { force: true });
}
