// What the buttons that decide at once share: reads the reference, decides in one statement, acks, and answers privately
// where the thread itself does not show it.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import type { Message } from '../../blocks/parts.ts';
import type { Refusal } from '../../workflow/model/plan.ts';
import type { OperatorId } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { placeOf } from '../click-place.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';

type Click = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;
type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };

export function decidedClick<Reference, Answer extends { readonly verdict: string }>(
  deps: DoorDeps,
  button: {
    /** For the log: "a retry". */
    readonly what: string;
    /** Null: a value that we never drew. */
    read(value: string | undefined): Reference | null;
    decide(operator: OperatorId, reference: Reference): Promise<Answer | Refused>;
    /** Null: the thread itself shows it. */
    messageFor(answer: Answer): Message | null;
  },
) {
  return async ({ body, action, ack, context }: Click): Promise<void> => {
    const operator = operatorOf(context);
    const answer = async (message: Message | null): Promise<void> => {
      await ack();
      if (message) await deps.respond(placeOf(body), message);
    };
    try {
      const reference = button.read(action.value);
      if (reference === null) {
        deps.log.warn({ action: action.action_id }, 'a button carried a value we never drew');
        return await answer(buildRefusalMessage({ why: 'unexpected', reference: deps.reference() }));
      }
      const decided = await beforeSlackGivesUp(button.decide(operator, reference));
      if (!isRefused(decided)) return await answer(button.messageFor(decided));
      const { refusal } = decided;
      await announceRefusal(deps, { operator, door: action.action_id, why: refusal.why, key: body.trigger_id });
      await answer(buildRefusalMessage(refusal));
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, `${button.what} could not be committed`);
      await answer(buildRefusalMessage({ why: 'database_down', reference }));
    }
  };
}

function isRefused(answer: { readonly verdict: string }): answer is Refused {
  return answer.verdict === 'refused';
}
