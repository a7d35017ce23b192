// google.back: the Google account is active again, under the id that the offboarding pinned. Its password stays one that nobody knows:
// they sign in by Okta, or an admin sets a new one.
import type { Google } from '../../connectors/google/client.ts';
import type { Effect, Observation, Step } from '../model/step.ts';
import { isMailboxEnding, isStillAtWork } from '../model/undone.ts';
import { stateOf } from './google-person.ts';
import { OKTA_ACTIVATE } from './okta-activate.ts';
import { readUndone, type UndoDeps, whileAtWork } from './undo-of.ts';

export const GOOGLE_BACK = 'google.back';
const ACTIVATE: Effect = { name: 'google.activate', repeat: 'safe' };
const UNARCHIVE: Effect = { name: 'google.unarchive', repeat: 'safe' };

export type GoogleUndoDeps = UndoDeps & {
  readonly google: { readonly accounts: Google['accounts']; readonly mailbox: Google['mailbox'] };
};

export function googleBack(deps: GoogleUndoDeps): Step {
  const { accounts } = deps.google;
  return {
    name: GOOGLE_BACK,
    vendor: 'google',
    stage: 'hand_over',
    // Okta's provisioning wakes the account too, where it put it to sleep.
    needs: [{ step: OKTA_ACTIVATE, until: 'ended' }],
    settleMs: 30_000,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const { google: id } = context.run.ids;
      if (typeof id !== 'string') return { is: 'not_applicable', facts: {}, why: 'no_google_account' };
      const undone = await readUndone(deps, context);
      const account = await accounts.getUser(id);
      if (account === null)
        return { is: 'not_applicable', facts: { account: 'deleted' }, why: 'google_account_deleted' };
      const facts = { account: stateOf(account) };
      if (!isCalled(account, undone.person.email))
        return { is: 'unknown', facts, why: 'the account under this id has another address by now' };
      // An archived account takes no delegate away: its end waits for this step, not this step for it.
      const isEnding = !account.archived && isMailboxEnding(undone);
      const busy = whileAtWork(undone, context, 'google', isEnding || isStillAtWork(undone, 'google'));
      if (busy) return busy;
      if (account.archived) return { is: 'unsatisfied', facts, would: [UNARCHIVE] };
      if (account.suspended) return { is: 'unsatisfied', facts, would: [ACTIVATE] };
      return { is: 'satisfied', basis: 'read_back', facts };
    },
    async apply(context, seen) {
      const id = String(context.run.ids.google);
      for (const effect of seen.would)
        await context.write(effect, () =>
          effect.name === ACTIVATE.name ? accounts.activate(id) : accounts.unarchive(id),
        );
    },
  };
}

function isCalled(account: { primaryEmail: string; aliases: readonly string[] }, address: string): boolean {
  return [account.primaryEmail, ...account.aliases].some((one) => one.toLowerCase() === address.toLowerCase());
}
