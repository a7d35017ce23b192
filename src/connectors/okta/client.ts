// Okta through its own SDK: reads and idempotent writes on one user by id. Knows nothing of offboarding.
import type okta from '@okta/okta-sdk-nodejs';
import { z } from 'zod';
import { ConnectorError, orNull } from '../connector-error.ts';
import { watchCall } from '../watch-call.ts';
import { asConnectorError, type CallKind } from './errors.ts';
import { googleAppsOf } from './google-apps.ts';
import { createIntegrationReads } from './integrations.ts';
import { DEACTIVATED, logEvents, newestEvents } from './log-events.ts';
import { isRemembering, readOnce } from './remembered-reads.ts';
import { AppLink, DeviceUser, Factor, Group, Role, RoleAssignees, User, UserDevice } from './schema.ts';
import { clientWith } from './sdk-client.ts';
import { bucketOf, OKTA_SCOPES, OKTA_UNDO_SCOPES, type OktaSettings } from './settings.ts';

const MOST_SUGGESTED = 20;

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

export type Okta = ReturnType<typeof connectOkta>;

export function connectOkta(settings: OktaSettings) {
  const client = clientWith(settings, OKTA_SCOPES);
  // One scope that is not granted refuses the whole token: what only an undo needs is asked for by itself, and only then.
  let undoing: okta.Client | null = null;
  const undoingClient = (): okta.Client => (undoing ??= clientWith(settings, OKTA_UNDO_SCOPES));
  const listIntegrations = createIntegrationReads(settings, (scopes) => clientWith(settings, scopes));

  const call = async <T>(kind: CallKind, operation: string, subject: string, send: () => Promise<T>): Promise<T> => {
    if (kind === 'read') await settings.pace(bucketOf(operation));
    return watchCall(settings.onCall, { vendor: 'okta', operation, kind }, async () => {
      try {
        return await send();
      } catch (error) {
        const failure = asConnectorError(error, { operation, subject, kind });
        // Whoever tries again, tries with a new token.
        if (failure.kind === 'unauthorized') for (const one of [client, undoing]) one?.oauth?.clearCachedAccessToken();
        throw failure;
      }
    });
  };
  const read = <T>(operation: string, subject: string, send: () => Promise<T>): Promise<T> =>
    readOnce(operation, subject, () => call('read', operation, subject, send));
  const write = async (operation: string, subject: string, send: () => Promise<unknown>): Promise<void> => {
    if (isRemembering()) throw new Error(`okta: ${operation} in the midst of a preview`);
    await call('write', operation, subject, send);
  };

  const listGroups = (userId: string): Promise<readonly OktaGroup[]> =>
    read('listUserGroups', userId, async () =>
      (await all(client.userApi.listUserGroups({ userId }), Group)).map(asGroup),
    );

  return {
    /** The user with this Okta id; null if Okta has none (deleted). */
    getUser: (userId: string) =>
      orNull(read('getUser', userId, async () => User.parse(await client.userApi.getUser({ userId })))),

    /** Everyone whose login or e-mail is exactly this, deactivated people included. The search is eventually consistent. */
    findUsers: (address: string) =>
      read('listUsers', '', async () => {
        const quoted = quote(address);
        const search = `profile.login eq "${quoted}" or profile.email eq "${quoted}"`;
        const found = await all(client.userApi.listUsers({ search }), User);
        return [...new Map(found.map((user) => [user.id, user])).values()];
      }),

    /** People whose name, login or e-mail begins like this, at most twenty, for somebody who types. Eventually consistent. */
    suggestUsers: (typed: string) =>
      read('listUsers', '', async () => {
        const [first = '', last] = typed.trim().split(/\s+/).map(quote);
        const begins = (field: string, word: string): string => `profile.${field} sw "${word}"`;
        const search =
          last === undefined
            ? ['firstName', 'lastName', 'login', 'email'].map((field) => begins(field, first)).join(' or ')
            : `${begins('firstName', first)} and ${begins('lastName', last)}`;
        const pages = await client.userApi.listUsers({ search, limit: MOST_SUGGESTED });
        return z.array(User).parse(await pages.getNextPage());
      }),

    /** API tokens that act as this user, and integrations that they set up. Never throws for what Okta refuses: it is a gap. */
    listIntegrations,

    /** The user our API token belongs to; null for a service app, which is nobody. */
    getOwnUser: async () => {
      if (!('apiToken' in settings.credentials)) return null;
      return read('getUser', 'me', async () => User.parse(await client.userApi.getUser({ userId: 'me' })));
    },

    listGroups,
    listGroupNames: async (userId: string) => (await listGroups(userId)).map((group) => group.name),
    /** Null: deleted. */
    getGroup: (groupId: string): Promise<OktaGroup | null> =>
      orNull(read('getGroup', groupId, async () => asGroup(Group.parse(await client.groupApi.getGroup({ groupId }))))),
    /** Admin roles that membership gives. */
    listGroupRoleTypes: (groupId: string) =>
      read('listGroupAssignedRoles', groupId, async () =>
        (await all(client.roleAssignmentApi.listGroupAssignedRoles({ groupId }), Role)).map((role) => role.type),
      ),
    listAppLabels: (userId: string) =>
      read('listAppLinks', userId, async () =>
        (await all(client.userApi.listAppLinks({ userId }), AppLink)).map((app) => app.label),
      ),
    listFactors: (userId: string) =>
      read('listFactors', userId, () => all(client.userFactorApi.listFactors({ userId }), Factor)),
    listRoleTypes: (userId: string) =>
      read('listAssignedRolesForUser', userId, async () =>
        (await all(client.roleAssignmentApi.listAssignedRolesForUser({ userId }), Role)).map((role) => role.type),
      ),

    /** Ids of everyone who holds any admin role. */
    listAdminIds: () =>
      read('listUsersWithRoleAssignments', '', async () => {
        const { value } = RoleAssignees.parse(
          await client.roleAssignmentApi.listUsersWithRoleAssignments({ limit: 200 }),
        );
        return (value ?? []).map((user) => user.id);
      }),

    listDevices: (userId: string): Promise<readonly Device[]> =>
      read('listUserDevices', userId, async () =>
        (await all(client.userApi.listUserDevices({ userId }), UserDevice)).map(({ device }) => asDevice(device)),
      ),
    /** Null: deleted. A deactivated device has no users, so that no user's list shows it. */
    getDevice: (deviceId: string): Promise<Device | null> =>
      orNull(
        read('getDevice', deviceId, async () =>
          asDevice(UserDevice.shape.device.parse(await client.deviceApi.getDevice({ deviceId }))),
        ),
      ),
    /** Ids of everyone a device is enrolled for. */
    listDeviceUserIds: (deviceId: string) =>
      read('listDeviceUsers', deviceId, async () =>
        (await all(client.deviceApi.listDeviceUsers({ deviceId }), DeviceUser)).map((one) => one.user.id),
      ),

    /** Okta's Google Workspace apps that are on, and whether a deactivation suspends the account there. */
    listGoogleApps: () => read('listApplications', '', () => googleAppsOf(client)),

    /** Who was deactivated since, oldest first; `since` is ISO 8601 in Okta's time. The log is eventually consistent. */
    listDeactivations: (since: string) =>
      read('listLogEvents', '', () => logEvents(client, { since, filter: `eventType eq "${DEACTIVATED}"` })),
    /** When the newest event of the log was published; null: it is empty. */
    newestEventAt: () =>
      read('listLogEvents', '', async () => (await newestEvents(client, 1))[0]?.published.toISOString() ?? null),
    /** What happened to this user's account in that time, oldest first. */
    listEventsOf: (userId: string, between: { since: Date; until: Date }) =>
      read('listLogEvents', '', () =>
        logEvents(client, {
          since: between.since.toISOString(),
          until: between.until.toISOString(),
          filter: `target.id eq "${quote(userId)}"`,
        }),
      ),

    /** Blocks sign-in and keeps all assignments. Only from ACTIVE: 400 E0000001 otherwise. */
    suspendUser: (userId: string) => write('suspendUser', userId, () => client.userApi.suspendUser({ userId })),
    /** Ends sessions, and revokes OAuth tokens; repeatable. Does not reach sessions inside native apps. */
    endSessions: (userId: string) =>
      write('revokeUserSessions', userId, () =>
        client.userApi.revokeUserSessions({ userId, oauthTokens: true, forgetDevices: true }),
      ),
    /** Answers 404 E0000007 for a user who is deactivated already (okta-sdk-java#721): read the user to tell. */
    deactivateUser: (userId: string) =>
      write('deactivateUser', userId, () => client.userApi.deactivateUser({ userId, sendEmail: false })),
    /** Only from STAGED or DEPROVISIONED; 403 E0000016 where they are active already. Okta mails them the link with which they set a password. */
    activateUser: (userId: string) =>
      write('activateUser', userId, () => client.userApi.activateUser({ userId, sendEmail: true })),
    /** Only from SUSPENDED. */
    unsuspendUser: (userId: string) => write('unsuspendUser', userId, () => client.userApi.unsuspendUser({ userId })),
    /** Of Okta's own groups only; again is no error. Needs a scope of its own: OKTA_UNDO_SCOPES. */
    addToGroup: (userId: string, groupId: string) =>
      write('assignUserToGroup', `${userId}/${groupId}`, () =>
        undoingClient().groupApi.assignUserToGroup({ groupId, userId }),
      ),
    unenrollFactor: (userId: string, factorId: string) =>
      write('unenrollFactor', `${userId}/${factorId}`, () => client.userFactorApi.unenrollFactor({ userId, factorId })),
    /** Ends the device for every user of it. */
    deactivateDevice: (deviceId: string) =>
      write('deactivateDevice', deviceId, () => client.deviceApi.deactivateDevice({ deviceId })),
    /** Only from DEACTIVATED. */
    deleteDevice: (deviceId: string) =>
      write('deleteDevice', deviceId, () => client.deviceApi.deleteDevice({ deviceId })),
  };
}

export interface OktaGroup {
  readonly id: string;
  readonly name: string;
  /** Okta's own, whose members can be changed. */
  readonly isOwn: boolean;
}

function asGroup({ id, type, profile }: Group): OktaGroup {
  return { id, name: profile.name, isOwn: type === 'OKTA_GROUP' };
}

function asDevice(device: UserDevice['device']): Device {
  const name = device.profile?.displayName ?? device.profile?.platform ?? device.id;
  return { id: device.id, name, status: device.status };
}

/** Codes with which an org says that it has no Devices API: a feature, not a permission. */
export function isFeatureMissing(error: unknown): boolean {
  return error instanceof ConnectorError && (error.vendorCode === 'E0000015' || error.vendorCode === 'E0000022');
}

/** Inside the quotes of a search. */
function quote(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/** Reads a collection to its end; the SDK's iterator ends on the first falsy item, so pages are read here. */
async function all<T extends z.ZodType>(
  collection: Promise<{ getNextPage(): Promise<unknown>; nextUri?: string }>,
  item: T,
): Promise<z.infer<T>[]> {
  const pages = await collection;
  const found: z.infer<T>[] = [];
  while (pages.nextUri) found.push(...z.array(item).parse(await pages.getNextPage()));
  return found;
}
