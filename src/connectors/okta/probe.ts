// What Okta lets our credentials do, asked scope by scope: a token for each, and one read where a read can show it. Reads only.
import okta from '@okta/okta-sdk-nodejs';
import { z } from 'zod';
import type { ConnectorError } from '../connector-error.ts';
import { OKTA_SCOPES, type OktaSettings } from './client.ts';
import { asConnectorError } from './errors.ts';
import { type GoogleApp, googleAppsOf } from './google-apps.ts';
import { createRequestExecutor } from './request-executor.ts';
import { Role } from './schema.ts';

type Scope = (typeof OKTA_SCOPES)[number];
type Client = okta.Client;
interface Pages {
  getNextPage(): Promise<unknown>;
}

export interface ScopeProbe {
  readonly scope: Scope;
  /** Null: an API token has no scopes, it has its owner's rights. */
  readonly granted: boolean | null;
  /** `not_exercised`: no read of ours shows it. */
  readonly read: 'worked' | 'not_exercised' | ConnectorError;
}

export interface OktaProbe {
  readonly scopes: readonly ScopeProbe[];
  /** Admin roles of the service app, or of the token's owner. */
  readonly roles: readonly string[] | ConnectorError;
  /** Okta's Google Workspace apps that are on, and whether a deactivation suspends the Google account; null: not said. */
  readonly googleApps: readonly GoogleApp[] | ConnectorError;
  readonly date: Date | null;
}

const page = async (pages: Promise<Pages>): Promise<void> => void (await (await pages).getNextPage());
/** The reads that need exactly this scope. */
const READS: Partial<Record<Scope, (client: Client) => Promise<void>>> = {
  'okta.users.read': (client) => page(client.userApi.listUsers({ limit: 1 })),
  'okta.devices.read': (client) => page(client.deviceApi.listDevices({ limit: 1 })),
  'okta.groups.read': (client) => page(client.groupApi.listGroups({ limit: 1 })),
};

export async function probeOkta(settings: Omit<OktaSettings, 'pace'>): Promise<OktaProbe> {
  let date: Date | null = null;
  const executor = createRequestExecutor(settings.deadlineMs);
  const send = executor.fetch.bind(executor) as (request: unknown) => Promise<Response>;
  const clientFor = (scope: Scope): Client =>
    new okta.Client({
      orgUrl: settings.orgUrl,
      ...('apiToken' in settings.credentials
        ? { token: settings.credentials.apiToken }
        : { authorizationMode: 'PrivateKey', ...settings.credentials, scopes: [scope] }),
      requestExecutor: Object.assign(createRequestExecutor(settings.deadlineMs), {
        fetch: async (request: unknown) => {
          const answer = await send(request);
          const told = Date.parse(answer.headers.get('date') ?? '');
          if (!Number.isNaN(told)) date = new Date(told);
          return answer;
        },
      }),
      cacheMiddleware: null,
    } as unknown as ConstructorParameters<typeof okta.Client>[0]);
  const attempt = async <T>(operation: string, ask: () => Promise<T>): Promise<T | ConnectorError> => {
    try {
      return await ask();
    } catch (error) {
      return asConnectorError(error, { operation, kind: 'read' });
    }
  };
  const probe = async (scope: Scope): Promise<ScopeProbe> => {
    const client = clientFor(scope);
    if (client.oauth) {
      const refused = await attempt('getToken', async () => void (await client.oauth?.getAccessToken()));
      if (refused) return { scope, granted: refused.reason === 'invalid_scope' ? false : null, read: refused };
    }
    const granted = client.oauth ? true : null;
    if (scope === 'okta.roles.read') {
      const found = await attempt('listRoles', () => rolesOf(client, settings.credentials));
      roles = found;
      return { scope, granted, read: Array.isArray(found) ? 'worked' : (found as ConnectorError) };
    }
    if (scope === 'okta.apps.read') {
      const found = await attempt('listApplications', () => googleAppsOf(client));
      googleApps = found;
      return { scope, granted, read: Array.isArray(found) ? 'worked' : (found as ConnectorError) };
    }
    const read = READS[scope];
    if (!read) return { scope, granted, read: 'not_exercised' };
    return { scope, granted, read: (await attempt(`read with ${scope}`, () => read(client))) ?? 'worked' };
  };
  let roles: readonly string[] | ConnectorError = [];
  let googleApps: OktaProbe['googleApps'] = [];
  const scopes = await Promise.all(OKTA_SCOPES.map(probe));
  return { scopes, roles, googleApps, date };
}

async function rolesOf(client: Client, credentials: OktaSettings['credentials']): Promise<string[]> {
  const pages: Pages =
    'clientId' in credentials
      ? await client.roleAssignmentApi.listRolesForClient({ clientId: credentials.clientId })
      : await client.roleAssignmentApi.listAssignedRolesForUser({
          userId: (await client.userApi.getUser({ userId: 'me' })).id ?? 'me',
        });
  return z
    .array(Role)
    .parse(await pages.getNextPage())
    .map((role) => role.type);
}
