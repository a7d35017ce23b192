// The plan's submit: commits the confirmation, acks with "checking once more"; reading again and starting is the intake's.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { devicesWrong } from '../../blocks/device-plan-text.ts';
import { identityWrong } from '../../blocks/hris-text.ts';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildCheckingModal } from '../../blocks/modal-checking.ts';
import { typedWrong } from '../../blocks/modal-plan.ts';
import { buildRefusalModal } from '../../blocks/modal-refusal.ts';
import { whenWrong } from '../../blocks/when-input.ts';
import { type DeviceChoice, isDevicesDecided } from '../../workflow/model/device.ts';
import { isIdentityDecided, isTypedRight, type PlanView } from '../../workflow/model/plan.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { momentOf, whenOf } from '../../workflow/model/start.ts';
import { operatorOf } from '../authorize-operator.ts';
import { beforeSlackGivesUp, commitInbound, type DoorDeps } from '../door.ts';
import { PlanReference } from '../references.ts';
import { readDeviceChoice } from './device-choice.ts';

export function offboardConfirm(deps: DoorDeps) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const show = (modal: ReturnType<typeof buildCheckingModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const actor = operatorKey(operatorOf(context));
    try {
      const { plan } = PlanReference.parse(JSON.parse(view.private_metadata));
      const reason = view.state.values[BLOCKS.reason]?.[INPUTS.reason]?.value ?? null;
      const typed = view.state.values[BLOCKS.typedConfirm]?.[INPUTS.typedConfirm]?.value ?? null;
      const chosen = view.state.values[BLOCKS.identity]?.[INPUTS.identity]?.selected_option?.value ?? null;
      const devices = readDeviceChoice(view.state.values);
      const startDay = view.state.values[BLOCKS.startDay]?.[INPUTS.startDay]?.selected_date ?? null;
      const startTime = view.state.values[BLOCKS.startTime]?.[INPUTS.startTime]?.selected_time ?? null;
      const asks = [BLOCKS.typedConfirm, BLOCKS.identity, BLOCKS.devices].some((block) => block in view.state.values);
      const isLater = startDay !== null || startTime !== null;
      const given = { typed, chosen, devices, startDay, startTime };
      const wrong = asks || isLater ? await wrongFor(deps, plan, actor, given) : null;
      if (wrong) return await ack({ response_action: 'errors', errors: wrong });
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `confirm:${view.id}:${view.hash}`,
        kind: 'confirm',
        actor,
        payload: { plan, reason, ...given, viewId: body.view.id },
        announce: false,
        handled: false,
      });
      await show(buildCheckingModal({ asks: BLOCKS.typedConfirm in view.state.values }));
      if (inbound) deps.intake.begin(inbound);
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a confirmation could not be committed');
      await show(
        buildRefusalModal({
          why: error instanceof z.ZodError || error instanceof SyntaxError ? 'unexpected' : 'database_down',
          reference,
        }),
      );
    }
  };
}

interface Given {
  readonly typed: string | null;
  readonly chosen: string | null;
  readonly devices: DeviceChoice | null;
  readonly startDay: string | null;
  readonly startTime: string | null;
}

/** Null: right, or no plan of this operator, which the intake refuses. Asked before anything is committed. */
async function wrongFor(
  deps: DoorDeps,
  planId: string,
  actor: string,
  given: Given,
): Promise<Record<string, string> | null> {
  const shown = await beforeSlackGivesUp(deps.inbound.find(planId));
  if (!shown?.result || shown.actor !== actor) return null;
  const plan = shown.result.plan as PlanView;
  const { typed, chosen, devices } = given;
  const wrong = {
    ...(isIdentityDecided(plan, chosen) ? {} : identityWrong()),
    ...(isDevicesDecided(plan.devices, devices) ? {} : devicesWrong(devices)),
    ...(isTypedRight(plan, typed) ? {} : typedWrong(plan)),
    ...wrongWhen(deps, plan, given),
  };
  return Object.keys(wrong).length === 0 ? null : wrong;
}

/** The verb asks again: the moment may pass while everything is read. */
function wrongWhen(
  deps: DoorDeps,
  plan: PlanView,
  { startDay: day, startTime: time }: { startDay: string | null; startTime: string | null },
): Readonly<Record<string, string>> {
  if (day === null && time === null) return {};
  if (day === null) return whenWrong('no_day');
  const when = whenOf({ day, time });
  if (when === null) return whenWrong('no_time');
  return plan.zone && momentOf(when, plan.zone.name) <= deps.clock.now() ? whenWrong('past') : {};
}
