// Which apps outside Okta a plan is about: those of the policy whose conditions hold for the person, or cannot be judged. Reads only.
import type { Okta } from '../connectors/okta/client.ts';
import type { User } from '../connectors/okta/schema.ts';
import { countryOf } from './country.ts';
import { addressesOf } from './google-account.ts';
import type { PlannedApp } from './model/app-plan.ts';
import { concerns, folded } from './model/app-policy.ts';
import type { HrisView } from './model/plan.ts';
import type { Policy } from './model/policy.ts';

export interface AppsDeps {
  readonly okta: Pick<Okta, 'listGroupNames'>;
  readonly policy: { readonly policy: Policy };
  log: { warn(fields: object, message: string): void };
}

/** Never throws: an app is asked about rather than forgotten where Okta does not say which groups they are in. */
export async function lookAtApps(
  deps: AppsDeps,
  user: User,
  hrisSeen: Promise<HrisView | null>,
): Promise<readonly PlannedApp[]> {
  const { apps } = deps.policy.policy;
  if (apps.length === 0) return [];
  const [groups, hris] = await Promise.all([
    apps.some(({ when }) => when.groups) ? groupsOf(deps, user) : null,
    hrisSeen.catch(() => null),
  ]);
  const own = new Set(addressesOf(user).map(folded));
  const person = { country: countryOf(user, hris), groups, department: departmentOf(user, hris) };
  return apps
    .filter((app) => concerns(app, person))
    .map(({ key, name, owner }) => ({ key, name, owner, isOwnersOwn: own.has(folded(owner)) }));
}

async function groupsOf(deps: AppsDeps, user: User): Promise<readonly string[] | null> {
  try {
    return await deps.okta.listGroupNames(user.id);
  } catch (error) {
    deps.log.warn({ err: error }, 'the groups for the policy’s apps could not be read; the apps count as theirs');
    return null;
  }
}

/** As HR says it, else as Okta does. */
function departmentOf(user: User, hris: HrisView | null): string | null {
  const said = hris?.is === 'same_person' ? hris.record.department : null;
  return said || user.profile.department || null;
}
