// One Sendoff process as an operating system sees it: started, killed, frozen, and every byte it said.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export interface AppProcess {
  /** Also the name of its database connections (pg_stat_activity.application_name). */
  readonly name: string;
  readonly pid: number;
  /** Its number among the instances when it started. */
  readonly instance: number;
  readonly eventsUrl: string;
  /** All it has written so far. */
  said(): string;
  isAlive(): boolean;
  /** Moves its Clock. Throws where it has none that can be moved, or is gone. */
  advance(ms: number): Promise<void>;
  /** kill -9. Resolves with the moment of the kill, in ms since the epoch, once the process is gone. */
  kill(): Promise<number>;
  freeze(): void;
  thaw(): void;
}

export interface AppOptions {
  /** The folder of the project: this one, or a patched copy. */
  readonly root: string;
  readonly name: string;
  readonly databaseUrl: string;
  readonly settings: Readonly<Record<string, string>>;
  /** A Clock that can be moved, so far ahead of the real time already. Absent: the production program, with the real time. */
  readonly aheadMs?: number;
}

interface Announced {
  readonly port: number;
  readonly instance: number;
}

const START_MS = 20_000;
/** As src/app/main.ts has it. */
const COMPILE_CACHE = 'node_modules/.cache/sendoff';
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Resolves once it serves. Throws with its own words if it ends before. */
export async function startAppProcess(options: AppOptions): Promise<AppProcess> {
  const { aheadMs } = options;
  const program =
    aheadMs === undefined ? ['src/app/main.ts'] : ['sandbox/app.ts', '--ahead-ms', String(Math.round(aheadMs))];
  const [file = '', ...args] = program;
  const child = spawn(process.execPath, [path.join(options.root, file), ...args], {
    cwd: options.root,
    env: {
      PATH: process.env.PATH,
      // What `npm start` turns on by itself.
      ...(aheadMs === undefined ? {} : { NODE_COMPILE_CACHE: path.join(options.root, COMPILE_CACHE) }),
      ...options.settings,
      DATABASE_URL: options.databaseUrl,
      PORT: '0',
      PGAPPNAME: options.name,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  const said: string[] = [];
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  void gone.then(() => alive.delete(child));
  const started = await new Promise<Announced & { clockUrl: string | null }>((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`${options.name} did not start in time: ${said.join('')}`)),
      START_MS,
    );
    const listen = (chunk: Buffer): void => {
      said.push(chunk.toString('utf8'));
      const lines = said.join('').split('\n').slice(0, -1);
      const running = lines.find((one) => one.includes('"Sendoff is running"'));
      const clock = lines.find((one) => one.includes('"clockUrl"'));
      if (!running || (aheadMs !== undefined && !clock)) return;
      done({ ...(JSON.parse(running) as Announced), clockUrl: clock ? clockUrlOf(clock) : null });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void gone.then(() => fail(new Error(`${options.name} ended at its start: ${said.join('')}`)));
    void gone.then(() => clearTimeout(timer));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.name} has no process id`);
  return {
    name: options.name,
    pid,
    instance: started.instance,
    eventsUrl: `http://127.0.0.1:${started.port}/slack/events`,
    said: () => said.join(''),
    isAlive: () => alive.has(child),
    async advance(advanceMs) {
      if (started.clockUrl === null) throw new Error(`${options.name} has the real time`);
      const answer = await fetch(started.clockUrl, { method: 'POST', body: JSON.stringify({ advanceMs }) });
      if (!answer.ok) throw new Error(`${options.name}'s clock: ${await answer.text()}`);
    },
    async kill() {
      const at = Date.now();
      child.kill('SIGKILL');
      await gone;
      return at;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  };
}

function clockUrlOf(line: string): string {
  return (JSON.parse(line) as { clockUrl: string }).clockUrl;
}
