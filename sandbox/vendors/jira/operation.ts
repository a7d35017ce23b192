// Turns one Jira operation into a route of the frame: latency, burst limit and caller come before its handler.
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { nowOf } from '../clock.ts';
import type { Reply, Request, Route } from '../simulator.ts';
import { issueNotFound, refuse } from './errors.ts';
import type { SearchIndex } from './search-index.ts';
import { findIssue, type Issue, type Site } from './site.ts';
import { type BurstLimit, tooManyRequests, type WriteLimit } from './write-limit.ts';

export type Permission =
  | 'BROWSE_PROJECTS'
  | 'CREATE_ISSUES'
  | 'EDIT_ISSUES'
  | 'ADD_COMMENTS'
  | 'TRANSITION_ISSUES'
  | 'LINK_ISSUES';

/** The account the API token belongs to. */
export interface Account {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
}

/** All that the routes share. `site` is replaced by the command `reset`. */
export interface Jira {
  site: Site;
  /** Set once the server listens: `self` addresses begin with it. */
  baseUrl: string;
  readonly account: Account;
  readonly apiToken: string;
  isTokenRevoked: boolean;
  permissions: Set<Permission>;
  readonly index: SearchIndex;
  readonly writes: WriteLimit;
  readonly burst: BurstLimit;
  /** By operation name, `*` for all. */
  readonly latencyMs: Map<string, number>;
}

export interface Visit {
  readonly jira: Jira;
  readonly site: Site;
  readonly request: Request;
  /** Of the JSON body; empty where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** False: nobody. Jira answers wrong credentials as it answers a stranger. */
  readonly isKnown: boolean;
  may(permission: Permission): boolean;
}

export interface Operation {
  /** The spec's operation id. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** As in the published spec: `/rest/api/3/issue/{issueIdOrKey}`. */
  readonly path: string;
  readonly write: boolean;
  handle(visit: Visit): Reply;
}

export function routeOf(jira: Jira, operation: Operation): Route {
  const { method, path, write } = operation;
  const name = `jira.${operation.name}`;
  return {
    operation: name,
    method,
    pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    write,
    handle: async (request) => {
      const latencyMs = jira.latencyMs.get(name) ?? jira.latencyMs.get('*') ?? 0;
      if (latencyMs > 0) await new Promise((done) => setTimeout(done, latencyMs));
      const caller = callerOf(jira, request);
      const answer = (reply: Reply): Reply => withJiraHeaders(jira, caller, reply);
      if (jira.burst.isOver(name, method)) return answer(tooManyRequests('jira-burst-based', 1));
      const hasBody = method !== 'GET' && request.raw !== '';
      if (hasBody && (!request.headers['content-type']?.includes('json') || request.body === undefined)) {
        return answer(
          refuse(
            request.body === undefined ? 400 : 415,
            'Invalid request payload. Refer to the REST API documentation and try again.',
          ),
        );
      }
      const isObject = typeof request.body === 'object' && request.body !== null && !Array.isArray(request.body);
      const isKnown = caller === 'known';
      return answer(
        operation.handle({
          jira,
          site: jira.site,
          request,
          body: isObject ? (request.body as Record<string, unknown>) : {},
          isKnown,
          may: (permission) => isKnown && jira.permissions.has(permission),
        }),
      );
    },
  };
}

export function withJiraHeaders(jira: Jira, caller: Caller, reply: Reply): Reply {
  const headers = {
    'x-arequestid': randomUUID(),
    ...(caller === 'known' && { 'x-aaccountid': encodeURIComponent(jira.account.accountId) }),
    ...(caller === 'failed' && { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }),
  };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

export type Caller = 'known' | 'failed' | 'nobody';

/** Jira takes wrong credentials for none, and says so in a header only. */
export function callerOf(jira: Jira, request: Request): Caller {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme === '') return 'nobody';
  const wanted = Buffer.from(`${jira.account.email}:${jira.apiToken}`);
  const given = Buffer.from(encoded, 'base64');
  const isRight = given.length === wanted.length && timingSafeEqual(given, wanted);
  return scheme === 'Basic' && isRight && !jira.isTokenRevoked ? 'known' : 'failed';
}

/** For the operations on one issue: 404 for what is not there and for who may not see it. */
export function withIssue(visit: Visit, use: (issue: Issue) => Reply): Reply {
  const issue = findIssue(visit.site, visit.request.params.issueIdOrKey ?? '');
  return issue && visit.may('BROWSE_PROJECTS') ? use(issue) : issueNotFound();
}

/** A write to one issue: its permission, its limit, and the index told afterwards. */
export function writeIssue(
  visit: Visit,
  issue: Issue,
  { permission, refusal, apply }: { permission: Permission; refusal: Reply; apply: () => Reply },
): Reply {
  if (!visit.may(permission)) return refusal;
  const wait = visit.jira.writes.take(issue.id);
  if (wait !== null) return tooManyRequests('jira-per-issue-on-write', wait);
  const reply = apply();
  if (reply.status < 400) {
    issue.updatedAt = nowOf(visit.site).toISOString();
    visit.jira.index.changed(issue.id, issue);
  }
  return reply;
}

/** `fields=a&fields=b` and `fields=a,b` are the same to Jira. Null: not asked. */
export function listParameter(request: Request, name: string): string[] | null {
  const values = request.query.getAll(name).flatMap((one) => one.split(','));
  return values.length === 0 ? null : values.map((one) => one.trim()).filter((one) => one !== '');
}

/** `startAt` and `maxResults`; what is no number counts as absent, as in Jira. */
export function pageOf<One>(request: Request, all: readonly One[], limits: { fallback: number; most: number }) {
  const number = (name: string, fallback: number): number => {
    const value = Number(request.query.get(name) ?? fallback);
    return Number.isInteger(value) && value >= 0 ? value : fallback;
  };
  const startAt = number('startAt', 0);
  const maxResults = Math.min(number('maxResults', limits.fallback), limits.most);
  return { startAt, maxResults, total: all.length, found: all.slice(startAt, startAt + maxResults) };
}
