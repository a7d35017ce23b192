// The windows behind Skip and Mark done by hand: what stays undone, and the words that the record keeps.

import type { Refusal } from '../workflow/model/plan.ts';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { CALLBACKS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { noteInput } from './note-input.ts';
import { isOwners } from './owner-words.ts';
import { alert, context, section } from './parts.ts';
import { refusalText } from './refusal-text.ts';
import { safeName } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { subjectWords } from './subject-text.ts';
import { vendorName } from './vendor-words.ts';

export function buildDecisionModal(kind: 'skip' | 'attest', run: Pick<RunView, 'person'>, step: StepView): Modal {
  const words = stepWords(step.step);
  const name = safeName(run.person.name, 30);
  const vendor = vendorName(step.step);
  const isSkip = kind === 'skip';
  const isOwner = isOwners(step);
  const skips = isOwner ? 'Sign an exception' : 'Skip this step';
  const open = step.stage === 'contain' ? `*Access of ${name} may still be open.*` : '';
  const looks = isOwner
    ? 'Nobody but a person can look into this app: the record says that it is attested, and by whom.'
    : `Sendoff looks at ${vendor} first. If ${vendor} does not confirm it, the record says so.`;
  const told = isSkip ? alert('warning', `Not done: ${words.notDone} ${open}`) : alert('info', looks);
  const why = isOwner ? 'Why may it stay open?' : 'Why skip it?';
  return modal({
    callbackId: isSkip ? CALLBACKS.stepSkip : CALLBACKS.stepAttest,
    title: isSkip ? skips : 'Mark done by hand',
    submit: isSkip ? skips : 'Mark done',
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    blocks: [
      told,
      section(`*${words.todo}*${subjectWords(step)} for ${name}`),
      noteInput({
        label: isSkip ? why : 'How is it known to be done?',
        placeholder: 'What was done, by whom, and when. It is kept in the record.',
      }),
    ],
  });
}

/** In the window's place: it did not count, and why. */
export function buildNotDecidedModal(markup: string): Modal {
  return modal({ title: 'Nothing was changed', close: 'Close', blocks: [section(markup)] });
}

export function buildDecisionRefusedModal(refusal: Refusal): Modal {
  const text = refusalText(refusal);
  return modal({
    title: 'Not done',
    close: 'Close',
    blocks: [
      section(`${text.emoji}  ${text.what}\n${text.done}`),
      section(text.next),
      ...(text.reference === null ? [] : [context(text.reference)]),
    ],
  });
}
