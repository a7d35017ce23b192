// What the intake does with a batch: shows what was found of its list, asks for it once, and lets the verb judge a click.
import { buildBatchAnswer, buildStaleBatch } from '../blocks/batch-text.ts';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildBatchAskedModal, buildBatchPlanModal } from '../blocks/modal-batch.ts';
import type { Message } from '../blocks/parts.ts';
import type { Inbound } from '../store/inbound.ts';
import type { BatchPlan } from '../workflow/model/batch.ts';
import { revivePlan } from '../workflow/model/plan.ts';
import { type OperatorId, operatorKey } from '../workflow/model/run.ts';
import type { Workflow } from '../workflow/workflow.ts';
import { type PlanWindowDeps, planReference, showRefused, unexpected } from './plan-window.ts';
import { actorOf, show, text } from './tell.ts';

export interface BatchWindowDeps extends PlanWindowDeps {
  readonly workflow: Pick<Workflow, 'previewBatch' | 'askBatch' | 'judgeBatch'>;
}

/** Safe to repeat: the window is open already, and can be filled at any time. */
export async function showBatch(deps: BatchWindowDeps, inbound: Inbound): Promise<void> {
  const looked = await deps.workflow.previewBatch(actorOf(inbound), textsIn(inbound, 'addresses'));
  if (looked.kind === 'refused') return showRefused(deps, inbound, looked.refusal);
  const unreadable = textsIn(inbound, 'unreadable').map(
    (address) => ({ address, name: null, why: 'not_readable', code: null }) as const,
  );
  const plan: BatchPlan = { ...looked.plan, leftOut: [...looked.plan.leftOut, ...unreadable] };
  // Kept before it is shown: a submit names it, and nothing else.
  await deps.inbound.finish(inbound, 'planned', deps.clock.now(), { batch: plan });
  const given = { privateMetadata: planReference(inbound), channelId: deps.channelId };
  return show(deps, inbound, text(inbound, 'viewId'), buildBatchPlanModal(plan, given));
}

export async function askShownBatch(deps: BatchWindowDeps, inbound: Inbound): Promise<void> {
  const shown = await deps.inbound.find(text(inbound, 'plan')).catch(() => null);
  const plan = shown?.result?.batch as BatchPlan | undefined;
  if (!shown || !plan || shown.actor !== inbound.actor || plan.ready.length === 0) {
    const refusal = unexpected(deps, new Error('the confirmation names no batch of this operator'));
    return showRefused(deps, inbound, refusal, 'no_such_plan');
  }
  const revived = { ...plan, ready: plan.ready.map((one) => ({ ...one, plan: revivePlan(one.plan) })) };
  const asked = await deps.workflow.askBatch(actorOf(inbound), revived, {
    shownAs: shown.id,
    at: inbound.receivedAt,
    reason: String(shown.payload.reason ?? ''),
  });
  if (asked.kind === 'refused') return showRefused(deps, inbound, asked.refusal);
  await deps.inbound.finish(inbound, 'asked', deps.clock.now());
  const given = { code: asked.code, channelId: deps.channelId };
  return show(deps, inbound, text(inbound, 'viewId'), buildBatchAskedModal(given));
}

interface ClickDeps {
  readonly workflow: BatchWindowDeps['workflow'];
  answer(message: Message): Promise<void>;
  /** The channel hears of refused attempts. */
  announce(why: string): Promise<void>;
}

/** Answers with what became of it. Safe to repeat. */
export async function judgeBatchAsked(
  deps: ClickDeps,
  operator: OperatorId,
  { payload, attempt }: Pick<Inbound, 'payload' | 'attempt'>,
  kind: 'approve' | 'decline',
): Promise<string> {
  const judged = await deps.workflow.judgeBatch(operator, String(payload.batch), kind);
  switch (judged.verdict) {
    case 'approved':
    case 'declined':
    case 'again':
    case 'unknown':
    case 'asker_gone': {
      const answer = attempt > 1 && judged.verdict === 'again' ? null : buildBatchAnswer(judged.verdict);
      if (answer) await deps.answer(answer);
      return judged.verdict;
    }
    case 'stale':
      if (attempt > 1 && judged.by === operatorKey(operator)) return 'approved';
      await deps.answer(buildStaleBatch(judged));
      return 'stale';
    case 'refused':
      if (['not_operator', 'needs_approver', 'own_request', 'is_leaver'].includes(judged.refusal.why))
        await deps.announce(judged.refusal.why);
      await deps.answer(buildRefusalMessage(judged.refusal));
      return judged.refusal.why;
    default:
      return judged satisfies never;
  }
}

function textsIn({ payload }: Inbound, key: string): readonly string[] {
  const given = payload[key];
  return Array.isArray(given) ? given.map(String) : [];
}
