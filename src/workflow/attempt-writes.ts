// How a step writes: pace, intent, one last look at the lease, send, receipt. The engine may stop it before anything is sent.
import { ConnectorError } from '../connectors/connector-error.ts';
import { type AttemptState, CALL_DEADLINE_MS, isSame, readContext, reasonOf } from './attempt-state.ts';
import type { WriteAnswer } from './model/claimed-step.ts';
import type { Effect, Facts, StepContext } from './model/step.ts';
import { requestHash } from './write-book.ts';

/** Thrown out of `apply` when the engine, not the vendor, stops a write. */
export class WriteStopped extends Error {
  readonly verdict:
    | 'lost'
    | 'late'
    | 'cancelled'
    | 'changed'
    | 'held'
    | { readonly waitMs: number; readonly paused: boolean };
  constructor(verdict: WriteStopped['verdict']) {
    super('write stopped');
    this.verdict = verdict;
  }
}

export function writeContext(state: AttemptState, allowed: readonly Effect[]): StepContext {
  return {
    ...readContext(state),
    sealOnce: (kind, make) =>
      state.deps.secrets.sealOnce({ runId: state.claimed.run.id, subject: state.claimed.subject, kind }, make),
    async write(effect, send, keep) {
      if (!allowed.some((one) => isSame(one, effect))) {
        throw new Error(`${state.step.name} wrote ${effect.name}, which its observation did not name`);
      }
      const id = await intend(state, effect);
      // The check right before the send: a process that was frozen after its intent must not send late.
      if (state.deps.lease.leftMs() < CALL_DEADLINE_MS) {
        state.book.answer({
          id,
          outcome: 'deferred',
          receipt: null,
          error: 'not sent: the lease ran out',
          at: state.deps.clock.now(),
        });
        throw new WriteStopped('late');
      }
      let answer: Awaited<ReturnType<typeof send>>;
      let receipt: Facts;
      try {
        answer = await beforeDeadline(send(), state.claimed.vendor, effect.name);
        receipt = keep?.(answer) ?? {};
      } catch (error) {
        state.book.answer({
          id,
          outcome: outcomeOf(error),
          receipt: null,
          error: reasonOf(error),
          at: state.deps.clock.now(),
        });
        throw error;
      }
      state.book.answer({ id, outcome: 'accepted', receipt, error: null, at: state.deps.clock.now() });
      state.progress = true;
      if (effect.repeat === 'once') await flushAnswers(state);
      return answer;
    },
  };
}

/** Connectors keep the deadline themselves; a takeover's safety must not rest on that alone. */
async function beforeDeadline<T>(sent: Promise<T>, vendor: string, operation: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(
      () => fail(new ConnectorError({ kind: 'ambiguous', vendor, operation, reason: 'no answer within the deadline' })),
      CALL_DEADLINE_MS,
    );
  });
  try {
    return await Promise.race([sent, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A rate limit puts a write off: it was not applied, and says nothing about whether it could be. */
function outcomeOf(error: unknown): WriteAnswer['outcome'] {
  if (!(error instanceof ConnectorError) || error.kind === 'ambiguous') return 'doubt';
  return error.kind === 'rate_limited' ? 'deferred' : 'refused';
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
    ...(state.step.blockedByHold && { blockedByHold: state.step.blockedByHold }),
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
    case 'held':
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
