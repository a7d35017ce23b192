// Cancel on a run's root, after Slack's own "are you sure": one statement stops what is left; then the ack.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import type { Message } from '../../blocks/parts.ts';
import { buildStaleCancel } from '../../blocks/stale-click.ts';
import type { Cancelled } from '../../workflow/workflow.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readRunReference } from '../references.ts';

export function runCancel(deps: DoorDeps) {
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
      const reference = readRunReference(action.value);
      if (reference === null) {
        deps.log.warn({ action: action.action_id }, 'a button carried a value we never drew');
        return answer(buildRefusalMessage({ why: 'unexpected', reference: deps.reference() }));
      }
      const cancelled = await beforeSlackGivesUp(deps.workflow.cancel(operator, reference.run));
      if (cancelled.verdict === 'refused')
        await announceRefusal(deps, {
          operator,
          door: action.action_id,
          why: cancelled.refusal.why,
          key: body.trigger_id,
        });
      await answer(messageFor(cancelled));
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a cancellation could not be committed');
      await answer(buildRefusalMessage({ why: 'database_down', reference }));
    }
  };
}

/** Null: the thread itself shows it. */
function messageFor(cancelled: Cancelled): Message | null {
  switch (cancelled.verdict) {
    case 'cancelled':
      return null;
    case 'refused':
      return buildRefusalMessage(cancelled.refusal);
    case 'stale':
    case 'unknown':
      return buildStaleCancel(cancelled);
    default:
      return cancelled satisfies never;
  }
}
