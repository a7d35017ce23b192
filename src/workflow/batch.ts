// A batch: looked at together, asked for once, and begun only after two approvers who are neither who asked nor among those who leave.
import { createHash } from 'node:crypto';
import { isSamePerson, refusedBecause } from './approvals.ts';
import {
  type BatchPerson,
  type BatchPlan,
  type BatchStatus,
  type BatchStore,
  type LeftOut,
  whyAlone,
} from './model/batch.ts';
import type { Refusal } from './model/plan.ts';
import type { LiveRun } from './model/ports.ts';
import { type OperatorId, operatorKey, type RunKind } from './model/run.ts';
import { type PreviewDeps, previewOffboarding } from './preview.ts';

/** Each is a dozen reads; vendors' paces hold besides. */
const LOOKS_AT_ONCE = 5;
/** Whoever has not been looked at by then is left out, and said so. */
const LOOKING_MS = 120_000;

export interface BatchDeps extends PreviewDeps {
  readonly batches: BatchStore;
  readonly runs: { live(kind: RunKind, personId: string): Promise<LiveRun | null> };
  refusalOf(operator: OperatorId): Promise<Refusal | null>;
  changed(): void;
}

type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };

export type JudgedBatch =
  | { readonly verdict: 'approved' | 'again' | 'declined'; readonly approvals: number; readonly status: BatchStatus }
  | { readonly verdict: 'unknown' | 'asker_gone' }
  | { readonly verdict: 'stale'; readonly status: BatchStatus; readonly by: string | null; readonly at: Date | null }
  | Refused;

export interface Batches {
  /** Reads only. `addresses`: exact ones; each person once. */
  previewBatch(
    operator: OperatorId,
    addresses: readonly string[],
  ): Promise<{ kind: 'plan'; plan: BatchPlan } | { kind: 'refused'; refusal: Refusal }>;
  /** Nothing begins. `shownAs`: of the plan that was shown; asked twice for it is one batch. */
  askBatch(
    operator: OperatorId,
    plan: BatchPlan,
    request: { readonly shownAs: string; readonly at: Date; readonly reason: string },
  ): Promise<{ kind: 'asked'; id: string; code: string } | { kind: 'refused'; refusal: Refusal }>;
  /** The second yes begins it. */
  judgeBatch(operator: OperatorId, batch: string, kind: 'approve' | 'decline'): Promise<JudgedBatch>;
}

export function createBatches(deps: BatchDeps): Batches {
  return {
    async previewBatch(operator, addresses) {
      const refusal = await deps.refusalOf(operator);
      if (refusal) return { kind: 'refused', refusal };
      const until = performance.now() + LOOKING_MS;
      const looked = await inTurns(addresses, (address) =>
        performance.now() > until ? leftOut(address, 'not_looked_at') : lookAt(deps, operator, address),
      );
      const ready = looked.flatMap((one) => ('plan' in one ? [one] : []));
      // One person under two addresses is one.
      const people = [...new Map(ready.map((one) => [one.personId, one])).values()];
      const others = looked.flatMap((one) => ('plan' in one ? [] : [one]));
      return { kind: 'plan', plan: { ready: people, leftOut: others, hash: hashOfBatch(people) } };
    },

    async askBatch(operator, plan, { shownAs, at, reason }) {
      const refusal = await deps.refusalOf(operator);
      if (refusal) return { kind: 'refused', refusal };
      const asked = { shownAs, requestedBy: operatorKey(operator), requestedAt: at, reason, plan };
      const batch = await deps.batches.ask(asked);
      if (!batch) return { kind: 'refused', refusal: { why: 'not_operator', contacts: [] } };
      deps.changed();
      return { kind: 'asked', ...batch };
    },

    async judgeBatch(operator, id, kind) {
      const batch = await deps.batches.view(id);
      if (!batch) return { verdict: 'unknown' };
      if (kind === 'approve' && batch.status === 'awaiting_approval') {
        const approvers = batch.decisions.filter((one) => one.kind === 'approve').map(({ by }) => by);
        const others = new Set([batch.requestedBy, ...approvers]);
        others.delete(operatorKey(operator));
        for (const requestedBy of others) {
          // Somebody's second Slack account is no second person.
          const twin = await isSamePerson(deps, operator, { requestedBy });
          if (twin === true) return refusedBecause(deps, operator, 'own_request');
          if (twin === null) return { verdict: 'refused', refusal: notCompared(deps) };
        }
      }
      const judged = await deps.batches.judge(id, kind, operatorKey(operator), deps.clock.now());
      switch (judged.verdict) {
        case 'approved':
        case 'again':
        case 'declined':
          deps.changed();
          return judged;
        case 'unknown':
        case 'asker_gone':
          return { verdict: judged.verdict };
        case 'stale':
          return judged;
        default:
          return refusedBecause(deps, operator, judged.verdict);
      }
    },
  };
}

/** Whoever may not be in it is told with why; nothing of one person keeps the others waiting. */
async function lookAt(deps: BatchDeps, operator: OperatorId, address: string): Promise<BatchPerson | LeftOut> {
  try {
    const seen = await previewOffboarding(deps, operator, { email: address });
    if (seen.kind === 'refused') return leftOut(address, seen.refusal.why);
    const { plan, personId, ids } = seen;
    const { name } = plan.person;
    const live = await deps.runs.live('offboarding', personId);
    if (live) return { ...leftOut(address, 'already_running'), name, code: live.code };
    const alone = whyAlone(plan);
    if (alone) return { ...leftOut(address, alone), name };
    return { personId, person: plan.person, ids, plan };
  } catch (error) {
    deps.log.warn({ err: error, reference: deps.reference() }, 'somebody of a batch could not be looked at');
    return leftOut(address, 'unexpected');
  }
}

function leftOut(address: string, why: LeftOut['why']): LeftOut {
  return { address, name: null, why, code: null };
}

function notCompared(deps: Pick<BatchDeps, 'reference'>): Refusal {
  const what = 'whether who asked and who approves are different people';
  return { why: 'safeguard_not_checked', what, reference: deps.reference() };
}

/** Over who, and each one's decisions. */
function hashOfBatch(ready: readonly BatchPerson[]): string {
  const decisions = ready.map(({ personId, plan }) => [personId, plan.hash]).sort();
  return `sha256:${createHash('sha256').update(JSON.stringify(decisions)).digest('hex')}`;
}

async function inTurns<One, Answer>(
  all: readonly One[],
  work: (one: One) => Promise<Answer> | Answer,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const goOn = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) answers[at] = await work(all[at] as One);
  };
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, goOn));
  return answers;
}
