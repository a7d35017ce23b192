// okta.factors: no second factor is left. Only behind a blocked sign-in: an account without factors is an open invitation.
import type { Okta } from '../../connectors/okta/client.ts';
import type { Step } from '../model/step.ts';
import { doorOf, pinnedUserId, readPinnedUserAnd, statusFact } from './okta-person.ts';

/** While somebody holds the door open, look again; the deactivation waits two minutes for this at most. */
const LOOK_AGAIN_MS = 10_000;

export function oktaFactors(okta: Okta): Step {
  return {
    name: 'okta.factors',
    vendor: 'okta',
    stage: 'contain',
    needs: [
      [
        { step: 'okta.block', until: 'satisfied' },
        { step: 'okta.deactivate', until: 'satisfied' },
      ],
      { step: 'okta.snapshot', until: 'ended' },
    ],
    settleMs: 10_000,
    verifies: 'read_back',
    async observe(context) {
      const { user, found: listed } = await readPinnedUserAnd(okta, context, (id) => okta.listFactors(id));
      const facts = { status: statusFact(user) };
      const door = doorOf(user);
      // Deactivation destroys them, and Okta lists none any more.
      if (door === 'deactivated' || door === 'gone') return { is: 'satisfied', basis: 'moot', facts };
      const factors = await listed();
      const found = { ...facts, factors: factors.map((factor) => factor.factorType) };
      if (factors.length === 0) return { is: 'satisfied', basis: 'read_back', facts: found };
      if (door !== 'suspended')
        return { is: 'under_way', facts: { ...found, blocked: false }, lookAgainInMs: LOOK_AGAIN_MS };
      return {
        is: 'unsatisfied',
        facts: found,
        would: factors.map((factor) => ({
          name: 'okta.unenroll_factor',
          target: factor.id,
          repeat: 'safe',
          irreversible: true,
        })),
      };
    },
    async apply(context, seen) {
      const userId = pinnedUserId(context);
      for (const effect of seen.would)
        await context.write(effect, () => okta.unenrollFactor(userId, effect.target ?? ''));
    },
  };
}
