// Retry on a failed step: one statement decides, once, for the attempt the button was drawn for; then the ack.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import type { Message } from '../../blocks/parts.ts';
import { buildStaleClick } from '../../blocks/stale-click.ts';
import type { Retried } from '../../workflow/workflow.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';

const StepReference = z.object({ stepRun: z.uuid(), attempt: z.int().min(0) });

export function stepRetry(deps: DoorDeps) {
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
      const reference = readValue(action.value);
      if (reference === null) {
        deps.log.warn({ action: action.action_id }, 'a button carried a value we never drew');
        return answer(buildRefusalMessage({ why: 'unexpected', reference: deps.reference() }));
      }
      const retried = await beforeSlackGivesUp(deps.workflow.retry(operator, reference.stepRun, reference.attempt));
      if (retried.verdict === 'refused')
        await announceRefusal(deps, {
          operator,
          door: action.action_id,
          why: retried.refusal.why,
          key: body.trigger_id,
        });
      await answer(messageFor(retried));
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a retry could not be committed');
      await answer(buildRefusalMessage({ why: 'database_down', reference }));
    }
  };
}

/** Null: the thread itself shows it. */
function messageFor(retried: Retried): Message | null {
  switch (retried.verdict) {
    case 'resumed':
      return null;
    case 'refused':
      return buildRefusalMessage(retried.refusal);
    case 'stale':
    case 'unknown':
      return buildStaleClick(retried);
    default:
      return retried satisfies never;
  }
}

function readValue(value: string | undefined): z.infer<typeof StepReference> | null {
  try {
    return StepReference.parse(JSON.parse(value ?? ''));
  } catch {
    return null;
  }
}
