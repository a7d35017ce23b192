// What in an Okta org hangs on one user besides their own account: API tokens that act as them, and integrations that they set up. Reads only.
// Okta tells the owner of these three and of nothing else: an app's client secret, an inline hook, an identity provider or a log stream has none.
// @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApiToken/, EventHook and ApiServiceIntegrations, read 2026-11
import type okta from '@okta/okta-sdk-nodejs';
import { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import { watchCall } from '../watch-call.ts';
import { asConnectorError } from './errors.ts';
import type { OktaSettings } from './settings.ts';

export type IntegrationKind = 'api_token' | 'event_hook' | 'api_service';

export interface Integration {
  readonly kind: IntegrationKind;
  readonly id: string;
  readonly name: string;
}

export interface Integrations {
  readonly found: readonly Integration[];
  /** Could not be read, and why: `invalid_scope` where the service app lacks `scope`. */
  readonly gaps: readonly { readonly kind: IntegrationKind; readonly scope: string; readonly why: string }[];
}

/** Not needed to run: without them a plan says what it cannot know. Asked for one by one, since Okta grants all of a request or nothing. */
export const OKTA_INTEGRATION_SCOPES = {
  api_token: 'okta.apiTokens.read',
  event_hook: 'okta.eventHooks.read',
  api_service: 'okta.oauthIntegrations.read',
} as const satisfies Readonly<Record<IntegrationKind, string>>;
const KINDS: readonly IntegrationKind[] = ['api_token', 'event_hook', 'api_service'];

const Listed = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  userId: z.string().nullish(),
  createdBy: z.string().nullish(),
});

type Client = InstanceType<typeof okta.Client>;
type Pages = { getNextPage(): Promise<unknown>; nextUri?: string };

const READS: Readonly<
  Record<IntegrationKind, { readonly operation: string; readonly pages: (client: Client) => Promise<unknown> }>
> = {
  api_token: { operation: 'listApiTokens', pages: (client) => client.apiTokenApi.listApiTokens() },
  event_hook: { operation: 'listEventHooks', pages: (client) => client.eventHookApi.listEventHooks() },
  api_service: {
    operation: 'listApiServiceIntegrationInstances',
    pages: (client) => client.apiServiceIntegrationsApi.listApiServiceIntegrationInstances(),
  },
};

/** All of the org's, by pages. */
export function readIntegrations(kind: IntegrationKind, client: Client): Promise<Pages> {
  return READS[kind].pages(client) as Promise<Pages>;
}

/** A deactivated user's API tokens have ended, and Okta lists them no more. */
export function createIntegrationReads(
  settings: Pick<OktaSettings, 'pace' | 'onCall'>,
  clientWith: (scopes: readonly string[]) => Client,
): (userId: string) => Promise<Integrations> {
  const clients = new Map(KINDS.map((kind) => [kind, clientWith([OKTA_INTEGRATION_SCOPES[kind]])]));
  const list = async (kind: IntegrationKind): Promise<readonly z.infer<typeof Listed>[]> => {
    const client = clients.get(kind);
    if (!client) return [];
    const { operation } = READS[kind];
    await settings.pace('okta.reads');
    return watchCall(settings.onCall, { vendor: 'okta', operation, kind: 'read' }, async () => {
      try {
        const pages = await readIntegrations(kind, client);
        const found: z.infer<typeof Listed>[] = [];
        do found.push(...z.array(Listed).parse(await pages.getNextPage()));
        while (pages.nextUri);
        return found;
      } catch (error) {
        const failure = asConnectorError(error, { operation, kind: 'read' });
        if (failure.kind === 'unauthorized') client.oauth?.clearCachedAccessToken();
        throw failure;
      }
    });
  };
  return async (userId) => {
    const looks = await Promise.all(
      KINDS.map(async (kind) => {
        try {
          const all = await list(kind);
          return { kind, mine: all.filter((one) => (kind === 'api_token' ? one.userId : one.createdBy) === userId) };
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          return { kind, why: error.reason };
        }
      }),
    );
    return {
      found: looks.flatMap(({ kind, mine = [] }) => mine.map(({ id, name }) => ({ kind, id, name: name ?? id }))),
      gaps: looks.flatMap(({ kind, why }) =>
        why === undefined ? [] : [{ kind, scope: OKTA_INTEGRATION_SCOPES[kind], why }],
      ),
    };
  };
}
