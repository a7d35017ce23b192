// What tests do to the org from outside: changes by another administrator, lost credentials, slowness; and its picture for checkers.
import type { OktaRole, OktaStatus } from '../../people.ts';
import { pass } from '../clock.ts';
import { registerHook, tellHook } from './event-hook.ts';
import type { Okta } from './operation.ts';

import {
  type Actor,
  addUser,
  CONSOLE_ADMIN,
  copyUser,
  createOrg,
  deprovision,
  findUser,
  findUserByIdOrLogin,
  type OwnedIntegration,
  record,
  setStatus,
  targetUser,
  type User,
} from './org.ts';
import { deactivateInSlack, provisionSlack } from './slack-app.ts';

type Argument = Readonly<Record<string, unknown>>;

/** Who an import acts as in Okta's log. */
const IMPORT: Actor = {
  id: '0oaBambooHr000000001',
  type: 'PublicClientApp',
  alternateId: 'bamboohr',
  displayName: 'BambooHR',
};

/** Each answers with what it changed. A `user` is an id, a login or a key of sandbox/people.ts. */
const COMMANDS: Readonly<Record<string, (okta: Okta, argument: Argument) => unknown>> = {
  /** `{ms}`: forward only; dates follow. Tokens, proofs and rate limits do not: their holders and HTTP go by the real time. */
  advance: ({ org }, { ms }) => pass(org, ms),
  /** `{user, patch}`; the status DEPROVISIONED takes everything away as a deactivation in the console does. */
  set_user: (okta, argument) => patchUser(okta, wantedUser(okta, argument), argument.patch as Patch),
  /** `{user, kind, name}`: an API token, or an integration that they set up. */
  add_integration: (okta, { kind, name, ...argument }) => {
    const user = wantedUser(okta, argument);
    const id = `${kind === 'api_token' ? '00T' : 'who'}${String(okta.org.integrations.length + 1).padStart(17, '0')}`;
    const created = '2025-06-02T09:00:00.000Z';
    okta.org.integrations.push({ kind, id, name: String(name), userId: user.id, created } as OwnedIntegration);
    return { id };
  },
  /** `{user, count?}` */
  add_session: (okta, argument) => {
    const user = wantedUser(okta, argument);
    user.sessions += Number(argument.count ?? 1);
    return { sessions: user.sessions };
  },
  /** `{user}`: takes SUPER_ADMIN from everybody else. */
  make_last_super_admin: (okta, argument) => {
    const last = wantedUser(okta, argument);
    for (const user of okta.org.users.values()) user.roles = user.roles.filter((one) => one !== 'SUPER_ADMIN');
    last.roles = [...last.roles, 'SUPER_ADMIN'];
    return { superAdmins: [last.id] };
  },
  /** `{count, prefix?}`: ACTIVE users `<prefix><n>@acme.test`. */
  add_user: (okta, argument) => {
    const { count = 1, prefix = 'load' } = argument as { count?: number; prefix?: string };
    const added = Array.from({ length: count }, (_, at) => addUser(okta.org, `${prefix}${at}@acme.test`).id);
    return { added };
  },
  /** `{user}`: erased, as by the second DELETE in the console. */
  delete_user: (okta, argument) => {
    const user = wantedUser(okta, argument);
    // Okta deletes nobody whom it has not deactivated before.
    deactivateInSlack(okta, user);
    return { deleted: okta.org.users.delete(user.id) };
  },
  /** `{user, count, prefix?}`: people `<prefix><n>@acme.test` with what this one has; `ids` says which id became which. */
  copy_user: (okta, argument) => {
    const { count, prefix = 'copy' } = argument as { count: number; prefix?: string };
    const original = wantedUser(okta, argument);
    return Array.from({ length: count }, (_, at) => {
      const login = `${prefix}${at}@acme.test`;
      return { login, ids: copyUser(okta.org, original, login, 100 + at).ids };
    });
  },
  /** `{group}`: erased by another administrator. */
  delete_group: (okta, { group }) => {
    okta.org.deletedGroups.add(String(group));
    for (const user of okta.org.users.values()) user.groups = user.groups.filter((one) => one !== group);
    return { deleted: group };
  },
  /** `{group, roles}`: admin roles that membership gives. */
  set_group_roles: (okta, { group, roles }) => {
    okta.org.groupRoles.set(String(group), roles as OktaRole[]);
    return { group, roles };
  },
  licence_devices: (okta, { on }) => {
    okta.hasDevicesFeature = on === true;
    return { on: okta.hasDevicesFeature };
  },
  /** `{deactivates}`: whether Okta's Google app suspends a deactivated person's account; null: no provisioning at all. */
  set_google_app: (okta, { deactivates }) => {
    okta.googleDeactivates = deactivates === null ? null : deactivates === true;
    return { deactivates: okta.googleDeactivates };
  },
  /** `{scopes}`: what an administrator grants the service app. Tokens already given out lose what is no longer granted. */
  set_scopes: (okta, { scopes }) => {
    okta.auth.granted = new Set(scopes as string[]);
    return { scopes };
  },
  /** Both credentials die: the API token and the service app with its access tokens. */
  revoke_credentials: (okta) =>
    Object.assign(okta.auth, { apiTokenRevoked: true, appRevoked: true }) && { revoked: true },
  restore_credentials: (okta) =>
    Object.assign(okta.auth, { apiTokenRevoked: false, appRevoked: false }) && { revoked: false },
  /** As after an hour: the next call answers 401 and the app has to fetch a new one. */
  expire_access_tokens: (okta) => {
    const expired = okta.auth.accessTokens.size;
    okta.auth.accessTokens.clear();
    return { expired };
  },
  /** `{ms, operation?}` */
  set_latency: (okta, { ms, operation = '*' }) => {
    okta.latencyMs.set(String(operation), Number(ms));
    return Object.fromEntries(okta.latencyMs);
  },
  /** `{ms}`: how long a `Prefer: respond-async` deactivation takes. */
  set_async_delay: (okta, { ms }) => {
    okta.asyncDelayMs = Number(ms);
    return { ms };
  },
  /** `{perMinute}`; null takes the limit away. */
  set_rate_limit: (okta, { perMinute }) => {
    okta.limitPerMinute = perMinute === null ? null : Number(perMinute);
    return { perMinute };
  },
  /** `{on}`: from now on searches answer with what is true now, until it is switched off. */
  freeze_search: (okta, { on }) => {
    okta.searchIndex = on === true ? structuredClone(okta.org) : null;
    return { on };
  },
  /** `{url, secret?}`: the org's event hook, verified at once; answers whether it was. */
  set_event_hook: (okta, { url, secret = okta.hookSecret }) => registerHook(okta, String(url), String(secret)),
  /** `{url, deactivates?}`: control address of the Slack simulator whose people Okta's Slack app provisions; without `url` only whether it deactivates. */
  provision_slack: (okta, { url, deactivates = true }) => {
    if (url !== undefined)
      okta.slackApp = { url: String(url), deactivates: true, seen: okta.org.log.length, working: Promise.resolve() };
    if (okta.slackApp) okta.slackApp.deactivates = deactivates === true;
    return { url: okta.slackApp?.url ?? null, deactivates };
  },
  /** `{user}`: as an HRIS import does to somebody whom it has as active: ACTIVE again, with what its groups give. */
  import_reactivates: (okta, argument) => {
    const user = wantedUser(okta, argument);
    if (user.status !== 'DEPROVISIONED')
      throw new Error(`${user.profile.login} is ${user.status}: nothing to reactivate`);
    setStatus(okta.org, user, 'ACTIVE');
    record(okta.org, IMPORT, 'user.lifecycle.reactivate', 'Reactivate Okta user', [targetUser(user)]);
    return { id: user.id, status: user.status };
  },
  reset: (okta) => {
    okta.org = createOrg();
    if (okta.slackApp) Object.assign(okta.slackApp, { deactivates: true, seen: okta.org.log.length });
    if (okta.hook) okta.hook.told = 0;
    okta.latencyMs.clear();
    Object.assign(okta, { searchIndex: null, hasDevicesFeature: true, googleDeactivates: true, limitPerMinute: null });
    return { users: okta.org.users.size };
  },
};

export function runCommand(okta: Okta, name: string, argument: unknown): unknown {
  const answer = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(okta, argument as Argument) : undefined;
  tellHook(okta);
  void provisionSlack(okta);
  return answer;
}

/** Everything that a checker needs to judge an offboarding, without a credential. */
export function describeState(okta: Okta): unknown {
  const { org } = okta;
  const devices = [...org.devices.values()];
  const users = [...org.users.keys()].flatMap((id) => findUser(org, id) ?? []);
  return {
    users: users.map(({ transition, ...user }) => ({
      ...user,
      transitioningToStatus: transition?.to ?? null,
      deviceIds: devices.filter((one) => one.userIds.includes(user.id)).map((one) => one.id),
    })),
    devices,
    deletedDevices: org.deletedDevices,
    superAdmins: users.filter((one) => one.roles.includes('SUPER_ADMIN')).map((one) => one.id),
    hasDevicesFeature: okta.hasDevicesFeature,
    grantedScopes: [...okta.auth.granted],
    logEvents: org.log.map((one) => ({ eventType: one.eventType, actor: one.actor.id, target: one.target[0]?.id })),
  };
}

interface Patch extends Partial<Pick<User, 'sessions' | 'clientTokens' | 'grants' | 'factors' | 'groups' | 'apps'>> {
  readonly status?: OktaStatus;
  readonly roles?: OktaRole[];
  readonly profile?: Record<string, string>;
}

function patchUser(okta: Okta, user: User, { status, profile, ...rest }: Patch): unknown {
  Object.assign(user.profile, profile);
  Object.assign(user, rest);
  if (status === 'DEPROVISIONED') deprovision(okta.org, user, CONSOLE_ADMIN);
  else if (status) setStatus(okta.org, user, status);
  return { id: user.id, status: user.status };
}

function wantedUser(okta: Okta, { user }: Argument): User {
  const byKey = [...okta.org.users.values()].find((one) => one.key === user);
  const found = byKey ?? findUserByIdOrLogin(okta.org, String(user));
  if (!found) throw new Error(`no user ${String(user)}`);
  return found;
}
