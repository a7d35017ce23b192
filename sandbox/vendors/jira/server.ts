// Starts the Jira simulator: a strict stand-in for the operations Sendoff uses, with the project ITOPS; shares nothing with src/.
import { randomBytes } from 'node:crypto';
import { nowOf } from '../clock.ts';
import { type Memory, memoryOf } from '../memory.ts';
import { type Reply, type Request, type Route, type Running, startSimulator, type Vendor } from '../simulator.ts';
import { describeState, runCommand } from './commands.ts';
import { COMMENT_OPERATIONS } from './comment-operations.ts';
import { errorOf, refuse } from './errors.ts';
import { ISSUE_OPERATIONS } from './issue-operations.ts';
import { callerOf, type Jira, type Permission, routeOf, withJiraHeaders } from './operation.ts';
import { PERMISSIONS, PROJECT_OPERATIONS } from './project-operations.ts';
import { SearchIndex } from './search-index.ts';
import { SEARCH_OPERATIONS } from './search-operations.ts';
import { createSite } from './site.ts';
import { BurstLimit, tooManyRequests, WriteLimit } from './write-limit.ts';

export interface JiraSimulatorOptions {
  readonly port?: number;
  readonly controlPort?: number;
  /** How long a change takes until searches see it; 0 if absent. */
  readonly indexDelayMs?: number;
}

export interface JiraSimulator extends Running {
  readonly email: string;
  readonly apiToken: string;
  readonly project: string;
  /** The same commands as at the control address. */
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
}

const ACCOUNT = { accountId: '712020:5e4d0ff0-0001', email: 'sendoff@acme.test', displayName: 'Sendoff' };
const PROJECT = 'ITOPS';
const OPERATIONS = [...ISSUE_OPERATIONS, ...COMMENT_OPERATIONS, ...SEARCH_OPERATIONS, ...PROJECT_OPERATIONS];

/** The token is made at the start, so that none lies in the repository. */
export async function startJiraSimulator(options: JiraSimulatorOptions = {}): Promise<JiraSimulator> {
  const jira: Jira = {
    site: createSite(),
    baseUrl: '',
    account: ACCOUNT,
    apiToken: `ATATT3x${randomBytes(30).toString('base64url')}`,
    isTokenRevoked: false,
    permissions: new Set(Object.keys(PERMISSIONS) as Permission[]),
    index: new SearchIndex(options.indexDelayMs ?? 0, () => nowOf(jira.site).getTime()),
    writes: new WriteLimit(),
    burst: new BurstLimit(),
    latencyMs: new Map(),
  };
  const running = await startSimulator(vendorOf(jira), {
    ...(options.port !== undefined && { port: options.port }),
    ...(options.controlPort !== undefined && { controlPort: options.controlPort }),
  });
  jira.baseUrl = running.url;
  return {
    ...running,
    memory: memoryOf(jira, ['site'], () => reindex(jira)),
    email: ACCOUNT.email,
    apiToken: jira.apiToken,
    project: PROJECT,
    command: (name, argument = {}) => runCommand(jira, name, argument),
    state: () => describeState(jira),
  };
}

function vendorOf(jira: Jira): Vendor {
  const routes = OPERATIONS.map((one) => routeOf(jira, one));
  return {
    name: 'jira',
    routes,
    unknown: (request) => withJiraHeaders(jira, callerOf(jira, request), answerUnknown(routes, request)),
    error: (status, retryAfterSeconds) =>
      withJiraHeaders(
        jira,
        'known',
        status === 429 ? tooManyRequests('jira-burst-based', retryAfterSeconds ?? 1) : errorOf(status),
      ),
    state: () => describeState(jira),
    command: (name, argument) => runCommand(jira, name, argument),
    note,
  };
}

/** The old search is gone (changelog CHANGE-2046); a known path with another method is 405. */
function answerUnknown(routes: readonly Route[], request: Request): Reply {
  if (/^\/rest\/api\/[23]\/search$/.test(request.path)) {
    return refuse(410, 'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.');
  }
  return routes.some((one) => one.pattern.test(request.path))
    ? errorOf(405)
    : refuse(404, 'The requested path was not found.');
}

/** The subject, and what a checker needs to tell one call from another: labels and properties, never a text. */
function note(route: Route, request: Request, reply: Reply): Record<string, unknown> {
  const answer = (reply.body ?? {}) as { id?: string; key?: string; errorMessages?: string[]; errors?: object };
  const sent = (route.method === 'POST' && typeof request.body === 'object' ? request.body : {}) as {
    jql?: string;
    fields?: { labels?: string[]; parent?: object };
    properties?: unknown;
    transition?: { id?: string };
  };
  const { issueIdOrKey, ...params } = request.params;
  const isCreated = route.operation === 'jira.createIssue' && reply.status === 201;
  return {
    subject: isCreated ? answer.key : (issueIdOrKey ?? null),
    ...params,
    ...(isCreated && { labels: sent.fields?.labels ?? [], parent: sent.fields?.parent ?? null }),
    ...(sent.properties !== undefined && { properties: sent.properties }),
    ...(sent.transition && { transition: sent.transition.id }),
    ...(sent.jql !== undefined && { jql: sent.jql }),
    ...(reply.status >= 400 && { refusal: { messages: answer.errorMessages, errors: answer.errors } }),
  };
}

/** The search index is made anew from what the site holds. */
function reindex(jira: Jira): void {
  jira.index.clear();
  for (const issue of jira.site.issues.values()) jira.index.changed(issue.id, issue);
}
