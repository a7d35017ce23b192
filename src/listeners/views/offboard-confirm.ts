// The plan's submit: commits the confirmation, acks with "checking once more"; reading again and starting is the intake's.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildCheckingModal } from '../../blocks/modal-checking.ts';
import { buildRefusalModal } from '../../blocks/modal-refusal.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { commitInbound, type DoorDeps } from '../door.ts';

/** An opaque reference to the plan that was shown; everything else is looked up on our side. */
const PlanReference = z.object({ plan: z.uuid() });

export function offboardConfirm(deps: DoorDeps) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const show = (modal: ReturnType<typeof buildCheckingModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    try {
      const { plan } = PlanReference.parse(JSON.parse(view.private_metadata));
      const reason = view.state.values[BLOCKS.reason]?.[INPUTS.reason]?.value ?? null;
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `confirm:${view.id}:${view.hash}`,
        kind: 'confirm',
        actor: operatorKey(operatorOf(context)),
        payload: { plan, reason, viewId: body.view.id },
        announce: false,
        handled: false,
      });
      await show(buildCheckingModal());
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
