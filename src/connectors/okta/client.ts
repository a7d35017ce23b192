// Okta through its own SDK: reads and idempotent writes on one user by id. Knows nothing of offboarding.
import okta from '@okta/okta-sdk-nodejs';
import { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import { type OnCall, watchCall } from '../watch-call.ts';
import { asConnectorError, type CallKind } from './errors.ts';
import { googleAppsOf } from './google-apps.ts';
import { createProver, nonceOf } from './proof.ts';
import { isRemembering, readOnce } from './remembered-reads.ts';
import { createRequestExecutor, TOKEN_PATH } from './request-executor.ts';
import { AppLink, DeviceUser, Factor, Group, Role, RoleAssignees, User, UserDevice } from './schema.ts';

const MOST_SUGGESTED = 20;

export interface OktaSettings {
  readonly orgUrl: string;
  readonly credentials: { readonly apiToken: string } | { readonly clientId: string; readonly privateKey: string };
  /** One deadline for each call, in ms. */
  readonly deadlineMs: number;
  /** Waits for the org's published rate before a read; writes are paced by who makes them. */
  pace(bucket: OktaReads): Promise<void>;
  /** Told of each call, without what was waited before it. */
  readonly onCall?: OnCall;
}

/** Least scopes for what is called here; the app also needs an admin role. */
export const OKTA_SCOPES = [
  'okta.users.read',
  'okta.users.manage',
  'okta.devices.read',
  'okta.devices.manage',
  'okta.roles.read',
  'okta.groups.read',
  'okta.apps.read',
] as const;

/**
 * The lowest published limits of an org, for each kind of call. The user endpoints take 600 changes and 2,000 reads by id a
 * minute, most others 1,200; devices 100. @see https://developer.okta.com/docs/reference/rl-global-mgmt, read 2026-11
 */
export const OKTA_PACES = {
  /** Writes; the bucket is the vendor's name. */
  okta: { intervalMs: 100, burst: 60 },
  'okta.reads': { intervalMs: 50, burst: 120 },
  'okta.devices': { intervalMs: 600, burst: 50 },
} as const;
type OktaReads = Exclude<keyof typeof OKTA_PACES, 'okta'>;
/** Under /api/v1/devices; a user's own list of devices is under /api/v1/users. */
const DEVICE_READS = new Set(['getDevice', 'listDeviceUsers', 'listDevices']);

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

export type Okta = ReturnType<typeof connectOkta>;

export function connectOkta(settings: OktaSettings) {
  const client = new okta.Client({
    orgUrl: settings.orgUrl,
    ...('apiToken' in settings.credentials
      ? { token: settings.credentials.apiToken }
      : {
          authorizationMode: 'PrivateKey',
          clientId: settings.credentials.clientId,
          privateKey: settings.credentials.privateKey,
          scopes: [...OKTA_SCOPES],
        }),
    requestExecutor: createRequestExecutor(settings.deadlineMs),
    cacheMiddleware: null, // a user must never be read from memory
  } as ConstructorParameters<typeof okta.Client>[0]);
  shareTokenRequests(client);
  proveOurselves(client);

  const call = async <T>(kind: CallKind, operation: string, subject: string, send: () => Promise<T>): Promise<T> => {
    if (kind === 'read') await settings.pace(DEVICE_READS.has(operation) ? 'okta.devices' : 'okta.reads');
    return watchCall(settings.onCall, { vendor: 'okta', operation, kind }, async () => {
      try {
        return await send();
      } catch (error) {
        const failure = asConnectorError(error, { operation, subject, kind });
        // Whoever tries again, tries with a new token.
        if (failure.kind === 'unauthorized') client.oauth?.clearCachedAccessToken();
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
  /** Absent things answer null; the id in the question is ours, so a 404 speaks of it. */
  const orNull = async <T>(answer: Promise<T>): Promise<T | null> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ConnectorError && error.kind === 'not_found') return null;
      throw error;
    }
  };

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

    /** The user our API token belongs to; null for a service app, which is nobody. */
    getOwnUser: async () => {
      if (!('apiToken' in settings.credentials)) return null;
      return read('getUser', 'me', async () => User.parse(await client.userApi.getUser({ userId: 'me' })));
    },

    listGroupNames: (userId: string) =>
      read('listUserGroups', userId, async () =>
        (await all(client.userApi.listUserGroups({ userId }), Group)).map((group) => group.profile.name),
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

function asDevice(device: UserDevice['device']): Device {
  const name = device.profile?.displayName ?? device.profile?.platform ?? device.id;
  return { id: device.id, name, status: device.status };
}

/** Codes with which an org says that it has no Devices API: a feature, not a permission. */
export function isFeatureMissing(error: unknown): boolean {
  return error instanceof ConnectorError && (error.vendorCode === 'E0000015' || error.vendorCode === 'E0000022');
}

/** Reads a collection to its end; the SDK's iterator ends on the first falsy item, so pages are read here. */
/** Inside the quotes of a search. */
function quote(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

async function all<T extends z.ZodType>(
  collection: Promise<{ getNextPage(): Promise<unknown>; nextUri?: string }>,
  item: T,
): Promise<z.infer<T>[]> {
  const pages = await collection;
  const found: z.infer<T>[] = [];
  while (pages.nextUri) found.push(...z.array(item).parse(await pages.getNextPage()));
  return found;
}

/**
 * One token request at a time, and a new token before the old one ends. The SDK keeps no request in flight, so ten calls
 * at once would ask for ten tokens, and it learns of an ended token only by a refused call (oauth.js).
 */
function shareTokenRequests(client: okta.Client): void {
  if (!client.oauth) return;
  type Token = { readonly expires_in?: number };
  const oauth = client.oauth as unknown as {
    accessToken: Token | null;
    getAccessToken(nonce?: string | null): Promise<Token>;
    clearCachedAccessToken(): void;
  };
  const original = oauth.getAccessToken.bind(oauth);
  let inFlight: Promise<Token> | null = null;
  let renewAt = Number.POSITIVE_INFINITY;
  oauth.getAccessToken = (nonce) => {
    if (nonce) return original(nonce); // the second half of a request in flight
    if (performance.now() >= renewAt) oauth.clearCachedAccessToken();
    if (oauth.accessToken) return Promise.resolve(oauth.accessToken);
    inFlight ??= original()
      .then((token) => {
        renewAt = performance.now() + (token.expires_in ?? 3600) * 0.9 * 1000;
        return token;
      })
      .finally(() => {
        inFlight = null;
      });
    return inFlight;
  };
}

/** Makes the proofs in the SDK's place: of each call (http.js, prepareRequest), and of the token they are bound to (oauth.js). */
function proveOurselves(client: okta.Client): void {
  type Request = { readonly method: string; readonly url: string; readonly headers: Record<string, string> };
  const { http, oauth, requestExecutor } = client as unknown as {
    http: { prepareRequest(request: Request): Promise<void> };
    oauth?: { isDPoP: boolean; getAccessToken(): Promise<{ access_token: string }> };
    requestExecutor: { fetch(request: Request): Promise<unknown> };
  };
  if (!oauth) return;
  const prove = createProver();
  const asSdk = http.prepareRequest.bind(http);
  http.prepareRequest = async (request) => {
    const { access_token: accessToken } = await oauth.getAccessToken();
    if (!oauth.isDPoP) return asSdk(request);
    request.headers.Authorization = `DPoP ${accessToken}`;
    request.headers.DPoP = prove({ method: request.method, url: request.url, accessToken });
  };
  const send = requestExecutor.fetch.bind(requestExecutor);
  requestExecutor.fetch = (request) => {
    const theirs = request.url.endsWith(TOKEN_PATH) ? request.headers.DPoP : undefined;
    if (theirs === undefined) return send(request);
    const nonce = nonceOf(theirs);
    const DPoP = prove({ method: request.method, url: request.url, ...(nonce === undefined ? {} : { nonce }) });
    return send({ ...request, headers: { ...request.headers, DPoP } });
  };
}
