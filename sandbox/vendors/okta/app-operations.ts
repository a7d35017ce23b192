// The org's app integrations: which there are, and what provisioning does to their accounts when somebody is deactivated.
import type { Reply } from '../simulator.ts';
import { APPS } from './catalogue.ts';
import { invalid, notFound } from './errors.ts';
import { parseFilter } from './filter.ts';
import { type Operation, page, type Visit } from './operation.ts';

const READ = 'okta.apps.read';

export const APP_OPERATIONS: readonly Operation[] = [
  { name: 'listApplications', method: 'GET', path: '/api/v1/apps', scope: READ, handle: listApplications },
  {
    name: 'getFeatureForApplication',
    method: 'GET',
    path: '/api/v1/apps/{appId}/features/{name}',
    scope: READ,
    handle: getFeature,
  },
];

function listApplications(visit: Visit): Reply {
  const predicate = parseFilter(visit.request.query.get('filter') ?? 'id pr');
  if (!predicate) return invalid('filter', 'filter: invalid filter');
  const all = Object.entries(APPS).map(([id, app]) => ({ id, status: 'ACTIVE', ...app }));
  const { found, headers } = page(visit, all.filter(predicate), { fallback: 20, most: 200 });
  const body = found.map(({ id, name, label, status }) => ({ id, name, label, status, signOnMode: 'SAML_2_0' }));
  return { status: 200, headers, body };
}

/** Without provisioning an app has no features. */
function getFeature(visit: Visit): Reply {
  const { appId = '', name = '' } = visit.request.params;
  const deactivates = visit.okta.googleDeactivates;
  if (APPS[appId]?.name !== 'google' || name !== 'USER_PROVISIONING' || deactivates === null)
    return notFound(name, 'ApplicationFeature');
  return {
    status: 200,
    body: {
      name,
      status: 'ENABLED',
      description: 'User provisioning settings from Okta to a downstream application',
      capabilities: {
        create: { lifecycleCreate: { status: 'ENABLED' } },
        update: {
          lifecycleDeactivate: { status: deactivates ? 'ENABLED' : 'DISABLED' },
          profile: { status: 'ENABLED' },
          password: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
        },
      },
    },
  };
}
