// Cancel on a run's root, after Slack's own "are you sure": one statement stops what is left; then the ack.
import { buildStaleCancel } from '../../blocks/stale-click.ts';
import type { Cancelled } from '../../workflow/decide.ts';
import type { DoorDeps } from '../door.ts';
import { readRunReference } from '../references.ts';
import { decidedClick } from './decided-click.ts';

type Answer = Exclude<Cancelled, { verdict: 'refused' }>;

export function runCancel(deps: DoorDeps) {
  return decidedClick<{ run: string }, Answer>(deps, {
    what: 'a cancellation',
    read: readRunReference,
    decide: (operator, { run }) => deps.workflow.cancel(operator, run),
    messageFor: (cancelled) => (cancelled.verdict === 'cancelled' ? null : buildStaleCancel(cancelled)),
  });
}
