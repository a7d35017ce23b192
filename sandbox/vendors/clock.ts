// A simulator's own time: real time, moved forward on request. What takes hours at a vendor follows it; credentials do not, whose holder knows nothing of it.

export class Clock {
  #movedMs = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#movedMs;
  }

  advance(ms: number): void {
    if (!(ms >= 0)) throw new Error(`the clock moves forward only, not by ${ms}`);
    this.#movedMs += ms;
  }

  reset(): void {
    this.#movedMs = 0;
  }
}

/** What a simulator knows, with the time it lives in: both are kept, given back and begun anew together. */
export interface Timed {
  movedMs: number;
}

export function nowOf({ movedMs }: Timed): Date {
  return new Date(Date.now() + movedMs);
}

/** The command `advance`: `{ms}`, forward only. */
export function pass(timed: Timed, ms: unknown): { now: Date } {
  if (!(Number(ms) >= 0)) throw new Error(`the clock moves forward only, not by ${ms}`);
  timed.movedMs += Number(ms);
  return { now: nowOf(timed) };
}
