// The blast-radius breaker: how many offboardings may begin within an hour before a second person is asked. Pure.
import { z } from 'zod';

export const BREAKER_WINDOW_MS = 3_600_000;

/** There is no number that switches it off: what cannot stop is no breaker. */
export const BreakerPolicy = z.strictObject(
  {
    runsAnHour: z
      .int('is not a whole number: write 5')
      .min(1, 'is less than 1, and there is no way to switch it off: write 5, or at most 500')
      .max(500, 'is more than 500: write at most 500')
      .default(5),
  },
  'is not a section: write runsAnHour below it, indented by two blanks',
);
export type BreakerPolicy = z.infer<typeof BreakerPolicy>;

/** Flat, as a run keeps it, and as the database asks it. */
export function breakerFacts(breaker: BreakerPolicy): Readonly<Record<string, number>> {
  return { 'breaker.runsAnHour': breaker.runsAnHour };
}

/** The run would have begun to act, and was refused whole: as many as the policy lets began within the last hour. */
export class TooManyRuns extends Error {}

/** What a run keeps of whose word it begins on, though many have begun: an operator's key, or a batch's code. */
export const LET_BY = 'breaker.letBy';

/** What stands on the channel's message about it. */
export interface BreakerStop {
  readonly id: number;
  readonly isOver: boolean;
  /** Of those that the policy lets begin within an hour. */
  readonly most: number;
  /** As a button that is drawn now may name it. */
  readonly upTo: number;
  /** In the order they were held. */
  readonly held: readonly HeldByBreaker[];
}

export interface HeldByBreaker {
  readonly runId: string;
  readonly code: string;
  readonly name: string;
  readonly email: string;
  readonly requestedBy: string;
  /** `waits`: on hold for this. `moved`: let begin, cancelled, or on hold for another reason. */
  readonly stands: 'waits' | 'let' | 'moved';
  readonly letBy: string | null;
  readonly letAt: Date | null;
}

/** `own_request`: all that are left are about who pressed, or were asked for by them. */
export type LetVerdict =
  | { readonly verdict: 'let'; readonly let: number }
  | { readonly verdict: 'not_operator' | 'needs_approver' | 'own_request' }
  | { readonly verdict: 'stale'; readonly by: string | null; readonly at: Date | null };

export interface BreakerStore {
  /** How many offboardings began to act after that moment. */
  begunSince(since: Date): Promise<number>;
  stop(id: number): Promise<BreakerStop | null>;
  /** Those become due that the message showed up to `upTo`; who may is read in the same statement. */
  letBegin(asked: { readonly stop: number; readonly upTo: number }, by: string, now: Date): Promise<LetVerdict>;
}
