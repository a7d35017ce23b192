// Retry on a failed step, Approve and Decline on one that asks: one statement decides, once, for the attempt the button was drawn for; then the ack.
import { buildStaleClick } from '../../blocks/stale-click.ts';
import type { Decided, StepReference } from '../../workflow/decide.ts';
import type { StepDecision } from '../../workflow/model/verdicts.ts';
import type { DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';
import { decidedClick } from './decided-click.ts';

type Answer = Exclude<Decided, { verdict: 'refused' }>;

export function stepDecide(deps: DoorDeps, decision: StepDecision) {
  return decidedClick<StepReference, Answer>(deps, {
    what: 'a decision',
    read: readStepReference,
    decide: (operator, step) => deps.workflow.decide(operator, step, decision),
    messageFor: (decided) => (decided.verdict === 'decided' ? null : buildStaleClick(decided)),
  });
}
