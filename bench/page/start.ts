// How soon somebody who typed `npm run sandbox` has an address to open.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '../../sandbox/temporary-folder.ts';
import { quantile } from '../figures.ts';
import { heading, held, line } from '../table.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 90_000;

/** Each in an Acme of its own; the first fills the compile cache, and is not counted. */
export async function measureStart(starts: number): Promise<void> {
  const printed: number[] = [];
  const running: number[] = [];
  for (let at = 0; at <= starts; at += 1) {
    const times = await startOnce();
    if (at === 0) continue;
    printed.push(times.printedMs);
    running.push(times.runningMs);
  }
  heading(`npm run sandbox, a new Acme, ${starts} times`);
  held('address printed (median)', Math.round(quantile(printed, 0.5)), 3_000, ' ms');
  line('the app runs (median)', `${Math.round(quantile(running, 0.5))} ms`.padStart(10));
}

async function startOnce(): Promise<{ printedMs: number; runningMs: number }> {
  const folder = makeTemporaryFolder();
  const { PATH, HOME, TMPDIR } = process.env;
  const startedAt = performance.now();
  const args = ['run', 'sandbox', '--', '--no-open', '--port', '0', '--data-dir', folder, '--follow-stdin'];
  const child = spawn('npm', args, {
    cwd: PROJECT,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH, HOME, TMPDIR, CI: '1' },
  });
  const ended = new Promise((done) => child.once('close', done));
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    let said = '';
    const until = (words: string): Promise<number> =>
      new Promise((done, fail) => {
        const look = (): void => {
          if (said.includes(words)) done(performance.now() - startedAt);
        };
        child.stdout.on('data', look);
        void ended.then(() => fail(new Error(`the sandbox ended before it said “${words}”`)));
        look();
      });
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [printedMs, runningMs] = await Promise.all([until('Acme is open:'), until('The app runs')]);
    return { printedMs, runningMs };
  } finally {
    child.stdin.end();
    await ended;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  }
}
