// What Okta lets our credentials do, asked scope by scope: a token for each, and one read where a read can show it. Reads only.
import okta from '@okta/okta-sdk-nodejs';
import { z } from 'zod';
import type { ConnectorError } from '../connector-error.ts';
import { asConnectorError } from './errors.ts';
import { type GoogleApp, googleAppsOf } from './google-apps.ts';
import { OKTA_INTEGRATION_SCOPES, readIntegrations } from './integrations.ts';
import { createRequestExecutor } from './request-executor.ts';
import { Role } from './schema.ts';
import { OKTA_SCOPES, OKTA_UNDO_SCOPES, type OktaSettings } from './settings.ts';

/** What Sendoff runs without: each is asked for by a token of its own, since Okta grants all of a request or nothing. */
const OPTIONAL_SCOPES = [...OKTA_UNDO_SCOPES, ...Object.values(OKTA_INTEGRATION_SCOPES)];
export type OptionalScope = (typeof OPTIONAL_SCOPES)[number];
type Scope = (typeof OKTA_SCOPES)[number] | OptionalScope;
type Client = okta.Client;
interface Pages {
  getNextPage(): Promise<unknown>;
}

export interface ScopeProbe<Of extends Scope = Scope> {
  readonly scope: Of;
  /** Null: an API token has no scopes, it has its owner's rights. */
  readonly granted: boolean | null;
  /** `not_exercised`: no read of ours shows it. */
  readonly read: 'worked' | 'not_exercised' | ConnectorError;
}

export interface OktaProbe {
  readonly scopes: readonly ScopeProbe[];
  /** Of the scopes that may be left out. */
  readonly optional: readonly ScopeProbe<OptionalScope>[];
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
  'okta.logs.read': (client) => page(client.systemLogApi.listLogEvents({ limit: 1 })),
  'okta.apiTokens.read': (client) => page(readIntegrations('api_token', client)),
  'okta.eventHooks.read': (client) => page(readIntegrations('event_hook', client)),
  'okta.oauthIntegrations.read': (client) => page(readIntegrations('api_service', client)),
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
  const probe = async <Of extends Scope>(scope: Of): Promise<ScopeProbe<Of>> => {
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
  const [scopes, optional] = await Promise.all([
    Promise.all(OKTA_SCOPES.map((scope) => probe(scope))),
    Promise.all(OPTIONAL_SCOPES.map((scope) => probe(scope))),
  ]);
  return { scopes, optional, roles, googleApps, date };
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
