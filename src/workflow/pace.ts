// Keeps all processes together under a vendor's published rate: tokens are fetched from the database a handful at a time.
import { ConnectorError } from '../connectors/connector-error.ts';

export interface Pace {
  /** Between two calls at the published rate, in ms. */
  readonly intervalMs: number;
  /** Calls that may go at once after a quiet time. */
  readonly burst: number;
  /** A longer wait is not waited: the call ends as `rate_limited`, with how long. Absent: any wait is waited. */
  readonly longestWaitMs?: number;
}

/** One statement for so many calls. Tokens left over after a second are given up: the rate is the vendor's, not ours to save. */
const MOST_AT_ONCE = 10;
const KEEP_MS = 1_000;

/** No more than a second is worth: of a slow bucket ten would be given up where two were used, and it would be empty for nothing. */
function chunkOf({ intervalMs }: Pace): number {
  return Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(KEEP_MS / intervalMs)));
}

type Reserve = (vendor: string, calls: number, intervalMs: number, burst: number) => Promise<number>;
/** Resolves when the next call to this vendor may be sent; at once for vendors without a pace. Throws `rate_limited` where a pace says so. */
export type Pacer = (vendor: string) => Promise<void>;

export function createPacer(reserve: Reserve, paces: Readonly<Record<string, Pace>>): Pacer {
  const held = new Map<string, { left: number; from: number; until: number }>();
  const fetching = new Map<string, Promise<void>>();

  const fetchChunk = async (vendor: string, pace: Pace): Promise<void> => {
    const calls = chunkOf(pace);
    // A database that does not answer is no fault of this call: it goes at the rate of an empty bucket, and what keeps the
    // call's outcome learns of the outage itself.
    const waitMs = await reserve(vendor, calls, pace.intervalMs, pace.burst).catch(() => calls * pace.intervalMs);
    const from = performance.now() + waitMs;
    held.set(vendor, { left: calls, from, until: from + KEEP_MS });
  };

  return async function pace(vendor: string): Promise<void> {
    const known = paces[vendor];
    if (!known) return;
    for (;;) {
      const tokens = held.get(vendor);
      const now = performance.now();
      if (tokens && tokens.left > 0 && now < tokens.until) {
        const waitMs = tokens.from - now;
        // The token is kept for whoever comes when it is time: one who only asks must not use up the next one.
        if (waitMs > (known.longestWaitMs ?? Number.POSITIVE_INFINITY)) throw usedUp(vendor, waitMs);
        tokens.left -= 1;
        if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
        return;
      }
      const running = fetching.get(vendor) ?? fetchChunk(vendor, known).finally(() => fetching.delete(vendor));
      fetching.set(vendor, running);
      await running;
    }
  };
}

function usedUp(bucket: string, waitMs: number): ConnectorError {
  const [vendor = bucket] = bucket.split('.');
  const reason = 'our share of its published limit is used up';
  return new ConnectorError({
    kind: 'rate_limited',
    vendor,
    operation: 'pace',
    reason,
    retryAfterMs: Math.ceil(waitMs),
  });
}
