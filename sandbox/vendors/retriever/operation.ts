// The state that Retriever's routes share; key and read limits come before each handler.
import { nowOf } from '../clock.ts';
import type { Reply, Request, Route } from '../simulator.ts';
import { detail, throttled } from './errors.ts';
import type { Orders } from './orders.ts';

/** All that the routes share. `orders` is replaced by the command `reset`. */
export interface Retriever {
  orders: Orders;
  readonly apiKey: string;
  isKeyRevoked: boolean;
  /** The order of a list is not documented; newest first is what its kind of paging does unless told otherwise. */
  isOldestFirst: boolean;
  /** Reads in any minute and in any day. */
  limits: { perMinute: number; perDay: number };
  /** When reads were let through, oldest first, by the simulator's clock. */
  reads: number[];
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** Ends in a slash, like every path of Retriever's. */
  readonly path: string;
  handle(retriever: Retriever, request: Request): Reply;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function routeOf(retriever: Retriever, operation: Operation): Route {
  return {
    operation: `retriever.${operation.name}`,
    method: operation.method,
    pattern: new RegExp(`^${operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    write: operation.method === 'POST',
    handle(request) {
      if (!isAllowed(retriever, request)) return detail(401, 'Invalid token.', { 'www-authenticate': 'Bearer' });
      const waitMs = operation.method === 'GET' ? takeRead(retriever) : 0;
      return waitMs > 0 ? throttled(Math.ceil(waitMs / 1000)) : operation.handle(retriever, request);
    },
  };
}

function isAllowed({ apiKey, isKeyRevoked }: Retriever, request: Request): boolean {
  return request.headers.authorization === `Bearer ${apiKey}` && !isKeyRevoked;
}

/** 0: let through, and counted. A refused read does not count. */
function takeRead(retriever: Retriever): number {
  const now = nowOf(retriever.orders).getTime();
  retriever.reads = retriever.reads.filter((at) => at > now - DAY_MS);
  const { perMinute, perDay } = retriever.limits;
  const inMinute = retriever.reads.filter((at) => at > now - MINUTE_MS);
  if (retriever.reads.length >= perDay) return Math.max(1, (retriever.reads[0] ?? now) + DAY_MS - now);
  if (inMinute.length >= perMinute) return Math.max(1, (inMinute[0] ?? now) + MINUTE_MS - now);
  retriever.reads.push(now);
  return 0;
}
