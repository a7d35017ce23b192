// Skip…, Mark done by hand…, Choose a person… and Extend…: which window the intake opens.
import type { DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';
import { committedClick } from './committed-click.ts';

export function decisionOpen(deps: DoorDeps, decision: 'skip' | 'attest' | 'answer' | 'extend' | 'write_off') {
  return committedClick(deps, 'decision_open', (value) => {
    const step = readStepReference(value);
    return step && { ...step, decision };
  });
}
