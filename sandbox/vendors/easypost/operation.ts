// The state that EasyPost's routes share; the key comes before each handler.
import type { Reply, Request, Route } from '../simulator.ts';
import { refuse } from './errors.ts';
import type { Trackers } from './trackers.ts';
import type { Outbox } from './webhooks.ts';

/** All that the routes share. `trackers` is replaced by the command `reset`. */
export interface EasyPost {
  trackers: Trackers;
  readonly apiKey: string;
  isKeyRevoked: boolean;
  readonly outbox: Outbox;
  /** Control address of the Retriever simulator whose parcels the carriers here know; null: none. */
  retrieverControlUrl: string | null;
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  handle(easypost: EasyPost, request: Request): Reply | Promise<Reply>;
}

export function routeOf(easypost: EasyPost, operation: Operation): Route {
  return {
    operation: `easypost.${operation.name}`,
    method: operation.method,
    pattern: new RegExp(`^${operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    write: operation.method === 'POST',
    handle: (request) =>
      isAllowed(easypost, request)
        ? operation.handle(easypost, request)
        : refuse(401, 'UNAUTHORIZED', 'Invalid API key.'),
  };
}

/** Basic, the key as user, no password. */
function isAllowed({ apiKey, isKeyRevoked }: EasyPost, request: Request): boolean {
  const expected = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  return request.headers.authorization === expected && !isKeyRevoked;
}
