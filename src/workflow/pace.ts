// Keeps all processes together under a vendor's published rate: tokens are fetched from the database a handful at a time.

export interface Pace {
  /** Between two calls at the published rate, in ms. */
  readonly intervalMs: number;
  /** Calls that may go at once after a quiet time. */
  readonly burst: number;
}

/** One statement for so many calls. Tokens left over after a second are given up: the rate is the vendor's, not ours to save. */
const CHUNK = 10;
const KEEP_MS = 1_000;

type Reserve = (vendor: string, calls: number, intervalMs: number, burst: number) => Promise<number>;
/** Resolves when the next call to this vendor may be sent; at once for vendors without a pace. */
export type Pacer = (vendor: string) => Promise<void>;

export function createPacer(reserve: Reserve, paces: Readonly<Record<string, Pace>>): Pacer {
  const held = new Map<string, { left: number; from: number; until: number }>();
  const fetching = new Map<string, Promise<void>>();

  const fetchChunk = async (vendor: string, pace: Pace): Promise<void> => {
    const waitMs = await reserve(vendor, CHUNK, pace.intervalMs, pace.burst);
    const from = performance.now() + waitMs;
    held.set(vendor, { left: CHUNK, from, until: from + KEEP_MS });
  };

  return async function pace(vendor: string): Promise<void> {
    const known = paces[vendor];
    if (!known) return;
    for (;;) {
      const tokens = held.get(vendor);
      const now = performance.now();
      if (tokens && tokens.left > 0 && now < tokens.until) {
        tokens.left -= 1;
        if (tokens.from > now) await new Promise((done) => setTimeout(done, tokens.from - now));
        return;
      }
      const running = fetching.get(vendor) ?? fetchChunk(vendor, known).finally(() => fetching.delete(vendor));
      fetching.set(vendor, running);
      await running;
    }
  };
}
