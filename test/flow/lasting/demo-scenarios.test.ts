// The demo's other scenarios as processes: each ends by itself with 0 only where every check of the judge holds.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../support/processes.ts';

const KILL_MS = 120_000;

describe('the demo', { timeout: KILL_MS + 20_000 }, () => {
  it.each(['korea', 'refresh'])('plays %s, and every check holds', async (scenario) => {
    const demo = runProgram(['sandbox/demo.ts', '--json', '--scenario', scenario], { killMs: KILL_MS });
    const code = await demo.ended;
    const failed = demo
      .out()
      .split('\n')
      .filter((line) => line.includes('"event":"check"') && !line.includes('"holds":true'));

    expect([demo.err(), failed]).toEqual(['', []]);
    expect(code).toBe(0);
  });

  it('says what it can play where it is asked for something else', async () => {
    const demo = runProgram(['sandbox/demo.ts', '--scenario', 'elsewhere'], { killMs: KILL_MS });

    expect(await demo.ended).toBe(2);
    expect(demo.err()).toContain('--scenario');
  });
});
