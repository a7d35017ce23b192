// okta.deactivate: the account is DEPROVISIONED, and sessions and tokens were ended once more after that: a sign-in that
// raced the first time is closed.
import type { Okta } from '../../connectors/okta/client.ts';
import type { Effect, Step } from '../model/step.ts';
import { doorOf, END_SESSIONS, pinnedUserId, readPinnedUser, statusFact } from './okta-person.ts';

const DEACTIVATE: Effect = { name: 'okta.deactivate_user', repeat: 'safe', irreversible: true };
/** The cut never waits longer than this for anything before it. */
const PATIENCE_MS = 120_000;
/** Okta deactivates large accounts in the background. */
const LOOK_AGAIN_MS = 2_000;
const SETTLE_MS = 30_000;

export function oktaDeactivate(okta: Okta): Step {
  return {
    name: 'okta.deactivate',
    vendor: 'okta',
    stage: 'contain',
    needs: ['okta.block', 'okta.snapshot', 'okta.factors', 'okta.devices'].map((step) => ({
      step,
      until: 'tried',
      ms: PATIENCE_MS,
    })),
    settleMs: SETTLE_MS,
    verifies: 'read_back',
    async observe(context) {
      const user = await readPinnedUser(okta, context);
      // In Okta's own time: which deactivation it was, so that word of it later begins nothing anew.
      const at = doorOf(user) === 'deactivated' ? user?.statusChanged?.toISOString() : undefined;
      const facts = { status: statusFact(user), ...(at && { deactivatedAt: at }) };
      if (user === null) return { is: 'satisfied', basis: 'moot', facts };
      if (user.transitioningToStatus === 'DEPROVISIONED')
        return { is: 'under_way', facts, lookAgainInMs: LOOK_AGAIN_MS };
      const asked = context.receipt(DEACTIVATE);
      // Sessions are ended once more only after the account is seen deactivated, not while Okta still works on it.
      if (doorOf(user) !== 'deactivated' && asked && context.now.getTime() - asked.at.getTime() < SETTLE_MS) {
        return { is: 'under_way', facts, lookAgainInMs: LOOK_AGAIN_MS };
      }
      if (doorOf(user) !== 'deactivated') return { is: 'unsatisfied', facts, would: [DEACTIVATE, END_SESSIONS] };
      if (context.receipt(END_SESSIONS))
        return { is: 'satisfied', basis: 'read_back', facts: { ...facts, sessions: 'accepted' } };
      return { is: 'unsatisfied', facts, would: [END_SESSIONS] };
    },
    async apply(context, seen) {
      const userId = pinnedUserId(context);
      for (const effect of seen.would) {
        await context.write(effect, () =>
          effect.name === DEACTIVATE.name ? okta.deactivateUser(userId) : okta.endSessions(userId),
        );
      }
    },
  };
}
