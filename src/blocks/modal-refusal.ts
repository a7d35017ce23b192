// A refusal where the plan stood: why it does not start, that nothing was changed, what to do. A changed plan can be confirmed at once.

import type { Refusal } from '../workflow/model/plan.ts';
import { ACTIONS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { buildPlanModal, differenceLines } from './modal-plan.ts';
import { actions, context, linkButton, section, sections } from './parts.ts';
import { refusalText } from './refusal-text.ts';

/** With `privateMetadata` (of the new plan) a changed plan is offered for confirmation; without it, it is only told. */
export function buildRefusalModal(refusal: Refusal, options: { privateMetadata?: string } = {}): Modal {
  if (refusal.why === 'changed' && options.privateMetadata !== undefined) {
    return buildPlanModal(refusal.now, { privateMetadata: options.privateMetadata, changedFrom: refusal.before });
  }
  const text = refusalText(refusal);
  const detail = refusal.why === 'changed' ? differenceLines(refusal.before, refusal.now) : text.detail;
  const link =
    refusal.why === 'already_running' ? linkButton(ACTIONS.openThread, 'Open thread', refusal.threadUrl) : null;
  return modal({
    title: 'Not started',
    close: 'Close',
    blocks: [
      section(`${text.emoji}  ${text.what}\n${text.done}`),
      ...sections(detail),
      section(text.next),
      ...(link ? [actions(link)] : []),
      ...(text.reference === null ? [] : [context(text.reference)]),
    ],
  });
}
