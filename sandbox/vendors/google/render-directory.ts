// Directory's resources as Google writes them; knows no request.
import { etag } from './operation.ts';
import { CUSTOMER_ID, type Device, type Group, type RoleAssignment, type Tenant, type User } from './tenant.ts';

/** What Google leaves out is absent here too: no empty lists, no `suspensionReason` without a suspension, never a password. */
export function renderUser(user: User): Record<string, unknown> {
  return {
    kind: 'admin#directory#user',
    id: user.id,
    etag: etag([user.id, user.suspended, user.passwordsSet, user.orgUnitPath]),
    primaryEmail: user.primaryEmail,
    name: { givenName: user.givenName, familyName: user.familyName, fullName: `${user.givenName} ${user.familyName}` },
    isAdmin: user.isAdmin,
    isDelegatedAdmin: user.isDelegatedAdmin,
    lastLoginTime: user.lastLoginAt ?? '1970-01-01T00:00:00.000Z',
    creationTime: user.createdAt,
    agreedToTerms: user.lastLoginAt !== null,
    suspended: user.suspended,
    ...(user.suspended && user.suspensionReason !== null && { suspensionReason: user.suspensionReason }),
    archived: user.archived,
    changePasswordAtNextLogin: user.changePasswordAtNextLogin,
    ipWhitelisted: false,
    emails: [{ address: user.primaryEmail, primary: true }, ...user.aliases.map((address) => ({ address }))],
    ...(user.aliases.length > 0 && { aliases: user.aliases }),
    customerId: CUSTOMER_ID,
    orgUnitPath: user.orgUnitPath,
    isMailboxSetup: user.isMailboxSetup,
    isEnrolledIn2Sv: user.isEnrolledIn2Sv,
    isEnforcedIn2Sv: false,
    includeInGlobalAddressList: user.includeInGlobalAddressList,
    ...(user.recoveryEmail !== null && { recoveryEmail: user.recoveryEmail }),
    ...(user.recoveryPhone !== null && { recoveryPhone: user.recoveryPhone }),
  };
}

export function renderGroup(group: Group): Record<string, unknown> {
  return {
    kind: 'admin#directory#group',
    id: group.id,
    etag: etag([group.id, group.members.length]),
    email: group.email,
    name: group.name,
    directMembersCount: String(group.members.length),
    description: '',
    adminCreated: true,
  };
}

export function renderMember(member: Group['members'][number], tenant: Tenant): Record<string, unknown> {
  const user = tenant.users.get(member.userId);
  return {
    kind: 'admin#directory#member',
    etag: etag(member),
    id: member.userId,
    email: user?.primaryEmail ?? '',
    role: member.role,
    type: 'USER',
    status: user?.suspended ? 'SUSPENDED' : 'ACTIVE',
  };
}

export function renderDevice(device: Device, tenant: Tenant): Record<string, unknown> {
  const user = tenant.users.get(device.userId);
  return {
    kind: 'admin#directory#mobiledevice',
    resourceId: device.resourceId,
    etag: etag([device.resourceId, device.status]),
    deviceId: device.resourceId.toLowerCase(),
    name: [`${user?.givenName} ${user?.familyName}`],
    email: [user?.primaryEmail ?? ''],
    model: device.model,
    os: device.os,
    type: device.type,
    status: device.status,
    serialNumber: device.serialNumber,
    managedAccountIsOnOwnerProfile: !device.isPersonal,
    supportsWorkProfile: device.isPersonal,
    firstSync: '2025-03-03T09:00:00.000Z',
    lastSync: '2026-11-20T09:00:00.000Z',
  };
}

export function renderAssignment(one: RoleAssignment): Record<string, unknown> {
  return {
    kind: 'admin#directory#roleAssignment',
    roleAssignmentId: one.id,
    etag: etag(one),
    roleId: one.roleId,
    assignedTo: one.userId,
    assigneeType: 'user',
    scopeType: 'CUSTOMER',
  };
}
