// One attempt at one step: observe, apply write by write, observe again, and say how it ended. Knows no step and no vendor.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { AttemptOutcome, ClaimedStep, Clock, EngineStore, Lease, PastWrite } from './model/ports.ts';
import type {
  Effect,
  Facts,
  Failure,
  FailureCode,
  Observation,
  ReadContext,
  Step,
  StepContext,
  Unsatisfied,
} from './model/step.ts';
import { openWriteBook, requestHash, type WriteBook } from './write-book.ts';

/** Sends of one effect, or failing attempts in a row, before a person is asked. */
export const MAX_TRIES = 5;
/** Every vendor call ends within this; a takeover waits it out before it may write. */
export const CALL_DEADLINE_MS = 8_000;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;
/** A vendor that asks for more is looked at again after this; it will say so again. */
const LONGEST_PAUSE_MS = 15 * 60_000;

export interface AttemptDeps {
  readonly store: Pick<EngineStore, 'intend' | 'settle' | 'pauseVendor'>;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  /** Waits for this vendor's published rate. */
  pace(vendor: string): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
  onBug(error: unknown): void;
}

/** `outcome` null: we were replaced, or are stopping; only the answers may still be kept. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome | null;
  readonly book: WriteBook;
  readonly searched: readonly number[];
}

/** Thrown out of `apply` when the engine, not the vendor, stops a write. */
class WriteStopped extends Error {
  readonly verdict: 'lost' | 'late' | 'cancelled' | 'changed' | { readonly waitMs: number; readonly paused: boolean };
  constructor(verdict: WriteStopped['verdict']) {
    super('write stopped');
    this.verdict = verdict;
  }
}

export async function runAttempt(step: Step, claimed: ClaimedStep, deps: AttemptDeps): Promise<AttemptEnd> {
  const book = openWriteBook(claimed);
  const searched: number[] = [];
  const state: AttemptState = { step, claimed, deps, book, searched, first: null, progress: false };
  const outcome = await attempt(state).catch((error: unknown) => conclude(state, error));
  return { outcome, book, searched };
}

interface AttemptState {
  readonly step: Step;
  readonly claimed: ClaimedStep;
  readonly deps: AttemptDeps;
  readonly book: WriteBook;
  readonly searched: number[];
  /** Facts of this attempt's first observation. */
  first: Facts | null;
  /** True once a write was accepted: earlier failures no longer count. */
  progress: boolean;
}

async function attempt(state: AttemptState): Promise<AttemptOutcome | null> {
  let rounds = 0;
  for (;;) {
    const before = await observe(state);
    if (before.is !== 'unsatisfied') return settled(state, before);
    const held = holdBack(state, before);
    if (held) return held;
    const allowed = stillToWrite(state, before);
    if (allowed.length > 0) {
      try {
        await state.step.apply?.(writeContext(state, allowed), { ...before, would: allowed });
      } catch (error) {
        if (isRefusal(error)) {
          // "Not found", "already so": what was asked for may be true by other hands. Look before calling it a failure.
          const seen = await observe(state);
          if (seen.is !== 'unsatisfied') return settled(state, seen);
          const refused = allowed.find((effect) => state.book.last(effect)?.outcome === 'refused');
          if (!refused || seen.would.some((effect) => isSame(effect, refused))) throw error;
          rounds += 1;
          if (rounds >= MAX_TRIES) throw error;
          continue;
        }
        if (!(error instanceof WriteStopped) || typeof error.verdict === 'string') throw error;
        if (error.verdict.paused) return waiting(state, 'paused', error.verdict.waitMs, before.facts);
        // A predecessor's call may still arrive: wait it out, then look again before writing.
        await state.deps.sleep(error.verdict.waitMs);
        if (state.deps.signal.aborted) return null;
        continue;
      }
    }
    const after = await observe(state);
    if (after.is !== 'unsatisfied') return settled(state, after);
    return waiting(state, 'settling', lookAgainMs(state, after), after.facts);
  }
}

async function observe(state: AttemptState): Promise<Observation> {
  const seen = await state.step.observe(readContext(state));
  state.first ??= seen.facts;
  return seen;
}

function settled(state: AttemptState, seen: Exclude<Observation, Unsatisfied>): AttemptOutcome {
  switch (seen.is) {
    case 'satisfied':
      return { ...base(state, seen.facts), event: 'satisfy', evidence: seen.basis, failures: 0 };
    case 'not_applicable':
      return { ...base(state, seen.facts), event: 'pass', cause: seen.why, failures: 0 };
    case 'under_way':
      return waiting(state, 'vendor', seen.lookAgainInMs, seen.facts);
    case 'asks':
      return { ...base(state, seen.facts), event: 'ask', need: seen.need };
    case 'unknown':
      return ask(state, 'unknown', seen.why, null);
    default:
      return seen satisfies never;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConnectorError && (error.kind === 'rejected' || error.kind === 'not_found');
}

function isSame(one: Effect, other: Effect): boolean {
  return one.name === other.name && one.target === other.target;
}

/** Doubt and exhausted tries are decided before anything more is written. */
function holdBack(state: AttemptState, seen: Unsatisfied): AttemptOutcome | null {
  const { book, deps, step } = state;
  for (const effect of seen.would) {
    const last = book.last(effect);
    if (last === null || isSettling(state, effect)) continue;
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
    if (book.tries(effect) >= MAX_TRIES) return ask(state, code, `${MAX_TRIES} tries`, effect);
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

function stillToWrite(state: AttemptState, seen: Unsatisfied): readonly Effect[] {
  return seen.would.filter((effect) => !isSettling(state, effect));
}

/** Soon at first, since most vendors settle in moments; never longer than the step's settling time. */
function lookAgainMs(state: AttemptState, seen: Unsatisfied): number {
  // What this attempt's writes made necessary next is due at once; a step that writes nothing is not asked without a pause.
  const fresh = state.progress && seen.would.some((effect) => state.book.last(effect) === null);
  return fresh
    ? 0
    : Math.max(250, Math.min(state.step.settleMs, backOffMs(state.claimed.failures, state.deps.random())));
}

function readContext(state: AttemptState): ReadContext {
  const { claimed, deps, book } = state;
  return {
    run: claimed.run,
    subject: claimed.subject,
    decisions: claimed.decisions,
    now: deps.clock.now(),
    since: claimed.run.requestedAt,
    signal: deps.signal,
    receipt: (effect) => book.receipt(effect),
    asked: (effectName) => book.asked(effectName),
  };
}

function writeContext(state: AttemptState, allowed: readonly Effect[]): StepContext {
  return {
    ...readContext(state),
    async write(effect, send, keep) {
      if (!allowed.some((one) => isSame(one, effect))) {
        throw new Error(`${state.step.name} wrote ${effect.name}, which its observation did not name`);
      }
      const id = await intend(state, effect);
      // The check right before the send: a process that was frozen after its intent must not send late.
      if (state.deps.lease.leftMs() < CALL_DEADLINE_MS) {
        state.book.answer({
          id,
          outcome: 'refused',
          receipt: null,
          error: 'not sent: the lease ran out',
          at: state.deps.clock.now(),
        });
        throw new WriteStopped('late');
      }
      let answer: Awaited<ReturnType<typeof send>>;
      let receipt: Facts;
      try {
        answer = await send(state.deps.signal);
        receipt = keep?.(answer) ?? {};
      } catch (error) {
        const outcome = error instanceof ConnectorError && error.kind !== 'ambiguous' ? 'refused' : 'doubt';
        state.book.answer({ id, outcome, receipt: null, error: reasonOf(error), at: state.deps.clock.now() });
        throw error;
      }
      state.book.answer({ id, outcome: 'accepted', receipt, error: null, at: state.deps.clock.now() });
      state.progress = true;
      if (effect.repeat === 'once') await flushAnswers(state);
      return answer;
    },
  };
}

async function intend(state: AttemptState, effect: Effect): Promise<number> {
  const { claimed, deps, book } = state;
  await deps.pace(claimed.vendor);
  const write = {
    effect: effect.name,
    target: effect.target ?? '',
    repeat: effect.repeat,
    irreversible: effect.irreversible ?? false,
    requestHash: requestHash(effect),
  };
  const answers = book.answers();
  const answer = await deps.store.intend(claimed, write, answers, deps.clock.now());
  if (answer.verdict !== 'fenced') book.committed(answers);
  switch (answer.verdict) {
    case 'go':
      book.add(effect, answer.writeId, deps.clock.now());
      return answer.writeId;
    case 'fenced':
      throw new WriteStopped('lost');
    case 'cancelled':
    case 'changed':
      throw new WriteStopped(answer.verdict);
    default:
      throw new WriteStopped({ waitMs: answer.waitMs, paused: answer.verdict === 'paused' });
  }
}

/** A `once` effect pays a statement of its own: its answer must outlive us. If that fails, it rides in the record. */
async function flushAnswers(state: AttemptState): Promise<void> {
  const answers = state.book.answers();
  try {
    await state.deps.store.settle(state.claimed, answers, state.deps.clock.now());
    state.book.committed(answers);
  } catch (error) {
    state.deps.onBug(error);
  }
}

async function conclude(state: AttemptState, error: unknown): Promise<AttemptOutcome | null> {
  if (state.deps.signal.aborted) return null;
  if (error instanceof WriteStopped) {
    if (error.verdict === 'cancelled') return { ...base(state, null), event: 'stop', cause: 'run_cancelled' };
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

/** What the vendor asks, within reason; a vendor that asks for no wait at all gets our own back-off. */
function askedWaitMs(state: AttemptState, error: ConnectorError, failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, error.retryAfterMs || backOffMs(failures, state.deps.random()));
}

function failuresSoFar(state: AttemptState): number {
  return state.progress ? 0 : state.claimed.failures;
}

function waiting(state: AttemptState, cause: string, ms: number, facts: Facts | null): AttemptOutcome {
  return { ...base(state, facts), event: 'wait', cause, dueAt: new Date(state.deps.clock.now().getTime() + ms) };
}

function ask(
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
