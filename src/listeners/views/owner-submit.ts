// The submit of an app owner's words: one statement takes them, once, from who was asked; the window closes, or says why they did not count.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildDecisionRefusedModal, buildNotDecidedModal } from '../../blocks/modal-decision.ts';
import { LEAST_NOTE_CHARS } from '../../blocks/note-input.ts';
import { notCountedWords } from '../../blocks/owner-answer.ts';
import { cleanText } from '../../blocks/safe-text.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readAppReference } from '../references.ts';

const MOST_CHARS = 500;

export function ownerSubmit(deps: DoorDeps, said: 'done' | 'help') {
  return async ({ body, view, ack }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const show = (modal: ReturnType<typeof buildNotDecidedModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const words = cleanText(view.state.values[BLOCKS.note]?.[INPUTS.note]?.value ?? '', MOST_CHARS);
    if (words.length < LEAST_NOTE_CHARS)
      return ack({ response_action: 'errors', errors: { [BLOCKS.note]: 'Please say it in a few words.' } });
    const reference = readAppReference(view.private_metadata);
    if (reference === null) {
      deps.log.warn({ view: view.callback_id }, 'a window carried a value we never drew');
      return show(buildDecisionRefusedModal({ why: 'unexpected', reference: deps.reference() }));
    }
    const operator = { teamId: body.team?.id ?? body.user.team_id ?? '', userId: body.user.id };
    try {
      const answer = await beforeSlackGivesUp(deps.workflow.answerForApp(operator, reference.stepRun, { said, words }));
      if (answer.verdict === 'decided') return ack();
      const key = `${body.view.id}:${body.view.hash}`;
      if (answer.verdict === 'not_asked')
        await announceRefusal(deps, { operator, door: view.callback_id, why: answer.verdict, key });
      return show(buildNotDecidedModal(notCountedWords(answer)));
    } catch (error) {
      const quoted = deps.reference();
      deps.log.error({ err: error, reference: quoted }, 'an app owner’s words could not be committed');
      await show(buildDecisionRefusedModal({ why: 'database_down', reference: quoted }));
    }
  };
}
