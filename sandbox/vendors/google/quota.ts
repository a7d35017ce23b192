// Google's published rates, and the overload answers that tests plant. Knows no account.
// @see https://developers.google.com/admin-sdk/directory/v1/limits, https://developers.google.com/gmail/api/reference/quota
import type { Reply } from '../simulator.ts';
import { mailOverloaded, type Overload, overloaded } from './errors.ts';

export type Service = 'directory' | 'datatransfer' | 'gmail' | 'calendar' | 'drive' | 'licensing';

interface Planted {
  readonly kind: Overload;
  /** As in the journal: `google.directory.users.get`; `*` for any. */
  readonly operation: string;
  left: number;
}

/** Directory: calls a minute for the project. Gmail: units a minute for one mailbox, of projects made since May 2026. */
const PUBLISHED: Readonly<Partial<Record<Service, number>>> = { directory: 2400, gmail: 6000 };

export class Quota {
  /** Units a minute; null takes the limit away, absent is as published. */
  readonly limits = new Map<Service, number | null>();
  #minute = 0;
  #used = new Map<string, number>();
  #planted: Planted[] = [];

  plant(kind: Overload, operation: string, times: number): void {
    this.#planted.push({ kind, operation, left: times });
  }

  /** Counts a call. Null, or what to answer instead. */
  take(call: { service: Service; operation: string; units: number; userId: string; now: number }): Reply | null {
    const { service, operation, units, userId, now } = call;
    const planted = this.#planted.find((one) => one.left > 0 && ['*', operation].includes(one.operation));
    if (planted) {
      planted.left -= 1;
      return planted.kind === 'mailRateLimitExceeded' ? mailOverloaded(now) : overloaded(planted.kind);
    }
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) this.#used.clear();
    this.#minute = minute;
    const limit = this.limits.get(service);
    const most = limit === undefined ? PUBLISHED[service] : limit;
    if (most === undefined || most === null) return null;
    const counter = service === 'gmail' ? `gmail ${userId}` : service;
    const used = (this.#used.get(counter) ?? 0) + units;
    if (used > most) return service === 'gmail' ? mailOverloaded(now) : overloaded('rateLimitExceeded');
    this.#used.set(counter, used);
    return null;
  }

  clear(): void {
    this.limits.clear();
    this.#used.clear();
    this.#planted = [];
  }
}
