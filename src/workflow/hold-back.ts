// What must not be written yet, or not again: effects in doubt, out of tries, or still settling.
import { ask, backOffMs, MAX_TRIES, waiting } from './attempt-end.ts';
import type { AttemptState } from './attempt-state.ts';
import type { AttemptOutcome, PastWrite } from './model/claimed-step.ts';
import type { Effect, Unsatisfied } from './model/step.ts';

/** Doubt and exhausted tries are decided before anything more is written. */
export function holdBack(state: AttemptState, seen: Unsatisfied): AttemptOutcome | null {
  const { book, deps, step } = state;
  for (const effect of seen.would) {
    const last = book.last(effect);
    if (last === null || last.outcome === 'deferred' || isSettling(state, effect)) continue;
    const code = whyNotSo(last.outcome);
    // Who pressed Retry after this send was told of it, and wants it sent again.
    const isDecided = last.attempt <= state.claimed.resumedAttempt;
    if (code !== 'refused' && effect.repeat === 'once' && !isDecided)
      return ask(state, code, 'sent once, and it is not so', effect);
    if (code !== 'refused' && effect.repeat === 'search_first') {
      const looked = last.searchedAt ? deps.clock.now().getTime() - last.searchedAt.getTime() : 0;
      if (!last.searches || looked < step.settleMs) {
        if (!last.searches) state.searched.push(last.id);
        return waiting(state, 'searching', Math.max(state.claimed.waitMs, step.settleMs - looked), seen.facts);
      }
    }
    if (book.tries(effect) >= MAX_TRIES && step.keepsTryingEveryMs === undefined)
      return ask(state, code, `${MAX_TRIES} tries`, effect);
  }
  return null;
}

/** Of a write whose effect is not seen, and has had its time to settle. */
function whyNotSo(outcome: PastWrite['outcome']): 'not_seen' | 'refused' | 'doubt' {
  if (outcome === 'accepted') return 'not_seen';
  return outcome === 'refused' ? 'refused' : 'doubt';
}

function isSettling(state: AttemptState, effect: Effect): boolean {
  const last = state.book.last(effect);
  if (last?.outcome !== 'accepted' || last.answeredAt === null) return false;
  return state.deps.clock.now().getTime() - last.answeredAt.getTime() < state.step.settleMs;
}

export function stillToWrite(state: AttemptState, seen: Unsatisfied): readonly Effect[] {
  return seen.would.filter((effect) => !isSettling(state, effect));
}

/** Soon at first, since most vendors settle in moments; never longer than the step's settling time. */
export function lookAgainMs(state: AttemptState, seen: Unsatisfied): number {
  // What this attempt's writes made necessary next is due at once; a step that writes nothing is not asked without a pause.
  const fresh = state.progress && seen.would.some((effect) => state.book.last(effect) === null);
  return fresh
    ? 0
    : Math.max(250, Math.min(state.step.settleMs, backOffMs(state.claimed.failures, state.deps.random())));
}
