// google.mailbox: nothing leaves the mailbox by the leaver's own settings any more, writers get an answer, and the receiver
// reads it. When that ends is google.mailbox_end's; its row is committed with the run, so before any grant's intent.
import { ConnectorError } from '../../connectors/connector-error.ts';
import type { Google } from '../../connectors/google/client.ts';
import type { User as Account } from '../../connectors/google/schema.ts';
import { autoReplyText, gateFor } from '../model/mailbox-policy.ts';
import type { Effect, Facts, Observation, Question, ReadContext, Step } from '../model/step.ts';
import {
  afterTheEnd,
  closingOf,
  DELETE_FILTER,
  DELETE_FORWARDING_ADDRESS,
  type Leaks,
  REMOVE_DELEGATE,
  readLeaks,
  STOP_FORWARDING,
  shortHash,
} from './google-leaks.ts';
import { findReceiver, type Receiver, type ReceiverDeps } from './google-receiver.ts';

export const ADD_DELEGATE = 'google.add_delegate';
const SET_AUTO_REPLY = 'google.set_auto_reply';

/** The question before a mailbox of this country is handed over. */
export const COUNTRY_QUESTION = 'mailbox_country';
/** What Gmail was told is seen in its lists within a minute. */
export const LIST_LAG_MS = 2 * 60_000;
const LOOK_AGAIN_MS = 60_000;
const SUBJECT = 'Automatic reply';

export type MailboxDeps = ReceiverDeps & {
  readonly google: { readonly accounts: Google['accounts']; readonly mailbox: Google['mailbox'] };
  readonly handover: {
    /** Whether this run has taken the mailbox back: from then on nobody is given it again. */
    isTakenBack(runId: string): Promise<boolean>;
  };
};

export function googleMailbox(deps: MailboxDeps): Step {
  return {
    name: 'google.mailbox',
    vendor: 'google',
    stage: 'hand_over',
    needs: [{ step: 'google.active', until: 'satisfied' }],
    settleMs: LIST_LAG_MS,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const opened = await openMailbox(deps, context);
      if ('is' in opened) return opened;
      const { account } = opened;
      return whenMailAnswers({ state: 'active' }, async () => {
        if (context.run.id !== '' && (await deps.handover.isTakenBack(context.run.id)))
          return afterTheEnd(await readLeaks(deps, account));
        const [leaks, receiver] = await Promise.all([readLeaks(deps, account), findReceiver(deps, context)]);
        return judge(context, leaks, receiver);
      });
    },
    async apply(context, seen) {
      const opened = await openMailbox(deps, context);
      if ('is' in opened) return;
      const leaks = await readLeaks(deps, opened.account);
      for (const effect of seen.would) await send(deps, context, opened.account, leaks, effect);
    },
  };
}

/** The leaver's account where it can be acted for, or what else is so. */
async function openMailbox(
  { google }: Pick<MailboxDeps, 'google'>,
  { run }: ReadContext,
): Promise<{ readonly account: Account } | Observation> {
  const { google: id } = run.ids;
  if (id === null) return { is: 'not_applicable', facts: {}, why: 'no_google_account' };
  if (typeof id !== 'string')
    return {
      is: 'unknown',
      facts: {},
      why: 'Google could not be read when this run was confirmed, so no account is pinned',
    };
  const account = await google.accounts.getUser(id);
  if (account === null) return { is: 'not_applicable', facts: { state: 'deleted' }, why: 'google_account_deleted' };
  if (account.archived) return { is: 'not_applicable', facts: { state: 'archived' }, why: 'google_account_archived' };
  if (account.suspended) return { is: 'under_way', facts: { state: 'suspended' }, lookAgainInMs: LOOK_AGAIN_MS };
  if (!account.isMailboxSetup) return { is: 'not_applicable', facts: { state: 'active' }, why: 'no_mailbox' };
  return { account };
}

/** For minutes after an account was made active Gmail still refuses to act for it: that passes by itself. */
export async function whenMailAnswers(facts: Facts, look: () => Promise<Observation>): Promise<Observation> {
  try {
    return await look();
  } catch (error) {
    if (isNotReady(error))
      return { is: 'under_way', facts: { ...facts, mail: 'not_ready' }, lookAgainInMs: LOOK_AGAIN_MS };
    throw error;
  }
}

function isNotReady(error: unknown): boolean {
  if (!(error instanceof ConnectorError) || error.kind !== 'rejected') return false;
  return error.vendorCode === 'failedPrecondition' || error.vendorCode === 'invalid_grant';
}

function judge(context: ReadContext, leaks: Leaks, receiver: Receiver): Observation {
  const receiverId = receiver.is === 'account' ? receiver.account.id : null;
  const others = leaks.delegates.filter((one) => one.id !== receiverId || one.status !== 'accepted');
  const facts: Facts = {
    state: 'active',
    delegates: others.map((one) => one.id),
    forwards: [...new Set([...(leaks.forwardsTo === null ? [] : [leaks.forwardsTo]), ...leaks.addresses])].map(
      shortHash,
    ),
    filters: leaks.filters.map((one) => one.id),
    ...(receiver.is === 'account' ? { receiver: receiver.account.id, because: receiver.because } : {}),
  };
  const closing = closingOf(leaks, others);
  const granted = leaks.delegates.find((one) => one.id === receiverId && one.status === 'accepted');
  const gate = gateQuestion(context);
  if (gate === 'declined') {
    return closing.length > 0
      ? { is: 'unsatisfied', facts, would: closing }
      : { is: 'not_applicable', facts, why: 'mailbox_declined' };
  }
  const asked = gate ?? (receiver.is === 'ask' ? receiver.question : null);
  // What closes the mailbox waits for nobody's answer.
  if (asked !== null) {
    const why = gate === null && receiver.is === 'ask' ? { noReceiver: receiver.why } : {};
    return closing.length > 0
      ? { is: 'unsatisfied', facts: { ...facts, ...why, asks: asked.name }, would: closing }
      : { is: 'asks', facts: { ...facts, ...why }, need: { kind: 'question', question: asked } };
  }
  // What google.mailbox_end goes by where the grant was not ours: they read it already.
  const found = { ...facts, ...(granted ? { granted: granted.id } : {}), autoReply: leaks.autoReply.isOn };
  const would = [...closing, ...grants(context, leaks, receiver)];
  return would.length > 0
    ? { is: 'unsatisfied', facts: found, would }
    : { is: 'satisfied', basis: 'read_back', facts: found };
}

function grants(context: ReadContext, { delegates, autoReply }: Leaks, receiver: Receiver): Effect[] {
  if (receiver.is !== 'account') return [];
  const { account } = receiver;
  const wanted = autoReplyText(context.run.policy, { name: account.fullName, address: account.primaryEmail });
  const isAnswered =
    wanted === null || (autoReply.isOn && (sameText(autoReply.text, wanted) || context.receipt(replyEffect(wanted))));
  const isGranted = delegates.some((one) => one.id === account.id && one.status === 'accepted');
  return [
    ...(isAnswered ? [] : [replyEffect(wanted)]),
    // Looked for twice before it is asked for again: Gmail's list lags, and says "already exists" meanwhile.
    ...(isGranted ? [] : [{ name: ADD_DELEGATE, target: account.id, repeat: 'search_first' as const }]),
  ];
}

/** Another text (another receiver's name) is another write. */
function replyEffect(text: string): Effect {
  return { name: SET_AUTO_REPLY, target: shortHash(text), repeat: 'safe' };
}

function sameText(one: string | null, other: string): boolean {
  const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
  return one !== null && plain(one) === plain(other);
}

/** Null: nobody has to be asked, or a yes was given. */
function gateQuestion(context: ReadContext): Question | 'declined' | null {
  const country = context.run.ids['hris.country'];
  const gate = gateFor(context.run.policy, typeof country === 'string' ? country : null);
  if (gate === null) return null;
  const answer = context.answer(COUNTRY_QUESTION);
  if (answer?.kind === 'approve') return answer.approved ? null : 'declined';
  return {
    name: COUNTRY_QUESTION,
    kind: 'approve',
    irreversible: false,
    ...(gate.people === null ? { by: 'approver' } : { by: 'named', people: gate.people }),
  };
}

/** Addresses are looked up at this moment, never kept. */
async function send(
  deps: MailboxDeps,
  context: Parameters<NonNullable<Step['apply']>>[0],
  account: Account,
  leaks: Leaks,
  effect: Effect,
): Promise<void> {
  const { mailbox } = deps.google;
  const { target = '' } = effect;
  switch (effect.name) {
    case STOP_FORWARDING:
      return context.write(effect, () => mailbox.stopAutoForwarding(account));
    case DELETE_FILTER:
      return context.write(effect, () => mailbox.deleteFilter(account, target));
    case DELETE_FORWARDING_ADDRESS: {
      const address = leaks.addresses.find((one) => shortHash(one) === target);
      if (address !== undefined) await context.write(effect, () => mailbox.deleteForwardingAddress(account, address));
      return;
    }
    case REMOVE_DELEGATE: {
      const delegate = leaks.delegates.find((one) => one.id === target);
      if (delegate) await context.write(effect, () => mailbox.deleteDelegate(account, delegate.email));
      return;
    }
    case SET_AUTO_REPLY: {
      const receiver = await findReceiver(deps, context);
      const text =
        receiver.is === 'account' &&
        autoReplyText(context.run.policy, { name: receiver.account.fullName, address: receiver.account.primaryEmail });
      if (text && shortHash(text) === target)
        await context.write(effect, () => mailbox.setAutoReply(account, { subject: SUBJECT, text }));
      return;
    }
    case ADD_DELEGATE: {
      const receiver = await deps.google.accounts.getUser(target);
      if (receiver)
        await context.write(
          effect,
          () => mailbox.createDelegate(account, receiver.primaryEmail),
          () => ({ address: shortHash(receiver.primaryEmail) }),
        );
      return;
    }
    default:
      throw new Error(`google.mailbox knows no effect ${effect.name}`);
  }
}
