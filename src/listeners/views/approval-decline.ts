// The submit of Decline: one statement decides, once.
import { staleApprovalWords } from '../../blocks/approval-text.ts';
import { buildNotDecidedModal } from '../../blocks/modal-decision.ts';
import type { DoorDeps } from '../door.ts';
import { readApprovalReference } from '../references.ts';
import { readReason, submittedDecision } from '../submitted-decision.ts';

export function approvalDecline(deps: DoorDeps) {
  return submittedDecision(deps, {
    read: readReason,
    asked: readApprovalReference,
    failed: 'a decline could not be committed',
    async decide(operator, asked, { reason }) {
      const declined = await deps.workflow.decline(operator, asked, reason);
      switch (declined.verdict) {
        case 'declined':
          return { view: null };
        case 'refused':
          return declined;
        case 'stale':
        case 'unknown':
          return { view: buildNotDecidedModal(staleApprovalWords(declined)) };
        default:
          return declined satisfies never;
      }
    },
  });
}
