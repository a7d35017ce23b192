// What a deactivation took away, from Okta's system log: it names each group and app that the person lost with it. Reads only.
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { Okta } from '../../connectors/okta/client.ts';

/** Okta takes an account's assignments away in the minutes around its deactivation. */
const AROUND_MS = 10 * 60_000;
const GROUP_LOST = 'group.user_membership.remove';
const APP_LOST = 'application.user_membership.remove';

export interface Lost {
  readonly groups: readonly string[];
  readonly groupIds: readonly string[];
  readonly apps: readonly string[];
}

/** Null: the log has nothing of it (it is kept for 90 days), or may not be read. Evidence is never worth a stop. */
export async function beforeDeactivation(okta: Okta, userId: string, at: Date | null): Promise<Lost | null> {
  if (at === null) return null;
  const since = new Date(at.getTime() - AROUND_MS);
  const until = new Date(at.getTime() + AROUND_MS);
  try {
    const events = await okta.listEventsOf(userId, { since, until });
    const named = (eventType: string, type: string): string[] =>
      events
        .filter((event) => event.eventType === eventType)
        .flatMap(({ target }) =>
          target.filter((one) => one.type === type).map((one) => one.displayName ?? one.id ?? ''),
        )
        .filter((name, index, all) => name !== '' && all.indexOf(name) === index);
    const groupIds = events
      .filter((event) => event.eventType === GROUP_LOST)
      .flatMap(({ target }) => target.flatMap((one) => (one.type === 'UserGroup' && one.id ? [one.id] : [])));
    const lost = {
      groups: named(GROUP_LOST, 'UserGroup'),
      groupIds: [...new Set(groupIds)],
      apps: named(APP_LOST, 'AppInstance'),
    };
    return lost.groups.length + lost.apps.length === 0 ? null : lost;
  } catch (error) {
    const isForbidden = error instanceof ConnectorError && (error.kind === 'unauthorized' || error.kind === 'rejected');
    if (isForbidden) return null;
    throw error;
  }
}
