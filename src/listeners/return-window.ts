// What the intake does with a confirmed device return: lets the verb start it, and shows what came of it.
import { buildReturnModal } from '../blocks/modal-return.ts';
import { buildReturnStartedModal } from '../blocks/modal-return-started.ts';
import type { Inbound } from '../store/inbound.ts';
import { reviveReturnPlan } from '../workflow/model/device-return.ts';
import type { Workflow } from '../workflow/workflow.ts';
import { type PlanWindowDeps, planReference, shownPlan, showRefused, unexpected } from './plan-window.ts';
import { actorOf, show, text } from './tell.ts';
import { reviveReturnChoice } from './views/return-choice.ts';

export interface ReturnWindowDeps extends PlanWindowDeps {
  readonly workflow: Pick<Workflow, 'openReturn'>;
}

export async function startReturn(deps: ReturnWindowDeps, inbound: Inbound): Promise<void> {
  const shown = await shownPlan(deps, inbound, ['return_command', 'return_confirm']);
  if (shown === null) return;
  const choice = reviveReturnChoice(inbound.payload.choice);
  if (choice === null)
    return showRefused(deps, inbound, unexpected(deps, new Error('a return was confirmed without a choice')));
  const plan = reviveReturnPlan(shown.plan);
  const opened = await deps.workflow.openReturn(
    actorOf(inbound),
    { personId: shown.personId, plan, choice },
    {
      at: inbound.receivedAt,
      reason: typeof inbound.payload.reason === 'string' ? inbound.payload.reason : null,
      trigger: 'return_command',
    },
  );
  const draw = (modal: Parameters<typeof show>[3]): Promise<void> =>
    show(deps, inbound, text(inbound, 'viewId'), modal);
  switch (opened.kind) {
    case 'started': {
      await deps.inbound.finish(inbound, 'started', deps.clock.now());
      const { person } = opened.plan;
      const { reason } = choice;
      return draw(buildReturnStartedModal({ person, code: opened.code, channelId: deps.channelId, reason }));
    }
    case 'changed':
      // The new plan is kept under this delivery, so that it can be confirmed in turn.
      await deps.inbound.finish(inbound, 'changed', deps.clock.now(), { personId: opened.personId, plan: opened.plan });
      return draw(buildReturnModal(opened.plan, { privateMetadata: planReference(inbound), changedFrom: plan }));
    case 'refused':
      return showRefused(deps, inbound, opened.refusal);
    default:
      return opened satisfies never;
  }
}
