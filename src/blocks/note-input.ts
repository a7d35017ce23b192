// The input in which somebody says why, or how it is known: in every window of a decision, and kept in the record.
import type { InputBlock } from '@slack/types';
import { BLOCKS, INPUTS } from './ids.ts';
import { plainText } from './parts.ts';

/** What is kept of such a note, and shown again. */
export const NOTE_CHARS = 500;
/** Fewer say nothing that anybody could use later. */
export const LEAST_NOTE_CHARS = 5;

export function noteInput(given: {
  label: string;
  placeholder?: string;
  hint?: string;
  isOneLine?: boolean;
}): InputBlock {
  return {
    type: 'input',
    block_id: BLOCKS.note,
    label: plainText(given.label, 150),
    ...(given.hint === undefined ? {} : { hint: plainText(given.hint, 150) }),
    element: {
      type: 'plain_text_input',
      action_id: INPUTS.note,
      ...(given.isOneLine ? {} : { multiline: true }),
      min_length: LEAST_NOTE_CHARS,
      max_length: NOTE_CHARS,
      ...(given.placeholder === undefined ? {} : { placeholder: plainText(given.placeholder, 150) }),
    },
  };
}
