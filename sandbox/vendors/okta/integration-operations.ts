// What hangs on a user besides their own account: API tokens that act as them, event hooks and API service integrations that they set up.
import type { Reply } from '../simulator.ts';
import { type Operation, page, type Visit } from './operation.ts';
import type { OwnedIntegration } from './org.ts';

export const INTEGRATION_OPERATIONS: readonly Operation[] = [
  {
    name: 'listApiTokens',
    method: 'GET',
    path: '/api/v1/api-tokens',
    scope: 'okta.apiTokens.read',
    handle: (visit) => ({ status: 200, body: ofKind(visit, 'api_token').map((one) => renderToken(visit, one)) }),
  },
  {
    name: 'listEventHooks',
    method: 'GET',
    path: '/api/v1/eventHooks',
    scope: 'okta.eventHooks.read',
    handle: (visit) => ({ status: 200, body: ofKind(visit, 'event_hook').map((one) => renderHook(visit, one)) }),
  },
  {
    name: 'listApiServiceIntegrationInstances',
    method: 'GET',
    path: '/integrations/api/v1/api-services',
    scope: 'okta.oauthIntegrations.read',
    handle: listServices,
  },
];

function ofKind(visit: Visit, kind: OwnedIntegration['kind']): readonly OwnedIntegration[] {
  return visit.org.integrations.filter((one) => one.kind === kind);
}

function listServices(visit: Visit): Reply {
  const { found, headers } = page(visit, ofKind(visit, 'api_service'), { fallback: 20, most: 20 });
  return { status: 200, headers, body: found.map((one) => renderService(visit, one)) };
}

function renderToken(visit: Visit, { id, name, userId, created }: OwnedIntegration) {
  return {
    id,
    name,
    userId,
    clientName: 'Okta API',
    created,
    lastUpdated: created,
    tokenWindow: 'P30D',
    network: { connection: 'ANYWHERE' },
    _link: { self: { href: `${visit.baseUrl}/api/v1/api-tokens/${id}`, hints: { allow: ['GET', 'DELETE'] } } },
  };
}

function renderHook(visit: Visit, { id, name, userId, created }: OwnedIntegration) {
  const self = `${visit.baseUrl}/api/v1/eventHooks/${id}`;
  return {
    id,
    name,
    status: 'ACTIVE',
    verificationStatus: 'VERIFIED',
    created,
    createdBy: userId,
    lastUpdated: created,
    events: { type: 'EVENT_TYPE', items: ['user.lifecycle.deactivate'] },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: { uri: 'https://hooks.acme.test/okta', headers: [], method: 'POST' },
    },
    _links: {
      self: { href: self },
      verify: { href: `${self}/lifecycle/verify`, hints: { allow: ['POST'] } },
      deactivate: { href: `${self}/lifecycle/deactivate`, hints: { allow: ['POST'] } },
    },
  };
}

function renderService(visit: Visit, { id, name, userId, created }: OwnedIntegration) {
  const self = `${visit.baseUrl}/integrations/api/v1/api-services/${id}`;
  return {
    id,
    type: 'acme_log_export',
    name,
    createdAt: created,
    createdBy: userId,
    configGuideUrl: 'https://vendor.acme.test/guide',
    grantedScopes: ['okta.logs.read'],
    _links: {
      self: { href: self, hints: { allow: ['GET', 'DELETE'] } },
      client: { href: `${visit.baseUrl}/oauth2/v1/clients/${id}`, hints: { allow: ['GET'] } },
      logo: { href: `${visit.baseUrl}/logo.png`, name: 'small', hints: { allow: ['GET'] } },
    },
  };
}
