// The submit of Show the passcode: written down, then shown in the window's place to whoever asked.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildDecisionRefusedModal, buildNotDecidedModal, LEAST_NOTE_CHARS } from '../../blocks/modal-decision.ts';
import { buildPasscodeModal, notShownWords } from '../../blocks/reveal.ts';
import { cleanText } from '../../blocks/safe-text.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';

const MOST_NOTE_CHARS = 500;

export function revealShow(deps: DoorDeps) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const show = (modal: ReturnType<typeof buildNotDecidedModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const reason = cleanText(view.state.values[BLOCKS.note]?.[INPUTS.note]?.value ?? '', MOST_NOTE_CHARS);
    if (reason.length < LEAST_NOTE_CHARS)
      return ack({ response_action: 'errors', errors: { [BLOCKS.note]: 'Please say it in a few words.' } });
    const step = readStepReference(view.private_metadata);
    if (step === null) {
      deps.log.warn({ view: view.callback_id }, 'a window carried a value we never drew');
      return show(buildDecisionRefusedModal({ why: 'unexpected', reference: deps.reference() }));
    }
    try {
      const revealed = await beforeSlackGivesUp(deps.workflow.reveal(operator, step.stepRun, reason));
      switch (revealed.verdict) {
        case 'shown':
          return await show(buildPasscodeModal(revealed.run, revealed.step, revealed.passcode));
        case 'refused':
          await announceRefusal(deps, {
            operator,
            door: view.callback_id,
            why: revealed.refusal.why,
            key: `${body.view.id}:${body.view.hash}`,
          });
          return await show(buildDecisionRefusedModal(revealed.refusal));
        case 'missing':
        case 'unread':
        case 'too_many':
        case 'unknown':
          return await show(buildNotDecidedModal(notShownWords(revealed.verdict)));
        default:
          return revealed satisfies never;
      }
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a passcode could not be shown');
      await show(buildDecisionRefusedModal({ why: 'database_down', reference }));
    }
  };
}
