// Cut again on what a watch found: one statement opens those steps once more; then the ack.
import { buildStaleCut } from '../../blocks/stale-click.ts';
import type { Cut, StepReference } from '../../workflow/decide.ts';
import type { DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';
import { decidedClick } from './decided-click.ts';

type Answer = Exclude<Cut, { verdict: 'refused' }>;

export function cutAgainClick(deps: DoorDeps) {
  return decidedClick<StepReference, Answer>(deps, {
    what: 'a second cut',
    read: readStepReference,
    decide: (operator, watch) => deps.workflow.cutAgain(operator, watch),
    messageFor: (cut) => (cut.verdict === 'decided' ? null : buildStaleCut(cut)),
  });
}
