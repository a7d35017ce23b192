// Looking at a passcode: the button, the window that asks for the reason, and the one that shows it to whoever asked, and to nobody else.

import type { Button } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { Secret } from '../workflow/model/secret.ts';
import { wordIn } from './amounts.ts';
import { ACTIONS, CALLBACKS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { type Names, operatorName } from './names.ts';
import { noteInput } from './note-input.ts';
import { alert, button, date, plainText, section } from './parts.ts';
import { cleanText, safeName } from './safe-text.ts';
import { subjectWords } from './subject-text.ts';

const MOST_TOLD = 3;

/** Null: nothing was sent to the Mac that would have a passcode. */
export function revealButton(step: StepView, run: Pick<RunView, 'person'>): Button | null {
  if (step.step !== 'jamf.lock' || wordIn(step.after, 'command') === null) return null;
  return button({
    actionId: ACTIONS.revealOpen,
    label: 'Show passcode…',
    value: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    about: `of the Mac of ${cleanText(run.person.name, 30)}, to me only`,
  });
}

/** A Mac's erasure is waited for with the lock's own passcode: its step, where one was sent to this Mac. */
export function lockOf(step: StepView, { steps }: Pick<RunView, 'steps'>): StepView {
  if (step.step !== 'jamf.erase' || step.status !== 'waiting') return step;
  return steps.find((one) => one.step === 'jamf.lock' && one.subject === step.subject) ?? step;
}

/** Everybody in the thread reads who looked, and when. */
export function revealLine({ reveals }: StepView, names: Names = {}): string {
  const told = reveals.slice(-MOST_TOLD).map(({ by, at }) => `${operatorName(by, names)} ${date(at, 'time')}`);
  const older = reveals.length - told.length;
  return told.length === 0
    ? ''
    : `Passcode shown to ${[...(older > 0 ? [`${older} earlier`] : []), ...told].join(', ')}`;
}

export function buildRevealModal(run: Pick<RunView, 'person'>, step: StepView): Modal {
  return modal({
    callbackId: CALLBACKS.revealShow,
    title: 'Show the passcode',
    submit: 'Show it to me',
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    blocks: [
      section(`*Passcode of the Mac*${subjectWords(step)} of ${safeName(run.person.name, 60)}`),
      alert('info', 'Only you will see it. That you looked, when and why is kept in the audit log.'),
      noteInput({
        label: 'What is it needed for?',
        placeholder: 'Such as: the Mac is back and is unlocked before it is erased',
        isOneLine: true,
      }),
    ],
  });
}

/** In the window's place: Slack keeps it nowhere. */
export function buildPasscodeModal(run: Pick<RunView, 'person'>, step: StepView, passcode: Secret): Modal {
  return modal({
    title: 'The passcode',
    close: 'Close',
    blocks: [
      section(`*Passcode of the Mac*${subjectWords(step)} of ${safeName(run.person.name, 60)}`),
      { type: 'header', text: plainText(passcode.reveal(), 150) },
      section(
        'Type it on the locked screen. It is gone from here when you close this window; looking again is another entry in the log.',
      ),
    ],
  });
}

export function notShownWords(verdict: 'missing' | 'unread' | 'too_many' | 'unknown'): string {
  return NOT_SHOWN[verdict];
}

const NOT_SHOWN = {
  missing: 'There is no passcode for this Mac: neither Sendoff nor Jamf has one. *Nothing was shown.*',
  unread:
    'Somebody else locked this Mac, so only Jamf has the passcode, and Jamf did not tell it. *Nothing was shown.* Try again, or look it up in Jamf.',
  too_many: 'You have looked at ten passcodes within the hour. *Nothing was shown.* Ask another approver, or wait.',
  unknown: 'That step is not there any more. *Nothing was shown.*',
} as const;
