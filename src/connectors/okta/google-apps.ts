// Okta's own Google Workspace apps: whether a deactivation in Okta suspends the Google account. Reads only.
import type okta from '@okta/okta-sdk-nodejs';
import { z } from 'zod';
import { asConnectorError } from './errors.ts';
import { App, ProvisioningFeature } from './schema.ts';

/** `suspends` null: Okta does not say. */
export interface GoogleApp {
  readonly label: string;
  readonly suspends: boolean | null;
}

/** Those that are on. @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationFeatures, read 2026-11 */
export async function googleAppsOf(client: okta.Client): Promise<GoogleApp[]> {
  const pages: { getNextPage(): Promise<unknown> } = await client.applicationApi.listApplications({
    filter: 'name eq "google"',
    limit: 20,
  });
  const apps = z.array(App).parse(await pages.getNextPage());
  return Promise.all(
    apps
      .filter((app) => app.status === 'ACTIVE')
      .map(async ({ id, label }) => ({ label, suspends: await suspends(client, id) })),
  );
}

async function suspends(client: okta.Client, appId: string): Promise<boolean | null> {
  try {
    const answer = await client.applicationApi.getFeatureForApplication({ appId, name: 'USER_PROVISIONING' });
    const { capabilities } = ProvisioningFeature.parse(answer);
    return capabilities?.update?.lifecycleDeactivate?.status === 'ENABLED';
  } catch (error) {
    // An app that provisions nothing has no such feature.
    return asConnectorError(error, { operation: 'getFeatureForApplication', kind: 'read' }).kind === 'not_found'
      ? false
      : null;
  }
}
