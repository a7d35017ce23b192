// The window behind Legal hold…: what a hold keeps and what it does not, and the reason that the record keeps.

import { type RunView, standingHold } from '../workflow/model/run.ts';
import { holdLine, keptByHold } from './hold-text.ts';
import { CALLBACKS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { noteInput } from './note-input.ts';
import { alert, context, section } from './parts.ts';
import { safeName } from './safe-text.ts';

export function buildHoldModal(run: Pick<RunView, 'id' | 'person' | 'holds' | 'steps'>): Modal {
  const name = safeName(run.person.name, 30);
  const stands = holdLine(run);
  const isLift = standingHold(run) !== null;
  const kept = keptByHold(run).join('; ') || 'Sendoff removes nothing in this run';
  return modal({
    callbackId: isLift ? CALLBACKS.holdLift : CALLBACKS.holdSet,
    title: isLift ? 'Lift the legal hold' : 'Legal hold',
    submit: isLift ? 'Lift the hold' : 'Set the hold',
    close: 'Go back',
    privateMetadata: JSON.stringify({ run: run.id, number: run.holds.length }),
    blocks: [
      isLift
        ? alert('warning', `What was held back for ${name} goes on at once, if it is due.`)
        : alert('info', `While the hold stands for ${name}, ${kept}.`),
      ...(stands === null ? [] : [section(stands)]),
      ...(isLift
        ? []
        : [
            context(
              'It does not stop closing access or handing over, and it tells Google Vault nothing: set a Vault hold there as well. It can be lifted by an approver.',
            ),
          ]),
      noteInput({
        label: isLift ? 'Why is it lifted?' : 'Why is it set?',
        placeholder: 'The matter, and who asked for it. It is shown in the channel and kept.',
      }),
    ],
  });
}
