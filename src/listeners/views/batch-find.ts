// The submits of a batch's two windows: commits the list, or the confirmation of what was shown, and acks; looking and asking are the intake's.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { batchWrong, buildBatchAskingModal, buildBatchCheckingModal } from '../../blocks/modal-batch.ts';
import type { Modal } from '../../blocks/modal-parts.ts';
import { buildRefusalModal } from '../../blocks/modal-refusal.ts';
import { MOST_IN_BATCH } from '../../workflow/model/batch.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { parseBatch } from '../commands/parse-batch.ts';
import { commitInbound, type DoorDeps } from '../door.ts';
import { PlanReference } from '../references.ts';

type Submit = SlackViewMiddlewareArgs & AllMiddlewareArgs;

export function batchFind(deps: DoorDeps) {
  return async (submit: Submit): Promise<void> => {
    const { values } = submit.view.state;
    const typed = [values[BLOCKS.batchList]?.[INPUTS.batchList], values[BLOCKS.batchMore]?.[INPUTS.batchMore]];
    const { addresses, unreadable } = parseBatch(typed.map((one) => one?.value ?? '').join('\n'));
    if (addresses.length === 0) return submit.ack({ response_action: 'errors', errors: batchWrong('empty') });
    if (addresses.length > MOST_IN_BATCH)
      return submit.ack({ response_action: 'errors', errors: batchWrong({ many: addresses.length }) });
    const reason = values[BLOCKS.reason]?.[INPUTS.reason]?.value ?? '';
    const said = { command: '/offboard batch', email: `${addresses.length} addresses` };
    const payload = { ...said, addresses, unreadable, reason };
    return commit(deps, submit, {
      kind: 'batch',
      payload,
      next: buildBatchCheckingModal({ people: addresses.length }),
    });
  };
}

export function batchConfirm(deps: DoorDeps) {
  return async (submit: Submit): Promise<void> => {
    const asked = PlanReference.safeParse(jsonOf(submit.view.private_metadata));
    const payload = { plan: asked.success ? asked.data.plan : '' };
    return commit(deps, submit, { kind: 'batch_confirm', payload, next: buildBatchAskingModal() });
  };
}

async function commit(
  deps: DoorDeps,
  { view, ack, context }: Submit,
  given: { kind: 'batch' | 'batch_confirm'; payload: Readonly<Record<string, unknown>>; next: Modal },
): Promise<void> {
  const show = (modal: Modal) => ack({ response_action: 'update', view: modal } as never);
  try {
    const inbound = await commitInbound(deps, {
      source: 'slack',
      key: `${given.kind}:${view.id}:${view.hash}`,
      kind: given.kind,
      actor: operatorKey(operatorOf(context)),
      payload: { ...given.payload, viewId: view.id },
      announce: given.kind === 'batch',
      handled: false,
    });
    await show(given.next);
    if (inbound) deps.intake.begin(inbound);
  } catch (error) {
    const reference = deps.reference();
    deps.log.error({ err: error, reference }, 'a batch could not be committed');
    await show(buildRefusalModal({ why: 'database_down', reference }));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
