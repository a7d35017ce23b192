// Turns one Snipe-IT operation into a route of the frame: latency, JSON, token, rate limit and permission come before its handler.
import type { Reply, Request, Route } from '../simulator.ts';
import { errorOf, NO_SUCH_ASSET, refuse, signIn } from './errors.ts';
import type { Asset, Inventory } from './inventory.ts';

export const PERMISSIONS = [
  'assets.view',
  'assets.checkin',
  'assets.edit',
  'statuslabels.view',
  'locations.view',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** All that the routes share. `inventory` is replaced by the command `reset`. */
export interface SnipeIt {
  inventory: Inventory;
  readonly apiToken: string;
  isTokenRevoked: boolean;
  permissions: Set<Permission>;
  /** By operation name, `*` for all. */
  readonly latencyMs: Map<string, number>;
  /** Of all calls; null: none. */
  limitPerMinute: number | null;
  window: { minute: number; calls: number };
}

export interface Visit {
  readonly snipeit: SnipeIt;
  readonly inventory: Inventory;
  readonly request: Request;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** As in the published spec, behind `/api/v1`. */
  readonly path: string;
  readonly write: boolean;
  readonly needs: Permission | null;
  handle(visit: Visit): Reply;
}

export function routeOf(snipeit: SnipeIt, operation: Operation): Route {
  const name = `snipeit.${operation.name}`;
  const source = operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return {
    operation: name,
    method: operation.method,
    pattern: new RegExp(`^/api/v1${source}$`),
    write: operation.write,
    handle: async (request) => {
      const ms = snipeit.latencyMs.get(name) ?? snipeit.latencyMs.get('*') ?? 0;
      if (ms > 0) await new Promise((done) => setTimeout(done, ms));
      return limited(snipeit, () => answer(snipeit, operation, request));
    },
  };
}

function answer(snipeit: SnipeIt, operation: Operation, request: Request): Reply {
  if (!/application\/json/.test(request.headers.accept ?? '')) return signIn();
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || token !== snipeit.apiToken || snipeit.isTokenRevoked) return errorOf(401);
  if (operation.needs !== null && !snipeit.permissions.has(operation.needs)) return errorOf(403);
  const body = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Visit['body'];
  return operation.handle({ snipeit, inventory: snipeit.inventory, request, body });
}

/** Every answer tells what is left of the minute. */
function limited(snipeit: SnipeIt, work: () => Reply): Reply {
  const minute = Math.floor(Date.now() / 60_000);
  if (snipeit.window.minute !== minute) snipeit.window = { minute, calls: 0 };
  snipeit.window.calls += 1;
  const { limitPerMinute: limit, window } = snipeit;
  if (limit === null) return work();
  const reply = window.calls > limit ? errorOf(429, 60 - Math.floor((Date.now() / 1000) % 60)) : work();
  const left = Math.max(0, limit - window.calls);
  const headers = { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(left) };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

/** For operations on one asset by its id. */
export function withAsset({ inventory, request }: Visit, use: (asset: Asset) => Reply): Reply {
  const asset = inventory.assets.get(Number(request.params.id));
  return asset && !asset.deleted ? use(asset) : refuse(NO_SUCH_ASSET);
}

/** `limit` up to 500 and `offset`, as all lists take them. */
export function listed({ query }: Request, rows: readonly unknown[]): Reply {
  const limit = Math.min(500, Number(query.get('limit') ?? 50) || 50);
  const offset = Number(query.get('offset') ?? 0) || 0;
  return { status: 200, body: { total: rows.length, rows: rows.slice(offset, offset + limit) } };
}
