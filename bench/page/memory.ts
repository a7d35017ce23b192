// What five hundred offboardings leave behind: in the page's process with its simulators, in the app's, and in the browser's tab. Then
// whether two hundred of their messages scroll smoothly.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import type { SeenView } from '../../sandbox/client/shapes.ts';
import { type Control, createControl } from '../../sandbox/demo/control.ts';
import { LIN, openSandbox, processesBelow, SAM, type SandboxUnderTest } from '../../test/support/sandbox-page.ts';
import { quantile } from '../figures.ts';
import { usageOf } from '../stage.ts';
import { heading, held, line } from '../table.ts';

const OPERATORS = [LIN, SAM, 'U0AMARA'] as const;
/** More than the policy's breaker lets begin would need an approver each. */
const RUNS_AN_HOUR = 5;
const HOUR_MS = 61 * 60_000;
const CHANNEL_QUIET_MS = 6_000;
const PATIENCE_MS = 5 * 60_000;
const LOOK_MS = 250;
/** Both processes give room back once they have rested for ten seconds, which they look for every ten: two such looks, and some. */
const REST_MS = 22_000;
/** Of one core: less is rest, as they see it. */
const REST = 0.02;
const STARTED = 'Offboarding started';
const NOT_STARTED = 'Not started';
/** After the first of them all has been loaded that ever will be, and every bounded store is filled. */
const PARTS = 5;
/** At the end, of what it was after the first part. */
const MOST_GROWTH = 1.25;
const WANTED_MESSAGES = 200;

interface Sizes {
  readonly page: number;
  readonly app: number;
  readonly tab: number;
}

export async function measureMemory(runs: number, parts: ReadonlySet<string>): Promise<void> {
  const sandbox = await openSandbox(undefined, ['--slack-times', '50']);
  try {
    const page = await sandbox.open(LIN);
    const tab = await page.context().newCDPSession(page);
    heading(`${runs} offboardings in the sandbox: RSS of its processes at rest, heap of the tab`);
    const sizes: Sizes[] = [];
    const size = Math.ceil(runs / PARTS);
    for (let part = 1; part <= PARTS; part += 1) {
      const startedAt = performance.now();
      await offboardSome(sandbox, `p${part}x`, size);
      const seconds = `${Math.round((performance.now() - startedAt) / 1_000)} s`;
      await untilAtRest(sandbox);
      const now = await sizesOf(sandbox, tab);
      sizes.push(now);
      line(`after ${part * size}`, `page ${now.page} MB   app ${now.app} MB   tab ${now.tab} MB   (${seconds})`);
    }
    const [first, last] = [sizes[0], sizes.at(-1)];
    if (first && last)
      for (const name of ['page', 'app', 'tab'] as const)
        held(`${name}: end / after ${size}`, last[name] / first[name], MOST_GROWTH);
    if (parts.has('scroll')) await measureScroll(page);
  } finally {
    await sandbox.stop();
  }
}

/** People with an Okta account and no more: copies of one who has devices would share them. Each is taken out by one of three operators. */
async function offboardSome(sandbox: SandboxUnderTest, prefix: string, count: number): Promise<void> {
  const slack = createControl(String(sandbox.announced.control.slack));
  const okta = createControl(String(sandbox.announced.control.okta));
  await okta.post('/command/add_user', { count, prefix });
  const people = Array.from({ length: count }, (_, at) => `${prefix}${at}@acme.test`);
  const waiting = [...people];
  while (waiting.length > 0) {
    const some = waiting.splice(0, RUNS_AN_HOUR);
    await Promise.all(
      OPERATORS.map(async (user) => {
        for (let login = some.pop(); login !== undefined; login = some.pop()) await offboard(sandbox, user, login);
      }),
    );
    // A run that begins after the hour would count for the next.
    const begun = new Set(people.slice(0, people.length - waiting.length));
    await until('all are out', async () => {
      const { users } = (await okta.get('/state')) as { users: { key: string; status: string }[] };
      return users.every(({ key, status }) => !begun.has(key) || status === 'DEPROVISIONED');
    });
    await sandbox.advance(HOUR_MS);
  }
  await untilQuiet(slack);
}

async function offboard(sandbox: SandboxUnderTest, user: string, login: string): Promise<void> {
  const { announced } = sandbox;
  const act = async (name: string, given: object): Promise<void> => {
    const answer = await fetch(`${announced.url}act/${name}`, {
      method: 'POST',
      headers: { 'x-sandbox-token': announced.token },
      body: JSON.stringify({ as: user, ...given }),
    });
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
  };
  await act('slash', { command: '/offboard', text: login });
  const viewId = await until(`the plan for ${login}`, async () => {
    const top = (await viewsOf(announced.url, user)).at(-1);
    return top && (top.submit || isRefused(top)) && JSON.stringify(top).includes(isRefused(top) ? NOT_STARTED : login)
      ? top.id
      : null;
  });
  let submitted = '';
  const isStarted = await until(`${login} is confirmed`, async () => {
    const top = (await viewsOf(announced.url, user)).at(-1);
    if (top && isRefused(top)) return 'no';
    // A window that still checks has nothing to submit, and may yet ask once more.
    if (JSON.stringify(top ?? null).includes(STARTED)) return 'yes';
    // A plan that could not look at everything in time is shown once more with what differs.
    if (top?.submit && top.hash !== submitted) {
      submitted = top.hash;
      await act('submit', { viewId: top.id });
    }
    return false;
  });
  await act('close_view', { viewId, all: true });
  // At Okta's pace a safeguard may get no answer in time: nothing was started, and it says to try again.
  if (isStarted === 'no') await offboard(sandbox, user, login);
}

function isRefused(view: SeenView): boolean {
  return JSON.stringify(view).includes(NOT_STARTED);
}

/** As that person's page gets them when it is opened. */
async function viewsOf(url: string, user: string): Promise<readonly SeenView[]> {
  const response = await fetch(`${url}live?as=${user}`);
  let said = '';
  for await (const chunk of response.body ?? []) {
    said += Buffer.from(chunk).toString('utf8');
    if (said.includes('\n\n')) break;
  }
  const { views } = JSON.parse(said.slice('data: '.length, said.indexOf('\n\n'))) as {
    views: SeenView[];
  };
  return views;
}

/** Nothing is written to the channel any more. */
async function untilQuiet(slack: Control): Promise<void> {
  let afterSeq = 0;
  for (;;) {
    const address = `/await?operation=*&afterSeq=${afterSeq}&timeoutMs=${CHANNEL_QUIET_MS}`;
    const found = await slack.get(address).catch(() => null);
    if (!Array.isArray(found)) return;
    afterSeq = Number((found as { seq: number }[]).at(-1)?.seq ?? afterSeq);
  }
}

async function untilAtRest({ pid }: SandboxUnderTest): Promise<void> {
  const used = (): number[] => [pid, appOf(pid)].map((one) => usageOf(one)?.cpuMs ?? 0);
  await until('the sandbox is at rest', async () => {
    const before = used();
    await pause(REST_MS);
    return used().every((cpuMs, at) => cpuMs - (before[at] ?? 0) < REST * REST_MS);
  });
}

function appOf(pid: number): number {
  return processesBelow(pid).find((one) => commandOf(one).includes('sandbox/app.ts')) ?? 0;
}

async function sizesOf(sandbox: SandboxUnderTest, tab: CDPSession): Promise<Sizes> {
  await tab.send('HeapProfiler.collectGarbage');
  const { usedSize } = await tab.send('Runtime.getHeapUsage');
  const mb = (pid: number): number => Math.round(usageOf(pid)?.rssMb ?? Number.NaN);
  return { page: mb(sandbox.pid), app: mb(appOf(sandbox.pid)), tab: Math.round((usedSize / 1e6) * 10) / 10 };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const SCROLL = `(async () => {
  const box = document.querySelector('main .messages');
  const frames = [];
  let last = 0;
  box.scrollTop = box.scrollHeight;
  await new Promise((done) => setTimeout(done, 500));
  await new Promise((done) => {
    const step = (at) => {
      if (last > 0) frames.push(at - last);
      last = at;
      box.scrollTop -= 80;
      if (box.scrollTop > 0) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  return { frames, messages: box.querySelectorAll('article').length };
})()`;

async function measureScroll(page: Page): Promise<void> {
  const messages = page.getByRole('main').getByRole('article');
  const older = page.getByRole('button', { name: 'Show older messages' });
  while ((await messages.count()) < WANTED_MESSAGES && (await older.count()) > 0) {
    const before = await messages.count();
    await older.click();
    await until('older messages', async () => (await messages.count()) > before || (await older.count()) === 0);
  }
  const { frames, messages: shown } = (await page.evaluate(SCROLL)) as { frames: number[]; messages: number };
  heading(`${shown} messages scrolled from the end to the beginning, ${frames.length} frames`);
  held('a frame (median)', quantile(frames, 0.5), 20, ' ms');
  held('the worst frame', quantile(frames, 1), 100, ' ms');
}

async function until<T>(what: string, holds: () => Promise<T | null | false>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const held = await holds();
    if (held !== null && held !== false) return held;
    if (performance.now() > end) throw new Error(`not so after ${PATIENCE_MS / 1_000} s: ${what}`);
    await pause(LOOK_MS);
  }
}
