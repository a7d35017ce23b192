// What the Okta steps share: the pinned person, and what their status means for sign-in.
import type { Okta } from '../../connectors/okta/client.ts';
import type { User } from '../../connectors/okta/schema.ts';
import type { Effect, ReadContext } from '../model/step.ts';

/** Ends sessions and tokens. There is no way to read them back: the receipt is the evidence. */
export const END_SESSIONS: Effect = { name: 'okta.end_sessions', repeat: 'safe' };

/** The user under the Okta id pinned at confirmation, never under an address looked up again; null: deleted. */
export async function readPinnedUser(okta: Okta, context: ReadContext): Promise<User | null> {
  return okta.getUser(pinnedUserId(context));
}

/**
 * The pinned user, and something of theirs asked for at the same time. What was found of somebody who is gone is never
 * looked at, and neither is its failure.
 */
export async function readPinnedUserAnd<T>(
  okta: Okta,
  context: ReadContext,
  read: (userId: string) => Promise<T>,
): Promise<{ readonly user: User | null; found(): Promise<T> }> {
  const reading = read(pinnedUserId(context));
  reading.catch(() => undefined);
  const user = await readPinnedUser(okta, context);
  return { user, found: () => reading };
}

export function pinnedUserId(context: ReadContext): string {
  const { okta: id } = context.run.ids;
  if (typeof id !== 'string' || id === '') throw new Error('this run has no pinned Okta id');
  return id;
}

export type Door = 'open' | 'suspended' | 'deactivated' | 'gone' | 'not_suspendable';

/** `not_suspendable`: Okta suspends from ACTIVE only; such a person is recorded and deactivated at once. */
export function doorOf(user: User | null): Door {
  if (user === null) return 'gone';
  switch (user.status) {
    case 'ACTIVE':
      return 'open';
    case 'SUSPENDED':
      return 'suspended';
    case 'DEPROVISIONED':
      return 'deactivated';
    case 'STAGED':
    case 'PROVISIONED':
    case 'RECOVERY':
    case 'PASSWORD_EXPIRED':
    case 'LOCKED_OUT':
      return 'not_suspendable';
    default:
      return user.status satisfies never;
  }
}

export function statusFact(user: User | null): string {
  return user?.status ?? 'DELETED';
}
