// Skip…, Mark done by hand…, Choose a person… and Extend…: commits the click, acks; the window is opened by the intake, within the trigger's 3 s.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import type { Message } from '../../blocks/parts.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { commitInbound, type DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';

export function decisionOpen(deps: DoorDeps, kind: 'skip' | 'attest' | 'answer' | 'extend' | 'write_off') {
  return async ({
    body,
    action,
    ack,
    context,
  }: SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs): Promise<void> => {
    const answer = async (message: Message): Promise<void> => {
      await ack();
      if (body.response_url) await deps.respond(body.response_url, message);
    };
    const step = readStepReference(action.value);
    if (step === null) {
      deps.log.warn({ action: action.action_id }, 'a button carried a value we never drew');
      return answer(buildRefusalMessage({ why: 'unexpected', reference: deps.reference() }));
    }
    try {
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `decision_open:${body.trigger_id}`,
        kind: 'decision_open',
        actor: operatorKey(operatorOf(context)),
        payload: {
          ...step,
          decision: kind,
          door: action.action_id,
          triggerId: body.trigger_id,
          responseUrl: body.response_url,
        },
        announce: false,
        handled: false,
      });
      await ack();
      if (inbound) deps.intake.begin(inbound);
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a click could not be committed');
      await answer(buildRefusalMessage({ why: 'database_down', reference }));
    }
  };
}
