// What the steps of an undo share: the run that they take back, and that nothing of it may still arrive.
import type { Observation, ReadContext } from '../model/step.ts';
import { isStillAtWork, UNDO_OF, type Undone, type UndoneReads } from '../model/undone.ts';

/** A call that is under way there has an answer, or its deadline, by then. */
const LOOK_AGAIN_MS = 2_000;

export interface UndoDeps {
  readonly undone: UndoneReads;
}

export async function readUndone({ undone }: UndoDeps, { run }: ReadContext): Promise<Undone> {
  const id = run.ids[UNDO_OF];
  const found = typeof id === 'string' ? await undone.of(id) : null;
  if (found === null) throw new Error('this run takes no other one back');
  return found;
}

/** Null: nothing of that run is on its way to this vendor. A plan does not wait: that run ends with the yes to it. */
export function whileAtWork(
  undone: Undone,
  context: ReadContext,
  vendor: string,
  isBusy = isStillAtWork(undone, vendor),
): Observation | null {
  if (context.run.id === '' || !isBusy) return null;
  return { is: 'under_way', facts: { stillAtWork: undone.code }, lookAgainInMs: LOOK_AGAIN_MS };
}
