// The windows of a batch: the list, what was found of everybody on it, and that approval is asked for.
import type { InputBlock, KnownBlock } from '@slack/types';
import type { BatchPlan, BatchTotals } from '../workflow/model/batch.ts';
import { totalsOf } from '../workflow/model/batch-totals.ts';
import { count } from './amounts.ts';
import { leftOutLine, totalsWords } from './batch-plan-text.ts';
import { BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { type Modal, modal, reasonInput } from './modal-parts.ts';
import { channelWords } from './modal-started.ts';
import { context, plainText, section, sections } from './parts.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

const TITLE = 'Offboard a batch';
/** @see https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element, read 2026-11 */
const INPUT_CHARS = 3_000;
const READY_BUDGET = 9_000;
const LEFT_OUT_BUDGET = 5_000;

export function buildBatchModal(): Modal {
  return modal({
    callbackId: CALLBACKS.batchFind,
    title: TITLE,
    close: 'Cancel',
    submit: 'Continue',
    blocks: [
      listInput(BLOCKS.batchList, INPUTS.batchList, 'Who is leaving?', false),
      listInput(BLOCKS.batchMore, INPUTS.batchMore, 'More, if the list is long', true),
      reasonInput({ isNeeded: true }),
      context(
        'Everybody is looked up first. Nothing changes before two approvers have agreed, and you cannot be one of them.',
      ),
    ],
  });
}

function listInput(blockId: string, actionId: string, label: string, optional: boolean): InputBlock {
  return {
    type: 'input',
    block_id: blockId,
    optional,
    label: plainText(label, 100),
    element: {
      type: 'plain_text_input',
      action_id: actionId,
      multiline: true,
      max_length: INPUT_CHARS,
      placeholder: plainText('dana@company.com', 150),
    },
    hint: plainText(
      'One work address a line, or CSV with a column named email (else the first). At most 100 people.',
      150,
    ),
  };
}

export function buildBatchCheckingModal({ people }: { readonly people: number }): Modal {
  return modal({
    title: TITLE,
    close: 'Close',
    blocks: [
      section(
        `:hourglass_flowing_sand:  *Checking…* ${count(people, 'address', 'addresses')}, a few at a time. This window then shows who is ready.`,
      ),
      context('Nothing has changed yet.'),
    ],
  });
}

/** Without a submit where nobody is left to ask for. */
export function buildBatchPlanModal(
  plan: BatchPlan,
  { privateMetadata, channelId }: { readonly privateMetadata: string; readonly channelId: string },
): Modal {
  const { ready, leftOut } = plan;
  const totals: BatchTotals = totalsOf(ready.map((one) => one.plan));
  const isNobody = ready.length === 0;
  const blocks: KnownBlock[] = [
    section(
      isNobody
        ? ':mag:  *Nobody on this list can be offboarded together.* Nothing was changed.'
        : `*${count(ready.length, 'person is', 'people are')} ready*\n${totalsWords(totals)}`,
    ),
    ...(isNobody
      ? []
      : sections(
          ready.map((one) => readyLine(one)),
          READY_BUDGET,
        )),
    ...(leftOut.length > 0
      ? [
          { type: 'divider' } as const,
          ...sections([`*Left out: ${leftOut.length}*`, ...leftOut.map(leftOutLine)], LEFT_OUT_BUDGET),
        ]
      : []),
    context(
      isNobody
        ? 'Use /offboard with one address.'
        : `Nothing has changed yet. Two approvers are called in ${channelWords(channelId)}; everybody is read once more before their run begins.`,
    ),
  ];
  return modal({
    callbackId: CALLBACKS.batchConfirm,
    title: TITLE,
    close: isNobody ? 'Close' : 'Cancel',
    ...(isNobody ? {} : { submit: 'Ask for two approvals' }),
    privateMetadata,
    blocks,
  });
}

function readyLine({ person, plan }: BatchPlan['ready'][number]): string {
  const manager = plan.hris?.is === 'same_person' ? plan.hris.record.managerName : null;
  const reports = manager === null ? '' : ` · reports to ${safeText(manager, 60)}`;
  return `• *${safeName(person.name)}* ${safeCode(person.email, 80)}${reports}`;
}

export function buildBatchAskingModal(): Modal {
  return modal({
    title: TITLE,
    close: 'Close',
    blocks: [
      section(':hourglass_flowing_sand:  *Asking for two approvals…*'),
      context('Nothing has changed yet. Approval is asked for now, also when you close this.'),
    ],
  });
}

export function buildBatchAskedModal({
  code,
  channelId,
}: {
  readonly code: string;
  readonly channelId: string;
}): Modal {
  return modal({
    title: 'Approvals asked for',
    close: 'Close',
    blocks: [
      section(`:raised_hand:  *${safeText(code, 40)} waits for two approvals*`),
      section('*Nothing has changed yet.* It begins once two approvers have agreed, never by itself.'),
      context(`Approvers are called in ${channelWords(channelId)}. You asked, so you cannot be one of them.`),
    ],
  });
}

/** At the input itself; nothing has been committed. */
export function batchWrong(wrong: 'empty' | { readonly many: number }): Readonly<Record<string, string>> {
  const says =
    wrong === 'empty'
      ? 'No work address stands here that I can read exactly. One a line, or CSV with a column named email.'
      : `These are ${wrong.many} people, and a batch has at most 100. Nothing was changed.`;
  return { [BLOCKS.batchList]: says };
}
