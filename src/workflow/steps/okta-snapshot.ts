// okta.snapshot: what the person had before anything changed. Evidence, and what an undo would restore. Reads only.
import { isFeatureMissing, type Okta } from '../../connectors/okta/client.ts';
import type { Step } from '../model/step.ts';
import { beforeDeactivation } from './okta-log.ts';
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
        okta.listGroups(id),
        okta.listAppLabels(id),
        okta.listRoleTypes(id),
        // Okta answers no factors of a deactivated person.
        doorOf(user) === 'deactivated' ? [] : okta.listFactors(id),
        okta.listDevices(id).catch((error: unknown) => {
          if (isFeatureMissing(error)) return null;
          throw error;
        }),
      ]);
      const isClosed = doorOf(user) === 'deactivated';
      // What a deactivation took away stands in the log, where we may read it.
      const lost = isClosed ? await beforeDeactivation(okta, id, user.statusChanged ?? null) : null;
      const gaps = isClosed ? gapsOf({ groups: groups.map((one) => one.name), apps, lost }) : [];
      return {
        is: 'satisfied',
        basis: 'read_back',
        facts: {
          status: statusFact(user),
          groups: groups.length > 0 ? groups.map((one) => one.name) : (lost?.groups ?? []),
          // An undo puts them back by id: names are given anew.
          groupIds: groups.length > 0 ? groups.map((one) => one.id) : (lost?.groupIds ?? []),
          apps: apps.length > 0 ? apps : (lost?.apps ?? []),
          roles,
          factors: factors.map((factor) => factor.factorType),
          devices: (devices ?? []).map((device) => device.name),
          gaps: devices === null ? [...gaps, 'devices'] : gaps,
          ...(lost && { rebuiltFrom: 'system_log' }),
        },
      };
    },
  };
}

/** Factors are in no event of a deactivation; what neither a list nor the log shows is not known, rather than empty. */
function gapsOf(found: {
  groups: readonly string[];
  apps: readonly string[];
  lost: { groups: readonly string[]; apps: readonly string[] } | null;
}): readonly string[] {
  const { groups, apps, lost } = found;
  return [
    ...(groups.length === 0 && (lost?.groups.length ?? 0) === 0 ? ['groups'] : []),
    ...(apps.length === 0 && (lost?.apps.length ?? 0) === 0 ? ['apps'] : []),
    'factors',
  ];
}
