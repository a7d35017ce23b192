// okta.activate: the account that an offboarding closed is alive again, under the id that that run pinned. Whoever lost the password
// with the deactivation gets Okta's mail and sets a new one: until then Okta calls the account PROVISIONED.
import type { Okta } from '../../connectors/okta/client.ts';
import type { User } from '../../connectors/okta/schema.ts';
import type { Effect, Observation, Step } from '../model/step.ts';
import { doorOf, pinnedUserId, readPinnedUser, statusFact } from './okta-person.ts';
import { readUndone, type UndoDeps, whileAtWork } from './undo-of.ts';

export const OKTA_ACTIVATE = 'okta.activate';
const UNSUSPEND: Effect = { name: 'okta.unsuspend_user', repeat: 'safe' };
const ACTIVATE: Effect = { name: 'okta.activate_user', repeat: 'safe' };
/** Okta activates large accounts in the background. */
const LOOK_AGAIN_MS = 2_000;

export function oktaActivate(deps: UndoDeps & { readonly okta: Okta }): Step {
  const { okta } = deps;
  return {
    name: OKTA_ACTIVATE,
    vendor: 'okta',
    stage: 'hand_over',
    needs: [],
    settleMs: 30_000,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const undone = await readUndone(deps, context);
      const user = await readPinnedUser(okta, context);
      const facts = { status: statusFact(user) };
      if (user === null) return { is: 'not_applicable', facts, why: 'account_erased' };
      if (!isCalled(user, undone.person.email))
        return { is: 'unknown', facts, why: 'the account under this id has another address by now' };
      const busy = whileAtWork(undone, context, 'okta');
      if (busy) return busy;
      if (user.transitioningToStatus) return { is: 'under_way', facts, lookAgainInMs: LOOK_AGAIN_MS };
      const door = doorOf(user);
      if (door === 'suspended') return { is: 'unsatisfied', facts, would: [UNSUSPEND] };
      if (door === 'deactivated' || user.status === 'STAGED') return { is: 'unsatisfied', facts, would: [ACTIVATE] };
      return { is: 'satisfied', basis: 'read_back', facts };
    },
    async apply(context, seen) {
      const userId = pinnedUserId(context);
      for (const effect of seen.would)
        await context.write(effect, () =>
          effect.name === UNSUSPEND.name ? okta.unsuspendUser(userId) : okta.activateUser(userId),
        );
    },
  };
}

/** Whoever has the address by now, in any case. */
export function isCalled(user: User, address: string): boolean {
  return [user.profile.login, user.profile.email].some((one) => one?.toLowerCase() === address.toLowerCase());
}
