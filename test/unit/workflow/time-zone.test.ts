// Wall clocks and instants: both ways, in every zone, across changes of the clocks and leap days.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, isDay, isTimeOfDay, timeZone, wallClock } from '../../../src/workflow/model/time-zone.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
const MINUTE = 60_000;

describe('instantOf', () => {
  it.each([
    ['2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'], // skipped: counts with the offset before, so 03:30
    ['2026-03-29', '01:59', 'Europe/Berlin', '2026-03-29T00:59:00Z'],
    ['2026-03-29', '03:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'], // twice: the first
    ['2026-10-25', '03:00', 'Europe/Berlin', '2026-10-25T02:00:00Z'],
    ['2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:30:00Z'],
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['2026-04-05', '02:15', 'Australia/Lord_Howe', '2026-04-04T15:45:00Z'], // half an hour: comes once
    ['2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00Z'], // twice: the first
    ['2028-02-29', '18:00', 'Asia/Seoul', '2028-02-29T09:00:00Z'],
    ['2026-12-31', '23:59', 'Pacific/Kiritimati', '2026-12-31T09:59:00Z'],
    ['2026-06-15', '18:00', 'Asia/Kathmandu', '2026-06-15T12:15:00Z'],
    ['2026-06-15', '18:00', 'Etc/UTC', '2026-06-15T18:00:00Z'],
  ])('%s %s in %s', (day, time, zone, expected) => {
    expect(instantOf(day, time, zone)).toEqual(new Date(expected));
  });

  it('is what wallClock reads, for every minute in every zone that is not skipped; a skipped one is later by what was skipped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({
          min: Date.parse('2015-01-01T00:00:00Z') / MINUTE,
          max: Date.parse('2037-01-01T00:00:00Z') / MINUTE,
        }),
        (zone, minute) => {
          const at = new Date(minute * MINUTE);
          const wall = wallClock(at, zone);

          const back = instantOf(wall.day, wall.time, zone);

          // The first of two readings where the clocks were put back.
          expect(wallClock(back, zone)).toEqual(wall);
          expect(back.getTime()).toBeLessThanOrEqual(at.getTime());
          expect(at.getTime() - back.getTime()).toBeLessThanOrEqual(180 * MINUTE);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('never goes back as the wall clock goes on, and a last day has an end in every zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        (zone, date) => {
          const day = date.toISOString().slice(0, 10);
          const times = ['00:00', '01:30', '02:30', '03:30', '12:00', '18:00', '23:59'];

          const instants = times.map((time) => instantOf(day, time, zone).getTime());

          // Only around a change may two readings tie or overlap by what was skipped or repeated.
          expect(instants.at(-1)).toBeGreaterThan(instants[4] ?? 0);
          expect(Math.abs((instants[5] ?? 0) - Date.parse(`${day}T18:00:00Z`))).toBeLessThanOrEqual(14 * 60 * MINUTE);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('refuses what is no day or time', () => {
    expect(() => instantOf('2026-02-29', '18:00', 'Etc/UTC')).toThrow(RangeError);
    expect([isDay('2028-02-29'), isDay('2026-02-30'), isDay('26-1-1')]).toEqual([true, false, false]);
    expect([isTimeOfDay('00:00'), isTimeOfDay('24:00'), isTimeOfDay('7:00')]).toEqual([true, false, false]);
  });
});

describe('timeZone', () => {
  it('takes IANA names and nothing else', () => {
    expect(timeZone('Europe/Berlin')).toBe('Europe/Berlin');
    expect(timeZone(' america/new_york ')).toBe('America/New_York');
    for (const no of [null, undefined, '', '+09:00', 'Mars/Phobos', 'Europe/Berlin; DROP', 'x'.repeat(99)])
      expect(timeZone(no)).toBeNull();
  });
});
