// Turns one Okta operation into a route of the frame: latency, rate limit, credential and scope come before its handler.

import { randomUUID } from 'node:crypto';
import type { Reply, Request, Route } from '../simulator.ts';
import { type Auth, authorize } from './auth.ts';
import { errorOf, notFound } from './errors.ts';
import { type EventHook, tellHook } from './event-hook.ts';
import { type Actor, findUser, findUserByIdOrLogin, type Org, type User } from './org.ts';
import { provisionSlack, type SlackApp } from './slack-app.ts';

/** All that the routes share. `org` is replaced by the command `reset`. */
export interface Okta {
  org: Org;
  readonly auth: Auth;
  /** What searches see while the index is frozen; null: they see the truth. */
  searchIndex: Org | null;
  hasDevicesFeature: boolean;
  /** What Okta's Google app does to a deactivated person's account: suspend it or not; null: it provisions nothing. */
  googleDeactivates: boolean | null;
  asyncDelayMs: number;
  /** By operation name, `*` for all. */
  readonly latencyMs: Map<string, number>;
  /** Answers 429 past this many calls a minute; null: counts but never refuses. */
  limitPerMinute: number | null;
  window: { minute: number; calls: number };
  readonly hookSecret: string;
  /** Null: nobody is told of events. */
  hook: EventHook | null;
  /** Null: no Slack is provisioned. */
  slackApp: SlackApp | null;
}

export interface Visit {
  readonly okta: Okta;
  readonly org: Org;
  readonly actor: Actor;
  readonly request: Request;
  readonly baseUrl: string;
}

export interface Operation {
  /** The SDK's method name. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As in the published spec: `/api/v1/users/{userId}`. */
  readonly path: string;
  /** Of the service app; API tokens have none. */
  readonly scope: string;
  handle(visit: Visit): Reply;
}

/** Okta's default for `/api/v1/users`, requests a minute. @see https://developer.okta.com/docs/reference/rl-global-mgmt/ */
const DEFAULT_LIMIT = 600;

export function routeOf(okta: Okta, operation: Operation): Route {
  const { method, path, scope } = operation;
  const name = `okta.${operation.name}`;
  const source = path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return {
    operation: name,
    method,
    pattern: new RegExp(`^${source}$`),
    write: method !== 'GET',
    handle: async (request) => {
      const limited = await enter(okta, name);
      if (limited) return limited;
      const { org, auth } = okta;
      const caller = authorize(auth, org, request, scope);
      if ('refusal' in caller) return withOktaHeaders(okta, caller.refusal);
      const reply = operation.handle({ okta, org, actor: caller.actor, request, baseUrl: auth.baseUrl });
      tellHook(okta);
      await provisionSlack(okta);
      return withOktaHeaders(okta, reply);
    },
  };
}

/** Waits the operation's latency and counts the call; answers only when the rate limit is used up. */
export async function enter(okta: Okta, name: string): Promise<Reply | null> {
  const latencyMs = okta.latencyMs.get(name) ?? okta.latencyMs.get('*') ?? 0;
  if (latencyMs > 0) await new Promise((done) => setTimeout(done, latencyMs));
  const minute = Math.floor(Date.now() / 60_000);
  if (okta.window.minute !== minute) okta.window = { minute, calls: 0 };
  okta.window.calls += 1;
  const isOver = okta.limitPerMinute !== null && okta.window.calls > okta.limitPerMinute;
  return isOver ? tooManyRequests(okta) : null;
}

export function withOktaHeaders(okta: Okta, reply: Reply): Reply {
  const limit = okta.limitPerMinute ?? DEFAULT_LIMIT;
  const headers = {
    'x-okta-request-id': randomUUID(),
    'x-rate-limit-limit': String(limit),
    'x-rate-limit-remaining': String(Math.max(0, limit - okta.window.calls)),
    'x-rate-limit-reset': String((Math.floor(Date.now() / 60_000) + 1) * 60),
  };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

/** Reset is an instant in epoch seconds, Retry-After a span: without one, the next full minute. */
export function tooManyRequests(okta: Okta, retryAfterSeconds?: number): Reply {
  const now = Date.now() / 1000;
  const reset = retryAfterSeconds === undefined ? (Math.floor(now / 60) + 1) * 60 : Math.ceil(now + retryAfterSeconds);
  const retryAfter = retryAfterSeconds ?? Math.ceil(reset - now);
  return withOktaHeaders(
    okta,
    errorOf(429, {
      'retry-after': String(retryAfter),
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(reset),
    }),
  );
}

/** For the operations whose `userId` the spec calls "ID, login, or login shortname". */
export function withUser(visit: Visit, use: (user: User) => Reply): Reply {
  const asked = visit.request.params.userId ?? '';
  const user = asked === 'me' ? findUser(visit.org, visit.actor.id) : findUserByIdOrLogin(visit.org, asked);
  return user ? use(user) : notFound(asked, 'User');
}

/** For the operations whose `userId` is an id and nothing else. */
export function withUserId(visit: Visit, use: (user: User) => Reply): Reply {
  const asked = visit.request.params.userId ?? '';
  const user = findUser(visit.org, asked);
  return user ? use(user) : notFound(asked, 'User');
}

/** One page of `all` after the id in the query, with Okta's `Link` header. */
export function page<One extends { readonly id: string }>(
  visit: Visit,
  all: readonly One[],
  limits: { readonly fallback: number; readonly most: number },
): { readonly found: readonly One[]; readonly headers: Record<string, string>; readonly next: string | null } {
  const { query, path } = visit.request;
  const asked = Number(query.get('limit') ?? limits.fallback);
  const limit = Math.min(Number.isInteger(asked) && asked > 0 ? asked : limits.fallback, limits.most);
  const after = query.get('after');
  const start = after === null ? 0 : all.findIndex((one) => one.id === after) + 1;
  const found = all.slice(start, start + limit);
  const last = found.at(-1);
  const self = `${visit.baseUrl}${path}`;
  const links = [`<${self}?${query}>; rel="self"`];
  let next: string | null = null;
  if (last && start + limit < all.length) {
    const onward = new URLSearchParams(query);
    onward.set('after', last.id);
    onward.set('limit', String(limit));
    next = `${self}?${onward}`;
    links.push(`<${next}>; rel="next"`);
  }
  return { found, headers: { link: links.join(', ') }, next };
}
