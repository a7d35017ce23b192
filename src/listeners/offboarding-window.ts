// What the intake does with a confirmed offboarding: lets the verb start it, and shows what came of it.
import { buildPlanModal } from '../blocks/modal-plan.ts';
import { buildAskedModal, buildScheduledModal, buildStartedModal } from '../blocks/modal-started.ts';
import type { Inbound } from '../store/inbound.ts';
import { containsFirst, isTypedRight, revivePlan } from '../workflow/model/plan.ts';
import { whenOf } from '../workflow/model/start.ts';
import type { Workflow } from '../workflow/workflow.ts';
import { type PlanWindowDeps, planReference, shownPlan, showRefused, unexpected } from './plan-window.ts';
import { actorOf, show, text } from './tell.ts';
import { reviveDeviceChoice } from './views/device-choice.ts';

export interface OffboardingWindowDeps extends PlanWindowDeps {
  readonly workflow: Pick<Workflow, 'open'>;
}

export async function startConfirmed(deps: OffboardingWindowDeps, inbound: Inbound): Promise<void> {
  const viewId = text(inbound, 'viewId');
  const shown = await shownPlan(deps, inbound, ['command', 'confirm']);
  if (shown === null) return;
  const confirmed = {
    personId: shown.personId,
    plan: revivePlan(shown.plan),
    chosen: typeof inbound.payload.chosen === 'string' ? inbound.payload.chosen : null,
    devices: reviveDeviceChoice(inbound.payload.devices),
    when: whenOf({ day: stringOf(inbound.payload.startDay), time: stringOf(inbound.payload.startTime) }),
  };
  // The door has asked already; a window without the input must not be a way around it.
  if (!isTypedRight(confirmed.plan, typeof inbound.payload.typed === 'string' ? inbound.payload.typed : null)) {
    const refusal = unexpected(deps, new Error('a protected person’s address was not typed'));
    return showRefused(deps, inbound, refusal, 'not_typed');
  }
  const reason = typeof inbound.payload.reason === 'string' ? inbound.payload.reason : null;
  const opened = await deps.workflow.open(actorOf(inbound), confirmed, {
    at: inbound.receivedAt,
    reason,
    trigger: 'slack_command',
  });
  switch (opened.kind) {
    case 'started':
      await deps.inbound.finish(inbound, 'started', deps.clock.now());
      return show(
        deps,
        inbound,
        viewId,
        buildStartedModal({
          person: opened.plan.person,
          code: opened.code,
          channelId: deps.channelId,
          threadUrl: null,
        }),
      );
    case 'awaiting_approval':
      await deps.inbound.finish(inbound, opened.kind, deps.clock.now());
      return show(
        deps,
        inbound,
        viewId,
        buildAskedModal({
          person: opened.plan.person,
          code: opened.code,
          channelId: deps.channelId,
          // Before its moment nothing is closed.
          containsFirst: confirmed.when === null && containsFirst(opened.plan),
        }),
      );
    case 'scheduled':
      await deps.inbound.finish(inbound, opened.kind, deps.clock.now());
      return show(
        deps,
        inbound,
        viewId,
        buildScheduledModal({ person: opened.plan.person, code: opened.code, channelId: deps.channelId }),
      );
    case 'changed':
      // The new plan is kept under this delivery, so that it can be confirmed in turn.
      await deps.inbound.finish(inbound, 'changed', deps.clock.now(), { personId: opened.personId, plan: opened.plan });
      return show(
        deps,
        inbound,
        viewId,
        buildPlanModal(opened.plan, { privateMetadata: planReference(inbound), changedFrom: confirmed.plan }),
      );
    case 'refused':
      return showRefused(deps, inbound, opened.refusal);
    default:
      return opened satisfies never;
  }
}

function stringOf(given: unknown): string | null {
  return typeof given === 'string' ? given : null;
}
