// What is said before a mailbox is taken back, in the channel and to who reads it, with the button that moves the day; and the alarm where it is late.

import type { OperatorId, RunView, StepView } from '../workflow/model/run.ts';
import { factIn, wordIn } from './amounts.ts';
import { failureInShort, isFailure } from './failure-text.ts';
import { ACTIONS, BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { mention, type Names, operatorName } from './names.ts';
import { NOTE_CHARS, noteInput } from './note-input.ts';
import { actions, alert, button, context, date, type Message, message, plainText, section } from './parts.ts';
import { cleanText, safeName, safeText } from './safe-text.ts';

const DAY_MS = 86_400_000;
const MOST_CALLED = 5;

/** The end of a mailbox's delegation that stands: told of, drawn, moved. Null: none does. */
export function delegationOf(run: Pick<RunView, 'steps'>): { step: StepView; endsAt: Date; latest: Date } | null {
  const step = run.steps.find((one) => one.step === 'google.mailbox_end');
  if (!step) return null;
  const [endsAt, latest] = ['endsAt', 'latestEnd'].map((key) => new Date(wordIn(step.after, key) ?? Number.NaN));
  if (!endsAt || !latest || Number.isNaN(endsAt.getTime()) || Number.isNaN(latest.getTime())) return null;
  return { step, endsAt, latest };
}

/** Google does not show it as ended though it is due. */
export function isLate({ status, cause, after }: StepView, now: Date): boolean {
  const endsAt = Date.parse(wordIn(after, 'endsAt') ?? '');
  if (status === 'done' || status === 'skipped' || status === 'cancelled') return false;
  return factIn(after, 'late') === true || (cause === 'keeps_trying' && endsAt <= now.getTime());
}

/** `about`: the end that it was posted for; another one, or none, and it only says so. `isTold`: the receiver has read of it. */
export function buildMailboxReminder(run: RunView, about: Date, options: { names?: Names; isTold: boolean }): Message {
  const name = safeName(run.person.name);
  const stands = delegationOf(run);
  const newest = stands?.step.decisions.findLast((one) => one.kind === 'extend');
  const moved =
    newest === undefined
      ? []
      : [
          `Extended by ${operatorName(newest.by, options.names)} ${date(newest.at)}: “${safeText(String(newest.answer.reason ?? ''), NOTE_CHARS)}”`,
        ];
  if (
    !stands ||
    stands.step.status === 'done' ||
    stands.step.status === 'skipped' ||
    stands.step.status === 'cancelled'
  )
    return message(context(`A reminder stood here: the mailbox of ${name} is no longer with anybody else.`, ...moved));
  if (stands.endsAt.getTime() !== about.getTime())
    return message(
      context(`A reminder stood here. The mailbox of ${name} now stays until ${date(stands.endsAt)}.`, ...moved),
    );
  const told = options.isTold
    ? 'Who reads it was told by direct message.'
    : 'Who reads it could not be told in Slack: please tell them.';
  return message(
    section(
      `:calendar:  *The mailbox of ${name} is taken back ${date(stands.endsAt)}* ${mention(run.requestedBy)}\n${told} It ends by itself; nobody needs to do anything.`,
    ),
    ...(canExtend(stands) ? [actions(extendButton(run, stands.step))] : []),
    ...(moved.length > 0 ? [context(...moved)] : []),
  );
}

function canExtend({ step, endsAt, latest }: { step: StepView; endsAt: Date; latest: Date }): boolean {
  return step.status === 'waiting' && step.cause === 'vendor' && latest.getTime() - endsAt.getTime() >= DAY_MS;
}

function extendButton(run: RunView, step: StepView) {
  return button({
    actionId: ACTIONS.stepExtendOpen,
    label: 'Extend…',
    value: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    about: `mailbox of ${cleanText(run.person.name, 30)}, with a reason`,
  });
}

/** To who reads it. No button: only an approver moves the day. */
export function buildReceiverReminder(run: Pick<RunView, 'person'>, endsAt: Date): Message {
  return message(
    section(
      `:calendar:  *The mailbox of ${safeName(run.person.name)}, which you can read in Gmail, is taken back ${date(endsAt)}.*\nSave or answer by then what you need of it. If you need it for longer, ask your IT team before that day.`,
    ),
  );
}

/** Stays until it has ended, and then says so. */
export function buildMailboxAlarm(run: RunView, options: { approvers: readonly OperatorId[]; now: Date }): Message {
  const name = safeName(run.person.name);
  const stands = delegationOf(run);
  if (!stands || !isLate(stands.step, options.now))
    return message(
      context(`An alarm stood here: the mailbox of ${name} was taken back late. It is not with anybody else now.`),
    );
  const called = options.approvers.slice(0, MOST_CALLED).map(({ userId }) => `<@${userId}>`);
  const { need } = stands.step;
  const why = isFailure(need) ? `Google: ${failureInShort(need, stands.step.step)}. ` : '';
  return message(
    section(
      `:rotating_light:  *The mailbox of ${name} should have been taken back ${date(stands.endsAt)}, and is not* ${called.join(' ')}\n${why}It is tried again every hour until Google shows that it has ended. If that takes long, take the delegate away in Gmail’s settings of that account; Sendoff then sees it.`,
    ),
  );
}

export function buildExtendModal(run: Pick<RunView, 'person'>, step: StepView): Modal {
  const stands = delegationOf({ steps: [step] });
  if (!stands) throw new Error(`${step.step} has no end that could be moved`);
  const latestDay = new Date(Math.floor(stands.latest.getTime() / DAY_MS) * DAY_MS);
  return modal({
    callbackId: CALLBACKS.stepExtend,
    title: 'Extend',
    submit: 'Extend',
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    blocks: [
      section(`The mailbox of *${safeName(run.person.name, 60)}* is taken back ${date(stands.endsAt)}.`),
      alert('info', `The policy allows ${latestDay.toISOString().slice(0, 10)} at the latest.`),
      {
        type: 'input',
        block_id: BLOCKS.endDate,
        label: plainText('Taken back when this day begins (UTC)', 100),
        element: {
          type: 'datepicker',
          action_id: INPUTS.endDate,
          initial_date: latestDay.toISOString().slice(0, 10),
        },
      },
      noteInput({ label: 'Why longer?', placeholder: 'Who needs it and what for. It is kept in the record.' }),
    ],
  });
}
