// A device that does not come back: reminders in the run's thread, the call to approvers, and the window in which one of them gives it up.

import type { Button } from '@slack/types';
import type { OperatorId, RunView, StepView } from '../workflow/model/run.ts';
import type { Question } from '../workflow/model/step.ts';
import { count } from './amounts.ts';
import { ACTIONS, CALLBACKS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { mention, type Names, operatorName } from './names.ts';
import { NOTE_CHARS, noteInput } from './note-input.ts';
import { actions, alert, button, context, date, type Message, message, section } from './parts.ts';
import { cleanText, safeName, safeText } from './safe-text.ts';
import { subjectWords } from './subject-text.ts';

const MOST_CALLED = 5;

/** Null: it asks for nothing that could be given up. */
export function writeOffButton(step: StepView, run: Pick<RunView, 'person'>): Button | null {
  if (openQuestion(step)?.canWriteOff !== true) return null;
  return button({
    actionId: ACTIONS.stepWriteOffOpen,
    label: 'Write off…',
    value: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    about: `device of ${cleanText(run.person.name, 30)}, as an approver`,
  });
}

export function openQuestion(step: StepView): Question | null {
  return step.status === 'needs_human' && step.need?.kind === 'question' ? step.need.question : null;
}

/** `nth`: 1 for the first. Once the device is here, or given up, the message says so. `isHolderTold` null or absent: a leaver has it. */
export function buildDeviceReminder(
  run: RunView,
  step: StepView,
  nth: number,
  options: {
    readonly approvers: readonly OperatorId[];
    readonly names?: Names;
    readonly isHolderTold?: boolean | null;
  },
): Message {
  const what = `the device${subjectWords(step)} of ${safeName(run.person.name)}`;
  const question = openQuestion(step);
  if (question === null) return message(context(`A reminder stood here: ${what} ${endedWords(step, options.names)}.`));
  const days = question.remindAfterDays ?? [];
  const isLast = nth >= days.length;
  const asker = run.requestedBy.slice(run.requestedBy.indexOf('/') + 1);
  const others = options.approvers.filter(({ userId }) => userId !== asker);
  const called = isLast ? others.slice(0, MOST_CALLED).map(({ userId }) => `<@${userId}>`) : [];
  const waited = count(days[nth - 1] ?? days.at(-1) ?? 0, 'day');
  const give = writeOffButton(step, run);
  return message(
    section(
      `:package:  *Not back after ${waited}: ${what}* ${[mention(run.requestedBy, options.names), ...called].join(' ')}\n${
        isLast
          ? `Ask once more where it is. An approver can write it off: this run then no longer waits for it${hasLock(run, step) ? ', and locks it if it is not locked' : ''}.`
          : 'Ask where it is. When it arrives, press Received… on its step.'
      }${holderWords(options.isHolderTold ?? null)}`,
    ),
    ...(isLast && give ? [actions(give)] : []),
  );
}

function holderWords(isTold: boolean | null): string {
  if (isTold === null) return '';
  return isTold ? ' Whoever has it was told by direct message.' : ' Whoever has it could not be told in Slack.';
}

/** To whoever has it and still works here. No button: only operators say that it is here. */
export function buildHolderReminder(run: Pick<RunView, 'code'>, step: StepView): Message {
  return message(
    section(
      `:package:  *Please return your device${subjectWords(step)}.* It was asked for ${step.startedAt === null ? 'some days ago' : date(step.startedAt)} and is not back yet (${safeText(run.code, 40)}). If you have sent it or cannot, tell your IT team.`,
    ),
  );
}

function endedWords(step: StepView, names: Names = {}): string {
  if (step.status === 'done') return step.endedAt === null ? 'is here' : `was received ${date(step.endedAt)}`;
  const given = step.decisions.findLast((one) => one.kind === 'write_off');
  if (given) return `was written off by ${operatorName(given.by, names)} ${date(given.at)}`;
  return step.status === 'skipped' || step.status === 'cancelled' ? 'is no longer waited for' : 'is being looked at';
}

export function buildWriteOffModal(run: RunView, step: StepView): Modal {
  const lock = hasLock(run, step)
    ? ' If it was left unlocked, it is locked now, with a passcode that Sendoff keeps.'
    : ' Sendoff cannot lock it.';
  return modal({
    callbackId: CALLBACKS.stepWriteOff,
    title: 'Write off',
    submit: 'Write it off',
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    blocks: [
      section(`*The device*${subjectWords(step)} of ${safeName(run.person.name, 60)}`),
      alert(
        'warning',
        `It is not waited for any longer, and is not erased.${lock} It cannot be taken back in this run.`,
      ),
      noteInput({
        label: 'Why is it given up?',
        placeholder: 'Such as: stolen, police report 4711. It is kept in the record.',
      }),
    ],
  });
}

function hasLock(run: Pick<RunView, 'steps'>, { subject }: StepView): boolean {
  return run.steps.some(
    (one) =>
      one.step === 'jamf.lock' && one.subject === subject && one.cause !== 'not_managed' && one.cause !== 'not_in_jamf',
  );
}

/** On the step's own reply. */
export function writtenOffWords(step: StepView, names: Names = {}): string | null {
  const given = step.decisions.findLast((one) => one.kind === 'write_off');
  if (!given) return null;
  return `Written off by ${operatorName(given.by, names)} ${date(given.at)}: “${safeText(String(given.answer.reason ?? ''), NOTE_CHARS)}”`;
}
