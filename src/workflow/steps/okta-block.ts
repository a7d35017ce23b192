// okta.block: sign-in is blocked and sessions are ended, within seconds, before anything slower.
import type { Okta } from '../../connectors/okta/client.ts';
import type { Effect, Step } from '../model/step.ts';
import { doorOf, END_SESSIONS, pinnedUserId, readPinnedUser, statusFact } from './okta-person.ts';

const SUSPEND: Effect = { name: 'okta.suspend_user', repeat: 'safe' };

export function oktaBlock(okta: Okta): Step {
  return {
    name: 'okta.block',
    vendor: 'okta',
    stage: 'contain',
    needs: [],
    settleMs: 10_000,
    verifies: 'read_back',
    async observe(context) {
      const user = await readPinnedUser(okta, context);
      const facts = { status: statusFact(user) };
      const ended = context.receipt(END_SESSIONS);
      const door = doorOf(user);
      switch (door) {
        case 'open':
          return { is: 'unsatisfied', facts, would: [SUSPEND, END_SESSIONS] };
        case 'suspended':
          if (ended) return { is: 'satisfied', basis: 'read_back', facts: { ...facts, sessions: 'accepted' } };
          return { is: 'unsatisfied', facts, would: [END_SESSIONS] };
        case 'not_suspendable':
          return { is: 'not_applicable', facts, why: 'status_cannot_be_suspended' };
        case 'deactivated':
        case 'gone':
          return { is: 'satisfied', basis: 'moot', facts };
        default:
          return door satisfies never;
      }
    },
    async apply(context, seen) {
      const userId = pinnedUserId(context);
      for (const effect of seen.would) {
        await context.write(effect, () =>
          effect.name === SUSPEND.name ? okta.suspendUser(userId) : okta.endSessions(userId),
        );
      }
    },
  };
}
