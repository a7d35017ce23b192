// The window behind Decline: what a no means for this run, and the reason that the record keeps.
import type { RunView } from '../workflow/model/run.ts';
import { NOTE_CHARS } from './decision-text.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { LEAST_NOTE_CHARS } from './modal-decision.ts';
import { type Modal, modal } from './modal-parts.ts';
import { alert, plainText } from './parts.ts';
import { safeName } from './safe-text.ts';

export function buildDeclineModal(run: Pick<RunView, 'id' | 'person' | 'approval'>): Modal {
  const name = safeName(run.person.name, 30);
  const isBegun = run.approval?.containsFirst === true;
  return modal({
    callbackId: CALLBACKS.approvalDecline,
    title: 'Decline',
    submit: 'Decline',
    close: 'Go back',
    privateMetadata: JSON.stringify({ run: run.id, version: run.approval?.version ?? 1 }),
    blocks: [
      alert(
        'warning',
        isBegun
          ? `*Access of ${name} was being closed before this.* What is done stays done and is not undone; the rest is not done.`
          : `Nothing has been done to ${name} so far. If you decline, nothing is, and the run ends.`,
      ),
      {
        type: 'input',
        block_id: BLOCKS.note,
        label: plainText('Why decline it?', 100),
        element: {
          type: 'plain_text_input',
          action_id: INPUTS.note,
          multiline: true,
          min_length: LEAST_NOTE_CHARS,
          max_length: NOTE_CHARS,
          placeholder: plainText('For whoever asked, and for the record.', 150),
        },
      },
    ],
  });
}
