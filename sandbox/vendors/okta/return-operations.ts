// What brings somebody back: activation, and membership of groups.
import type { Reply } from '../simulator.ts';
import { GROUPS } from './catalogue.ts';
import { accessDenied, invalid, notFound, refuse, wrongUserStatus } from './errors.ts';
import { type Operation, type Visit, withUser, withUserId } from './operation.ts';
import { record, setStatus, targetUser } from './org.ts';
import { renderGroup, renderRole } from './render.ts';

const GROUPS_CREATED = '2025-01-01T00:00:00.000Z';

export const RETURN_OPERATIONS: readonly Operation[] = [
  {
    name: 'activateUser',
    method: 'POST',
    path: '/api/v1/users/{userId}/lifecycle/activate',
    scope: 'okta.users.manage',
    handle: activateUser,
  },
  {
    name: 'getGroup',
    method: 'GET',
    path: '/api/v1/groups/{groupId}',
    scope: 'okta.groups.read',
    handle: (visit) =>
      withGroup(visit, (id) => ({ status: 200, body: renderGroup(id, GROUPS_CREATED, visit.baseUrl) })),
  },
  {
    name: 'listGroupAssignedRoles',
    method: 'GET',
    path: '/api/v1/groups/{groupId}/roles',
    scope: 'okta.roles.read',
    handle: (visit) =>
      withGroup(visit, (id) => {
        const href = `${visit.baseUrl}/api/v1/groups/${id}`;
        const roles = visit.org.groupRoles.get(id) ?? [];
        return { status: 200, body: roles.map((one) => renderRole(one, { href, kind: 'GROUP' })) };
      }),
  },
  {
    name: 'assignUserToGroup',
    method: 'PUT',
    path: '/api/v1/groups/{groupId}/users/{userId}',
    scope: 'okta.groups.manage',
    handle: assignUserToGroup,
  },
];

/** Only from STAGED or DEPROVISIONED. Whoever has no password any more completes it by the link in the mail. */
function activateUser(visit: Visit): Reply {
  const sendEmail = visit.request.query.get('sendEmail') ?? 'true';
  if (sendEmail !== 'true' && sendEmail !== 'false') return invalid('sendEmail', 'sendEmail: must be true or false');
  return withUser(visit, (user) => {
    if (user.status === 'ACTIVE') {
      return refuse({
        status: 403,
        code: 'E0000016',
        summary: 'Activation failed because the user is already active',
      });
    }
    if (user.status !== 'DEPROVISIONED' && user.status !== 'STAGED') return wrongUserStatus();
    setStatus(visit.org, user, 'PROVISIONED');
    // Everybody is in the built-in group as long as the account is alive.
    if (!user.groups.includes(EVERYONE)) user.groups.push(EVERYONE);
    record(visit.org, visit.actor, 'user.lifecycle.activate', 'Activate Okta user', [targetUser(user)]);
    const activationToken = `act${user.id.slice(3)}`;
    const link = { activationUrl: `${visit.baseUrl}/welcome/${activationToken}`, activationToken };
    return { status: 200, body: sendEmail === 'true' ? {} : link };
  });
}

const EVERYONE = '00gEveryone000000001';

/** Memberships of the type OKTA_GROUP only can be changed; again is no error. */
function assignUserToGroup(visit: Visit): Reply {
  return withGroup(visit, (id) =>
    withUserId(visit, (user) => {
      if (GROUPS[id] === 'Everyone') return accessDenied();
      if (user.status === 'DEPROVISIONED') return wrongUserStatus();
      if (!user.groups.includes(id)) {
        user.groups.push(id);
        const group = { id, type: 'UserGroup', alternateId: 'unknown', displayName: GROUPS[id] ?? id };
        record(visit.org, visit.actor, 'group.user_membership.add', 'Add user to group membership', [
          targetUser(user),
          group,
        ]);
      }
      return { status: 204 };
    }),
  );
}

function withGroup(visit: Visit, use: (id: string) => Reply): Reply {
  const { groupId = '' } = visit.request.params;
  const isThere = Object.hasOwn(GROUPS, groupId) && !visit.org.deletedGroups.has(groupId);
  return isThere ? use(groupId) : notFound(groupId, 'UserGroup');
}
