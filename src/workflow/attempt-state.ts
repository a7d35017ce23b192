// What the parts of one attempt share: the step, its claim, its book of writes, and what this attempt has seen so far.

import type { ClaimedStep } from './model/claimed-step.ts';
import type { Clock, EngineStore, Lease } from './model/ports.ts';
import { givenPlace, type Secrets } from './model/secret.ts';
import type { Answer, Effect, Facts, ReadContext, Step } from './model/step.ts';
import type { WriteBook } from './write-book.ts';

/** Every vendor call ends within this; a takeover waits it out before it may write. */
export const CALL_DEADLINE_MS = 8_000;

export interface AttemptDeps {
  readonly store: Pick<EngineStore, 'intend' | 'settle' | 'pauseVendor'>;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
  /** Waits for this vendor's published rate. */
  pace(vendor: string): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
  onBug(error: unknown): void;
}

export interface AttemptState {
  readonly step: Step;
  readonly claimed: ClaimedStep;
  readonly deps: AttemptDeps;
  readonly book: WriteBook;
  readonly searched: number[];
  /** Facts of this attempt's first observation. */
  first: Facts | null;
  /** The moment that the last observation was told: "look again in 46 days" counts from there, whatever the Clock did since. */
  seenAt: Date | null;
  /** True once a write was accepted: earlier failures no longer count. */
  progress: boolean;
}

export function readContext(
  state: Pick<AttemptState, 'claimed' | 'book'> & { readonly deps: Pick<AttemptDeps, 'clock' | 'signal' | 'secrets'> },
): ReadContext {
  const { claimed, deps, book } = state;
  return {
    run: claimed.run,
    subject: claimed.subject,
    subjectFacts: claimed.facts,
    decisions: claimed.decisions,
    now: deps.clock.now(),
    ...(claimed.readyAt && { readyAt: claimed.readyAt }),
    since: claimed.run.requestedAt,
    signal: deps.signal,
    receipt: (effect) => book.receipt(effect),
    answer: (question) => answerTo(claimed, question),
    asked: (effectName) => book.asked(effectName),
    askedAt: (effect) => book.askedAt(effect),
    refused: (effectName) => book.refused(effectName),
    sealed: (kind, givenBy) =>
      deps.secrets.open({
        runId: claimed.run.id,
        subject: givenBy === undefined ? claimed.subject : givenPlace(claimed.subject, givenBy),
        kind,
      }),
  };
}

/** The newest one; an answer from before the step was opened again counts no more. */
function answerTo({ decisions, openedAt }: ClaimedStep, question: string): Answer | null {
  const given = decisions.findLast(
    (one) => one.kind === 'answer' && one.answer.question === question && one.at >= openedAt,
  );
  if (!given) return null;
  const { by, at, answer } = given;
  if (typeof answer.approved === 'boolean') return { kind: 'approve', approved: answer.approved, by, at };
  if (typeof answer.person === 'string') return { kind: 'choose_person', person: answer.person, by, at };
  const { fields } = answer;
  return isFields(fields) ? { kind: 'form', fields, by, at } : null;
}

function isFields(given: unknown): given is Readonly<Record<string, string>> {
  return given !== null && typeof given === 'object' && !Array.isArray(given);
}

export function isSame(one: Effect, other: Effect): boolean {
  return one.name === other.name && one.target === other.target;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
