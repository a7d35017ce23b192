// Wall-clock time in somebody's own zone and the instant it names, both ways. Pure; the zones are the runtime's own (IANA).

/** `YYYY-MM-DD`. */
export type Day = string;
/** `HH:MM`, 24 hours. */
export type TimeOfDay = string;

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The name as IANA writes it; null: no zone that this runtime knows. Offsets (`+09:00`) are no zones: they know no summer. */
export function timeZone(name: string | null | undefined): string | null {
  const text = name?.trim() ?? '';
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,60}$/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

export function isTimeOfDay(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/**
 * The instant of a wall-clock time. A time that the clocks skip (spring) counts with the offset before the change: 02:30 is 03:30.
 * One that comes twice (autumn) is the first of the two: access never ends later than the earlier reading of what was agreed.
 */
export function instantOf(day: Day, time: TimeOfDay, zone: string): Date {
  if (!isDay(day) || !isTimeOfDay(time)) throw new RangeError(`${day} ${time} is no day and time`);
  const wall = Date.parse(`${day}T${time}:00Z`);
  // Offsets a day before and after: all that can hold near this wall time.
  const offsets = [...new Set([offsetMs(wall - DAY_MS, zone), offsetMs(wall + DAY_MS, zone)])];
  const fitting = offsets.map((offset) => wall - offset).filter((at) => wallMs(at, zone) === wall);
  const first = fitting.length > 0 ? Math.min(...fitting) : wall - (offsets[0] ?? 0);
  return new Date(first);
}

/** What the clock on that person's wall shows. */
export function wallClock(at: Date, zone: string): { readonly day: Day; readonly time: TimeOfDay } {
  const text = new Date(wallMs(at.getTime(), zone)).toISOString();
  return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

function offsetMs(at: number, zone: string): number {
  return wallMs(at, zone) - at;
}

/** The wall clock's reading, as if it were UTC. */
function wallMs(at: number, zone: string): number {
  const parts = new Map<string, number>(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: string): number => parts.get(type) ?? 0;
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall + (((at % 1000) + 1000) % 1000);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(zone, format);
  return format;
}
