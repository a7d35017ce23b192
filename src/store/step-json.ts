// Step runs on their way through jsonb: as SQL hands them to a worker, and as the worker hands its outcome back.
import type { AttemptOutcome, ClaimedStep, PastWrite } from '../workflow/model/claimed-step.ts';
import type { Decision } from '../workflow/model/step.ts';

/** Dates arrive as text inside jsonb. */
type Dated<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K] };
export type ClaimedJson = Omit<ClaimedStep, 'run' | 'writes' | 'decisions' | 'instance' | 'openedAt' | 'readyAt'> & {
  openedAt: string;
  readyAt: string | null;
  run: Dated<ClaimedStep['run']>;
  writes: Dated<PastWrite>[];
  decisions: Dated<Decision>[];
};

/** `num`: the instance that has it now. */
export function asClaimed({ readyAt, ...json }: ClaimedJson, num: number): ClaimedStep {
  return {
    ...json,
    ...(readyAt !== null && { readyAt: new Date(readyAt) }),
    instance: num,
    openedAt: new Date(json.openedAt),
    run: { ...json.run, requestedAt: new Date(json.run.requestedAt) },
    writes: json.writes.map((write) => ({
      ...write,
      intendedAt: new Date(write.intendedAt),
      answeredAt: asDate(write.answeredAt),
      searchedAt: asDate(write.searchedAt),
    })),
    decisions: json.decisions.map((decision) => ({ ...decision, at: new Date(decision.at) })),
  };
}

/** For `record_attempt`. */
export function outcomeJson(outcome: AttemptOutcome): string {
  // Absent keys become SQL NULL; a JSON null would be stored as one.
  return JSON.stringify(Object.fromEntries(Object.entries(outcome).filter(([, value]) => value !== null)));
}

function asDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
