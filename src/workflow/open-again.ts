// Looks again at containment that has ended: what somebody opened since is done once more. Reads only, but for that one statement.
import { type AttemptDeps, CALL_DEADLINE_MS, readContext } from './attempt-state.ts';
import type { ClaimedStep } from './model/claimed-step.ts';
import type { Clock, EngineStore } from './model/ports.ts';
import type { Secrets } from './model/secret.ts';
import type { Observation, Step } from './model/step.ts';
import { openWriteBook } from './write-book.ts';

export interface OpenAgainDeps {
  readonly store: Pick<EngineStore, 'endedContainment' | 'reopen'>;
  readonly steps: readonly Step[];
  readonly clock: Clock;
  readonly secrets: Secrets;
  log: { warn(fields: object, message: string): void };
}

/** What a second look found: names of steps. */
export interface LookedAgain {
  readonly reopened: readonly string[];
  /** Could not be read just now: nothing is known of them. */
  readonly unseen: readonly string[];
}

/** `by`: an operator's key, or the door that somebody knocked at. */
export async function reopenWhatIsOpen(deps: OpenAgainDeps, by: string, runId: string): Promise<LookedAgain> {
  const signal = AbortSignal.timeout(CALL_DEADLINE_MS);
  const ended = await deps.store.endedContainment(runId);
  const looks = await Promise.all(ended.map(async (claimed) => ({ claimed, seen: await look(deps, claimed, signal) })));
  const open = looks.some(({ seen }) => seen?.is === 'unsatisfied');
  // What waits behind another door that is open again ("blocked first") says only that it is under way.
  const again = looks.flatMap(({ claimed: { id, attempt }, seen }) =>
    open && (seen?.is === 'unsatisfied' || seen?.is === 'under_way') ? [{ id, attempt, seen: seen.facts }] : [],
  );
  return {
    reopened: again.length === 0 ? [] : await deps.store.reopen(runId, again, by, deps.clock.now()),
    unseen: looks.filter(({ seen }) => seen === null).map(({ claimed }) => claimed.step),
  };
}

async function look(deps: OpenAgainDeps, claimed: ClaimedStep, signal: AbortSignal): Promise<Observation | null> {
  const step = deps.steps.find((one) => one.name === claimed.step);
  if (!step) return null;
  const context = readContext({
    claimed,
    book: openWriteBook(claimed),
    deps: { clock: deps.clock, signal, secrets: deps.secrets } satisfies Pick<
      AttemptDeps,
      'clock' | 'signal' | 'secrets'
    >,
  });
  try {
    return await step.observe(context);
  } catch (error) {
    deps.log.warn({ err: error, step: claimed.step, run: claimed.run.code }, 'a step could not be looked at again');
    return null;
  }
}
