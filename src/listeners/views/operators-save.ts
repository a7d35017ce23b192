// An admin's change of the allow-list: one statement decides and audits it, the channel is told, and the window shows what became of it.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import {
  buildOperatorsModal,
  buildOperatorsRefused,
  buildOperatorsUnsure,
  OFF_THE_LIST,
} from '../../blocks/modal-operators.ts';
import { type OperatorId, operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, commitInbound, type DoorDeps } from '../door.ts';

const Change = z.object({
  userId: z.string().regex(/^[UW][A-Z0-9]{1,30}$/),
  role: z
    .enum(['operator', 'approver', 'admin', OFF_THE_LIST])
    .transform((role) => (role === OFF_THE_LIST ? null : role)),
});

export function operatorsSave(deps: DoorDeps) {
  return async ({ view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const key = `${view.id}:${view.hash}`;
    const show = (modal: ReturnType<typeof buildOperatorsModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    try {
      const { values } = view.state;
      const change = Change.parse({
        userId: values[BLOCKS.operatorPerson]?.[INPUTS.operatorPerson]?.selected_user,
        role: values[BLOCKS.operatorRole]?.[INPUTS.operatorRole]?.selected_option?.value,
      });
      const target = { teamId: deps.teamId, userId: change.userId };
      const verdict = await beforeSlackGivesUp(deps.operators.change(operator, target, change.role));
      if (verdict === 'not_admin') {
        await announceRefusal(deps, { operator, door: view.callback_id, why: verdict, key });
        return await show(buildOperatorsRefused());
      }
      const listed = await beforeSlackGivesUp(deps.operators.list());
      const operators = listed.filter((one) => one.teamId === deps.teamId);
      await show(buildOperatorsModal({ operators, told: { verdict, ...change } }));
      if (verdict === 'changed') await announce(deps, { by: operator, target, role: change.role, key });
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a change of the operators could not be confirmed');
      await show(buildOperatorsUnsure({ reference }));
    }
  };
}

/** After the change, so that nothing is told that was not so; the audit log has it in any case. */
async function announce(
  deps: DoorDeps,
  change: { by: OperatorId; target: OperatorId; role: string | null; key: string },
): Promise<void> {
  await commitInbound(deps, {
    source: 'slack',
    key: `operators:${change.key}`,
    kind: 'operators',
    actor: operatorKey(change.by),
    payload: { operator: operatorKey(change.target), role: change.role },
    announce: true,
    handled: true,
  }).catch((error: unknown) => deps.log.error({ err: error }, 'a change of the operators could not be announced'));
}
