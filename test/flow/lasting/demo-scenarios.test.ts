// The demo's other scenarios as processes: each ends by itself with 0 only where every check of the judge holds.
import { describe, expect, it } from 'vitest';
import { DEMO_MS, expectDemoHolds } from '../../support/demo.ts';
import { runProgram } from '../../support/processes.ts';

describe('the demo', { timeout: DEMO_MS + 20_000 }, () => {
  it.each(['korea', 'refresh', 'undo', 'watch', 'owners'])('plays %s, and every check holds', expectDemoHolds);

  it('says what it can play where it is asked for something else', async () => {
    const demo = runProgram(['sandbox/demo.ts', '--scenario', 'elsewhere'], { killMs: DEMO_MS });

    expect(await demo.ended).toBe(2);
    expect(demo.err()).toContain('--scenario');
  });
});
