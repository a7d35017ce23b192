// The window in which an operator asks for an undo: what stays lost first, then what each step would put back, then why.
import type { PlanView } from '../workflow/model/plan.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { type Modal, modal, personLines } from './modal-parts.ts';
import { differenceLines } from './modal-plan.ts';
import { channelWords } from './modal-started.ts';
import { statusWords } from './okta-words.ts';
import { alert, context, date, plainText, section, sections } from './parts.ts';
import { planLine } from './plan-text.ts';
import { safeName, safeText } from './safe-text.ts';
import { hrInactiveWords, lostLines } from './undo-text.ts';

const TITLE = 'Undo an offboarding';
const DIFFERENCES_BUDGET = 3_000;
export const LEAST_REASON_CHARS = 3;

export function buildUndoModal(
  plan: PlanView,
  { privateMetadata, changedFrom }: { readonly privateMetadata: string; readonly changedFrom?: PlanView | null },
): Modal {
  const undo = plan.undo ?? { runId: '', code: '', isLive: false, lost: [] };
  const hr = hrInactiveWords(plan);
  return modal({
    callbackId: CALLBACKS.undoConfirm,
    title: TITLE,
    submit: 'Ask for approval',
    close: 'Cancel',
    privateMetadata,
    blocks: [
      ...(changedFrom === undefined
        ? []
        : [
            alert('warning', '*The plan changed since you saw it. Nothing was changed.* Read it again below.'),
            ...sections(differenceLines(changedFrom, plan), DIFFERENCES_BUDGET),
          ]),
      alert('error', '*An undo does not bring everything back.* Read first what stays lost; it is listed right below.'),
      ...sections(['*Cannot come back*', ...lostLines(undo.lost).map((line) => `• ${line}`)]),
      ...(hr === null ? [] : [alert('warning', hr)]),
      ...(undo.isLive
        ? [
            alert(
              'warning',
              `*${safeText(undo.code, 20)} is under way.* The yes to this undo cancels what is left of it, and ends a delegation now.`,
            ),
          ]
        : []),
      section(
        [
          personLines(plan.person),
          `Okta status: ${statusWords(plan.status)}`,
          `Takes back ${safeText(undo.code, 40)}`,
        ].join('\n'),
      ),
      { type: 'divider' },
      ...sections(['*What will happen after approval*', ...plan.steps.map(planLine)]),
      context(
        `Checked ${date(plan.checkedAt, 'time')}. Nothing has changed yet. Another approver is asked in ${channelWords(plan.channelId)}.`,
      ),
      {
        type: 'input',
        block_id: BLOCKS.reason,
        label: plainText('Reason', 100),
        element: {
          type: 'plain_text_input',
          action_id: INPUTS.reason,
          max_length: 300,
          min_length: LEAST_REASON_CHARS,
          multiline: false,
          placeholder: plainText('Who approves reads it, and the audit log keeps it.', 150),
        },
      },
    ],
  });
}

export function buildUndoAskedModal({ plan, code }: { readonly plan: PlanView; readonly code: string }): Modal {
  return modal({
    title: 'Approval asked for',
    close: 'Close',
    blocks: [
      section(`:raised_hand:  *The undo for ${safeName(plan.person.name)} waits for approval* · ${safeText(code, 40)}`),
      section('*Nothing has changed yet.* It starts once another approver has agreed, never by itself.'),
      context(`Approvers are called in ${channelWords(plan.channelId)}. You asked, so you cannot approve it.`),
    ],
  });
}
