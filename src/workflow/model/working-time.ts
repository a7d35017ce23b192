// Working hours where somebody is, and time counted in them: a deadline never runs out at night or on a day off. Public holidays are not known. Pure.
import { type Day, instantOf, type TimeOfDay, wallClock } from './time-zone.ts';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface WorkingHours {
  /** IANA. */
  readonly zone: string;
  /** At least one. */
  readonly days: readonly Weekday[];
  /** By the clock on the wall there; `from` is before `until`, on the same day. */
  readonly from: TimeOfDay;
  readonly until: TimeOfDay;
}

const DAY_MS = 86_400_000;
/** Nobody's deadline is further away: past it the hours themselves are wrong. */
const MOST_DAYS = 4_000;

export function isWorkingMoment(at: Date, hours: WorkingHours): boolean {
  return nextWorkingMoment(at, hours).getTime() === at.getTime();
}

/** The moment itself where they are at work then (`until` itself is after work), else when they next begin. */
export function nextWorkingMoment(at: Date, hours: WorkingHours): Date {
  for (const { from, until } of windowsFrom(at, hours)) {
    if (at < from) return from;
    if (at < until) return at;
  }
  throw new RangeError('nobody works in these hours');
}

/** When so much working time (`ms` > 0) will have passed: within their hours, at the latest as they end. */
export function addWorkingTime(at: Date, ms: number, hours: WorkingHours): Date {
  let left = ms;
  for (const { from, until } of windowsFrom(at, hours)) {
    const begins = Math.max(from.getTime(), at.getTime());
    const lasts = until.getTime() - begins;
    if (lasts <= 0) continue;
    if (left <= lasts) return new Date(begins + left);
    left -= lasts;
  }
  throw new RangeError('nobody works in these hours');
}

/** Of one day, by the clock on the wall. */
export function workingDayMs({ from, until }: Pick<WorkingHours, 'from' | 'until'>): number {
  return minutesOf(until) * 60_000 - minutesOf(from) * 60_000;
}

function minutesOf(time: TimeOfDay): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The hours of each working day, from the one of `at` on. Where the clocks change a day's hours are shorter or longer, as they are there. */
function* windowsFrom(at: Date, hours: WorkingHours): Generator<{ readonly from: Date; readonly until: Date }> {
  const first = Date.parse(`${wallClock(at, hours.zone).day}T00:00:00Z`);
  for (let n = 0; n < MOST_DAYS; n++) {
    const midnight = new Date(first + n * DAY_MS);
    if (!hours.days.some((one) => WEEKDAYS.indexOf(one) === midnight.getUTCDay())) continue;
    const day: Day = midnight.toISOString().slice(0, 10);
    const [from, until] = [instantOf(day, hours.from, hours.zone), instantOf(day, hours.until, hours.zone)];
    if (from < until) yield { from, until };
  }
}
