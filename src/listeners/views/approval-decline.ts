// The submit of Decline: one statement decides, once; the window closes, or says who was faster or who may.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { staleApprovalWords } from '../../blocks/approval-text.ts';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildDecisionRefusedModal, buildNotDecidedModal, LEAST_NOTE_CHARS } from '../../blocks/modal-decision.ts';
import { cleanText } from '../../blocks/safe-text.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readApprovalReference } from '../references.ts';

const MOST_NOTE_CHARS = 500;

export function approvalDecline(deps: DoorDeps) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const show = (modal: ReturnType<typeof buildNotDecidedModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const reason = cleanText(view.state.values[BLOCKS.note]?.[INPUTS.note]?.value ?? '', MOST_NOTE_CHARS);
    if (reason.length < LEAST_NOTE_CHARS)
      return ack({ response_action: 'errors', errors: { [BLOCKS.note]: 'Please say it in a few words.' } });
    const asked = readApprovalReference(view.private_metadata);
    if (asked === null) {
      deps.log.warn({ view: view.callback_id }, 'a window carried a value we never drew');
      return show(buildDecisionRefusedModal({ why: 'unexpected', reference: deps.reference() }));
    }
    try {
      const declined = await beforeSlackGivesUp(deps.workflow.decline(operator, asked, reason));
      switch (declined.verdict) {
        case 'declined':
          return ack();
        case 'refused':
          await announceRefusal(deps, {
            operator,
            door: view.callback_id,
            why: declined.refusal.why,
            key: `${body.view.id}:${body.view.hash}`,
          });
          return show(buildDecisionRefusedModal(declined.refusal));
        case 'stale':
        case 'unknown':
          return show(buildNotDecidedModal(staleApprovalWords(declined)));
        default:
          return declined satisfies never;
      }
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a decline could not be committed');
      await show(buildDecisionRefusedModal({ why: 'database_down', reference }));
    }
  };
}
