// google.contain: nobody is signed in to the Google account or can sign in, and no app, code or phone is left that could. It stays
// active where it is, for the handover. A suspended account is contained all the same: suspension takes no app's access away.
import type { Effect, Observation, Question, Step } from '../model/step.ts';
import { closeDoor, isAppPassword, isRoleRemoval, readDoors, writeEach } from './google-doors.ts';
import { type GoogleStepDeps, readAccount, stateOf } from './google-person.ts';

/** Neither can be read back: the receipt is the evidence. */
export const SET_PASSWORD: Effect = { name: 'google.set_password', repeat: 'safe', irreversible: true };
export const SIGN_OUT: Effect = { name: 'google.sign_out', repeat: 'safe' };
const LAST_ADMIN: Question = { name: 'google_last_admin', by: 'second_approver', kind: 'approve', irreversible: true };

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
      const { close, holdsLastSuperAdmin, ...doors } = await readDoors(google, context, account);
      const first = [SET_PASSWORD, SIGN_OUT].filter((effect) => context.receipt(effect) === null);
      const facts = {
        account: stateOf(account),
        password: context.receipt(SET_PASSWORD) ? 'accepted' : 'as before',
        sessions: context.receipt(SIGN_OUT) ? 'accepted' : 'as before',
        ...doors.facts,
      };
      // Google takes app passwords along with the password: what is left of them is closed when that is known.
      const open = first.length === 0 ? close : close.filter((effect) => !isAppPassword(effect));
      if (!holdsLastSuperAdmin) return whatIsLeft(facts, [...first, ...open]);
      // The plan refuses the last super admin; who has become it since is shut out all the same, and a human decides on the role.
      const others = [...first, ...open.filter((effect) => !isRoleRemoval(effect))];
      if (others.length > 0) return { is: 'unsatisfied', facts, would: others };
      const said = context.answer(LAST_ADMIN.name);
      if (said?.kind !== 'approve') return { is: 'asks', facts, need: { kind: 'question', question: LAST_ADMIN } };
      return whatIsLeft(facts, said.approved ? close : []);
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

function whatIsLeft(facts: Observation['facts'], would: readonly Effect[]): Observation {
  return would.length === 0 ? { is: 'satisfied', basis: 'read_back', facts } : { is: 'unsatisfied', facts, would };
}
