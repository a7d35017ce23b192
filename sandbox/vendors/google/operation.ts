// Turns one method of a Google API into a route of the frame: latency, token, scope, quota, rights and the names in the request
// come before its handler.

import type { Clock } from '../clock.ts';
import type { Reply, Request, Route } from '../simulator.ts';
import { type Auth, authorize } from './auth.ts';
import { mailNotEnabled, notAuthorized, notFound, refuse, unauthenticated, unknownName } from './errors.ts';
import type { Quota, Service } from './quota.ts';
import { settle } from './settle.ts';
import { CUSTOMER_ID, DOMAIN, findUser, hasMail, isUsable, type Tenant, type User } from './tenant.ts';

/** How long after a change reads, or other services, see it; milliseconds. */
export interface Delays {
  /** A user record as `users.get` and `users.list` show it. */
  directoryMs: number;
  /** From the end of a suspension until sign-in and mail work. */
  reactivationMs: number;
  /** A delegate made or removed. */
  delegateMs: number;
  /** Until a new transfer is in `transfers.list`; its own address knows it at once. */
  transferListMs: number;
  /** From a transfer's request to `inProgress`, and from there to its end. */
  transferStartMs: number;
  transferRunMs: number;
  /** From an action on a phone until it has happened. */
  wipeMs: number;
}

/** All that the routes share. `tenant` is replaced by the command `reset`. */
export interface Google {
  tenant: Tenant;
  readonly clock: Clock;
  readonly auth: Auth;
  readonly quota: Quota;
  readonly delays: Delays;
  /** How the next transfers end, in order; then all complete. */
  transferPlans: { outcome: 'completed' | 'failed'; statusMeanwhile?: string }[];
  /** Organizational units whose users may not delegate their mail. */
  readonly withoutDelegation: Set<string>;
  /** Records as they were before each change, for late reads. */
  pastRecords: { readonly userId: string; readonly until: number; readonly was: User }[];
  /** By operation name, `*` for all. */
  readonly latencyMs: Map<string, number>;
}

export interface Visit {
  readonly google: Google;
  readonly tenant: Tenant;
  /** Whom the service account acts for. */
  readonly subject: User;
  readonly request: Request;
  /** Of the JSON body; empty where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly now: number;
}

export interface Operation {
  /** Google's method id: `directory.users.get`. */
  readonly name: string;
  readonly service: Service;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the API's root: `/admin/directory/v1/users/{userKey}`. */
  readonly path: string;
  /** Any one of them will do. */
  readonly scopes: readonly string[];
  /** Names that the query may have, beside those of every method. */
  readonly query?: readonly string[];
  /** Names that the JSON body may have; absent: no body is read. */
  readonly fields?: readonly string[];
  /** Gmail's quota units; 1 if absent. */
  readonly units?: number;
  handle(visit: Visit): Reply;
}

export const NO_CONTENT: Reply = { status: 204 };

const EVERY_QUERY = ['alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'access_token', 'oauth_token', 'callback'];
/** Who acts for an administrator's rights; the others act for the person whose data it is. */
const ADMIN_SERVICES: readonly Service[] = ['directory', 'datatransfer', 'licensing'];

export function routeOf(google: Google, operation: Operation): Route {
  const { method, path } = operation;
  const name = `google.${operation.name}`;
  return {
    operation: name,
    method,
    pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    write: method !== 'GET',
    handle: async (request) => {
      await linger(google, name);
      const { auth, quota, tenant } = google;
      const now = google.clock.now();
      settle(tenant, now);
      const caller = authorize(auth, tenant, request, { anyOf: operation.scopes, method: operation.name, now });
      if ('refusal' in caller) return caller.refusal;
      const { subject } = caller;
      const { service, units = 1 } = operation;
      const limited = quota.take({ service, operation: name, units, userId: subject.id, now });
      const refusal =
        limited ?? complainOfSubject(operation, subject, request, now) ?? complainOfNames(operation, request);
      if (refusal) return refusal;
      const body = (operation.fields ? request.body : null) ?? {};
      return operation.handle({ google, tenant, subject, request, body: body as Record<string, unknown>, now });
    },
  };
}

export async function linger(google: Google, name: string): Promise<void> {
  const latencyMs = google.latencyMs.get(name) ?? google.latencyMs.get('*') ?? 0;
  if (latencyMs > 0) await new Promise((done) => setTimeout(done, latencyMs));
}

/** What the subject may do at all. A token outlives a suspension, so each service says in its own way that it is of no use. */
function complainOfSubject({ service, method }: Operation, subject: User, request: Request, now: number): Reply | null {
  const isActive = isUsable(subject, now);
  if (ADMIN_SERVICES.includes(service)) {
    if (!isActive) return unauthenticated();
    const isAllowed = subject.isAdmin || (subject.isDelegatedAdmin && service === 'directory' && method === 'GET');
    return isAllowed ? null : notAuthorized();
  }
  if (service === 'gmail') {
    const { userId = '' } = request.params;
    if (userId !== 'me' && userId.toLowerCase() !== subject.primaryEmail) {
      return refuse({ status: 403, reason: 'forbidden', message: `Delegation denied for ${subject.primaryEmail}` });
    }
    return hasMail(subject, now) ? null : mailNotEnabled();
  }
  if (isActive) return null;
  return service === 'calendar'
    ? refuse({
        status: 403,
        reason: 'notACalendarUser',
        message: 'The user must be signed up for Google Calendar.',
        domain: 'calendar',
      })
    : unauthenticated();
}

function complainOfNames(operation: Operation, request: Request): Reply | null {
  const known = [...EVERY_QUERY, ...(operation.query ?? [])];
  const strange = [...request.query.keys()].find((one) => !known.includes(one));
  if (strange !== undefined) return unknownName(strange, 'bind query parameter');
  if (!operation.fields || request.raw === '') return null;
  const { body } = request;
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (!request.headers['content-type']?.includes('json') || !isObject) {
    return refuse({ status: 400, reason: 'parseError', message: 'Parse Error' });
  }
  const { fields } = operation;
  const unknown = Object.keys(body).find((one) => !fields.includes(one));
  return unknown === undefined ? null : unknownName(unknown, 'find field');
}

/** For the methods whose `userKey` is an id, the primary address or an alias. */
export function withUser(visit: Visit, use: (user: User) => Reply): Reply {
  const { userKey = '' } = visit.request.params;
  // Of a domain that is not the company's, Google does not even say that nobody is there.
  if (userKey.includes('@') && !userKey.toLowerCase().endsWith(`@${DOMAIN}`)) return notAuthorized();
  const user = findUser(visit.tenant, userKey);
  return user ? use(user) : notFound('userKey');
}

/** `my_customer` and the customer's own id; any other customer is none of ours. */
export function withCustomer(id: string | undefined, use: () => Reply): Reply {
  return id === 'my_customer' || id === CUSTOMER_ID ? use() : notAuthorized();
}

/** Tokens of pages are opaque; ours carry the next position. */
export function pageOf<One>(
  visit: Visit,
  all: readonly One[],
  limits: { readonly name?: string; readonly fallback: number; readonly most: number },
): { readonly found: readonly One[]; readonly nextPageToken?: string } | { readonly refusal: Reply } {
  const { query } = visit.request;
  const asked = Number(query.get(limits.name ?? 'maxResults') ?? limits.fallback);
  if (!Number.isInteger(asked) || asked < 1) {
    return { refusal: refuse({ status: 400, reason: 'invalidParameter', message: `Invalid value '${asked}'.` }) };
  }
  const token = query.get('pageToken');
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString().split('@')[1]);
  if (!Number.isInteger(start) || start < 0) {
    return { refusal: refuse({ status: 400, reason: 'invalid', message: 'Invalid Value' }) };
  }
  const end = start + Math.min(asked, limits.most);
  const found = all.slice(start, end);
  if (end >= all.length) return { found };
  return { found, nextPageToken: Buffer.from(`page@${end}`).toString('base64url') };
}

export function etag(value: unknown): string {
  return `"${Buffer.from(JSON.stringify(value)).toString('base64url').slice(-32)}"`;
}

/** A list or a single resource of Directory and Data Transfer. */
export function etagged(kind: string, rest: Readonly<Record<string, unknown>>): Reply {
  return { status: 200, body: { kind, etag: etag(rest), ...rest } };
}
