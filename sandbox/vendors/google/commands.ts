// What tests do to the Workspace from outside: time, late suspensions, lost rights, delays, overload; and its picture for checkers.
import { isOverload } from './errors.ts';
import type { Google } from './operation.ts';
import type { Service } from './quota.ts';
import { createTenant } from './seed.ts';
import { settle } from './settle.ts';
import { findUser, hasMail, isUsable, suspend, type User } from './tenant.ts';
import { changeUser, setSuspended } from './user-changes.ts';

type Argument = Readonly<Record<string, unknown>>;

/** What `reset` goes back to. */
interface Start {
  readonly scopes: readonly string[];
  readonly delays: Google['delays'];
}

export const NO_DELAYS: Google['delays'] = {
  directoryMs: 0,
  reactivationMs: 0,
  delegateMs: 0,
  transferListMs: 0,
  transferStartMs: 0,
  transferRunMs: 0,
  wipeMs: 0,
};

/** Each answers with what it changed. A `user` is an id, an address or a key of sandbox/people.ts. */
const COMMANDS: Readonly<Record<string, (google: Google, argument: Argument, start: Start) => unknown>> = {
  /** `{ms}`: forward only. */
  advance: ({ clock, tenant }, { ms }) => {
    clock.advance(Number(ms));
    settle(tenant, clock.now());
    return { now: new Date(clock.now()).toISOString() };
  },
  /** `{user, reason?}`: at once, as an administrator, Google or provisioning does; `reason` is ADMIN if absent. */
  suspend: (google, argument) => {
    const user = wanted(google, argument);
    changeUser(google, user, () => suspend(user, String(argument.reason ?? 'ADMIN')));
    return { suspended: user.primaryEmail };
  },
  unsuspend: (google, argument) => {
    const user = wanted(google, argument);
    changeUser(google, user, () => setSuspended(google, user, false, google.clock.now()));
    return { suspended: null, usableFrom: new Date(user.usableFrom).toISOString() };
  },
  /** `{user, afterMs}`: Okta's Google app suspends the account so much later, whatever is done to it meanwhile. */
  provision_suspends: (google, argument) => {
    const at = google.clock.now() + Number(argument.afterMs ?? 0);
    google.tenant.scheduled.push({ at, userId: wanted(google, argument).id, what: 'suspend', reason: 'ADMIN' });
    settle(google.tenant, google.clock.now());
    return { at: new Date(at).toISOString() };
  },
  delete_user: (google, argument) => {
    const user = wanted(google, argument);
    suspend(user, 'ADMIN');
    user.deleted = true;
    return { deleted: user.primaryEmail };
  },
  /** `{user, patch}`: fields of tenant.ts's User; `mailbox` is merged. */
  set_user: (google, argument) => {
    const user = wanted(google, argument);
    const { mailbox, ...patch } = argument.patch as Partial<User>;
    changeUser(google, user, () => {
      Object.assign(user, patch);
      Object.assign(user.mailbox, mailbox);
    });
    return describeUser(google, user);
  },
  /** `{user, clientId?, displayText?}`: an app is given access to the account. */
  new_token: (google, argument) => {
    const { clientId = 'late.apps.test', displayText = 'Late app' } = argument as Record<string, string>;
    const user = wanted(google, argument);
    user.tokens.push({ clientId, displayText, scopes: [], nativeApp: false });
    return { tokens: user.tokens.length };
  },
  /** `{user, email?}`: somebody reads the mailbox again. */
  delegate_back: (google, argument) => {
    const { email = 'alex@acme.test' } = argument as Record<string, string>;
    const { mailbox } = wanted(google, argument);
    mailbox.delegates.push({ email, status: 'accepted', shownFrom: 0, hiddenFrom: null });
    return { delegates: mailbox.delegates.map((one) => one.email) };
  },
  /** `{user, count}`: so many more private files. */
  add_files: (google, argument) => {
    const { id: ownerId, key } = wanted(google, argument);
    const { files } = google.tenant;
    for (let left = Number(argument.count); left > 0; left -= 1)
      files.push({
        id: `1more-${key}-${files.length}`,
        name: `${key} ${left}`,
        ownerId,
        shared: false,
        trashed: false,
      });
    return { files: files.filter((one) => one.ownerId === ownerId).length };
  },
  /** `{scopes}` or `{without}`: the delegation list of the admin console; without an argument as it was. */
  set_delegation_list: ({ auth }, { scopes, without = [] }, start) => {
    const lost = without as string[];
    const all = (scopes as string[] | undefined) ?? start.scopes;
    auth.delegated = new Set(all.filter((one) => !lost.some((name) => one === name || one.endsWith(`/auth/${name}`))));
    return { scopes: [...auth.delegated] };
  },
  /** `{disabled}` */
  disable_service_account: ({ auth }, { disabled = true }) => {
    auth.isAccountDisabled = disabled === true;
    return { disabled: auth.isAccountDisabled };
  },
  /** All access tokens given out so far. */
  expire_tokens: ({ auth }) => {
    const expired = auth.accessTokens.size;
    auth.accessTokens.clear();
    return { expired };
  },
  /** Any of operation.ts's Delays. */
  set_delays: (google, argument) => {
    const unknown = Object.keys(argument).filter((name) => !Object.hasOwn(NO_DELAYS, name));
    if (unknown.length > 0) throw new Error(`no delays ${unknown.join(', ')}`);
    return Object.assign(google.delays, argument);
  },
  /** `{outcome?, statusMeanwhile?}`: of the next transfer that is asked for. */
  plan_transfer: (google, { outcome = 'completed', statusMeanwhile }) => {
    google.transferPlans.push({
      outcome: outcome === 'failed' ? 'failed' : 'completed',
      ...(statusMeanwhile !== undefined && { statusMeanwhile: String(statusMeanwhile) }),
    });
    return { planned: google.transferPlans.length };
  },
  /** `{service, perMinute}`: null takes the limit away. Gmail's is in units, for one mailbox. */
  set_quota: ({ quota }, { service, perMinute }) => {
    quota.limits.set(service as Service, perMinute === null ? null : Number(perMinute));
    return Object.fromEntries(quota.limits);
  },
  /** `{kind, operation?, times?}`: a kind of errors.ts's Overload for the next calls. */
  quota_error: ({ quota }, { kind, operation = '*', times = 1 }) => {
    if (!isOverload(String(kind))) throw new Error(`no overload ${String(kind)}`);
    quota.plant(String(kind) as Parameters<typeof quota.plant>[0], String(operation), Number(times));
    return { kind, operation, times };
  },
  /** `{orgUnit, allowed}`: whether its users may delegate their mail. */
  allow_delegation: ({ withoutDelegation }, { orgUnit, allowed }) => {
    if (allowed === true) withoutDelegation.delete(String(orgUnit));
    else withoutDelegation.add(String(orgUnit));
    return { without: [...withoutDelegation] };
  },
  /** `{left}`: archived-user licences to be had. */
  set_archived_licences: ({ tenant }, { left }) => {
    tenant.archivedLicencesLeft = Number(left);
    return { left: tenant.archivedLicencesLeft };
  },
  /** `{ms, operation?}` */
  set_latency: ({ latencyMs }, { ms, operation = '*' }) => {
    latencyMs.set(String(operation), Number(ms));
    return Object.fromEntries(latencyMs);
  },
  /** Also takes back the clock; access tokens that were given out stay good. */
  reset: (google, _, start) => {
    google.clock.reset();
    google.tenant = createTenant(google.clock.now());
    google.quota.clear();
    google.transferPlans = [];
    google.pastRecords = [];
    google.withoutDelegation.clear();
    google.latencyMs.clear();
    google.auth.isAccountDisabled = false;
    google.auth.delegated = new Set(start.scopes);
    Object.assign(google.delays, start.delays);
    return { users: google.tenant.users.size };
  },
};

export function runCommand(google: Google, start: Start, name: string, argument: unknown): unknown {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(google, argument as Argument, start) : undefined;
}

/** Everything that a checker needs, without a credential. */
export function describeState(google: Google): unknown {
  const { tenant, clock, auth } = google;
  settle(tenant, clock.now());
  const addressOf = (id: string): string => tenant.users.get(id)?.primaryEmail ?? id;
  return {
    now: new Date(clock.now()).toISOString(),
    users: [...tenant.users.values()].map((one) => describeUser(google, one)),
    transfers: tenant.transfers.map((one) => ({
      id: one.id,
      oldOwner: addressOf(one.oldOwnerId),
      newOwner: addressOf(one.newOwnerId),
      status: one.status,
      requestedAt: new Date(one.requestedAt).toISOString(),
      applications: one.applications,
    })),
    devices: tenant.devices.map(({ userId, ...rest }) => ({ ...rest, user: addressOf(userId) })),
    licences: tenant.licences.map(({ userId, ...rest }) => ({ ...rest, user: addressOf(userId) })),
    archivedLicencesLeft: tenant.archivedLicencesLeft,
    roleAssignments: tenant.roleAssignments.map(({ userId, ...rest }) => ({ ...rest, user: addressOf(userId) })),
    scheduled: tenant.scheduled.map(({ at, userId, what }) => ({
      at: new Date(at).toISOString(),
      what,
      user: addressOf(userId),
    })),
    delegationList: [...auth.delegated],
    delays: google.delays,
  };
}

function describeUser({ tenant, clock }: Google, user: User): Record<string, unknown> {
  const now = clock.now();
  const { usableFrom, backupCodes, mailbox, ...rest } = user;
  const files = tenant.files.filter((one) => one.ownerId === user.id);
  return {
    ...rest,
    usable: isUsable(user, now),
    hasMail: hasMail(user, now),
    usableFrom: new Date(usableFrom).toISOString(),
    backupCodes: backupCodes.length,
    mailbox: { ...mailbox, delegates: mailbox.delegates.filter((one) => one.hiddenFrom === null) },
    groups: tenant.groups.filter((one) => one.members.some(({ userId }) => userId === user.id)).map((one) => one.email),
    files: { private: files.filter((one) => !one.shared).length, shared: files.filter((one) => one.shared).length },
    events: tenant.events
      .filter((one) => one.organizerId === user.id && one.status === 'confirmed')
      .map((one) => one.id),
  };
}

function wanted({ tenant }: Google, { user }: Argument): User {
  const found = findUser(tenant, String(user)) ?? [...tenant.users.values()].find((one) => one.key === user);
  if (!found) throw new Error(`no user ${String(user)}`);
  return found;
}
