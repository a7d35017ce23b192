// The sandbox as a process of its own, a real browser beside it, and the page driven as people drive it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeSource from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { startChild } from '../../sandbox/child-process.ts';
import { makeTemporaryFolder } from '../../sandbox/temporary-folder.ts';
import { keepPicture } from './pictures.ts';

/** Debian's; another one by CHROMIUM. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-lcd-text'],
];
const PROGRAM = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));

export const LIN = 'U0LIN';
export const SAM = 'U0SAM';
export const ALEX = 'U0ALEX';
export const AMARA = 'U0AMARA';
export const GRACE = 'U0GRACE';

interface Announced {
  readonly url: string;
  readonly token: string;
  readonly clock: string;
  readonly control: Readonly<Record<string, string>>;
  readonly gzippedBytes: number;
}

export interface SandboxUnderTest {
  readonly announced: Announced;
  readonly pid: number;
  readonly folder: string;
  /** A page of its own context, as that person; what went wrong in it is in `problemsOf`. */
  open(user: string, options?: BrowserContextOptions): Promise<Page>;
  /** Moves everybody's clock. */
  advance(ms: number): Promise<void>;
  /** The vendor's own picture of itself. */
  state(vendor: string): Promise<unknown>;
  /** The sandbox alone; the folder stays, and `openSandbox(folder)` opens it again. */
  close(): Promise<void>;
  /** All of it. */
  stop(): Promise<void>;
}

const problems = new WeakMap<Page, string[]>();

/** Errors of the page's scripts, and what its console said of errors. */
export function problemsOf(page: Page): readonly string[] {
  return problems.get(page) ?? [];
}

export async function openSandbox(
  folder: string = makeTemporaryFolder(),
  args: readonly string[] = [],
): Promise<SandboxUnderTest> {
  if (!existsSync(CHROMIUM)) throw new Error(`no browser at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM`);
  const { PATH, HOME, TMPDIR } = process.env;
  const child = await startChild<Announced>({
    name: 'the sandbox',
    program: PROGRAM,
    args: ['--json', '--no-open', '--port', '0', '--data-dir', folder, ...args],
    env: { PATH, HOME, TMPDIR, CI: '1' },
  });
  let browser: Browser | null = null;
  const { announced, pid } = child;
  const close = async (): Promise<void> => {
    await browser?.close();
    browser = null;
    await child.stop();
  };
  return {
    announced,
    pid,
    folder,
    async open(user, options = {}) {
      browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
      const context = await browser.newContext({ viewport: { width: 1280, height: 820 }, ...options });
      await context.addInitScript(
        `localStorage.getItem('sandbox.me') ?? localStorage.setItem('sandbox.me', '${user}')`,
      );
      const page = await context.newPage();
      const said: string[] = [];
      problems.set(page, said);
      page.on('pageerror', (error) => said.push(error.message));
      page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
      await page.goto(announced.url);
      await page.getByRole('log').first().waitFor();
      return page;
    },
    async advance(ms) {
      const headers = { 'x-sandbox-token': announced.token };
      const answer = await fetch(announced.clock, { method: 'POST', headers, body: JSON.stringify({ ms }) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async state(vendor) {
      const answer = await fetch(`${announced.control[vendor]}/state`);
      return answer.json();
    },
    close,
    async stop() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Numbers of all processes below this one. */
export function processesBelow(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const all = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    all.flatMap(([one = 0, its]) => (its === parent ? [one, ...below(one)] : []));
  return below(pid);
}

/** One that has ended and that nobody has asked after, as under a first process that asks after none, does not run. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

export async function become(page: Page, user: string): Promise<void> {
  await page.getByLabel('You are:').selectOption(user);
  await page.getByRole('log').first().waitFor();
}

/** Into the channel that is open, by keyboard. */
export async function typeCommand(page: Page, text: string): Promise<void> {
  const field = composer(page);
  await field.click();
  await field.pressSequentially(text);
  // The first Enter takes the command that is offered where nothing follows it.
  await page.keyboard.press('Enter');
}

export function composer(page: Page): Locator {
  return page.getByRole('main').getByRole('combobox');
}

export function modal(page: Page): Locator {
  return page.getByRole('dialog');
}

/** Presses what submits the window on top. */
export async function submit(page: Page): Promise<void> {
  await modal(page).locator('button[type=submit]').click();
}

/** The newest message of the channel with these words. */
export function messageWith(page: Page, words: string): Locator {
  return page.getByRole('main').getByRole('article').filter({ hasText: words }).last();
}

export async function openThread(message: Locator, page: Page): Promise<Locator> {
  await message.locator('.replies').click();
  return page.getByRole('complementary', { name: 'Thread' });
}

/** What axe finds that is serious or critical: one line each, with where. A picture of the screen is kept. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await keepPicture(page);
  await page.evaluate(AxeSource.source);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
