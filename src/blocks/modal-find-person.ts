// Where an operator without an address at hand chooses who is leaving: a search in Okta. Choosing shows the plan, and starts nothing.
import type { PlainTextOption } from '@slack/types';
import type { RunKind } from '../workflow/model/run.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { KIND_WORDS } from './kind-text.ts';
import { type Modal, modal } from './modal-parts.ts';
import { statusWords } from './okta-words.ts';
import { plainText } from './parts.ts';

/** Slack takes an option's text of 75 characters, and a value of 150. */
const OPTION_CHARS = 75;
const VALUE_CHARS = 150;

export function buildFindPersonModal(kind: RunKind = 'offboarding'): Modal {
  const isReturn = kind === 'device_return';
  return modal({
    callbackId: isReturn ? CALLBACKS.returnFind : CALLBACKS.offboardFind,
    title: KIND_WORDS[kind].title,
    close: 'Cancel',
    submit: 'Continue',
    blocks: [
      {
        type: 'input',
        block_id: BLOCKS.person,
        label: plainText(isReturn ? 'Whose device?' : 'Who is leaving?', 40),
        element: {
          type: 'external_select',
          action_id: INPUTS.personSearch,
          min_query_length: 2,
          placeholder: plainText('Type a name or work email', 40),
          focus_on_load: true,
        },
        hint: plainText('Searches Okta. You will see the plan before anything changes.', 80),
      },
    ],
  });
}

/** A login too long to be carried is left out: the command takes it. */
export function buildPersonOptions(
  people: readonly { readonly name: string; readonly login: string; readonly status: string }[],
): PlainTextOption[] {
  return people
    .filter(({ login }) => login.length <= VALUE_CHARS)
    .map(({ name, login, status }) => {
      const state = status === 'ACTIVE' ? '' : ` (${statusWords(status)})`;
      const room = OPTION_CHARS - login.length - state.length - 3;
      const text = room >= 8 ? `${plainText(name, room).text} · ${login}${state}` : login;
      return { text: plainText(text, OPTION_CHARS), value: login };
    });
}
