// Who is meant by an exact address, or by the Okta id that was pinned: one person, or a refusal.
import type { Okta } from '../connectors/okta/client.ts';
import type { User } from '../connectors/okta/schema.ts';
import { within } from './deadline.ts';
import type { Refusal } from './model/plan.ts';
import type { Person } from './model/run.ts';
import { type UnreadableDeps, unreadable } from './unreadable.ts';

export async function findPerson(
  deps: UnreadableDeps & { readonly okta: Pick<Okta, 'getUser' | 'findUsers'> },
  who: { email: string; oktaId?: string },
  deadline: AbortSignal,
): Promise<{ user: User } | { refusal: Refusal }> {
  try {
    const nobody = { refusal: { why: 'nobody_found', email: who.email } } as const;
    if (who.oktaId !== undefined) {
      const user = await within(deadline, deps.okta.getUser(who.oktaId));
      return user ? { user } : nobody;
    }
    const hits = (await within(deadline, deps.okta.findUsers(who.email))).filter((user) => hasAddress(user, who.email));
    const [hit, ...others] = hits;
    if (!hit) return nobody;
    if (others.length > 0) {
      const people = hits.map((user) => ({ name: nameOf(user), login: user.profile.login, status: user.status }));
      return { refusal: { why: 'several_found', email: who.email, people } };
    }
    // The search is an index that lags: somebody may have given the address up. The user itself does not lag.
    const user = await within(deadline, deps.okta.getUser(hit.id));
    return user && hasAddress(user, who.email) ? { user } : nobody;
  } catch (error) {
    return { refusal: unreadable(deps, error, 'person') };
  }
}

function hasAddress(user: User, address: string): boolean {
  return [user.profile.login, user.profile.email].some((one) => one?.toLowerCase() === address.toLowerCase());
}

export function personOf(user: User): Person {
  const { email, login, title } = user.profile;
  return { name: nameOf(user), email: email ?? login, title: title ?? null };
}

function nameOf(user: User): string {
  const { displayName, firstName, lastName, login } = user.profile;
  return displayName || [firstName, lastName].filter(Boolean).join(' ') || login;
}
