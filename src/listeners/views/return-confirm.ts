// The submit of a device return: commits what was chosen, acks with "checking once more"; reading again and starting is the intake's.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildCheckingModal } from '../../blocks/modal-checking.ts';
import { buildRefusalModal } from '../../blocks/modal-refusal.ts';
import { choiceWrong, typedDeviceWrong } from '../../blocks/modal-return.ts';
import { faultOf, type ReturnChoice, type ReturnPlan } from '../../workflow/model/device-return.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { beforeSlackGivesUp, commitInbound, type DoorDeps } from '../door.ts';
import { PlanReference } from '../references.ts';
import { readReturnChoice } from './return-choice.ts';
import { readTypedDevices } from './typed-devices.ts';

export function returnConfirm(deps: DoorDeps) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const show = (modal: ReturnType<typeof buildCheckingModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const actor = operatorKey(operatorOf(context));
    const { values } = view.state;
    try {
      const { plan } = PlanReference.parse(JSON.parse(view.private_metadata));
      const typed = readTypedDevices(values[BLOCKS.typedDevices]?.[INPUTS.typedDevices]?.value ?? '');
      if ('why' in typed)
        return await ack({ response_action: 'errors', errors: { ...typedDeviceWrong(typed.why, typed.line) } });
      const choice = readReturnChoice(values, typed.devices);
      if (choice === null) throw new SyntaxError('the window holds no choice');
      const wrong = await wrongFor(deps, plan, actor, choice);
      if (wrong) return await ack({ response_action: 'errors', errors: { ...wrong } });
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `confirm:${view.id}:${view.hash}`,
        kind: 'return_confirm',
        actor,
        payload: {
          plan,
          reason: values[BLOCKS.reason]?.[INPUTS.reason]?.value ?? null,
          choice,
          viewId: body.view.id,
        },
        announce: false,
        handled: false,
      });
      await show(buildCheckingModal({ kind: 'device_return' }));
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

/** Null: right, or no plan of this operator, which the intake refuses. Asked before anything is committed. */
async function wrongFor(
  deps: DoorDeps,
  planId: string,
  actor: string,
  choice: ReturnChoice,
): Promise<Readonly<Record<string, string>> | null> {
  const shown = await beforeSlackGivesUp(deps.inbound.find(planId));
  if (!shown?.result || shown.actor !== actor) return null;
  const plan = shown.result.plan as ReturnPlan;
  const fault = faultOf(plan.devices, choice);
  return fault === null ? null : choiceWrong(fault, plan);
}
