// What concerns the org itself: who administers it, what the service app may do, and the system log.
import type { Reply } from '../simulator.ts';
import { invalid, notFound, refuse } from './errors.ts';
import { parseFilter } from './filter.ts';
import type { Operation, Visit } from './operation.ts';
import { page, withUserId } from './operation.ts';
import type { LogEvent } from './org.ts';
import { renderRole } from './render.ts';

const ROLES = 'okta.roles.read';

export const ADMIN_OPERATIONS: readonly Operation[] = [
  {
    name: 'listAssignedRolesForUser',
    method: 'GET',
    path: '/api/v1/users/{userId}/roles',
    scope: ROLES,
    handle: (visit) =>
      withUserId(visit, (user) => {
        const href = `${visit.baseUrl}/api/v1/users/${user.id}`;
        return { status: 200, body: user.roles.map((one) => renderRole(one, { href, kind: 'USER' })) };
      }),
  },
  {
    name: 'listUsersWithRoleAssignments',
    method: 'GET',
    path: '/api/v1/iam/assignees/users',
    scope: ROLES,
    handle: listAssignees,
  },
  {
    name: 'listRolesForClient',
    method: 'GET',
    path: '/oauth2/v1/clients/{clientId}/roles',
    scope: ROLES,
    handle: listClientRoles,
  },
  { name: 'listLogEvents', method: 'GET', path: '/api/v1/logs', scope: 'okta.logs.read', handle: listLogEvents },
];

/** Users with any role, not only super admins: the roles themselves are one call for each user. */
function listAssignees(visit: Visit): Reply {
  const all = [...visit.org.users.values()].filter((one) => one.roles.length > 0);
  const { found, next } = page(visit, all, { fallback: 100, most: 100 });
  const value = found.map(({ id }) => {
    const self = `${visit.baseUrl}/api/v1/users/${id}`;
    return {
      id,
      orn: `orn:okta:directory:00oAcme00000000000001:users:${id}`,
      _links: { self: { href: self }, roles: { href: `${self}/roles` } },
    };
  });
  return { status: 200, body: { value, _links: next === null ? {} : { next: { href: next } } } };
}

function listClientRoles(visit: Visit): Reply {
  const { clientId = '' } = visit.request.params;
  if (clientId !== visit.okta.auth.app.clientId) return notFound(clientId, 'PublicClientApp');
  const href = `${visit.baseUrl}/oauth2/v1/clients/${clientId}`;
  return { status: 200, body: [renderRole('USER_ADMIN', { href, kind: 'CLIENT' })] };
}

/** Without `until` it is a polling query: Okta then gives a `next` link even after the last event. */
function listLogEvents(visit: Visit): Reply {
  const { query, path } = visit.request;
  const until = query.get('until');
  const [from, to] = [
    Date.parse(query.get('since') ?? '2025-01-01T00:00:00Z'),
    Date.parse(until ?? '9999-01-01T00:00:00Z'),
  ];
  if (Number.isNaN(from) || Number.isNaN(to)) return invalid('since', 'since, until: must be ISO 8601 timestamps');
  const predicate = parseFilter(query.get('filter') ?? 'uuid pr');
  if (!predicate) return refuse({ status: 400, code: 'E0000031', summary: 'Invalid search criteria.' });
  const words = (query.get('q') ?? '').toLowerCase().split(' ').filter(Boolean);
  const chosen = visit.org.log.filter((one) => {
    const at = Date.parse(one.published);
    const text = JSON.stringify(one).toLowerCase();
    return at >= from && at < to && predicate(one) && words.every((word) => text.includes(word));
  });
  const isDescending = query.get('sortOrder') === 'DESCENDING';
  const ordered = (isDescending ? chosen.toReversed() : chosen).map((one) => ({ ...one, id: one.uuid }));
  const { found, headers } = page(visit, ordered, { fallback: 100, most: 1000 });
  const body = found.map(({ id: _, ...event }): LogEvent => event);
  if (until !== null || isDescending || headers.link?.includes('rel="next"')) return { status: 200, headers, body };
  const onward = new URLSearchParams(query);
  const last = found.at(-1)?.id;
  if (last !== undefined) onward.set('after', last);
  const polling = `<${visit.baseUrl}${path}?${onward}>; rel="next"`;
  return { status: 200, headers: { link: `${headers.link}, ${polling}` }, body };
}
