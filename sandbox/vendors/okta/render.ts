// The org's state in the shapes of Okta's published schemas; decides nothing.
import type { OktaFactorSeed, OktaRole } from '../../people.ts';
import { APPS, GROUPS, OAUTH_CLIENTS } from './catalogue.ts';
import type { Device, User } from './org.ts';

const ROLE_LABELS: Readonly<Record<OktaRole, string>> = {
  SUPER_ADMIN: 'Super Organization Administrator',
  USER_ADMIN: 'Group Administrator',
  READ_ONLY_ADMIN: 'Read-Only Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
};

/** `_links.self` is the full address, as in Okta: the SDK's cache files the user under it. */
export function renderUser(user: User, baseUrl: string): Record<string, unknown> {
  const isActivated = user.status !== 'STAGED' && user.status !== 'PROVISIONED';
  return {
    id: user.id,
    status: user.status,
    created: user.created,
    activated: isActivated ? user.created : null,
    statusChanged: user.statusChanged,
    lastLogin: isActivated ? user.created : null,
    lastUpdated: user.lastUpdated,
    passwordChanged: isActivated ? user.created : null,
    ...(user.transition && { transitioningToStatus: user.transition.to }),
    type: { id: 'otyDefault0000000001' },
    profile: { mobilePhone: null, secondEmail: null, ...user.profile },
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
    _links: { self: { href: `${baseUrl}/api/v1/users/${user.id}` } },
  };
}

export function renderGroup(id: string, created: string, baseUrl: string): Record<string, unknown> {
  const name = GROUPS[id] ?? id;
  return {
    id,
    created,
    lastUpdated: created,
    lastMembershipUpdated: created,
    objectClass: ['okta:user_group'],
    type: name === 'Everyone' ? 'BUILT_IN' : 'OKTA_GROUP',
    profile: { name, description: `All of ${name}` },
    _links: { users: { href: `${baseUrl}/api/v1/groups/${id}/users` } },
  };
}

export function renderAppLink(id: string, user: User, baseUrl: string): Record<string, unknown> {
  const app = APPS[id] ?? { name: id, label: id };
  return {
    id: `${id.slice(0, 10)}${user.id.slice(-10)}`,
    label: app.label,
    linkUrl: `${baseUrl}/home/${app.name}/${id}/1`,
    logoUrl: `${baseUrl}/logo/${app.name}.png`,
    appName: app.name,
    appInstanceId: id,
    appAssignmentId: `0ua${id.slice(3, 10)}${user.id.slice(-10)}`,
    credentialsSetup: false,
    hidden: false,
    sortOrder: 0,
  };
}

export function renderClient(id: string, user: User, baseUrl: string): Record<string, unknown> {
  const self = `${baseUrl}/api/v1/users/${user.id}/clients/${id}`;
  return {
    client_id: id,
    client_name: OAUTH_CLIENTS[id] ?? id,
    client_uri: null,
    logo_uri: null,
    _links: { grants: { href: `${self}/grants` }, tokens: { href: `${self}/tokens` } },
  };
}

export function renderFactor(factor: OktaFactorSeed, user: User, baseUrl: string): Record<string, unknown> {
  const { id, factorType, provider, vendorName, deviceId } = factor;
  const self = `${baseUrl}/api/v1/users/${user.id}/factors/${id}`;
  const login = user.profile.login;
  const profile =
    factorType === 'push' ? { credentialId: login, deviceType: 'SmartPhone_IPhone' } : { credentialId: login };
  return {
    id,
    factorType,
    provider,
    vendorName,
    status: 'ACTIVE',
    created: user.created,
    lastUpdated: user.created,
    profile: deviceId === undefined ? profile : { ...profile, name: deviceId },
    _links: {
      self: { href: self, hints: { allow: ['GET', 'DELETE'] } },
      user: { href: `${baseUrl}/api/v1/users/${user.id}`, hints: { allow: ['GET'] } },
    },
  };
}

export function renderDevice(device: Device, baseUrl: string): Record<string, unknown> {
  const self = `${baseUrl}/api/v1/devices/${device.id}`;
  const { displayName, platform, serialNumber, managed } = device;
  return {
    id: device.id,
    status: device.status,
    created: device.created,
    lastUpdated: device.lastUpdated,
    profile: { displayName, platform, serialNumber, managed, registered: true, secureHardwarePresent: true },
    resourceId: device.id,
    resourceDisplayName: { value: displayName, sensitive: false },
    resourceType: 'UDDevice',
    resourceAlternateId: null,
    _links: {
      self: { href: self, hints: { allow: ['GET'] } },
      users: { href: `${self}/users`, hints: { allow: ['GET'] } },
    },
  };
}

export function renderUserDevice(device: Device, user: User, baseUrl: string): Record<string, unknown> {
  const deviceUserId = `lnk${device.id.slice(3, 10)}${user.id.slice(-10)}`;
  return { created: device.created, deviceUserId, device: renderDevice(device, baseUrl) };
}

export function renderDeviceUser(device: Device, user: User, baseUrl: string): Record<string, unknown> {
  const managementStatus = device.managed ? 'MANAGED' : 'NOT_MANAGED';
  return { created: device.created, managementStatus, screenLockType: 'BIOMETRIC', user: renderUser(user, baseUrl) };
}

export function renderRole(
  type: OktaRole,
  assignee: { href: string; kind: 'USER' | 'CLIENT' | 'GROUP' },
): Record<string, unknown> {
  return {
    id: `ra1${type}`.slice(0, 20),
    label: ROLE_LABELS[type],
    type,
    status: 'ACTIVE',
    created: '2025-01-06T09:00:00.000Z',
    lastUpdated: '2025-01-06T09:00:00.000Z',
    assignmentType: assignee.kind,
    _links: { assignee: { href: assignee.href } },
  };
}
