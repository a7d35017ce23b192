// `npm run demo` as a process: it ends by itself with the right exit code, and leaves nothing however it ends.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEGIN_CHECKS } from '../../judge/begin-checks.ts';
import { CHECKS } from '../../judge/judge.ts';
import { OWNER_CHECKS } from '../../judge/owner-checks.ts';
import { RETURN_RUN_CHECKS } from '../../judge/return-run-checks.ts';
import { UNDO_CHECKS } from '../../judge/undo-checks.ts';
import { type Program, runProgram } from '../support/processes.ts';

/** Far above what it takes (some 35 s), for a machine that is busy with other tests. */
const KILL_MS = 120_000;

interface Told {
  readonly event: string;
  readonly [field: string]: unknown;
}

describe('the demo', { timeout: KILL_MS + 20_000 }, () => {
  let good: Program;
  let broken: Program;
  const told = (): Told[] =>
    good
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Told);

  beforeAll(async () => {
    good = runProgram(['sandbox/demo.ts', '--json'], { killMs: KILL_MS });
    broken = runProgram(['sandbox/demo.ts', '--break', 'deactivate-twice'], { killMs: KILL_MS });
    await Promise.all([good.ended, broken.ended]);
  }, KILL_MS + 10_000);

  it('takes a person out through a failure and ends with 0 as every check holds', async () => {
    expect(good.err()).toBe('');
    expect(told().at(-1)).toMatchObject({ event: 'end', holds: true });
    expect(await good.ended).toBe(0);
    const checks = told().filter((one) => one.event === 'check');
    // Other scenarios are asked more: a return, an undo, one that begins by itself, apps outside Okta.
    const elsewhere = [RETURN_RUN_CHECKS, UNDO_CHECKS, BEGIN_CHECKS, OWNER_CHECKS].flat().map(({ id }) => id);
    const asked = CHECKS.filter(({ id }) => !elsewhere.includes(id));
    expect(checks.map((check) => [check.id, check.holds])).toEqual(asked.map(({ id }) => [id, true]));
  });

  it('shows the refusal, the plan, the failure with its Retry, the late click and the end', () => {
    const lines = told().map((one) => JSON.stringify(one));
    const places = [
      'You are not on the operator list',
      '[ Offboard Dana ]',
      '[ Retry ]',
      'Sam Rivera pressed Retry',
      'Dana Whitfield is offboarded',
    ].map((text) => lines.findIndex((line) => line.includes(text)));

    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it('tells every change of a message once', () => {
    const changes = told()
      .filter((one) => one.event === 'message')
      .map(({ ts, lines }) => JSON.stringify([ts, lines]));

    expect(changes.filter((one, at) => changes[at - 1] === one)).toEqual([]);
  });

  it('ends with 1 when something happened behind the app’s back, and names the check', async () => {
    const failed = broken
      .out()
      .split('\n')
      .filter((line) => /^\s+FAIL/.test(line));

    expect(await broken.ended).toBe(1);
    expect(failed).toEqual([expect.stringContaining('deactivated exactly once')]);
  });

  it('writes no terminal codes where there is no terminal', () => {
    expect(broken.out()).not.toContain('\u001b');
  });

  it('leaves no process and no file', async () => {
    expect(await good.leftovers()).toEqual([]);
    expect(await broken.leftovers()).toEqual([]);
  });
});

describe('the demo, stopped in the middle', { timeout: KILL_MS }, () => {
  const started: Program[] = [];
  afterAll(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.map((program) => program.leftovers()));
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves no process and no file after %s', async (signal) => {
    const demo = runProgram(['sandbox/demo.ts', '--json'], { killMs: KILL_MS });
    started.push(demo);
    await demo.says('"event":"window"');

    demo.child.kill(signal);

    expect(await demo.ended).toBe(signal === 'SIGKILL' ? null : 1);
    expect(await demo.leftovers()).toEqual([]);
  });

  it('leaves no process and no file when it is stopped as it starts', async () => {
    const demo = runProgram(['sandbox/demo.ts', '--json'], { killMs: KILL_MS });
    started.push(demo);
    await new Promise((done) => setTimeout(done, 700));

    demo.child.kill('SIGINT');

    expect(await demo.ended).toBe(1);
    expect(await demo.leftovers()).toEqual([]);
  });
});
