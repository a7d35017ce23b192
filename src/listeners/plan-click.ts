// A button that has somebody's plan made and shown, as if the command had been typed. Nothing begins without it.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { operatorKey } from '../workflow/model/run.ts';
import { operatorOf } from './authorize-operator.ts';
import { placeOf } from './click-place.ts';
import { beforeSlackGivesUp, commitInbound, type DoorDeps } from './door.ts';

type Click = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;

/** `emailOf`: whose plan, by what the button carries; null: it names nobody, or nobody any more. */
export function planClick(
  deps: DoorDeps,
  given: { readonly command: string; emailOf(value: string | undefined): Promise<string | null> },
) {
  return async ({ body, action, ack, context }: Click): Promise<void> => {
    const refuse = async (why: 'unexpected' | 'database_down', error?: unknown): Promise<void> => {
      const reference = deps.reference();
      deps.log.error({ err: error, reference, command: given.command }, 'a plan could not be begun by a button');
      await ack();
      await deps.respond(placeOf(body), buildRefusalMessage({ why, reference }));
    };
    try {
      const email = await beforeSlackGivesUp(given.emailOf(action.value));
      if (email === null) return await refuse('unexpected');
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `command:${body.trigger_id}`,
        kind: 'command',
        actor: operatorKey(operatorOf(context)),
        payload: {
          command: given.command,
          email,
          triggerId: body.trigger_id,
          ...placeOf(body),
        },
        announce: false,
        handled: false,
      });
      await ack();
      if (inbound) deps.intake.begin(inbound);
    } catch (error) {
      await refuse('database_down', error);
    }
  };
}
