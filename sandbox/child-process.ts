// Starts one of the sandbox's programs as a child that ends with us: it announces itself with one JSON line.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Lines of a child's standard error that are kept, to be shown should it fail. */
const KEPT_LINES = 40;
/** A program that does not end by itself by then is killed; what it leaves is swept by the next start. */
const STOP_MS = 20_000;

export interface Child<Announced> {
  readonly announced: Announced;
  readonly pid: number;
  /** Resolves once the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** The last lines it wrote to standard error. */
  said(): readonly string[];
  /** SIGTERM, and waits. May be called twice. */
  stop(): Promise<void>;
}

/** The program must end when its standard input closes: a parent killed with -9 closes it too. */
export async function startChild<Announced>(options: {
  name: string;
  /** Path of the program. */
  program: string;
  args?: readonly string[];
  /** Absent: ours. */
  env?: Readonly<Record<string, string | undefined>>;
}): Promise<Child<Announced>> {
  const child = spawn(process.execPath, [options.program, ...(options.args ?? []), '--follow-stdin'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...(options.env ?? process.env) },
  });
  child.stdin.on('error', () => undefined); // it ended before we closed it
  const kept: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const line = await new Promise<string>((done, fail) => {
    const lost = (why: string): void => fail(new Error([`${options.name} did not start: ${why}`, ...kept].join('\n')));
    child.once('error', (error) => lost(error.message));
    child.once('close', (code, signal) => lost(`it ended (${code ?? signal})`));
    createInterface({ input: child.stdout }).once('line', done);
  });
  return {
    announced: JSON.parse(line) as Announced,
    pid: child.pid ?? 0,
    ended,
    said: () => kept,
    stop: () => stopChild(child, ended),
  };
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}
