// Jira's limits as published for API tokens: writes to one issue, and bursts on one address. Knows no issue.
// @see https://developer.atlassian.com/cloud/jira/platform/rate-limiting, read 2026-11
import type { Reply } from '../simulator.ts';
import { errorOf } from './errors.ts';

export interface Window {
  readonly most: number;
  readonly ms: number;
}

/** "20 write operations per 2 seconds", "100 write operations per 30 seconds", both at once. */
export const PER_ISSUE: readonly Window[] = [
  { most: 20, ms: 2_000 },
  { most: 100, ms: 30_000 },
];
/** GET and POST 100, PUT and DELETE 50 requests a second, for one address and method. */
export const BURST: Readonly<Record<string, number>> = { GET: 100, POST: 100, PUT: 50, DELETE: 50 };

export type Reason = 'jira-burst-based' | 'jira-per-issue-on-write';

export class WriteLimit {
  windows: readonly Window[] = PER_ISSUE;
  #writes = new Map<string, number[]>();

  /** Counts a write to this issue. Null, or for how many seconds to keep off. */
  take(issueId: string): number | null {
    const now = Date.now();
    const longest = Math.max(...this.windows.map((one) => one.ms));
    const past = (this.#writes.get(issueId) ?? []).filter((at) => at > now - longest);
    for (const { most, ms } of this.windows) {
      const inside = past.filter((at) => at > now - ms);
      const first = inside[inside.length - most];
      if (first !== undefined) return Math.max(1, Math.ceil((first + ms - now) / 1000));
    }
    this.#writes.set(issueId, [...past, now]);
    return null;
  }

  clear(): void {
    this.#writes.clear();
  }
}

export class BurstLimit {
  /** Requests a second an address; null: as published. */
  perSecond: number | null = null;
  #second = 0;
  #calls = new Map<string, number>();

  isOver(operation: string, method: string): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#calls.clear();
    }
    const calls = (this.#calls.get(operation) ?? 0) + 1;
    this.#calls.set(operation, calls);
    return calls > (this.perSecond ?? BURST[method] ?? 100);
  }

  clear(): void {
    this.perSecond = null;
    this.#calls.clear();
  }
}

/** `Retry-After` is a span in seconds, `X-RateLimit-Reset` an instant. */
export function tooManyRequests(reason: Reason, retryAfterSeconds: number): Reply {
  const headers = {
    'retry-after': String(retryAfterSeconds),
    'x-ratelimit-limit': reason === 'jira-burst-based' ? '100' : '20',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': new Date(Date.now() + retryAfterSeconds * 1000).toISOString(),
    'ratelimit-reason': reason,
  };
  return { ...errorOf(429), headers };
}
