// When a running transfer is looked at: 1, 5, 15 minutes after it was asked for, then each hour.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextLookMs } from '../../../src/workflow/steps/transfer-looks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ASKED = new Date('2026-03-02T09:00:00Z');
const later = (ms: number): Date => new Date(ASKED.getTime() + ms);

describe('nextLookMs', () => {
  it('leads from the request through 1, 5, 15 minutes and then every hour', () => {
    const looks: number[] = [];
    for (let at = 0; looks.length < 8; looks.push(at)) at += nextLookMs(ASKED, later(at));

    expect(looks.map((ms) => ms / MINUTE)).toEqual([1, 5, 15, 60, 120, 180, 240, 300]);
  });

  it('is more than nothing and an hour at most, whenever it is asked, and never skips a look', () => {
    const anyMoment = fc.integer({ min: -30 * 24 * HOUR, max: 30 * 24 * HOUR });
    fc.assert(
      fc.property(anyMoment, (passed) => {
        const wait = nextLookMs(ASKED, later(passed));

        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(HOUR);
        const lands = Math.max(0, passed) + wait;
        expect([1, 5, 15].includes(lands / MINUTE) || lands % HOUR === 0).toBe(true);
        const between = [1, 5, 15, 60].map((one) => one * MINUTE).filter((one) => one > passed && one < lands);
        expect(between).toEqual([]);
      }),
    );
  });

  it('does not depend on how often somebody looked in between', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 * HOUR }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (at, part) => {
          const wait = nextLookMs(ASKED, later(at));
          const early = Math.floor(wait * part);

          expect(early + nextLookMs(ASKED, later(at + early))).toBe(wait);
        },
      ),
    );
  });
});
