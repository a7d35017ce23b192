// Working days where somebody is: Monday to Friday of their own calendar. Public holidays are not known. Pure.

const DAY_MS = 24 * 60 * 60_000;

/** `YYYY-MM-DD` of the `days`th working day after the day that it was there then. An unknown zone counts as UTC. */
export function workingDaysAfter(from: Date, days: number, timeZone: string): string {
  let day = Date.parse(`${dayIn(from, timeZone)}T00:00:00Z`);
  for (let left = days; left > 0; ) {
    day += DAY_MS;
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return new Date(day).toISOString().slice(0, 10);
}

function dayIn(at: Date, timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
  } catch {
    return at.toISOString().slice(0, 10);
  }
}
