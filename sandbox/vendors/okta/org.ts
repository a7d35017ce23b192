// The state of the simulated Okta org: users, devices, admin roles and system log; knows no HTTP and nothing of src/.
import { randomUUID } from 'node:crypto';
import {
  DEVICES,
  type OktaFactorSeed,
  type OktaRole,
  type OktaStatus,
  PEOPLE,
  type Person,
  person,
} from '../../people.ts';
import { nowOf, type Timed } from '../clock.ts';
import { APPS, GROUPS } from './catalogue.ts';

export interface User {
  readonly id: string;
  readonly key: string;
  readonly created: string;
  readonly profile: Record<string, string>;
  status: OktaStatus;
  statusChanged: string;
  lastUpdated: string;
  /** An asynchronous deactivation that becomes true at `at`, milliseconds since the epoch. */
  transition?: { readonly to: 'DEPROVISIONED'; readonly at: number; readonly by: Actor };
  sessions: number;
  clientTokens: Record<string, number>;
  grants: number;
  /** How often an administrator cleared the remembered devices. */
  devicesForgotten: number;
  factors: OktaFactorSeed[];
  groups: string[];
  apps: string[];
  roles: OktaRole[];
}

export interface Device {
  readonly id: string;
  readonly displayName: string;
  readonly platform: string;
  readonly serialNumber: string;
  readonly managed: boolean;
  readonly created: string;
  lastUpdated: string;
  status: 'ACTIVE' | 'SUSPENDED' | 'DEACTIVATED';
  userIds: string[];
}

export interface Actor {
  readonly id: string;
  readonly type: 'User' | 'PublicClientApp';
  readonly alternateId: string;
  readonly displayName: string;
}

interface LogTarget {
  readonly id: string;
  readonly type: string;
  readonly alternateId: string;
  readonly displayName: string;
}

export interface LogEvent {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
  readonly displayMessage: string;
  readonly severity: 'INFO';
  readonly version: '0';
  readonly actor: Actor;
  readonly target: readonly LogTarget[];
  readonly outcome: { readonly result: 'SUCCESS' };
}

/** An API token, or an integration that somebody set up. */
export interface OwnedIntegration {
  readonly kind: 'api_token' | 'event_hook' | 'api_service';
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly created: string;
}

export interface Org extends Timed {
  /** API tokens end with their user's deactivation; the others stay. */
  integrations: OwnedIntegration[];
  readonly users: Map<string, User>;
  readonly devices: Map<string, Device>;
  readonly deletedDevices: string[];
  readonly log: LogEvent[];
  /** Erased by another administrator. */
  readonly deletedGroups: Set<string>;
  /** Admin roles that a group gives its members, by group id. */
  readonly groupRoles: Map<string, OktaRole[]>;
}

/** Seeds are dated, so that nothing depends on the day a test runs. */
const SEEDED_AT = '2025-01-06T09:00:00.000Z';

/** Somebody who acts in Okta's own console, outside of the app under test. */
export const CONSOLE_ADMIN: Actor = actorOf(person('admin'));

export function createOrg(): Org {
  const users = new Map(PEOPLE.map((one) => [one.okta.id, seedUser(one)]));
  const devices = DEVICES.map(
    ({ ownerKeys, ...rest }): Device => ({
      ...rest,
      created: SEEDED_AT,
      lastUpdated: SEEDED_AT,
      status: 'ACTIVE',
      userIds: ownerKeys.map((key) => person(key).okta.id),
    }),
  );
  return {
    movedMs: 0,
    users,
    devices: new Map(devices.map((one) => [one.id, one])),
    deletedDevices: [],
    log: [],
    deletedGroups: new Set(),
    groupRoles: new Map(),
    integrations: [],
  };
}

/** A person of no interest, for load. */
export function addUser(org: Org, login: string): User {
  const id = `00uLoad${String(org.users.size).padStart(13, '0')}`;
  const seed = person('alex');
  const plain = { ...seed, key: login, login, email: login, firstName: 'Load', lastName: login.split('@')[0] ?? login };
  const user = seedUser({ ...plain, okta: { ...seed.okta, id } });
  org.users.set(id, user);
  return user;
}

/** The `n`th person with the same things: own devices and factors under new ids, the same shared devices. */
export function copyUser(org: Org, user: User, login: string, n: number): { user: User; ids: Record<string, string> } {
  const ids: Record<string, string> = {};
  const copyOf = (id: string): string => (ids[id] ??= id.slice(0, -3) + String(n).padStart(3, '0'));
  const devices = [...org.devices.values()].filter((one) => one.userIds.includes(user.id));
  const copy: User = {
    ...structuredClone(user),
    id: copyOf(user.id),
    key: login,
    profile: { ...user.profile, login, email: login },
  };
  org.users.set(copy.id, copy);
  for (const device of devices.filter((one) => one.userIds.length > 1)) device.userIds.push(copy.id);
  for (const device of devices.filter((one) => one.userIds.length === 1))
    org.devices.set(copyOf(device.id), { ...device, id: copyOf(device.id), userIds: [copy.id] });
  copy.factors = copy.factors.map((one) => ({
    ...one,
    id: copyOf(one.id),
    ...(one.deviceId && { deviceId: ids[one.deviceId] ?? one.deviceId }),
  }));
  return { user: copy, ids };
}

export function actorOf(one: Pick<Person, 'firstName' | 'lastName' | 'login' | 'okta'>): Actor {
  return { id: one.okta.id, type: 'User', alternateId: one.login, displayName: `${one.firstName} ${one.lastName}` };
}

/** Null if there is none. A due asynchronous deactivation is finished first. */
export function findUser(org: Org, id: string): User | null {
  const user = org.users.get(id);
  if (user?.transition && user.transition.at <= nowOf(org).getTime()) {
    const { by } = user.transition;
    deprovision(org, user, by);
  }
  return user ?? null;
}

/** Id, login, or the part of the login before `@` as long as one user has it. Logins compare without case. */
export function findUserByIdOrLogin(org: Org, idOrLogin: string): User | null {
  const wanted = idOrLogin.toLowerCase();
  const all = [...org.users.values()];
  const found = all.find((one) => one.id === idOrLogin) ?? all.find((one) => loginOf(one) === wanted);
  const short = all.filter((one) => loginOf(one).split('@')[0] === wanted);
  const user = found ?? (short.length === 1 ? short[0] : undefined);
  return user ? findUser(org, user.id) : null;
}

export function setStatus(org: Org, user: User, status: OktaStatus): void {
  user.status = status;
  user.statusChanged = nowOf(org).toISOString();
  user.lastUpdated = user.statusChanged;
}

/** Takes sessions, tokens, apps, groups and factors away; links to devices stay, as in Okta. */
export function deprovision(org: Org, user: User, by: Actor): void {
  org.integrations = org.integrations.filter((one) => one.kind !== 'api_token' || one.userId !== user.id);
  delete user.transition;
  // Of each assignment that a deactivation takes away the log keeps an event, a moment before.
  for (const id of user.apps) {
    const app = { id, type: 'AppInstance', alternateId: APPS[id]?.label ?? id, displayName: APPS[id]?.label ?? id };
    record(org, by, 'application.user_membership.remove', 'Remove user’s application membership', [
      targetUser(user),
      app,
    ]);
  }
  for (const id of user.groups) {
    const group = { id, type: 'UserGroup', alternateId: 'unknown', displayName: GROUPS[id] ?? id };
    record(org, by, 'group.user_membership.remove', 'Remove user from group membership', [targetUser(user), group]);
  }
  setStatus(org, user, 'DEPROVISIONED');
  Object.assign(user, { sessions: 0, clientTokens: {}, grants: 0, factors: [], groups: [], apps: [], roles: [] });
  record(org, by, 'user.lifecycle.deactivate', 'Deactivate Okta user', [targetUser(user)]);
}

/** Destroys the links and the factors on this device for every user of it. */
export function deactivateDevice(org: Org, device: Device): void {
  device.status = 'DEACTIVATED';
  device.userIds = [];
  for (const user of org.users.values()) user.factors = user.factors.filter((one) => one.deviceId !== device.id);
}

export function record(org: Org, actor: Actor, eventType: string, displayMessage: string, target: LogTarget[]): void {
  const published = nowOf(org).toISOString();
  const fixed = { severity: 'INFO', version: '0', outcome: { result: 'SUCCESS' } } as const;
  org.log.push({ uuid: randomUUID(), published, eventType, displayMessage, actor, target, ...fixed });
}

export function targetUser(user: User): LogTarget {
  const { login = '', firstName, lastName } = user.profile;
  return { id: user.id, type: 'User', alternateId: login, displayName: `${firstName} ${lastName}` };
}

export function targetDevice(device: Device): LogTarget {
  return { id: device.id, type: 'Device', alternateId: device.serialNumber, displayName: device.displayName };
}

function loginOf(user: User): string {
  return (user.profile.login ?? '').toLowerCase();
}

function seedUser(one: Person): User {
  const { id, clientTokens, factors, groups, apps, roles, ...rest } = one.okta;
  const manager = PEOPLE.find((other) => other.key === one.managerKey);
  const profile: Record<string, string> = {
    login: one.login,
    email: one.email,
    firstName: one.firstName,
    lastName: one.lastName,
    displayName: one.displayName ?? `${one.firstName} ${one.lastName}`,
    timezone: one.timezone,
    ...(one.title && { title: one.title }),
    ...(one.country && { countryCode: one.country }),
    ...(manager && { manager: `${manager.firstName} ${manager.lastName}`, managerId: manager.login }),
  };
  const dates = { created: SEEDED_AT, statusChanged: SEEDED_AT, lastUpdated: SEEDED_AT, devicesForgotten: 0 };
  const lists = { factors: [...factors], groups: [...groups], apps: [...apps], roles: [...roles] };
  return { id, key: one.key, profile, clientTokens: { ...clientTokens }, ...rest, ...dates, ...lists };
}
