// The same refusal as a message that only the caller sees: where no modal is open.

import type { Refusal } from '../workflow/model/plan.ts';
import { ACTIONS } from './ids.ts';
import { differenceLines } from './modal-plan.ts';
import { actions, context, linkButton, type Message, privateMessage, section, sections } from './parts.ts';
import { refusalText } from './refusal-text.ts';

const DETAIL_BUDGET = 5_000;

export function buildRefusalMessage(refusal: Refusal): Message {
  const text = refusalText(refusal);
  const detail = refusal.why === 'changed' ? differenceLines(refusal.before, refusal.now) : text.detail;
  const link =
    refusal.why === 'already_running' ? linkButton(ACTIONS.openThread, 'Open thread', refusal.threadUrl) : null;
  return privateMessage(
    section(`${text.emoji}  ${text.what} ${text.done}${detail.length === 0 ? ` ${text.next}` : ''}`),
    ...sections(detail, DETAIL_BUDGET),
    ...(detail.length === 0 ? [] : [section(text.next)]),
    ...(link ? [actions(link)] : []),
    context(...(text.reference === null ? [] : [text.reference]), 'Only you can see this.'),
  );
}
