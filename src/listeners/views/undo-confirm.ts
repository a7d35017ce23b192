// The submit of an undo: commits what was confirmed, acks with "checking once more"; reading again and asking a second person is the intake's.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildCheckingModal } from '../../blocks/modal-checking.ts';
import { buildRefusalModal } from '../../blocks/modal-refusal.ts';
import { LEAST_REASON_CHARS } from '../../blocks/modal-undo.ts';
import { cleanText } from '../../blocks/safe-text.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { commitInbound, type DoorDeps } from '../door.ts';
import { PlanReference } from '../references.ts';

const MOST_REASON_CHARS = 300;

export function undoConfirm(deps: DoorDeps) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const show = (modal: ReturnType<typeof buildCheckingModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const reason = cleanText(view.state.values[BLOCKS.reason]?.[INPUTS.reason]?.value ?? '', MOST_REASON_CHARS);
    if (reason.length < LEAST_REASON_CHARS)
      return ack({ response_action: 'errors', errors: { [BLOCKS.reason]: 'Please say why in a few words.' } });
    try {
      const { plan } = PlanReference.parse(JSON.parse(view.private_metadata));
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `confirm:${view.id}:${view.hash}`,
        kind: 'undo_confirm',
        actor: operatorKey(operatorOf(context)),
        payload: { plan, reason, viewId: body.view.id },
        announce: false,
        handled: false,
      });
      await show(buildCheckingModal({ kind: 'rehire', asks: true }));
      if (inbound) deps.intake.begin(inbound);
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a confirmation could not be committed');
      const isOurs = error instanceof z.ZodError || error instanceof SyntaxError;
      await show(buildRefusalModal({ why: isOurs ? 'unexpected' : 'database_down', reference }));
    }
  };
}
