// google.mailbox_back: nobody whom the offboarding let into the mailbox reads it any more, and the auto-reply that it set is off. That
// run's own end of the delegation has looked already; this one looks at the real list once more.
import type { Effect, Facts, Observation, Step } from '../model/step.ts';
import { hasWritten, isMailboxEnding, isStillAtWork } from '../model/undone.ts';
import { GOOGLE_BACK, type GoogleUndoDeps } from './google-back.ts';
import { listDelegates, REMOVE_DELEGATE, shortHash } from './google-leaks.ts';
import { LIST_LAG_MS, whenMailAnswers } from './google-mailbox.ts';
import type { HandoverReads } from './google-mailbox-end.ts';
import { readUndone, whileAtWork } from './undo-of.ts';

const STOP_AUTO_REPLY: Effect = { name: 'google.stop_auto_reply', repeat: 'safe' };

export function googleMailboxBack(deps: GoogleUndoDeps & { readonly handover: HandoverReads }): Step {
  const { accounts, mailbox } = deps.google;
  return {
    name: 'google.mailbox_back',
    vendor: 'google',
    stage: 'hand_over',
    needs: [{ step: GOOGLE_BACK, until: 'satisfied' }],
    settleMs: LIST_LAG_MS,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const { google: id } = context.run.ids;
      const account = typeof id === 'string' ? await accounts.getUser(id) : null;
      if (account === null) return { is: 'not_applicable', facts: {}, why: 'no_google_account' };
      const undone = await readUndone(deps, context);
      const busy = whileAtWork(undone, context, 'google', isMailboxEnding(undone) || isStillAtWork(undone, 'google'));
      if (busy) return busy;
      if (!account.isMailboxSetup) return { is: 'not_applicable', facts: {}, why: 'no_mailbox' };
      if (account.suspended) return { is: 'under_way', facts: { account: 'suspended' }, lookAgainInMs: 60_000 };
      const given = await deps.handover.of(undone.id);
      const targets = [...given.grants.map((one) => one.target), ...(given.granted === null ? [] : [given.granted])];
      return whenMailAnswers({}, async () => {
        const [listed, autoReply] = await Promise.all([
          listDelegates(deps.google, account),
          mailbox.getAutoReply(account),
        ]);
        const standing = listed.filter((one) => targets.includes(one.id) || targets.includes(shortHash(one.email)));
        const isOurs = autoReply.isOn && hasWritten(undone, 'google.set_auto_reply');
        const would: Effect[] = [
          ...standing.map(({ id }): Effect => ({ name: REMOVE_DELEGATE, target: id, repeat: 'safe' })),
          ...(isOurs ? [STOP_AUTO_REPLY] : []),
        ];
        const facts: Facts = { standing: standing.map((one) => one.id), autoReply: autoReply.isOn };
        return would.length > 0 ? { is: 'unsatisfied', facts, would } : { is: 'satisfied', basis: 'read_back', facts };
      });
    },
    async apply(context, seen) {
      const account = await accounts.getUser(String(context.run.ids.google));
      if (account === null) return;
      for (const effect of seen.would) {
        if (effect.name === STOP_AUTO_REPLY.name) {
          await context.write(effect, () => mailbox.stopAutoReply(account));
          continue;
        }
        const delegate = (await listDelegates(deps.google, account)).find((one) => one.id === effect.target);
        if (delegate) await context.write(effect, () => mailbox.deleteDelegate(account, delegate.email));
      }
    },
  };
}
