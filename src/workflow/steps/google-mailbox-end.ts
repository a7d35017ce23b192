// google.mailbox_end: whom the mailbox was given to reads it no more. Its row is committed with the run, so it is there before
// any grant; it looks at the real list of delegates, is never given up, and outlives a cancelled run.
import type { User as Account } from '../../connectors/google/schema.ts';
import { endOf, type MailboxEnd, nextLookAt, reminderAt } from '../model/mailbox-end.ts';
import { mailboxDays } from '../model/mailbox-policy.ts';
import type { Effect, Facts, Observation, ReadContext, Step } from '../model/step.ts';
import { type Delegate, listDelegates, REMOVE_DELEGATE, shortHash } from './google-leaks.ts';
import { LIST_LAG_MS, type MailboxDeps, whenMailAnswers } from './google-mailbox.ts';

const REACTIVATE = 'google.reactivate';
const SUSPEND_AGAIN = 'google.suspend_again';
const STOP_AUTO_REPLY = 'google.stop_auto_reply';

const SOON_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How often a grant is looked for while nothing was granted yet. */
const UNGRANTED_LOOK_MS = 10 * MINUTE_MS;

/** What our own rows say of the grant. */
export interface HandoverReads {
  of(runId: string): Promise<{
    readonly isCancelled: boolean;
    readonly status: string | null;
    readonly seenAt: Date | null;
    readonly isAttested: boolean;
    readonly granted: string | null;
    readonly grants: readonly { readonly target: string; readonly at: Date; readonly isAccepted: boolean }[];
    /** A newer run of the same person takes it back from these. */
    readonly keptElsewhere: readonly string[];
  }>;
}
type Handover = Awaited<ReturnType<HandoverReads['of']>>;

export type MailboxEndDeps = MailboxDeps & { readonly handover: HandoverReads };

export function googleMailboxEnd(deps: MailboxEndDeps): Step {
  return {
    name: 'google.mailbox_end',
    vendor: 'google',
    stage: 'close',
    // Not `satisfied`, and not `ended` either: a grant in doubt that waits for a person ends on its day all the same.
    needs: [{ step: 'google.mailbox', until: 'tried', ms: UNGRANTED_LOOK_MS }],
    settleMs: LIST_LAG_MS,
    verifies: 'read_back',
    keepsTryingEveryMs: HOUR_MS,
    outlivesCancel: true,
    async observe(context): Promise<Observation> {
      const { run, now } = context;
      if (run.id === '')
        return { is: 'under_way', facts: { days: mailboxDays(run.policy, 'days') }, lookAgainInMs: HOUR_MS };
      if (typeof run.ids.google !== 'string') return { is: 'not_applicable', facts: {}, why: 'no_delegation' };
      const given = await deps.handover.of(run.id);
      const end = endOf({ ...given, decisions: context.decisions, policy: run.policy });
      if (end === null) return nothingGranted(given);
      const facts: Facts = {
        endsAt: end.at.toISOString(),
        latestEnd: end.latest.toISOString(),
        grantedAt: end.grantedAt.toISOString(),
        delegates: end.targets,
        reminder: reminderAt(end, now),
        cancelled: given.isCancelled,
      };
      if (!given.isCancelled && now < end.at)
        return { is: 'under_way', facts, lookAgainInMs: nextLookAt(end, now).getTime() - now.getTime() };
      return endNow(deps, context, given, end, {
        ...facts,
        reminder: null,
        late: !given.isCancelled && now.getTime() - end.at.getTime() > HOUR_MS,
      });
    },
    async apply(context, seen) {
      const account = await accountOf(deps, context);
      if (account === null) return;
      const { accounts, mailbox } = deps.google;
      for (const effect of seen.would) {
        switch (effect.name) {
          case REACTIVATE:
            await context.write(effect, () => accounts.activate(account.id));
            break;
          case SUSPEND_AGAIN:
            await context.write(effect, () => accounts.suspend(account.id));
            break;
          case STOP_AUTO_REPLY:
            await context.write(effect, () => mailbox.stopAutoReply(account));
            break;
          default: {
            const delegate = (await listDelegates(deps.google, account)).find((one) => one.id === effect.target);
            if (delegate) await context.write(effect, () => mailbox.deleteDelegate(account, delegate.email));
          }
        }
      }
    },
  };
}

function nothingGranted({ status, isCancelled }: Handover): Observation {
  const hasEnded = status === null || status === 'done' || status === 'skipped' || status === 'cancelled';
  return hasEnded
    ? { is: 'not_applicable', facts: {}, why: 'no_delegation' }
    : {
        is: 'under_way',
        facts: { granted: false, cancelled: isCancelled },
        lookAgainInMs: isCancelled ? SOON_MS : UNGRANTED_LOOK_MS,
      };
}

function accountOf({ google }: MailboxEndDeps, { run }: ReadContext): Promise<Account | null> {
  return google.accounts.getUser(String(run.ids.google));
}

async function endNow(
  deps: MailboxEndDeps,
  context: ReadContext,
  given: Handover,
  end: MailboxEnd,
  facts: Facts,
): Promise<Observation> {
  const account = await accountOf(deps, context);
  if (account === null) return { is: 'satisfied', basis: 'moot', facts: { ...facts, state: 'deleted' } };
  // Nobody may act for an archived account; whether its delegates still read it cannot be seen.
  if (account.archived)
    return { is: 'unknown', facts, why: 'the account is archived, so its delegates cannot be read' };
  if (account.suspended) {
    // Suspended by us, after the list had shown that nobody is left.
    if (context.asked(SUSPEND_AGAIN).length > 0)
      return { is: 'satisfied', basis: 'read_back', facts: { ...facts, state: 'suspended' } };
    return {
      is: 'unsatisfied',
      facts: { ...facts, state: 'suspended' },
      would: [{ name: REACTIVATE, repeat: 'safe' }],
    };
  }
  return whenMailAnswers({ ...facts, state: 'active' }, async () => {
    const listed = await listDelegates(deps.google, account);
    const standing = listed.filter(
      (one) => (given.isAttested || isTarget(one, end.targets)) && !given.keptElsewhere.includes(one.id),
    );
    const would: Effect[] = standing.map(({ id }) => ({ name: REMOVE_DELEGATE, target: id, repeat: 'safe' }));
    if (context.run.policy['mailbox.autoReplyEnds'] === true && (await deps.google.mailbox.getAutoReply(account)).isOn)
      would.push({ name: STOP_AUTO_REPLY, repeat: 'safe' });
    const seen = { ...facts, state: 'active', standing: standing.map((one) => one.id) };
    if (would.length > 0) return { is: 'unsatisfied', facts: seen, would };
    // A grant that was sent just now may not be in the list yet, or not even have arrived.
    const stillOnItsWayMs = end.newestGrantAt.getTime() + LIST_LAG_MS - context.now.getTime();
    if (stillOnItsWayMs > 0 || given.status === 'running')
      return { is: 'under_way', facts: seen, lookAgainInMs: Math.max(SOON_MS, stillOnItsWayMs) };
    return context.asked(REACTIVATE).length > 0
      ? { is: 'unsatisfied', facts: seen, would: [{ name: SUSPEND_AGAIN, repeat: 'safe' }] }
      : { is: 'satisfied', basis: 'read_back', facts: seen };
  });
}

/** `shortHash`: of an account that was deleted since, the address is all that Gmail still shows. */
function isTarget(delegate: Delegate, targets: readonly string[]): boolean {
  return targets.includes(delegate.id) || targets.includes(shortHash(delegate.email));
}
