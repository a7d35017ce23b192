// The submit of a return box's address: sealed at once, and nothing of it is committed, logged or answered. What is wrong with it is said at its input.
import { ADDRESS_FORM, addressWrong, fieldsOf } from '../../blocks/forms.ts';
import { INPUTS } from '../../blocks/ids.ts';
import { buildNotDecidedModal } from '../../blocks/modal-decision.ts';
import { staleWords } from '../../blocks/stale-click.ts';
import type { DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';
import { submittedDecision } from '../submitted-decision.ts';

export function boxAddress(deps: DoorDeps) {
  return submittedDecision(deps, {
    read: (values) =>
      fieldsOf(ADDRESS_FORM, (block) => {
        const input = values[block]?.[INPUTS.formField];
        return input?.selected_option?.value ?? input?.value ?? null;
      }),
    asked: readStepReference,
    failed: 'an address could not be kept',
    async decide(operator, step, { fields }) {
      const { line1 = null, line2 = null, city = null, state = null, zip = null } = fields;
      const { country = null, email = null } = fields;
      const address = { line1, line2, city, state, zip, country, email };
      const decided = await deps.boxAddresses.giveAddress(operator, step, address);
      switch (decided.verdict) {
        case 'decided':
          return { view: null };
        case 'wrong':
          return { errors: addressWrong(decided.problems) };
        case 'refused':
          return decided;
        case 'stale':
        case 'unknown':
          return { view: buildNotDecidedModal(staleWords(decided)) };
        default:
          return decided satisfies never;
      }
    },
  });
}
