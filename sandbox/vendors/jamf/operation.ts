// Turns one Jamf Pro operation into a route of the frame: latency, token, version and privileges come before its handler.
import type { Clock } from '../clock.ts';
import type { Reply, Request, Route } from '../simulator.ts';
import { type Auth, type Privilege, refusalOf } from './auth.ts';
import type { Device } from './devices.ts';
import { missingPrivilege, notFound, refuse } from './errors.ts';
import { type Fleet, settle } from './queue.ts';

/** The newest version of computers-inventory that the server has; older ones answer too. */
export type ServerVersion = 1 | 2 | 3 | 4;

/** All that the routes share. `fleet` is replaced by the command `reset`. */
export interface Jamf {
  fleet: Fleet;
  readonly clock: Clock;
  readonly auth: Auth;
  version: ServerVersion;
  /** How long a command that was sent is not in the list yet: Jamf Cloud's nodes learn of each other's writes a moment later. */
  lagMs: number;
  /** By operation name, `*` for all. */
  readonly latencyMs: Map<string, number>;
  /** Calls in hand now, and the most there ever were: more than five at once is against the vendor's advice. */
  readonly load: { now: number; most: number };
}

export interface Visit {
  readonly jamf: Jamf;
  readonly fleet: Fleet;
  readonly request: Request;
  readonly body: Readonly<Record<string, unknown>>;
  /** Of the path, where it has one that matters. */
  readonly version: ServerVersion;
  readonly now: number;
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** `{v}` stands for every version of computers-inventory. */
  readonly path: string;
  readonly write: boolean;
  /** All of them; a lock and an erasure need one more, which their handler asks for. */
  readonly needs: readonly Privilege[];
  handle(visit: Visit): Reply;
}

export function routeOf(jamf: Jamf, operation: Operation): Route {
  const name = `jamf.${operation.name}`;
  const source = operation.path.replace('{v}', 'v(?<version>[1-4])').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return {
    operation: name,
    method: operation.method,
    pattern: new RegExp(`^/api${source}$`),
    write: operation.write,
    handle: (request) => inHand(jamf, name, () => answer(jamf, operation, request)),
  };
}

/** Counts what is in hand, and takes its time. */
export async function inHand(jamf: Jamf, name: string, work: () => Reply): Promise<Reply> {
  const { load } = jamf;
  load.now += 1;
  load.most = Math.max(load.most, load.now);
  try {
    const ms = jamf.latencyMs.get(name) ?? jamf.latencyMs.get('*') ?? 0;
    if (ms > 0) await new Promise((done) => setTimeout(done, ms));
    return work();
  } finally {
    load.now -= 1;
  }
}

function answer(jamf: Jamf, operation: Operation, request: Request): Reply {
  const refusal = refusalOf(jamf.auth, request);
  if (refusal) return refusal;
  const version = Number(request.params.version ?? 1) as ServerVersion;
  if (version > jamf.version) return refuse(404);
  if (!operation.needs.every((one) => jamf.auth.privileges.has(one))) return missingPrivilege();
  const now = jamf.clock.now();
  settle(jamf.fleet, now);
  const body = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Visit['body'];
  const reply = operation.handle({ jamf, fleet: jamf.fleet, request, body, version, now });
  settle(jamf.fleet, now);
  return reply;
}

/** For operations on one computer by its id. */
export function withDevice(visit: Visit, use: (device: Device) => Reply): Reply {
  const { id = '' } = visit.request.params;
  const device = visit.fleet.devices.get(id);
  return device ? use(device) : notFound('Computer', id);
}

/** `page` from 0, `page-size` up to 2000, and the whole count. Null: not a page. */
export function pageOf<T>({ query }: Request, rows: readonly T[]): { totalCount: number; results: T[] } | null {
  const page = Number(query.get('page') ?? 0);
  const size = Number(query.get('page-size') ?? 100);
  if (!Number.isInteger(page) || page < 0 || !Number.isInteger(size) || size < 1 || size > 2000) return null;
  return { totalCount: rows.length, results: rows.slice(page * size, (page + 1) * size) };
}
