// JQL search over the index, which is late; issues asked for by id in `reconcileIssues` are read as they are now.
import type { Reply } from '../simulator.ts';
import { refuse } from './errors.ts';
import { parseJql } from './jql.ts';
import { listParameter, type Operation, type Visit } from './operation.ts';
import { renderIssue } from './render.ts';
import type { Issue } from './site.ts';

/** Issues a page, and ids to reconcile. @see https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/ */
const FALLBACK = 50;
const MOST = 5_000;
const MOST_RECONCILED = 50;
const KNOWN = [
  'jql',
  'nextPageToken',
  'maxResults',
  'fields',
  'expand',
  'properties',
  'fieldsByKeys',
  'reconcileIssues',
];

interface Asked {
  readonly jql: unknown;
  readonly token: unknown;
  readonly maxResults: number;
  readonly fields: readonly string[] | null;
  readonly properties: readonly string[];
  readonly reconcile: readonly string[];
}

export const SEARCH_OPERATIONS: readonly Operation[] = [
  {
    name: 'searchAndReconsileIssuesUsingJql',
    method: 'GET',
    path: '/rest/api/3/search/jql',
    write: false,
    handle: (visit) => {
      const { query } = visit.request;
      return search(visit, {
        jql: query.get('jql') ?? undefined,
        token: query.get('nextPageToken') ?? undefined,
        maxResults: Number(query.get('maxResults') ?? FALLBACK),
        fields: listParameter(visit.request, 'fields'),
        properties: listParameter(visit.request, 'properties') ?? [],
        reconcile: listParameter(visit.request, 'reconcileIssues') ?? [],
      });
    },
  },
  {
    name: 'searchAndReconsileIssuesUsingJqlPost',
    method: 'POST',
    path: '/rest/api/3/search/jql',
    write: false,
    handle: (visit) => {
      const { body } = visit;
      const strange = Object.keys(body).find((name) => !KNOWN.includes(name));
      if (strange) return refuse(400, 'Invalid request payload. Refer to the REST API documentation and try again.');
      return search(visit, {
        jql: body.jql,
        token: body.nextPageToken,
        maxResults: Number(body.maxResults ?? FALLBACK),
        fields: (body.fields as string[] | undefined) ?? null,
        properties: (body.properties as string[] | undefined) ?? [],
        reconcile: ((body.reconcileIssues as number[] | undefined) ?? []).map(String),
      });
    },
  },
];

function search(visit: Visit, asked: Asked): Reply {
  const { jira } = visit;
  const query = parseJql(typeof asked.jql === 'string' ? asked.jql : '');
  if (typeof query === 'string') return refuse(400, query);
  if (asked.reconcile.length > MOST_RECONCILED)
    return refuse(400, `At most ${MOST_RECONCILED} issues can be reconciled.`);
  const start = startOf(asked);
  if (start === null) return refuse(400, 'The value of nextPageToken is not valid.');
  const seen = new Map<string, Issue>(jira.index.issues().map((one) => [one.id, one]));
  for (const id of asked.reconcile) {
    const now = visit.site.issues.get(id);
    if (!now || !visit.may('BROWSE_PROJECTS')) return refuse(404, `The issue ${id} to be reconciled was not found.`);
    seen.set(id, now);
  }
  // Who may not see the project finds nothing, and is not told why.
  const visible = visit.may('BROWSE_PROJECTS') ? [...seen.values()] : [];
  const found = visible.filter((one) => query.matches(one)).toSorted((a, b) => query.compare(a, b));
  const limit = Math.min(Math.max(1, asked.maxResults || FALLBACK), MOST);
  const page = found.slice(start, start + limit);
  const isLast = start + limit >= found.length;
  // Without `fields` Jira gives ids and nothing else.
  const issues = page.map((one) =>
    asked.fields === null && asked.properties.length === 0
      ? { id: one.id }
      : renderIssue(jira, one, { fields: asked.fields ?? [], properties: asked.properties }),
  );
  return { status: 200, body: { issues, isLast, ...(!isLast && { nextPageToken: tokenOf(asked, start + limit) }) } };
}

/** A token goes with its query: Jira takes it for no other. */
function tokenOf({ jql }: Asked, start: number): string {
  return Buffer.from(JSON.stringify({ jql, start })).toString('base64url');
}

function startOf({ token, jql }: Asked): number | null {
  if (token === undefined || token === null) return 0;
  try {
    const read = JSON.parse(Buffer.from(String(token), 'base64url').toString()) as { jql: unknown; start: number };
    return read.jql === jql && Number.isInteger(read.start) ? read.start : null;
  } catch {
    return null; // not one of ours
  }
}
