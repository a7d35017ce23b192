// Slack's published rates, kept by this process: about one post a second a channel with short bursts, fifty edits a minute.
// @see https://docs.slack.dev/apis/web-api/rate-limits, read 2026-11

const RATES = {
  post: { intervalMs: 1_000, burst: 4 },
  update: { intervalMs: 1_200, burst: 10 },
} as const;

export interface SlackPace {
  wait(kind: keyof typeof RATES): Promise<void>;
  /** Slack refused one: nothing of this kind is sent for so long, and then no burst. */
  slowDown(kind: keyof typeof RATES, ms: number): void;
}

export function createSlackPace(): SlackPace {
  const nextAt = { post: 0, update: 0 };
  return {
    async wait(kind) {
      const { intervalMs, burst } = RATES[kind];
      const now = performance.now();
      nextAt[kind] = Math.max(nextAt[kind], now - burst * intervalMs) + intervalMs;
      const waitMs = nextAt[kind] - now;
      if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
    },
    slowDown(kind, ms) {
      nextAt[kind] = Math.max(nextAt[kind], performance.now() + ms - RATES[kind].intervalMs);
    },
  };
}
