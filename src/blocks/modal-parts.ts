// The frame that all modals share: Slack's 24-character titles, one callback_id, no notice on close.
import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Person } from '../workflow/model/run.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { plainText } from './parts.ts';
import { cleanText, safeCode, safeName, safeText } from './safe-text.ts';

/** A modal of our own blocks only. */
export type Modal = Omit<ModalView, 'blocks'> & { readonly blocks: KnownBlock[] };

const TITLE_CHARS = 24;
const REASON_CHARS = 300;

export function modal(given: {
  callbackId?: string;
  title?: string;
  close: string;
  submit?: string;
  /** At most 3,000 characters; opaque to the screens. */
  privateMetadata?: string;
  blocks: readonly KnownBlock[];
}): Modal {
  return {
    type: 'modal',
    callback_id: given.callbackId ?? CALLBACKS.offboardConfirm,
    title: plainText(given.title ?? 'Offboard someone', TITLE_CHARS),
    close: plainText(given.close, TITLE_CHARS),
    ...(given.submit === undefined ? {} : { submit: plainText(given.submit, TITLE_CHARS) }),
    ...(given.privateMetadata === undefined ? {} : { private_metadata: given.privateMetadata }),
    notify_on_close: false,
    blocks: [...given.blocks],
  };
}

/** "Offboard Dana": the verb and the name, so that nobody confirms the wrong person. */
export function submitLabel(person: Person): string {
  const first = cleanText(person.name, 200).split(' ')[0] ?? '';
  return first === '' ? 'Offboard' : `Offboard ${cleanText(first, TITLE_CHARS - 'Offboard '.length)}`;
}

export function personLines(person: Person): string {
  const title = person.title === null ? '' : safeText(person.title);
  return `*${safeName(person.name)}*\n${safeCode(person.email)}${title === '' ? '' : `\n${title}`}`;
}

/** Who approves reads it too. */
export function reasonInput({ isNeeded }: { isNeeded: boolean }): InputBlock {
  return {
    type: 'input',
    block_id: BLOCKS.reason,
    optional: !isNeeded,
    label: plainText('Reason', 100),
    element: {
      type: 'plain_text_input',
      action_id: INPUTS.reason,
      max_length: REASON_CHARS,
      multiline: false,
      placeholder: plainText('For the record. Leave out personal detail.', 150),
    },
  };
}
