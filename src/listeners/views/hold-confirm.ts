// The submit of a legal hold, or of its lifting: one statement decides, once; the window closes, or says who was faster or who may.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { staleHoldWords } from '../../blocks/hold-text.ts';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildDecisionRefusedModal, buildNotDecidedModal, LEAST_NOTE_CHARS } from '../../blocks/modal-decision.ts';
import { cleanText } from '../../blocks/safe-text.ts';
import type { HoldDecision } from '../../workflow/model/ports.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readHoldReference } from '../references.ts';

const MOST_NOTE_CHARS = 500;

export function holdConfirm(deps: DoorDeps, kind: HoldDecision['kind']) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const show = (modal: ReturnType<typeof buildNotDecidedModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const reason = cleanText(view.state.values[BLOCKS.note]?.[INPUTS.note]?.value ?? '', MOST_NOTE_CHARS);
    if (reason.length < LEAST_NOTE_CHARS)
      return ack({ response_action: 'errors', errors: { [BLOCKS.note]: 'Please say it in a few words.' } });
    const asked = readHoldReference(view.private_metadata);
    if (asked === null) {
      deps.log.warn({ view: view.callback_id }, 'a window carried a value we never drew');
      return show(buildDecisionRefusedModal({ why: 'unexpected', reference: deps.reference() }));
    }
    try {
      const held = await beforeSlackGivesUp(deps.workflow.hold(operator, asked, { kind, reason }));
      switch (held.verdict) {
        case 'decided':
          return ack();
        case 'refused':
          await announceRefusal(deps, {
            operator,
            door: view.callback_id,
            why: held.refusal.why,
            key: `${body.view.id}:${body.view.hash}`,
          });
          return show(buildDecisionRefusedModal(held.refusal));
        case 'stale':
        case 'unknown':
          return show(buildNotDecidedModal(staleHoldWords(held)));
        default:
          return held satisfies never;
      }
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a legal hold could not be committed');
      await show(buildDecisionRefusedModal({ why: 'database_down', reference }));
    }
  };
}
