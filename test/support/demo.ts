// The demo as a process, played to its end.
import { expect } from 'vitest';
import { runProgram } from './processes.ts';

export const DEMO_MS = 150_000;

/** Every check of the judge must hold, and nothing may stand on standard error. */
export async function expectDemoHolds(scenario: string): Promise<void> {
  const demo = runProgram(['sandbox/demo.ts', '--json', '--scenario', scenario], { killMs: DEMO_MS });
  const code = await demo.ended;
  // Checks that do not hold, and what was waited for in vain: the end says it.
  const failed = demo
    .out()
    .split('\n')
    .filter((line) => /"event":"(?:check|end)"/.test(line) && !line.includes('"holds":true'));

  expect([demo.err(), failed]).toEqual(['', []]);
  expect(code).toBe(0);
}
