// The submit of Show the passcode: written down, then shown in the window's place to whoever asked.
import { buildNotDecidedModal } from '../../blocks/modal-decision.ts';
import { buildPasscodeModal, notShownWords } from '../../blocks/reveal.ts';
import type { DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';
import { readReason, submittedDecision } from '../submitted-decision.ts';

export function revealShow(deps: DoorDeps) {
  return submittedDecision(deps, {
    read: readReason,
    asked: readStepReference,
    failed: 'a passcode could not be shown',
    async decide(operator, { stepRun }, { reason }) {
      const revealed = await deps.workflow.reveal(operator, stepRun, reason);
      switch (revealed.verdict) {
        case 'shown':
          return { view: buildPasscodeModal(revealed.run, revealed.step, revealed.passcode) };
        case 'refused':
          return revealed;
        case 'missing':
        case 'unread':
        case 'too_many':
        case 'unknown':
          return { view: buildNotDecidedModal(notShownWords(revealed.verdict)) };
        default:
          return revealed satisfies never;
      }
    },
  });
}
