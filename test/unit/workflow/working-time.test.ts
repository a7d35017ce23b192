// Working hours and time counted in them: in every zone, across changes of the clocks, nights and days off.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallClock } from '../../../src/workflow/model/time-zone.ts';
import {
  addWorkingTime,
  isWorkingMoment,
  nextWorkingMoment,
  WEEKDAYS,
  type WorkingHours,
  workingDayMs,
} from '../../../src/workflow/model/working-time.ts';

const HOUR_MS = 3_600_000;
const BERLIN: WorkingHours = {
  zone: 'Europe/Berlin',
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  until: '17:00',
};

const moments = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2035-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const time = fc.integer({ min: 0, max: 23 * 60 + 59 }).map((n) => {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(n / 60))}:${two(n % 60)}`;
});
/** At least three hours, so that no change of the clocks takes a whole day's work away. */
const hours: fc.Arbitrary<WorkingHours> = fc
  .record({
    zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
    from: time,
    until: time,
  })
  .filter((one) => workingDayMs(one) >= 3 * HOUR_MS);

/** Counted minute by minute, by the wall clock alone. */
function isAtWork(at: Date, { zone, days, from, until }: WorkingHours): boolean {
  const wall = wallClock(at, zone);
  const weekday = WEEKDAYS[new Date(`${wall.day}T00:00:00Z`).getUTCDay()];
  return weekday !== undefined && days.includes(weekday) && wall.time >= from && wall.time < until;
}

describe('the next working moment', () => {
  it.each([
    ['within their hours: at once', '2026-03-02T09:30:00Z', '2026-03-02T09:30:00Z'],
    ['before: as the day begins', '2026-03-02T05:00:00Z', '2026-03-02T08:00:00Z'],
    ['as work ends: tomorrow', '2026-03-02T16:00:00Z', '2026-03-03T08:00:00Z'],
    ['on Friday night: on Monday', '2026-03-06T20:00:00Z', '2026-03-09T08:00:00Z'],
    ['over the weekend on which summer time begins', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00Z'],
    ['over the one on which it ends', '2026-10-24T12:00:00Z', '2026-10-26T08:00:00Z'],
  ])('%s', (_, at, expected) => {
    expect(nextWorkingMoment(new Date(at), BERLIN)).toEqual(new Date(expected));
  });

  it('is never in the past, is at work by the clock on their wall, and nothing before it is', () => {
    fc.assert(
      fc.property(hours, moments, fc.double({ min: 0, max: 1, noNaN: true }), (given, at, part) => {
        const next = nextWorkingMoment(at, given);
        const between = new Date(at.getTime() + Math.floor((next.getTime() - at.getTime()) * part));

        expect(next.getTime()).toBeGreaterThanOrEqual(at.getTime());
        expect(isAtWork(next, given)).toBe(true);
        expect(isWorkingMoment(next, given)).toBe(true);
        if (between < next) expect(isWorkingMoment(between, given)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('working time', () => {
  it.each([
    ['a part of the day', '2026-03-02T09:00:00Z', 2, '2026-03-02T11:00:00Z'],
    ['up to the end of the day, and not a night longer', '2026-03-02T08:00:00Z', 8, '2026-03-02T16:00:00Z'],
    ['over a night', '2026-03-02T15:00:00Z', 2, '2026-03-03T09:00:00Z'],
    ['over a weekend', '2026-03-06T15:00:00Z', 4, '2026-03-09T11:00:00Z'],
    ['from a Sunday', '2026-03-08T15:00:00Z', 8, '2026-03-09T16:00:00Z'],
    ['over the weekend on which summer time begins', '2026-03-27T15:00:00Z', 2, '2026-03-30T08:00:00Z'],
    ['over the one on which it ends', '2026-10-23T14:00:00Z', 2, '2026-10-26T09:00:00Z'],
  ])('%s', (_, at, count, expected) => {
    expect(addWorkingTime(new Date(at), count * HOUR_MS, BERLIN)).toEqual(new Date(expected));
  });

  it('ends within their hours, takes no less than itself, and in two parts as long as in one', () => {
    const lengths = fc.integer({ min: 1, max: 60 * HOUR_MS });
    fc.assert(
      fc.property(hours, moments, lengths, lengths, (given, at, one, other) => {
        const first = addWorkingTime(at, one, given);
        const both = addWorkingTime(first, other, given);

        expect(first.getTime() - at.getTime()).toBeGreaterThanOrEqual(one);
        expect(isAtWork(new Date(first.getTime() - 1), given)).toBe(true);
        expect(both).toEqual(addWorkingTime(at, one + other, given));
      }),
      { numRuns: 300 },
    );
  });
});
