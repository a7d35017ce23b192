// A click that the intake handles: committed, acked. Reading again, deciding and the window, within the trigger's 3 s, are the intake's.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import type { Message } from '../../blocks/parts.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { placeOf } from '../click-place.ts';
import { commitInbound, type DoorDeps } from '../door.ts';

/** `read`: the reference that the button carries; null: one we never drew. */
export function committedClick(
  deps: DoorDeps,
  kind:
    | 'approve'
    | 'decline_open'
    | 'hold_open'
    | 'reveal_open'
    | 'undo_open'
    | 'let_begin'
    | 'batch_approve'
    | 'batch_decline'
    | 'decision_open',
  read: (value: string | undefined) => Readonly<Record<string, unknown>> | null,
) {
  return async ({
    body,
    action,
    ack,
    context,
  }: SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs): Promise<void> => {
    const answer = async (message: Message): Promise<void> => {
      await ack();
      await deps.respond(placeOf(body), message);
    };
    const asked = read(action.value);
    if (asked === null) {
      deps.log.warn({ action: action.action_id }, 'a button carried a value we never drew');
      return answer(buildRefusalMessage({ why: 'unexpected', reference: deps.reference() }));
    }
    try {
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `${kind}:${body.trigger_id}`,
        kind,
        actor: operatorKey(operatorOf(context)),
        payload: {
          ...asked,
          door: action.action_id,
          triggerId: body.trigger_id,
          ...placeOf(body),
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
