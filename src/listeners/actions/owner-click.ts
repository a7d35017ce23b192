// The buttons of the question to an app's owner: one answers at once, two open a window. Who may is asked by the verb: it is no operator's button.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import { buildOwnerNotCounted } from '../../blocks/owner-answer.ts';
import type { Message } from '../../blocks/parts.ts';
import { type OperatorId, operatorKey } from '../../workflow/model/run.ts';
import { placeOf } from '../click-place.ts';
import { announceRefusal, beforeSlackGivesUp, commitInbound, type DoorDeps } from '../door.ts';
import { readAppReference } from '../references.ts';

type Click = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;

/** What the record keeps of a click that has no words of its own. */
const NEVER_HAD = 'They never had an account in this app.';

export function ownerNeverHad(deps: DoorDeps) {
  return withReference(deps, async (click, who, stepRun) => {
    const word = { said: 'never_had', words: NEVER_HAD } as const;
    const answer = await beforeSlackGivesUp(deps.workflow.answerForApp(who, stepRun, word));
    // Their own message, drawn again, shows it.
    if (answer.verdict === 'decided') return null;
    if (answer.verdict === 'not_asked')
      await announceRefusal(deps, {
        operator: who,
        door: click.action.action_id,
        why: 'not_asked',
        key: click.body.trigger_id,
      });
    return buildOwnerNotCounted(answer);
  });
}

export function ownerOpen(deps: DoorDeps, said: 'done' | 'help') {
  return withReference(deps, async ({ body, action }, who, stepRun) => {
    const inbound = await commitInbound(deps, {
      source: 'slack',
      key: `owner_open:${body.trigger_id}`,
      kind: 'owner_open',
      actor: operatorKey(who),
      payload: { stepRun, said, door: action.action_id, triggerId: body.trigger_id, ...placeOf(body) },
      announce: false,
      handled: false,
    });
    if (inbound) deps.intake.begin(inbound);
    return null;
  });
}

/** `act` answers with what is told privately; null: nothing. */
function withReference(
  deps: DoorDeps,
  act: (click: Click, who: OperatorId, stepRun: string) => Promise<Message | null>,
) {
  return async (click: Click): Promise<void> => {
    const { body, action, ack } = click;
    const answer = async (message: Message | null): Promise<void> => {
      await ack();
      if (message) await deps.respond(placeOf(body), message);
    };
    const reference = readAppReference(action.value);
    if (reference === null) {
      deps.log.warn({ action: action.action_id }, 'a button carried a value we never drew');
      return answer(buildRefusalMessage({ why: 'unexpected', reference: deps.reference() }));
    }
    const who = { teamId: body.team?.id ?? body.user.team_id ?? '', userId: body.user.id };
    try {
      await answer(await act(click, who, reference.stepRun));
    } catch (error) {
      const quoted = deps.reference();
      deps.log.error({ err: error, reference: quoted }, 'an app owner’s click could not be committed');
      await answer(buildRefusalMessage({ why: 'database_down', reference: quoted }));
    }
  };
}
