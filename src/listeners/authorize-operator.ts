// Asked at every door and every click: is this Slack user on the allow-list now? The verbs ask again.
import type {
  AllMiddlewareArgs,
  BlockAction,
  ButtonAction,
  GlobalShortcut,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
  SlackViewMiddlewareArgs,
} from '@slack/bolt';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildRefusalModal } from '../blocks/modal-refusal.ts';
import type { Refusal } from '../workflow/model/plan.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import { placeOf } from './click-place.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from './door.ts';

type Command = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
type Click = SlackActionMiddlewareArgs<BlockAction<ButtonAction>>;
type Submission = SlackViewMiddlewareArgs & AllMiddlewareArgs;

export function operatorOf(context: Record<string, unknown>): OperatorId {
  const { operator } = context;
  if (typeof operator !== 'object' || operator === null)
    throw new Error('this listener has no authorization before it');
  return operator as OperatorId;
}

export function authorizeCommand(deps: DoorDeps): Middleware<SlackCommandMiddlewareArgs> {
  return async ({ command, ack, context, next }: Command) => {
    const operator = { teamId: command.team_id, userId: command.user_id };
    const refusal = await decide(deps, { operator, door: command.command, key: command.trigger_id });
    if (refusal) return void (await ack({ response_type: 'ephemeral', ...copy(buildRefusalMessage(refusal)) }));
    context.operator = operator;
    await next();
  };
}

export function authorizeClick(deps: DoorDeps): Middleware<Click> {
  return async ({ body, action, ack, context, next }: Click & AllMiddlewareArgs) => {
    const operator = { teamId: body.team?.id ?? body.user.team_id ?? '', userId: body.user.id };
    const refusal = await decide(deps, { operator, door: action.action_id, key: body.trigger_id });
    if (refusal) {
      await ack();
      await deps.respond(placeOf(body), buildRefusalMessage(refusal));
      return;
    }
    context.operator = operator;
    await next();
  };
}

export function authorizeShortcut(deps: DoorDeps): Middleware<SlackShortcutMiddlewareArgs<GlobalShortcut>> {
  return async ({
    shortcut,
    ack,
    context,
    next,
  }: SlackShortcutMiddlewareArgs<GlobalShortcut> & AllMiddlewareArgs): Promise<void> => {
    const operator = { teamId: shortcut.team?.id ?? '', userId: shortcut.user.id };
    const refusal = await decide(deps, { operator, door: shortcut.callback_id, key: shortcut.trigger_id });
    if (refusal) {
      await ack();
      await deps
        .openView(shortcut.trigger_id, buildRefusalModal(refusal))
        .catch((error: unknown) => deps.log.warn({ err: error }, 'a refusal could not be shown'));
      return;
    }
    context.operator = operator;
    await next();
  };
}

export function authorizeSubmission(deps: DoorDeps): Middleware<SlackViewMiddlewareArgs> {
  return async ({ body, ack, context, next }: Submission) => {
    const operator = { teamId: body.team?.id ?? body.user.team_id ?? '', userId: body.user.id };
    const refusal = await decide(deps, {
      operator,
      door: body.view.callback_id,
      key: `${body.view.id}:${body.view.hash}`,
    });
    if (refusal) return void (await ack({ response_action: 'update', view: buildRefusalModal(refusal) } as never));
    context.operator = operator;
    await next();
  };
}

/** Null: may. A refusal is committed (and so announced) before it is told. */
async function decide(
  deps: DoorDeps,
  knock: { operator: OperatorId; door: string; key: string },
): Promise<Refusal | null> {
  try {
    const foreign = knock.operator.teamId !== deps.teamId;
    const refusal: Refusal | null = foreign
      ? { why: 'not_operator', contacts: [] }
      : await beforeSlackGivesUp(deps.workflow.refusalOf(knock.operator));
    if (refusal) await announceRefusal(deps, { ...knock, why: foreign ? 'another_workspace' : refusal.why });
    return refusal;
  } catch (error) {
    const reference = deps.reference();
    deps.log.error({ err: error, reference }, 'the allow-list could not be asked');
    return { why: 'database_down', reference };
  }
}

function copy<T extends { readonly text: string; readonly blocks: readonly unknown[] }>(message: T) {
  return { text: message.text, blocks: [...message.blocks] as never[] };
}
