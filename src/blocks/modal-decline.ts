// The window behind Decline: what a no means for this run, and the reason that the record keeps.

import type { RunView } from '../workflow/model/run.ts';
import { CALLBACKS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { noteInput } from './note-input.ts';
import { alert } from './parts.ts';
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
      noteInput({ label: 'Why decline it?', placeholder: 'For whoever asked, and for the record.' }),
    ],
  });
}
