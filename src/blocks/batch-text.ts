// A batch in words: its one message in the channel, the reply when all of it has ended, lines for Home, and answers to its buttons.
import type { KnownBlock } from '@slack/types';
import type { BatchView } from '../workflow/model/batch.ts';
import { operatorKey } from '../workflow/model/run.ts';
import { count } from './amounts.ts';
import { type BatchOptions, inOrder, isEnded, memberLine, standsWords } from './batch-members.ts';
import { leftOutLine, totalsWords } from './batch-plan-text.ts';
import { ACTIONS } from './ids.ts';
import { isUserId, knownName, mention, type Names, operatorName } from './names.ts';
import { actions, button, context, date, type Message, message, privateMessage, section, sections } from './parts.ts';
import { safeText } from './safe-text.ts';

/** The reason alone may take 1,500 characters of the 13,000. */
const LINES_BUDGET = 6_500;
const LEFT_OUT_BUDGET = 1_500;
const MOST_CALLED = 5;

export function buildBatchRoot(batch: BatchView, options: BatchOptions): Message {
  const asks = batch.status === 'awaiting_approval';
  const blocks: KnownBlock[] = [
    ...(batch.status === 'declined'
      ? []
      : sections(
          inOrder(batch).map((one) => memberLine(one, batch, options)),
          LINES_BUDGET,
        )),
    ...(asks && batch.leftOut.length > 0
      ? sections([`*Left out: ${batch.leftOut.length}*`, ...batch.leftOut.map(leftOutLine)], LEFT_OUT_BUDGET)
      : []),
    ...(asks ? [section(totalsWords(batch.totals)), actions(approveButton(batch), declineButton(batch))] : []),
  ];
  const asked = `Asked by ${operatorName(batch.requestedBy, options.names)} · ${date(batch.requestedAt)} · “${safeText(batch.reason, 300)}”`;
  return message(
    section(headOf(batch)),
    ...blocks,
    context(
      asked,
      ...decisionLines(batch, options),
      ...(batch.status === 'open' ? [LIMIT_WORDS] : []),
      safeText(batch.code, 40) || 'no code',
    ),
  );
}

const LIMIT_WORDS =
  'Two approvers have answered for how many these are: the limit of offboardings an hour does not stop them.';

function headOf(batch: BatchView): string {
  const people = count(batch.members.length, 'person', 'people');
  const code = safeText(batch.code, 40);
  switch (batch.status) {
    case 'awaiting_approval':
      return `:raised_hand:  *Two approvals needed to offboard ${people}* · ${code}\nNothing has changed yet, and it never begins by itself.`;
    case 'declined':
      return `:no_entry_sign:  *Offboarding ${people} was declined* · ${code}\nNothing was started, and access is as it was.`;
    case 'open':
      return isEnded(batch)
        ? `:checkered_flag:  *Offboarding ${people} has ended* · ${code}\n${standsWords(batch)}`
        : `:arrow_forward:  *Offboarding ${people}* · ${code}\n${standsWords(batch)}`;
    default:
      return batch.status satisfies never;
  }
}

function decisionLines(batch: BatchView, { names, approvers }: BatchOptions): string[] {
  const yes = batch.decisions.filter(({ kind }) => kind === 'approve');
  const counted = yes.filter(({ counts }) => counts).length;
  const told = batch.decisions.map(({ by, kind, at, counts }) => {
    const gone =
      kind === 'approve' && !counts && batch.status === 'awaiting_approval'
        ? ', who is no approver any more, so it does not count'
        : '';
    return `${kind === 'approve' ? 'Approved' : 'Declined'} by ${operatorName(by, names)}${gone} · ${date(at)}`;
  });
  if (batch.status !== 'awaiting_approval') return told.slice(-6);
  const may = approvers.filter(
    (one) =>
      isUserId(one.userId) && !batch.never.includes(operatorKey(one)) && !yes.some(({ by }) => by === operatorKey(one)),
  );
  const called = may.slice(0, MOST_CALLED).map(({ userId }) => `<@${userId}>`);
  const missing = Math.max(0, 2 - counted);
  const who =
    may.length < missing
      ? `:warning:  ${count(missing, 'approval is', 'approvals are')} missing and ${may.length === 0 ? 'nobody' : 'too few'} can give them: an admin must make somebody else an approver.`
      : `${called.join(' ')} can approve; ${missing} of 2 missing. Who asked, and who is on the list, cannot.`;
  return [...told.slice(-5), who];
}

function approveButton(batch: BatchView): ReturnType<typeof button> {
  const n = batch.members.length;
  return button({
    actionId: ACTIONS.batchApprove,
    label: 'Approve',
    value: JSON.stringify({ batch: batch.id }),
    danger: true,
    about: `offboarding of ${n} people together`,
    confirm: {
      title: `Approve offboarding ${n} people?`,
      text: `The second approval begins it: everybody is read once more, and access of all ${n} ends. Whoever changed since is held and asked about.`,
      yes: 'Approve',
      no: 'Go back',
    },
  });
}

function declineButton(batch: BatchView): ReturnType<typeof button> {
  return button({
    actionId: ACTIONS.batchDecline,
    label: 'Decline',
    value: JSON.stringify({ batch: batch.id }),
    about: `offboarding of ${batch.members.length} people together`,
    confirm: {
      title: 'Decline this batch?',
      text: 'It ends at once: nothing was started and nothing will be. Each can still be offboarded with /offboard.',
      yes: 'Decline',
      no: 'Go back',
    },
  });
}

/** One reply, when all have ended; drawn again where somebody opens a run once more. */
export function buildBatchEnd(batch: BatchView): Message {
  if (!isEnded(batch)) return message(context('All of these had ended; one of them goes on since. See above.'));
  return message(
    section(`:checkered_flag:  *All of ${safeText(batch.code, 40) || 'the batch'} has ended.* ${standsWords(batch)}`),
    context('What each step did stands in the report of each run’s own thread.'),
  );
}

/** On Home, below "Needs you". */
export function batchLine(batch: BatchView): string {
  const counted = batch.decisions.filter(({ kind, counts }) => kind === 'approve' && counts).length;
  return `:raised_hand:  *${safeText(batch.code, 40) || 'A batch'}* · ${count(batch.members.length, 'person', 'people')} · ${counted} of 2 approvals · since ${date(batch.requestedAt)}`;
}

type Judged = 'approved' | 'again' | 'unknown' | 'asker_gone' | 'declined';

/** For who pressed. Null: the message says it all. */
export function buildBatchAnswer(verdict: Judged): Message | null {
  const says: Readonly<Record<Judged, string | null>> = {
    approved: null,
    declined: null,
    again: ':information_source:  Your approval stands already, and counts once. Another approver has to agree too.',
    unknown: ':information_source:  I do not know this batch any more.',
    asker_gone:
      ':no_entry:  Whoever asked for this is no operator any more, so it cannot be approved. *Nothing was started.* Decline it, and ask for it anew.',
  };
  const words = says[verdict];
  return words === null ? null : privateMessage(section(words), context('Only you can see this.'));
}

export function buildStaleBatch(
  late: { readonly status: BatchView['status']; readonly by: string | null; readonly at: Date | null },
  names: Names = {},
): Message {
  const did = late.status === 'declined' ? 'declined it' : 'approved it';
  const who =
    late.by === null
      ? 'It was answered already'
      : `${knownName(late.by, names) ?? mention(late.by)} ${did}${late.at ? ` ${date(late.at, 'time')}` : ''}`;
  return privateMessage(
    section(`:information_source:  ${who}. Your click changed nothing.`),
    context('Only you can see this.'),
  );
}
