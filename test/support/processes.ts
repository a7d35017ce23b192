// For tests that run a program of ours as a process, in a temporary folder of its own: its output, its end, what it leaves.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface Program {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Its exit code; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Resolves once its output contains `text`; rejects if it ends before. */
  says(text: string): Promise<void>;
  /** Processes that still run and files that are still there, after some patience. Call it at the end: it removes the folder. */
  leftovers(): Promise<readonly string[]>;
}

const PATIENCE_MS = 10_000;

/** Kills it after `killMs`: no test hangs on it. */
export function runProgram(args: readonly string[], options: { killMs: number }): Program {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sendoff-program-'));
  chmodSync(folder, 0o755); // for PostgreSQL's own user, where we are root
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk);
  });
  const killer = setTimeout(() => child.kill('SIGKILL'), options.killMs);
  let hasEnded = false;
  const ended = new Promise<number | null>((done) => {
    child.once('close', (code) => {
      clearTimeout(killer);
      hasEnded = true;
      done(code);
    });
  });
  return {
    child,
    out: () => said.out,
    err: () => said.err,
    ended,
    async says(text) {
      while (!said.out.includes(text)) {
        if (hasEnded) throw new Error(`it ended without saying ${text}: ${said.out}${said.err}`);
        await wait(20);
      }
    },
    leftovers: () => leftIn(folder),
  };
}

async function leftIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const left = (): string[] => [...processesOf(folder), ...readdirSync(folder)];
  const deadline = Date.now() + PATIENCE_MS;
  while (left().length > 0 && Date.now() < deadline) await wait(50);
  const found = left();
  if (found.length === 0) rmSync(folder, { recursive: true });
  return found;
}

/** Those that name the folder on their command line or inherited it. Linux only; elsewhere the folder alone is looked at. */
function processesOf(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    const command = readProc(pid, 'cmdline');
    const isOurs = command.includes(folder) || readProc(pid, 'environ').includes(folder);
    return isOurs ? [`${pid} ${command.replaceAll('\0', ' ')}`] : [];
  });
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended as we looked, or is another user's
  }
}
