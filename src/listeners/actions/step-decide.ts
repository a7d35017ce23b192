// Retry on a failed step, Approve and Decline on one that asks: one statement decides, once, for the attempt the button was drawn for; then the ack.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import type { Message } from '../../blocks/parts.ts';
import { buildStaleClick } from '../../blocks/stale-click.ts';
import type { StepDecision } from '../../workflow/model/ports.ts';
import type { Decided } from '../../workflow/workflow.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';

export function stepDecide(deps: DoorDeps, decision: StepDecision) {
  return async ({
    body,
    action,
    ack,
    context,
  }: SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const answer = async (message: Message | null): Promise<void> => {
      await ack();
      if (message && body.response_url) await deps.respond(body.response_url, message);
    };
    try {
      const reference = readStepReference(action.value);
      if (reference === null) {
        deps.log.warn({ action: action.action_id }, 'a button carried a value we never drew');
        return answer(buildRefusalMessage({ why: 'unexpected', reference: deps.reference() }));
      }
      const decided = await beforeSlackGivesUp(deps.workflow.decide(operator, reference, decision));
      if (decided.verdict === 'refused')
        await announceRefusal(deps, {
          operator,
          door: action.action_id,
          why: decided.refusal.why,
          key: body.trigger_id,
        });
      await answer(messageFor(decided));
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a decision could not be committed');
      await answer(buildRefusalMessage({ why: 'database_down', reference }));
    }
  };
}

/** Null: the thread itself shows it. */
function messageFor(decided: Decided): Message | null {
  switch (decided.verdict) {
    case 'decided':
      return null;
    case 'refused':
      return buildRefusalMessage(decided.refusal);
    case 'stale':
    case 'unknown':
      return buildStaleClick(decided);
    default:
      return decided satisfies never;
  }
}
