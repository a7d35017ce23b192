// google.contain: nobody is signed in to the Google account or can sign in, and no app, code or phone is left that could. It stays
// active where it is, for the handover. A suspended account is contained all the same: suspension takes no app's access away.
import type { Effect, Observation, Step } from '../model/step.ts';
import { closeDoor, isAppPassword, readDoors, writeEach } from './google-doors.ts';
import { type GoogleStepDeps, readAccount, stateOf } from './google-person.ts';

/** Neither can be read back: the receipt is the evidence. */
export const SET_PASSWORD: Effect = { name: 'google.set_password', repeat: 'safe', irreversible: true };
export const SIGN_OUT: Effect = { name: 'google.sign_out', repeat: 'safe' };

export function googleContain(deps: GoogleStepDeps): Step {
  const { google } = deps;
  return {
    name: 'google.contain',
    vendor: 'google',
    stage: 'contain',
    needs: [],
    settleMs: 30_000,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const found = await readAccount(deps, context);
      if ('seen' in found) return found.seen;
      const { account } = found;
      const { close, ...doors } = await readDoors(google, context, account);
      const first = [SET_PASSWORD, SIGN_OUT].filter((effect) => context.receipt(effect) === null);
      const facts = {
        account: stateOf(account),
        password: context.receipt(SET_PASSWORD) ? 'accepted' : 'as before',
        sessions: context.receipt(SIGN_OUT) ? 'accepted' : 'as before',
        ...doors.facts,
      };
      // Google takes app passwords along with the password: what is left of them is closed when that is known.
      const open = first.length === 0 ? close : close.filter((effect) => !isAppPassword(effect));
      const would = [...first, ...open];
      return would.length === 0 ? { is: 'satisfied', basis: 'read_back', facts } : { is: 'unsatisfied', facts, would };
    },
    async apply(context, { would }) {
      const found = await readAccount(deps, context);
      if ('seen' in found) return;
      const { account } = found;
      await writeEach(context, would, (effect) => {
        if (effect.name === SET_PASSWORD.name) return google.accounts.setUnknownPassword(account.id);
        if (effect.name === SIGN_OUT.name) return google.access.signOut(account.id);
        return closeDoor(google, account, effect);
      });
    },
  };
}
