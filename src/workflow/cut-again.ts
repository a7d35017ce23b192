// Cut again: what a watch found open is opened as steps of its run once more, also where the run has closed. The steps then look first,
// and write only what is missing. Who may is asked here, whatever the message showed.
import type { Clock, EngineStore, Operators } from './model/ports.ts';
import type { OperatorId } from './model/run.ts';
import type { CutVerdict } from './model/verdicts.ts';

export interface CutAgainDeps {
  readonly store: Pick<EngineStore, 'cutAgain'>;
  readonly operators: Pick<Operators, 'role'>;
  readonly clock: Clock;
  changed(): void;
}

/** Null: not on the list. */
export async function cutAgain(
  deps: CutAgainDeps,
  operator: OperatorId,
  watch: { readonly stepRun: string; readonly attempt: number },
): Promise<CutVerdict | null> {
  if ((await deps.operators.role(operator)) === null) return null;
  const answer = await deps.store.cutAgain(watch, operator, deps.clock.now());
  if (answer.verdict === 'decided') deps.changed();
  return answer;
}
