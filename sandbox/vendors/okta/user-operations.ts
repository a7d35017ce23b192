// Okta's users: finding them, what they hold, and the lifecycle; sign-in credentials are in access-operations.ts.
import { nowOf } from '../clock.ts';
import type { Reply } from '../simulator.ts';
import { GROUPS } from './catalogue.ts';
import { invalid, notFound, refuse } from './errors.ts';
import { parseFilter } from './filter.ts';
import type { Operation, Visit } from './operation.ts';
import { page, withUser } from './operation.ts';
import { deprovision, findUser, record, setStatus, targetUser, type User } from './org.ts';
import { renderAppLink, renderGroup, renderUser } from './render.ts';

const READ = 'okta.users.read';
const MANAGE = 'okta.users.manage';
const GROUPS_CREATED = '2025-01-01T00:00:00.000Z';
/** `filter` takes these only; `search` takes every profile property. */
const FILTERABLE = /^(status|id|lastUpdated|profile\.(login|email|firstName|lastName))$/;

export const USER_OPERATIONS: readonly Operation[] = [
  { name: 'listUsers', method: 'GET', path: '/api/v1/users', scope: READ, handle: listUsers },
  {
    name: 'getUser',
    method: 'GET',
    path: '/api/v1/users/{userId}',
    scope: READ,
    handle: (visit) => withUser(visit, (user) => ({ status: 200, body: renderUser(user, visit.baseUrl) })),
  },
  {
    name: 'listUserGroups',
    method: 'GET',
    path: '/api/v1/users/{userId}/groups',
    scope: READ,
    handle: (visit) =>
      withUser(visit, (user) => listOf(user.groups, (id) => renderGroup(id, user.created, visit.baseUrl))),
  },
  { name: 'listGroups', method: 'GET', path: '/api/v1/groups', scope: 'okta.groups.read', handle: listGroups },
  {
    name: 'listAppLinks',
    method: 'GET',
    path: '/api/v1/users/{userId}/appLinks',
    scope: READ,
    handle: (visit) => withUser(visit, (user) => listOf(user.apps, (id) => renderAppLink(id, user, visit.baseUrl))),
  },
  {
    name: 'suspendUser',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/suspend',
    scope: MANAGE,
    handle: suspendUser,
  },
  {
    name: 'unsuspendUser',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/unsuspend',
    scope: MANAGE,
    handle: unsuspendUser,
  },
  {
    name: 'deactivateUser',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/deactivate',
    scope: MANAGE,
    handle: deactivateUser,
  },
];

/** The list without a filter leaves DEPROVISIONED users out; a search is answered from an index that may be behind. */
function listUsers(visit: Visit): Reply {
  const { query } = visit.request;
  const [search, filter, q] = [query.get('search'), query.get('filter'), query.get('q')];
  if (search !== null && filter !== null) {
    return refuse({
      status: 400,
      code: 'E0000033',
      summary: "Can't specify a search query and filter in the same request.",
    });
  }
  const expression = search ?? filter;
  const predicate = expression === null ? () => true : parseFilter(expression);
  const isUnfilterable = filter !== null && propertiesOf(filter).some((one) => !FILTERABLE.test(one));
  if (!predicate || isUnfilterable) {
    return refuse({ status: 400, code: 'E0000031', summary: 'Invalid search criteria.' });
  }
  const org = search === null ? visit.org : (visit.okta.searchIndex ?? visit.org);
  const all = [...org.users.keys()].flatMap((id) => findUser(org, id) ?? []);
  const chosen = all.filter(
    (one) => predicate(one) && (expression !== null || one.status !== 'DEPROVISIONED') && startsWith(one, q),
  );
  const { found, headers } = page(visit, chosen, { fallback: q === null ? 200 : 10, most: 200 });
  return { status: 200, headers, body: found.map((one) => renderUser(one, visit.baseUrl)) };
}

function listGroups(visit: Visit): Reply {
  const all = Object.keys(GROUPS).map((id) => ({ id }));
  const { found, headers } = page(visit, all, { fallback: 10_000, most: 10_000 });
  return { status: 200, headers, body: found.map(({ id }) => renderGroup(id, GROUPS_CREATED, visit.baseUrl)) };
}

function suspendUser(visit: Visit): Reply {
  return withUser(visit, (user) => {
    if (user.status !== 'ACTIVE') return invalid('suspendUser', 'Cannot suspend a user that is not active');
    setStatus(visit.org, user, 'SUSPENDED');
    user.sessions = 0;
    record(visit.org, visit.actor, 'user.lifecycle.suspend', 'Suspend Okta user', [targetUser(user)]);
    return { status: 200, body: {} };
  });
}

function unsuspendUser(visit: Visit): Reply {
  return withUser(visit, (user) => {
    if (user.status !== 'SUSPENDED') return invalid('unsuspendUser', 'Cannot unsuspend a user that is not suspended');
    setStatus(visit.org, user, 'ACTIVE');
    record(visit.org, visit.actor, 'user.lifecycle.unsuspend', 'Unsuspend Okta user', [targetUser(user)]);
    return { status: 200, body: {} };
  });
}

/** The second time answers 404 although the user exists (okta-sdk-java#721). */
function deactivateUser(visit: Visit): Reply {
  const { sendEmail } = Object.fromEntries(visit.request.query);
  if (sendEmail !== undefined && sendEmail !== 'true' && sendEmail !== 'false') {
    return invalid('sendEmail', 'sendEmail: must be true or false');
  }
  return withUser(visit, (user) => {
    if (user.status === 'DEPROVISIONED' || user.transition) return notFound(user.id, 'User');
    if (visit.request.headers.prefer === 'respond-async') {
      user.transition = {
        to: 'DEPROVISIONED',
        at: nowOf(visit.org).getTime() + visit.okta.asyncDelayMs,
        by: visit.actor,
      };
    } else {
      deprovision(visit.org, user, visit.actor);
    }
    return { status: 200, body: {} };
  });
}

function listOf(ids: readonly string[], render: (id: string) => Record<string, unknown>): Reply {
  return { status: 200, body: ids.map((id) => render(id)) };
}

function startsWith(user: User, q: string | null): boolean {
  if (q === null) return true;
  const { firstName = '', lastName = '', email = '' } = user.profile;
  return [firstName, lastName, email].some((one) => one.toLowerCase().startsWith(q.toLowerCase()));
}

function propertiesOf(filter: string): string[] {
  return filter.split(/ (?:and|or) /).map((term) => term.trim().split(' ')[0] ?? '');
}
