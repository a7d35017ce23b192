// The windows behind Skip and Mark done by hand: what stays undone, and the words that the record keeps.

import type { Refusal } from '../workflow/model/plan.ts';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { NOTE_CHARS } from './decision-text.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { alert, context, plainText, section } from './parts.ts';
import { refusalText } from './refusal-text.ts';
import { safeName } from './safe-text.ts';
import { stepWords, vendorName } from './wording.ts';

export const LEAST_NOTE_CHARS = 5;

export function buildDecisionModal(kind: 'skip' | 'attest', run: Pick<RunView, 'person'>, step: StepView): Modal {
  const words = stepWords(step.step);
  const name = safeName(run.person.name, 30);
  const vendor = vendorName(step.step);
  const isSkip = kind === 'skip';
  const open = step.stage === 'contain' ? `*Access of ${name} may still be open.*` : '';
  const told = isSkip
    ? alert('warning', `Not done: ${words.notDone} ${open}`)
    : alert('info', `Sendoff looks at ${vendor} first. If ${vendor} does not confirm it, the record says so.`);
  return modal({
    callbackId: isSkip ? CALLBACKS.stepSkip : CALLBACKS.stepAttest,
    title: isSkip ? 'Skip this step' : 'Mark done by hand',
    submit: isSkip ? 'Skip this step' : 'Mark done',
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    blocks: [
      told,
      section(`*${words.todo}* for ${name}`),
      {
        type: 'input',
        block_id: BLOCKS.note,
        label: plainText(isSkip ? 'Why skip it?' : 'How is it known to be done?', 100),
        element: {
          type: 'plain_text_input',
          action_id: INPUTS.note,
          multiline: true,
          min_length: LEAST_NOTE_CHARS,
          max_length: NOTE_CHARS,
          placeholder: plainText('What was done, by whom, and when. It is kept in the record.', 150),
        },
      },
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
