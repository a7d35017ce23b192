// "Plan offboarding…" on what the nightly sweep found: the person's plan is made and shown.
import type { DoorDeps } from '../door.ts';
import { planClick } from '../plan-click.ts';
import { readFindingReference } from '../references.ts';

export function sweepBegin(deps: DoorDeps) {
  return planClick(deps, {
    command: 'Plan offboarding',
    async emailOf(value) {
      const asked = readFindingReference(value);
      const found = asked && (await deps.sweepRows.find(asked.finding));
      // Gone since: the account is closed, or a run has been begun.
      return found?.leftover.kind === 'account' ? found.leftover.email : null;
    },
  });
}
