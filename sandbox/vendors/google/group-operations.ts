// Directory's groups and their members, as far as a leaver's memberships need them.
import type { Reply } from '../simulator.ts';
import { duplicate, invalid, notFound } from './errors.ts';
import { etagged, NO_CONTENT, type Operation, pageOf, type Visit, withCustomer } from './operation.ts';
import { renderGroup, renderMember } from './render-directory.ts';
import { GROUP_READ, MEMBER_READ, MEMBER_WRITE } from './scopes.ts';
import { DOMAIN, findUser, type Group } from './tenant.ts';

const GROUPS = '/admin/directory/v1/groups';
const MEMBERS = `${GROUPS}/{groupKey}/members`;
const ROLES = ['OWNER', 'MANAGER', 'MEMBER'] as const;
const MEMBER_FIELDS = ['delivery_settings', 'email', 'etag', 'id', 'kind', 'role', 'status', 'type'];
const directory = { service: 'directory' } as const;

export const GROUP_OPERATIONS: readonly Operation[] = [
  {
    ...directory,
    name: 'directory.groups.list',
    method: 'GET',
    path: GROUPS,
    scopes: GROUP_READ,
    query: ['customer', 'domain', 'maxResults', 'orderBy', 'pageToken', 'query', 'sortOrder', 'userKey'],
    handle: listGroups,
  },
  {
    ...directory,
    name: 'directory.members.list',
    method: 'GET',
    path: MEMBERS,
    scopes: MEMBER_READ,
    query: ['includeDerivedMembership', 'maxResults', 'pageToken', 'roles'],
    handle: (visit) =>
      withGroup(visit, (group) => {
        const page = pageOf(visit, group.members, { fallback: 200, most: 200 });
        if ('refusal' in page) return page.refusal;
        const { found, ...rest } = page;
        const members = found.map((one) => renderMember(one, visit.tenant));
        return etagged('admin#directory#members', { ...(members.length > 0 && { members }), ...rest });
      }),
  },
  {
    ...directory,
    name: 'directory.members.get',
    method: 'GET',
    path: `${MEMBERS}/{memberKey}`,
    scopes: MEMBER_READ,
    handle: (visit) => withMember(visit, (_, member) => ({ status: 200, body: renderMember(member, visit.tenant) })),
  },
  {
    ...directory,
    name: 'directory.members.delete',
    method: 'DELETE',
    path: `${MEMBERS}/{memberKey}`,
    scopes: MEMBER_WRITE,
    handle: (visit) =>
      withMember(visit, (group, member) => {
        group.members = group.members.filter((one) => one !== member);
        return NO_CONTENT;
      }),
  },
  {
    ...directory,
    name: 'directory.members.insert',
    method: 'POST',
    path: MEMBERS,
    scopes: MEMBER_WRITE,
    fields: MEMBER_FIELDS,
    handle: insertMember,
  },
];

/** One of `userKey`, `customer` and `domain`; `userKey` lists only the groups that the user is in directly. */
function listGroups(visit: Visit): Reply {
  const { query } = visit.request;
  const [userKey, customer, domain] = [query.get('userKey'), query.get('customer'), query.get('domain')];
  const list = (chosen: readonly Group[]): Reply => {
    const page = pageOf(visit, chosen, { fallback: 200, most: 200 });
    if ('refusal' in page) return page.refusal;
    const { found, ...rest } = page;
    return etagged('admin#directory#groups', { ...(found.length > 0 && { groups: found.map(renderGroup) }), ...rest });
  };
  if (userKey !== null) {
    const user = findUser(visit.tenant, userKey);
    if (!user) return notFound('userKey');
    return list(visit.tenant.groups.filter((one) => one.members.some(({ userId }) => userId === user.id)));
  }
  if (customer !== null) return withCustomer(customer, () => list(visit.tenant.groups));
  return domain === DOMAIN ? list(visit.tenant.groups) : invalid('customer');
}

function insertMember(visit: Visit): Reply {
  return withGroup(visit, (group) => {
    const { email, id, role = 'MEMBER' } = visit.body as { email?: string; id?: string; role?: string };
    const user = findUser(visit.tenant, id ?? email ?? '');
    const known = ROLES.find((one) => one === role);
    if (!user) return notFound('memberKey');
    if (!known) return invalid('role');
    if (group.members.some((one) => one.userId === user.id)) return duplicate();
    const member = { userId: user.id, role: known };
    group.members = [...group.members, member];
    return { status: 200, body: renderMember(member, visit.tenant) };
  });
}

function withGroup(visit: Visit, use: (group: Group) => Reply): Reply {
  const wanted = (visit.request.params.groupKey ?? '').toLowerCase();
  const found = visit.tenant.groups.find((one) => one.id === wanted || one.email === wanted);
  return found ? use(found) : notFound('groupKey');
}

function withMember(visit: Visit, use: (group: Group, member: Group['members'][number]) => Reply): Reply {
  return withGroup(visit, (group) => {
    const user = findUser(visit.tenant, visit.request.params.memberKey ?? '');
    const member = user && group.members.find((one) => one.userId === user.id);
    return member ? use(group, member) : notFound('memberKey');
  });
}
