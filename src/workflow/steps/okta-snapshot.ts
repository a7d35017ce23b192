// okta.snapshot: what the person had before anything changed. Evidence, and what an undo would restore. Reads only.
import { isFeatureMissing, type Okta } from '../../connectors/okta/client.ts';
import type { Step } from '../model/step.ts';
import { doorOf, pinnedUserId, readPinnedUser, statusFact } from './okta-person.ts';

export function oktaSnapshot(okta: Okta): Step {
  return {
    name: 'okta.snapshot',
    vendor: 'okta',
    stage: 'contain',
    needs: [],
    settleMs: 0,
    verifies: 'read_back',
    async observe(context) {
      const user = await readPinnedUser(okta, context);
      if (user === null)
        return {
          is: 'satisfied',
          basis: 'read_back',
          facts: { status: 'DELETED', gaps: ['groups', 'apps', 'factors', 'devices', 'roles'] },
        };
      const id = pinnedUserId(context);
      const [groups, apps, roles, factors, devices] = await Promise.all([
        okta.listGroupNames(id),
        okta.listAppLabels(id),
        okta.listRoleTypes(id),
        // Okta answers no factors of a deactivated person.
        doorOf(user) === 'deactivated' ? [] : okta.listFactors(id),
        okta.listDevices(id).catch((error: unknown) => {
          if (isFeatureMissing(error)) return null;
          throw error;
        }),
      ]);
      const gaps = doorOf(user) === 'deactivated' ? ['groups', 'apps', 'factors'] : [];
      return {
        is: 'satisfied',
        basis: 'read_back',
        facts: {
          status: statusFact(user),
          groups,
          apps,
          roles,
          factors: factors.map((factor) => factor.factorType),
          devices: (devices ?? []).map((device) => device.name),
          gaps: devices === null ? [...gaps, 'devices'] : gaps,
        },
      };
    },
  };
}
