// One attempt at one step: observe, apply write by write, observe again, and say how it ended. Knows no step and no vendor.
import { ConnectorError } from '../connectors/connector-error.ts';
import { conclude, heldBack, keepTrying, MAX_TRIES, settled, waiting } from './attempt-end.ts';
import { type AttemptDeps, type AttemptState, isSame, readContext } from './attempt-state.ts';
import { WriteStopped, writeContext } from './attempt-writes.ts';
import { confirmAttested, isAttested } from './attested.ts';
import { holdBack, lookAgainMs, stillToWrite } from './hold-back.ts';
import type { AttemptOutcome, ClaimedStep } from './model/claimed-step.ts';
import type { Observation, Step } from './model/step.ts';
import { openWriteBook, type WriteBook } from './write-book.ts';

/** `outcome` null: we were replaced, or are stopping; only the answers may still be kept. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome | null;
  readonly book: WriteBook;
  readonly searched: readonly number[];
}

export async function runAttempt(step: Step, claimed: ClaimedStep, deps: AttemptDeps): Promise<AttemptEnd> {
  const book = openWriteBook(claimed);
  const searched: number[] = [];
  const state: AttemptState = { step, claimed, deps, book, searched, first: null, seenAt: null, progress: false };
  const work = isAttested(claimed) ? confirmAttested(state, () => observe(state)) : attempt(state);
  const outcome = keepTrying(state, await work.catch((error: unknown) => conclude(state, error)));
  return { outcome, book, searched };
}

async function attempt(state: AttemptState): Promise<AttemptOutcome | null> {
  if (state.step.blockedByHold && state.claimed.run.hold) return (await alreadyBegun(state)) ?? heldBack(state);
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

/** What was sent before the hold cannot be called back: how it goes on is told, and nothing more is written. Null: nothing goes on. */
async function alreadyBegun(state: AttemptState): Promise<AttemptOutcome | null> {
  if (state.claimed.writes.every((one) => one.outcome === 'refused' || one.outcome === 'deferred')) return null;
  const seen = await observe(state).catch(() => null);
  return seen?.is === 'satisfied' || seen?.is === 'under_way' ? settled(state, seen) : null;
}

async function observe(state: AttemptState): Promise<Observation> {
  const context = readContext(state);
  const seen = await state.step.observe(context);
  state.seenAt = context.now;
  state.first ??= seen.facts;
  return seen;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConnectorError && (error.kind === 'rejected' || error.kind === 'not_found');
}
