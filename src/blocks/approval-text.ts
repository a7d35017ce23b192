// What became of an approval, in words: reminders in the thread, who said yes or no, and private answers to a click on its buttons.
import type { PlanView } from '../workflow/model/plan.ts';
import type { ApprovalView, OperatorId, RunView } from '../workflow/model/run.ts';
import type { StaleRun } from '../workflow/model/verdicts.ts';
import { mayApprove } from './approval-root.ts';
import { differenceLines } from './modal-plan.ts';
import { knownName, mention, type Names, operatorName } from './names.ts';
import { context, date, type Message, message, privateMessage, section, sections } from './parts.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

const REASON_CHARS = 500;
const MOST_CALLED = 5;
const DIFFERENCES_BUDGET = 4_000;

/** "Approved by Sam Rivera · today at 09:05"; null: nobody has been asked, or has answered. */
export function approvalLine({ approval }: Pick<RunView, 'approval'>, names: Names = {}): string | null {
  if (!approval?.ended) return null;
  const { did, by, at, reason } = approval.ended;
  const words = safeText(reason ?? '', REASON_CHARS);
  return `${did === 'approve' ? 'Approved' : 'Declined'} by ${operatorName(by, names)} · ${date(at)}${words === '' ? '' : ` · “${words}”`}`;
}

/** It ended before anybody allowed it, and nothing was begun without that. */
export function isUntouched({
  status,
  approval,
  start,
  steps,
}: Pick<RunView, 'status' | 'approval' | 'start' | 'steps'>): boolean {
  if (status === 'cancelled' && start && start.begunAt === null && steps.every((step) => step.attempt === 0))
    return true;
  return status === 'cancelled' && approval !== null && !approval.containsFirst && approval.ended?.did !== 'approve';
}

/** One reply in the thread for each time that nobody had answered. Calls people only while it waits. */
export function buildReminder(
  run: RunView,
  approval: ApprovalView,
  options: { names?: Names; approvers: readonly OperatorId[] },
): Message {
  const name = safeName(run.person.name);
  if (run.status !== 'awaiting_approval')
    return message(
      context(
        `A reminder stood here. ${approvalLine(run, options.names) ?? 'It was answered or cancelled since; see above'}.`,
      ),
    );
  const called = mayApprove(approval, options.approvers)
    .slice(0, MOST_CALLED)
    .map(({ userId }) => `<@${userId}>`);
  return message(
    section(
      `:raised_hand:  *Offboarding ${name} still waits for approval* ${called.join(' ')}\nAsked by ${operatorName(run.requestedBy, options.names)} · ${date(run.requestedAt)}. It never starts by itself: approve or decline on the message above.`,
    ),
  );
}

/** `now` null: it was asked anew before this click. */
export function buildApprovalChanged(given: { run: RunView; before: PlanView; now: PlanView | null }): Message {
  const name = safeName(given.run.person.name);
  const lines = given.now === null ? [] : differenceLines(given.before, given.now);
  return privateMessage(
    section(
      `:warning:  The plan for *${name}* is no longer the one that this button was drawn for. *Nothing was started.* Read the new plan on the run’s message, then approve or decline it there.`,
    ),
    ...sections(lines, DIFFERENCES_BUDGET),
    context('Only you can see this.'),
  );
}

/** Whether the yes was kept is not known, and not claimed. */
export function buildApprovalUnsure({ reference }: { reference: string }): Message {
  return privateMessage(
    section(
      ':warning:  Something went wrong in Sendoff, so I cannot say whether your approval was kept. The run’s message shows it; pressing the button again is safe.',
    ),
    context(`Reference ${safeCode(reference, 60)}`, 'Only you can see this.'),
  );
}

export function buildStaleApproval(verdict: StaleRun | { readonly verdict: 'unknown' }, names: Names = {}): Message {
  return privateMessage(section(staleApprovalWords(verdict, names)), context('Only you can see this.'));
}

/** Who was faster, what they did, when. */
export function staleApprovalWords(verdict: StaleRun | { readonly verdict: 'unknown' }, names: Names = {}): string {
  if (verdict.verdict === 'unknown') return ':information_source:  I do not know this run any more.';
  const { by, at, what, status } = verdict;
  const when = at === null ? '' : ` ${date(at, 'time')}`;
  const did =
    by === null
      ? 'This run does not wait for an approval any more'
      : `${knownName(by, names) ?? mention(by)} ${DID.get(what ?? '') ?? 'answered'} it${when}`;
  return `:information_source:  ${did}; ${STANDS[status]}. Your click changed nothing.`;
}

const DID: ReadonlyMap<string, string> = new Map([
  ['approve', 'approved'],
  ['decline', 'declined'],
  ['cancel', 'cancelled'],
]);

const STANDS: Readonly<Record<RunView['status'], string>> = {
  awaiting_approval: 'it still waits',
  scheduled: 'it is scheduled',
  held: 'it is on hold',
  open: 'it is running',
  closed: 'it has ended',
  cancelled: 'it was cancelled',
};
