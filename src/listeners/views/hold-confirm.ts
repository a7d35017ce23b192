// The submit of a legal hold, or of its lifting: one statement decides, once.
import { staleHoldWords } from '../../blocks/hold-text.ts';
import { buildNotDecidedModal } from '../../blocks/modal-decision.ts';
import type { HoldDecision } from '../../workflow/model/verdicts.ts';
import type { DoorDeps } from '../door.ts';
import { readHoldReference } from '../references.ts';
import { readReason, submittedDecision } from '../submitted-decision.ts';

export function holdConfirm(deps: DoorDeps, kind: HoldDecision['kind']) {
  return submittedDecision(deps, {
    read: readReason,
    asked: readHoldReference,
    failed: 'a legal hold could not be committed',
    async decide(operator, asked, { reason }) {
      const held = await deps.workflow.hold(operator, asked, { kind, reason });
      switch (held.verdict) {
        case 'decided':
          return { view: null };
        case 'refused':
          return held;
        case 'stale':
        case 'unknown':
          return { view: buildNotDecidedModal(staleHoldWords(held)) };
        default:
          return held satisfies never;
      }
    },
  });
}
