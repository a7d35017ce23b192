// What one attempt knows of its step's writes: those of earlier attempts, and its own. Pure but for the list it keeps.
import { createHash } from 'node:crypto';
import type { ClaimedStep, PastWrite, WriteAnswer } from './model/claimed-step.ts';
import type { Effect, Failure, Receipt } from './model/step.ts';

type Known = Omit<PastWrite, 'searches' | 'searchedAt' | 'requestHash'> &
  Partial<Pick<PastWrite, 'searches' | 'searchedAt'>>;

export interface WriteBook {
  /** The newest write of this effect since the step was opened. */
  last(effect: Pick<Effect, 'name' | 'target'>): Known | null;
  receipt(effect: Pick<Effect, 'name' | 'target'>): Receipt | null;
  /** Targets of this effect with a write, once each. */
  asked(effectName: string): readonly string[];
  /** When it was first asked for; null: it was not. */
  askedAt(effect: Pick<Effect, 'name' | 'target'>): Date | null;
  /** Targets of this effect whose newest write was refused. */
  refused(effectName: string): readonly string[];
  /** Sends of this effect since a person last resumed the step. */
  tries(effect: Pick<Effect, 'name' | 'target'>): number;
  /** What all writes since the step was opened may have changed. */
  sent(): Failure['sent'];
  add(effect: Effect, id: number, at: Date): void;
  answer(answer: WriteAnswer): void;
  /** Answers not yet committed; the caller commits them with its next statement, and says when that is done. */
  answers(): readonly WriteAnswer[];
  committed(answers: readonly WriteAnswer[]): void;
}

export function openWriteBook(claimed: ClaimedStep): WriteBook {
  const writes: Known[] = [...claimed.writes];
  let pending: readonly WriteAnswer[] = [];
  const of = (effect: Pick<Effect, 'name' | 'target'>): Known[] =>
    writes.filter((write) => write.effect === effect.name && write.target === (effect.target ?? ''));

  return {
    last: (effect) => of(effect).at(-1) ?? null,
    receipt(effect) {
      const accepted = of(effect).findLast((write) => write.outcome === 'accepted');
      return accepted?.answeredAt ? { at: accepted.answeredAt, facts: accepted.receipt ?? {} } : null;
    },
    asked: (effectName) => [
      ...new Set(writes.filter((write) => write.effect === effectName).map((write) => write.target)),
    ],
    askedAt: (effect) => of(effect)[0]?.intendedAt ?? null,
    refused(effectName) {
      const newest = new Map(writes.filter((one) => one.effect === effectName).map((one) => [one.target, one.outcome]));
      return [...newest].flatMap(([target, outcome]) => (outcome === 'refused' ? [target] : []));
    },
    tries: (effect) =>
      of(effect).filter((write) => write.attempt > claimed.resumedAttempt && write.outcome !== 'deferred').length,
    sent() {
      if (writes.some((write) => write.outcome === null || write.outcome === 'doubt')) return 'in_doubt';
      return writes.some((write) => write.outcome === 'accepted') ? 'accepted' : 'nothing';
    },
    add(effect, id, at) {
      writes.push({
        id,
        effect: effect.name,
        target: effect.target ?? '',
        attempt: claimed.attempt,
        intendedAt: at,
        answeredAt: null,
        outcome: null,
        receipt: null,
      });
    },
    answer(answer) {
      const at = writes.findIndex((write) => write.id === answer.id);
      const write = writes[at];
      if (write) writes[at] = { ...write, outcome: answer.outcome, answeredAt: answer.at, receipt: answer.receipt };
      pending = [...pending, answer];
    },
    answers: () => pending,
    committed(answers) {
      pending = pending.filter((answer) => !answers.includes(answer));
    },
  };
}

/** Names what is asked of the vendor, so that a repeat which would ask for something else is refused. */
export function requestHash(effect: Effect): string {
  const request = Object.entries(effect.request ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([effect.name, effect.target ?? '', request]))
    .digest('hex')
    .slice(0, 32);
}
