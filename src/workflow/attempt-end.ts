// How an attempt ends: in words the store records. Failures are classified by connectors; what to do about them is decided here.
import { ConnectorError } from '../connectors/connector-error.ts';
import { type AttemptState, reasonOf } from './attempt-state.ts';
import { WriteStopped } from './attempt-writes.ts';
import type { AttemptOutcome } from './model/claimed-step.ts';
import type { Effect, Facts, Failure, FailureCode, Observation, Unsatisfied } from './model/step.ts';
import type { WriteBook } from './write-book.ts';

/** Sends of one effect, or failing attempts in a row, before a person is asked. */
export const MAX_TRIES = 5;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;
/** A vendor that asks for more is looked at again after this; it will say so again. */
const LONGEST_PAUSE_MS = 15 * 60_000;

export function settled(state: AttemptState, seen: Exclude<Observation, Unsatisfied>): AttemptOutcome {
  switch (seen.is) {
    case 'satisfied':
      return { ...base(state, seen.facts), event: 'satisfy', evidence: seen.basis, failures: 0 };
    case 'not_applicable':
      return { ...base(state, seen.facts), event: 'pass', cause: seen.why, failures: 0 };
    case 'under_way':
      // The vendor answered: of 60 days of looks five that failed are no five in a row.
      return { ...waiting(state, 'vendor', seen.lookAgainInMs, seen.facts, state.seenAt ?? undefined), failures: 0 };
    case 'asks':
      return { ...base(state, seen.facts), event: 'ask', need: seen.need };
    case 'unknown':
      // Who saw nothing takes nothing back of what was seen before.
      return {
        ...ask(state, seen.code ?? 'unknown', seen.why, null),
        after: Object.keys(seen.facts).length > 0 ? seen.facts : null,
      };
    default:
      return seen satisfies never;
  }
}

export async function conclude(state: AttemptState, error: unknown): Promise<AttemptOutcome | null> {
  if (state.deps.signal.aborted) return null;
  if (error instanceof WriteStopped) {
    if (error.verdict === 'cancelled') return { ...base(state, null), event: 'stop', cause: 'run_cancelled' };
    if (error.verdict === 'held') return heldBack(state);
    if (error.verdict === 'changed') return ask(state, 'changed', 'a repeat would ask for something else', null);
    // Nobody has replaced us yet, or the record will say so: the step must not stay ours and idle.
    return error.verdict === 'late' ? waiting(state, 'held_up', FIRST_BACK_OFF_MS, null) : null;
  }
  if (!(error instanceof ConnectorError)) {
    state.deps.onBug(error);
    return ask(state, 'bug', reasonOf(error), null);
  }
  switch (error.kind) {
    case 'rate_limited': {
      const pauseMs = askedWaitMs(state, error, state.claimed.failures);
      await state.deps.store.pauseVendor(state.claimed.vendor, pauseMs).catch(state.deps.onBug);
      return waiting(state, 'paused', pauseMs, null);
    }
    case 'unauthorized':
      return ask(state, 'unauthorized', error.message, null, error);
    case 'not_found':
    case 'rejected':
      return ask(state, 'refused', error.message, null, error);
    case 'transient':
    case 'ambiguous':
      return tryAgain(state, error);
    default:
      return error.kind satisfies never;
  }
}

function tryAgain(state: AttemptState, error: ConnectorError): AttemptOutcome {
  const failures = failuresSoFar(state) + 1;
  if (failures >= MAX_TRIES)
    return ask(state, state.book.sent() === 'in_doubt' ? 'doubt' : 'no_answer', error.message, null, error);
  return { ...waiting(state, 'back_off', askedWaitMs(state, error, failures - 1), null), failures };
}

/** A step that must not be left undone waits where others stop, and then has all its tries again; what stopped it is kept, so that people read of it. */
export function keepTrying(state: AttemptState, outcome: AttemptOutcome | null): AttemptOutcome | null {
  const everyMs = state.step.keepsTryingEveryMs;
  const isFailure = outcome?.need?.kind === 'failed' || outcome?.need?.kind === 'doubt';
  if (everyMs === undefined || outcome?.event !== 'ask' || !isFailure) return outcome;
  const dueAt = new Date(state.deps.clock.now().getTime() + everyMs);
  return { ...outcome, event: 'wait', cause: 'keeps_trying', dueAt, failures: 0 };
}

/** What the vendor asks, within reason; a vendor that asks for no wait at all gets our own back-off. */
function askedWaitMs(state: AttemptState, error: ConnectorError, failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, error.retryAfterMs || backOffMs(failures, state.deps.random()));
}

function failuresSoFar(state: AttemptState): number {
  return state.progress ? 0 : state.claimed.failures;
}

/** `from`: the moment that `ms` counts from; now if absent. */
export function waiting(
  state: AttemptState,
  cause: string,
  ms: number,
  facts: Facts | null,
  from = state.deps.clock.now(),
): AttemptOutcome {
  return { ...base(state, facts), event: 'wait', cause, dueAt: new Date(from.getTime() + ms) };
}

/** Until the hold is lifted, which wakes it: no moment is due, and nobody is asked. */
export function heldBack(state: AttemptState): AttemptOutcome {
  const { hold } = state.claimed.run;
  const facts = hold ? { heldBy: hold.by, heldSince: hold.at } : null;
  return { ...waiting(state, 'legal_hold', 0, facts), dueAt: null };
}

export function ask(
  state: AttemptState,
  code: FailureCode,
  why: string,
  effect: Effect | null,
  error?: ConnectorError,
): AttemptOutcome {
  const sent = state.book.sent();
  const need: Failure = {
    kind: sent === 'in_doubt' ? 'doubt' : 'failed',
    code,
    why,
    tries: effect ? state.book.tries(effect) : failuresSoFar(state) + 1,
    effect: effect?.name ?? null,
    status: error?.status ?? null,
    sent,
  };
  return { ...base(state, null), event: 'ask', cause: code, need };
}

function base(state: AttemptState, facts: Facts | null): Omit<AttemptOutcome, 'event'> {
  return {
    cause: null,
    need: null,
    dueAt: null,
    before: state.first,
    after: facts,
    evidence: null,
    failures: failuresSoFar(state),
  };
}

/** The outcome in place of one that the store refused to take (a character that JSON columns do not hold): without its facts. */
export function withoutFacts(outcome: AttemptOutcome, book: WriteBook, error: unknown): AttemptOutcome {
  const sent = book.sent();
  const kind = sent === 'in_doubt' ? 'doubt' : 'failed';
  const need: Failure = { kind, code: 'bug', why: reasonOf(error), tries: 1, effect: null, status: null, sent };
  return { ...outcome, event: 'ask', cause: 'bug', need, dueAt: null, before: null, after: null, evidence: null };
}

/** 1 s, 2 s, 4 s … at most 60 s, ± 20 %. `failures` counts from 0. */
export function backOffMs(failures: number, random: number): number {
  return Math.round(Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** failures) * (0.8 + 0.4 * random));
}
