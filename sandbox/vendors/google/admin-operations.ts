// Directory's roles and who has them, and the phones that are signed in to an account.
import type { Reply } from '../simulator.ts';
import { invalid, notFound } from './errors.ts';
import { etag, etagged, NO_CONTENT, type Operation, pageOf, type Visit, withCustomer } from './operation.ts';
import { renderAssignment, renderDevice } from './render-directory.ts';
import { MOBILE_ACTION, MOBILE_READ, ROLE_READ, ROLE_WRITE } from './scopes.ts';
import { HELP_DESK_ROLE, SUPER_ADMIN_ROLE } from './seed.ts';
import { type Device, findUser } from './tenant.ts';

const CUSTOMER = '/admin/directory/v1/customer/{customer}';
const MOBILE = '/admin/directory/v1/customer/{customerId}/devices/mobile';
const directory = { service: 'directory' } as const;

/**
 * What becomes of a phone: at once, and when it has reported back. Google publishes the actions but not all words of `status`:
 * those of the two wipes are ours.
 */
const ACTIONS: Readonly<Record<string, { readonly now: string; readonly later?: string }>> = {
  admin_account_wipe: { now: 'ACCOUNT_WIPING', later: 'ACCOUNT_WIPED' },
  admin_remote_wipe: { now: 'WIPING', later: 'WIPED' },
  approve: { now: 'APPROVED' },
  block: { now: 'BLOCKED' },
  cancel_remote_wipe_then_activate: { now: 'APPROVED' },
  cancel_remote_wipe_then_block: { now: 'BLOCKED' },
};

export const ADMIN_OPERATIONS: readonly Operation[] = [
  {
    ...directory,
    name: 'directory.roles.list',
    method: 'GET',
    path: `${CUSTOMER}/roles`,
    scopes: ROLE_READ,
    query: ['maxResults', 'pageToken'],
    handle: (visit) =>
      withCustomer(visit.request.params.customer, () =>
        etagged('admin#directory#roles', {
          items: [
            roleOf(SUPER_ADMIN_ROLE, '_SEED_ADMIN_ROLE', true),
            roleOf(HELP_DESK_ROLE, '_HELP_DESK_ADMIN_ROLE', false),
          ],
        }),
      ),
  },
  {
    ...directory,
    name: 'directory.roleAssignments.list',
    method: 'GET',
    path: `${CUSTOMER}/roleassignments`,
    scopes: ROLE_READ,
    query: ['includeIndirectRoleAssignments', 'maxResults', 'pageToken', 'roleId', 'userKey'],
    handle: (visit) => withCustomer(visit.request.params.customer, () => listAssignments(visit)),
  },
  {
    ...directory,
    name: 'directory.roleAssignments.delete',
    method: 'DELETE',
    path: `${CUSTOMER}/roleassignments/{roleAssignmentId}`,
    scopes: ROLE_WRITE,
    handle: (visit) => withCustomer(visit.request.params.customer, () => deleteAssignment(visit)),
  },
  {
    ...directory,
    name: 'directory.mobiledevices.list',
    method: 'GET',
    path: MOBILE,
    scopes: MOBILE_READ,
    query: ['maxResults', 'orderBy', 'pageToken', 'projection', 'query', 'sortOrder'],
    handle: (visit) => withCustomer(visit.request.params.customerId, () => listDevices(visit)),
  },
  {
    ...directory,
    name: 'directory.mobiledevices.get',
    method: 'GET',
    path: `${MOBILE}/{resourceId}`,
    scopes: MOBILE_READ,
    query: ['projection'],
    handle: (visit) => withDevice(visit, (device) => ({ status: 200, body: renderDevice(device, visit.tenant) })),
  },
  {
    ...directory,
    name: 'directory.mobiledevices.action',
    method: 'POST',
    path: `${MOBILE}/{resourceId}/action`,
    scopes: MOBILE_ACTION,
    fields: ['action'],
    handle: (visit) => withDevice(visit, (device) => act(visit, device)),
  },
];

function roleOf(roleId: string, roleName: string, isSuperAdminRole: boolean): Record<string, unknown> {
  const isSystemRole = true;
  return { kind: 'admin#directory#role', roleId, etag: etag(roleId), roleName, isSystemRole, isSuperAdminRole };
}

function listAssignments(visit: Visit): Reply {
  const { query } = visit.request;
  const [userKey, roleId] = [query.get('userKey'), query.get('roleId')];
  const user = userKey === null ? null : findUser(visit.tenant, userKey);
  if (userKey !== null && !user) return notFound('userKey');
  const chosen = visit.tenant.roleAssignments.filter(
    (one) => (!user || one.userId === user.id) && (roleId === null || one.roleId === roleId),
  );
  const page = pageOf(visit, chosen, { fallback: 100, most: 200 });
  if ('refusal' in page) return page.refusal;
  const { found, ...rest } = page;
  const items = found.map(renderAssignment);
  return etagged('admin#directory#roleAssignments', { ...(items.length > 0 && { items }), ...rest });
}

/** Taking the assignment away takes the rights away. */
function deleteAssignment({ tenant, request }: Visit): Reply {
  const gone = tenant.roleAssignments.find((one) => one.id === request.params.roleAssignmentId);
  if (!gone) return notFound('roleAssignmentId');
  tenant.roleAssignments = tenant.roleAssignments.filter((one) => one !== gone);
  const user = tenant.users.get(gone.userId);
  const left = tenant.roleAssignments.filter((one) => one.userId === gone.userId);
  if (user) {
    user.isAdmin = left.some((one) => one.roleId === SUPER_ADMIN_ROLE);
    user.isDelegatedAdmin = left.some((one) => one.roleId !== SUPER_ADMIN_ROLE);
  }
  return NO_CONTENT;
}

/** `query` takes `email:x` and `status:x`. */
function listDevices(visit: Visit): Reply {
  const query = visit.request.query.get('query') ?? '';
  const terms = [...query.matchAll(/(email|status):(\S+)/g)];
  if (query.replaceAll(/(email|status):\S+/g, '').trim() !== '') return invalid('query');
  const chosen = visit.tenant.devices.filter((device) =>
    terms.every(([, field, value = '']) => {
      if (field === 'status') return device.status.toLowerCase() === value.toLowerCase();
      return visit.tenant.users.get(device.userId)?.primaryEmail === value.toLowerCase();
    }),
  );
  const page = pageOf(visit, chosen, { fallback: 100, most: 100 });
  if ('refusal' in page) return page.refusal;
  const { found, ...rest } = page;
  const mobiledevices = found.map((one) => renderDevice(one, visit.tenant));
  return etagged('admin#directory#mobiledevices', { ...(mobiledevices.length > 0 && { mobiledevices }), ...rest });
}

function withDevice(visit: Visit, use: (device: Device) => Reply): Reply {
  const { customerId, resourceId } = visit.request.params;
  return withCustomer(customerId, () => {
    const found = visit.tenant.devices.find((one) => one.resourceId === resourceId);
    return found ? use(found) : notFound('resourceId');
  });
}

function act({ google, body, now }: Visit, device: Device): Reply {
  const action = String(body.action);
  const effect = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!effect) return invalid('action');
  device.actions = [...device.actions, action];
  device.status = effect.now;
  device.next = effect.later === undefined ? null : { status: effect.later, at: now + google.delays.wipeMs };
  return NO_CONTENT;
}
