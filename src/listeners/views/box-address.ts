// The submit of a return box's address: sealed at once, and nothing of it is committed, logged or answered. What is wrong with it is said at its input.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { ADDRESS_FORM, addressWrong, fieldsOf } from '../../blocks/forms.ts';
import { INPUTS } from '../../blocks/ids.ts';
import { buildDecisionRefusedModal, buildNotDecidedModal } from '../../blocks/modal-decision.ts';
import { staleWords } from '../../blocks/stale-click.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';

export function boxAddress(deps: DoorDeps) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const show = (modal: ReturnType<typeof buildNotDecidedModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const read = fieldsOf(ADDRESS_FORM, (block) => {
      const input = view.state.values[block]?.[INPUTS.formField];
      return input?.selected_option?.value ?? input?.value ?? null;
    });
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const step = readStepReference(view.private_metadata);
    if (step === null) {
      deps.log.warn({ view: view.callback_id }, 'a window carried a value we never drew');
      return show(buildDecisionRefusedModal({ why: 'unexpected', reference: deps.reference() }));
    }
    const {
      line1 = null,
      line2 = null,
      city = null,
      state = null,
      zip = null,
      country = null,
      email = null,
    } = read.fields;
    try {
      const given = deps.boxAddresses.giveAddress(operator, step, { line1, line2, city, state, zip, country, email });
      const decided = await beforeSlackGivesUp(given);
      switch (decided.verdict) {
        case 'decided':
          return ack();
        case 'wrong':
          return ack({ response_action: 'errors', errors: addressWrong(decided.problems) });
        case 'refused':
          await announceRefusal(deps, {
            operator,
            door: view.callback_id,
            why: decided.refusal.why,
            key: `${body.view.id}:${body.view.hash}`,
          });
          return show(buildDecisionRefusedModal(decided.refusal));
        case 'stale':
        case 'unknown':
          return show(buildNotDecidedModal(staleWords(decided)));
        default:
          return decided satisfies never;
      }
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'an address could not be kept');
      await show(buildDecisionRefusedModal({ why: 'database_down', reference }));
    }
  };
}
