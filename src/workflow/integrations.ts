// What hangs on the Okta account besides itself: tokens that act as the person, integrations that they set up. For the plan.
import type { Okta } from '../connectors/okta/client.ts';
import { OKTA_INTEGRATION_SCOPES } from '../connectors/okta/integrations.ts';
import type { User } from '../connectors/okta/schema.ts';
import { within } from './deadline.ts';
import type { IntegrationKind, IntegrationsView } from './model/integration.ts';
import { reasonOf } from './unreadable.ts';

/** Null: nothing hangs on them, and nothing was hidden. Never throws: the sign-in is cut without it. */
export async function lookAtIntegrations(
  deps: { readonly okta: Pick<Okta, 'listIntegrations'>; log: { warn(fields: object, message: string): void } },
  user: User,
  deadline: AbortSignal,
): Promise<IntegrationsView | null> {
  const haveTokensEnded = user.status === 'DEPROVISIONED';
  try {
    const { found, gaps } = await within(deadline, deps.okta.listIntegrations(user.id));
    return found.length > 0 || gaps.length > 0 || haveTokensEnded ? { found, gaps, haveTokensEnded } : null;
  } catch (error) {
    deps.log.warn({ err: error }, 'what hangs on an Okta account could not be read for a plan');
    const why = reasonOf(error);
    const gaps = Object.entries(OKTA_INTEGRATION_SCOPES).map(([kind, scope]) => ({
      kind: kind as IntegrationKind,
      scope,
      why,
    }));
    return { found: [], gaps, haveTokensEnded };
  }
}
