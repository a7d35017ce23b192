// "Start now or move…" on a run that has done nothing: the person's plan is made and shown.
import type { DoorDeps } from '../door.ts';
import { planClick } from '../plan-click.ts';
import { readRunReference } from '../references.ts';

export function startReview(deps: DoorDeps) {
  return planClick(deps, {
    command: 'Start now or move',
    async emailOf(value) {
      const asked = readRunReference(value);
      const run = asked && (await deps.runs.view(asked.run));
      return run?.person.email ?? null;
    },
  });
}
