// google.active: the account is active and can be acted for, so that mail, files and calendar can be handed over. Where something
// suspended it, one change makes it active with a new password, and what could sign in is closed once more.
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import type { Effect, Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';
import { SIGN_OUT } from './google-contain.ts';
import { closeDoor, readDoors, writeEach } from './google-doors.ts';
import { type GoogleStepDeps, readAccount, stateOf } from './google-person.ts';

const ACTIVATE: Effect = { name: 'google.activate', repeat: 'safe' };
const UNARCHIVE: Effect = { name: 'google.unarchive', repeat: 'safe' };
/** It takes a licence, and somebody archived the account on purpose. */
const UNARCHIVE_IT: Question = { name: 'google_unarchive', by: 'operator', kind: 'approve', irreversible: false };

/** Gmail refuses delegation for minutes after a reactivation; tried too early it can stay broken (GAM#215). */
const REST_MS = 5 * 60_000;
const LOOK_AGAIN_MS = 60_000;
/** Then somebody should look why. */
const LONGEST_MS = 60 * 60_000;

export function googleActive(deps: GoogleStepDeps): Step {
  const { google } = deps;
  return {
    name: 'google.active',
    vendor: 'google',
    stage: 'hand_over',
    needs: [
      { step: 'google.contain', until: 'satisfied' },
      { step: 'okta.deactivate', until: 'ended' },
    ],
    settleMs: 30_000,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const found = await readAccount(deps, context);
      if ('seen' in found) return found.seen;
      const { account } = found;
      const facts = { account: stateOf(account), reason: account.suspensionReason };
      if (account.archived) return archived(context, facts);
      const activated = context.receipt(ACTIVATE) ?? context.receipt(UNARCHIVE);
      if (account.suspended) return { is: 'unsatisfied', facts, would: [ACTIVATE, SIGN_OUT] };
      if (!activated) return { is: 'satisfied', basis: 'read_back', facts };
      const doors = await readDoors(google, context, account);
      const signedOut = context.receipt(SIGN_OUT);
      const isSignedOut = signedOut !== null && signedOut.at >= activated.at;
      const open = [...(isSignedOut ? [] : [SIGN_OUT]), ...doors.close];
      const known = { ...facts, reactivated: true };
      if (open.length > 0) return { is: 'unsatisfied', facts: known, would: open };
      return usable(deps, account, known, context.now.getTime() - activated.at.getTime());
    },
    async apply(context, { would }) {
      const found = await readAccount(deps, context);
      if ('seen' in found) return;
      const { account } = found;
      await writeEach(context, would, (effect) => {
        if (effect.name === ACTIVATE.name) return google.accounts.activate(account.id);
        if (effect.name === UNARCHIVE.name) return google.accounts.unarchive(account.id);
        if (effect.name === SIGN_OUT.name) return google.access.signOut(account.id);
        return closeDoor(google, account, effect);
      });
    },
  };
}

function archived(context: ReadContext, facts: Facts): Observation {
  const said = context.answer(UNARCHIVE_IT.name);
  if (said?.kind !== 'approve') return { is: 'asks', facts, need: { kind: 'question', question: UNARCHIVE_IT } };
  if (!said.approved) return { is: 'not_applicable', facts, why: 'left_archived' };
  return { is: 'unsatisfied', facts, would: [UNARCHIVE, SIGN_OUT] };
}

/** Directory says active at once; whether Gmail goes along only a call in the account's own name shows. */
async function usable(deps: GoogleStepDeps, account: Account, facts: Facts, sinceMs: number): Promise<Observation> {
  if (sinceMs < REST_MS)
    return { is: 'under_way', facts: { ...facts, usable: false }, lookAgainInMs: REST_MS - sinceMs };
  // Who has never signed in has no mailbox, and nothing to hand over there.
  if (!account.isMailboxSetup) return { is: 'satisfied', basis: 'read_back', facts };
  try {
    await deps.google.mailbox.getAutoReply(account);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'rejected') throw error;
    const waiting = { ...facts, usable: false };
    if (sinceMs < LONGEST_MS) return { is: 'under_way', facts: waiting, lookAgainInMs: LOOK_AGAIN_MS };
    return { is: 'unknown', facts: waiting, why: 'active for an hour, and Gmail still refuses to act for it' };
  }
  return { is: 'satisfied', basis: 'read_back', facts: { ...facts, usable: true } };
}
