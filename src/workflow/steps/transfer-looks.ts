// When a transfer that runs is looked at: 1, 5 and 15 minutes after it was asked for, then every hour. Pure.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FIRST_MS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);

/** Until the next look, in ms: more than 0, an hour at most. A request in the future (its clock is not ours) counts as just made. */
export function nextLookMs(requestedAt: Date, now: Date): number {
  const passed = Math.max(0, now.getTime() - requestedAt.getTime());
  const next = FIRST_MS.find((one) => one > passed) ?? (Math.floor(passed / HOUR_MS) + 1) * HOUR_MS;
  return next - passed;
}
