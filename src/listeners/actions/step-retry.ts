// Retry on a failed step: one statement decides, once, for the attempt the button was drawn for; then the ack.
import { buildStaleClick } from '../../blocks/stale-click.ts';
import type { DecideVerdict } from '../../workflow/model/ports.ts';
import type { StepReference } from '../../workflow/workflow.ts';
import type { DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';
import { decidedClick } from './decided-click.ts';

type Retried = Exclude<DecideVerdict, { verdict: 'needs_approver' }>;

export function stepRetry(deps: DoorDeps) {
  return decidedClick<StepReference, Retried>(deps, {
    what: 'a retry',
    read: readStepReference,
    decide: (operator, step) => deps.workflow.decide(operator, step, { kind: 'retry' }),
    messageFor: (retried) => (retried.verdict === 'decided' ? null : buildStaleClick(retried)),
  });
}
