// Slack's published rates, kept by this process: about one post a second a channel with short bursts, fifty edits a minute.
// @see https://docs.slack.dev/apis/web-api/rate-limits, read 2026-11

type Kind = 'post' | 'update';
type Rates = Readonly<Record<Kind, { readonly intervalMs: number; readonly burst: number }>>;

/** What Slack publishes; a workspace with special limits could be given others. */
const PUBLISHED: Rates = {
  post: { intervalMs: 1_000, burst: 4 },
  update: { intervalMs: 1_200, burst: 10 },
};

export interface SlackPace {
  wait(kind: Kind): Promise<void>;
  /** Slack refused one: nothing of this kind is sent for so long, and then no burst. */
  slowDown(kind: Kind, ms: number): void;
}

export function createSlackPace(rates: Rates = PUBLISHED): SlackPace {
  const nextAt = { post: 0, update: 0 };
  return {
    async wait(kind) {
      const { intervalMs, burst } = rates[kind];
      const now = performance.now();
      nextAt[kind] = Math.max(nextAt[kind], now - burst * intervalMs) + intervalMs;
      const waitMs = nextAt[kind] - now;
      if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
    },
    slowDown(kind, ms) {
      nextAt[kind] = Math.max(nextAt[kind], performance.now() + ms - rates[kind].intervalMs);
    },
  };
}
