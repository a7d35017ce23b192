// What the intake does with a click on Undo…, and with its confirmation: the window with what stays lost, then a second person is asked.
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildLoadingModal } from '../blocks/modal-loading.ts';
import { buildRefusalModal } from '../blocks/modal-refusal.ts';
import { buildUndoAskedModal, buildUndoModal } from '../blocks/modal-undo.ts';
import type { Inbound } from '../store/inbound.ts';
import { revivePlan } from '../workflow/model/plan.ts';
import type { Workflow } from '../workflow/workflow.ts';
import { type PlanWindowDeps, planReference, shownPlan, showRefused, unexpected } from './plan-window.ts';
import { actorOf, answerPrivately, show, text } from './tell.ts';

export interface UndoWindowDeps extends PlanWindowDeps {
  readonly workflow: Pick<Workflow, 'previewUndo' | 'openUndo'>;
}

/** Within the trigger's 3 s. The button is still there for who was too late. */
export async function showUndo(deps: UndoWindowDeps, inbound: Inbound): Promise<void> {
  if (inbound.attempt > 1) return deps.inbound.finish(inbound, 'interrupted', deps.clock.now());
  const [opened, looked] = await Promise.allSettled([
    deps.slack.openView(text(inbound, 'triggerId'), buildLoadingModal({ kind: 'rehire' })),
    deps.workflow.previewUndo(actorOf(inbound), text(inbound, 'run')),
  ]);
  const seen =
    looked.status === 'fulfilled'
      ? looked.value
      : ({ kind: 'refused', refusal: unexpected(deps, looked.reason) } as const);
  if (opened.status === 'rejected') {
    deps.log.warn({ err: opened.reason }, 'the window could not be opened');
    if (seen.kind === 'refused') await answerPrivately(deps, inbound, buildRefusalMessage(seen.refusal));
    return deps.inbound.finish(inbound, 'not_shown', deps.clock.now());
  }
  if (seen.kind === 'refused') {
    await show(deps, inbound, opened.value.id, buildRefusalModal(seen.refusal));
    return deps.inbound.finish(inbound, seen.refusal.why, deps.clock.now());
  }
  // Kept before it is shown: a submit names it, and nothing else.
  await deps.inbound.finish(inbound, 'planned', deps.clock.now(), { personId: seen.personId, plan: seen.plan });
  return show(deps, inbound, opened.value.id, buildUndoModal(seen.plan, { privateMetadata: planReference(inbound) }));
}

export async function startUndo(deps: UndoWindowDeps, inbound: Inbound): Promise<void> {
  const shown = await shownPlan(deps, inbound, ['undo_open', 'undo_confirm']);
  if (shown === null) return;
  const plan = revivePlan(shown.plan);
  if (!plan.undo) return showRefused(deps, inbound, unexpected(deps, new Error('the plan takes nothing back')));
  const opened = await deps.workflow.openUndo(
    actorOf(inbound),
    { runId: plan.undo.runId, personId: shown.personId, plan },
    { at: inbound.receivedAt, reason: text(inbound, 'reason') },
  );
  const draw = (modal: Parameters<typeof show>[3]): Promise<void> =>
    show(deps, inbound, text(inbound, 'viewId'), modal);
  switch (opened.kind) {
    case 'awaiting_approval':
      await deps.inbound.finish(inbound, opened.kind, deps.clock.now());
      return draw(buildUndoAskedModal(opened));
    case 'changed':
      // The new plan is kept under this delivery, so that it can be confirmed in turn.
      await deps.inbound.finish(inbound, 'changed', deps.clock.now(), { personId: opened.personId, plan: opened.plan });
      return draw(buildUndoModal(opened.plan, { privateMetadata: planReference(inbound), changedFrom: plan }));
    case 'refused':
      return showRefused(deps, inbound, opened.refusal);
    default:
      return opened satisfies never;
  }
}
