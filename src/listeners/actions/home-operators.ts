// "Manage operators" on the App Home: shows an admin the list with its form; whoever is no admin is told so.
import type { AllMiddlewareArgs, BlockAction, ButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { buildOperatorsModal, buildOperatorsRefused } from '../../blocks/modal-operators.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';

export function homeOperators(deps: DoorDeps) {
  return async ({
    body,
    action,
    ack,
    context,
  }: SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    await ack();
    try {
      const role = await beforeSlackGivesUp(deps.operators.role(operator));
      if (role === 'admin') {
        const listed = await beforeSlackGivesUp(deps.operators.list());
        const operators = listed.filter((one) => one.teamId === deps.teamId);
        return await deps.openView(body.trigger_id, buildOperatorsModal({ operators }));
      }
      await announceRefusal(deps, { operator, door: action.action_id, why: 'not_admin', key: body.trigger_id });
      await deps.openView(body.trigger_id, buildOperatorsRefused());
    } catch (error) {
      deps.log.error({ err: error, reference: deps.reference() }, 'the list of operators could not be shown');
    }
  };
}
