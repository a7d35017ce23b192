// The windows in which an app's owner says how they know, or what they need; and what they are told where their answer did not count.

import type { AppAnswer, StaleAppAnswer } from '../workflow/model/app-answer.ts';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { CALLBACKS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { mention } from './names.ts';
import { noteInput } from './note-input.ts';
import { appName } from './owner-task.ts';
import { context, date, type Message, privateMessage, section } from './parts.ts';
import { safeName, safeText } from './safe-text.ts';

export type NotCounted = Exclude<AppAnswer, { verdict: 'decided' }>;

const WINDOWS = {
  done: {
    callbackId: CALLBACKS.ownerDone,
    title: 'Access removed',
    submit: 'It is removed',
    label: 'What did you do, and when?',
    hint: 'Such as: deactivated their account today. It is kept in the record.',
  },
  help: {
    callbackId: CALLBACKS.ownerHelp,
    title: 'I need help',
    submit: 'Tell IT',
    label: 'What do you need?',
    hint: 'IT reads it in its private channel.',
  },
} as const;

export function buildOwnerWindow(said: 'done' | 'help', run: Pick<RunView, 'person'>, step: StepView): Modal {
  const words = WINDOWS[said];
  return modal({
    callbackId: words.callbackId,
    title: words.title,
    submit: words.submit,
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id }),
    blocks: [
      section(`*${safeText(appName(step), 60)}* for ${safeName(run.person.name, 60)}`),
      noteInput({ label: words.label, hint: words.hint }),
    ],
  });
}

export function buildOwnerNotCounted(answer: NotCounted): Message {
  return privateMessage(section(notCountedWords(answer)), context('Only you can see this.'));
}

/** Markup; for a window too. */
export function notCountedWords(answer: NotCounted): string {
  const sentence = `${whatWas(answer)} Your click changed nothing.`;
  return `${answer.verdict === 'not_asked' ? ':no_entry:' : ':information_source:'}  ${sentence}`;
}

function whatWas(answer: NotCounted): string {
  switch (answer.verdict) {
    case 'unknown':
      return 'I do not know this question any more.';
    case 'not_asked':
      return 'This is not yours to answer: somebody else was asked about this app.';
    case 'busy':
      return 'This is being looked at just now: please press again in a moment.';
    case 'stale':
      return staleWords(answer);
    default:
      return answer satisfies never;
  }
}

function staleWords({ what, said, by, at }: StaleAppAnswer): string {
  const when = at === null ? '' : ` ${date(at, 'time')}`;
  const who = by === null ? 'Somebody' : mention(by);
  if (what === 'attest' && said === 'never_had') return `${who} has said already that they never had access${when}.`;
  if (what === 'attest') return `${who} has said already that the access is removed${when}.`;
  if (what === 'skip') return `${who} has ended this without an answer${when}.`;
  if (what === 'cancel' || what === 'decline') return `${who} has cancelled this offboarding${when}.`;
  return 'This has ended already.';
}
