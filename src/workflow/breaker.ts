// Too many offboardings within an hour: an operator's next one asks another approver, and what the doors asked for begins on an approver's one word.
import { isSamePerson, refusedBecause } from './approvals.ts';
import type { BreakerStore } from './model/breaker.ts';
import { BREAKER_WINDOW_MS } from './model/breaker.ts';
import type { PlanView, Refusal } from './model/plan.ts';
import { type OperatorId, operatorKey } from './model/run.ts';
import type { PreviewDeps } from './preview.ts';

export interface BreakerDeps
  extends Pick<PreviewDeps, 'operators' | 'slack' | 'policy' | 'clock' | 'log' | 'reference'> {
  readonly breaker: BreakerStore;
  changed(): void;
}

/** What the button on the breaker's message carries: which stop, and how far its list went. */
export interface AskedToLet {
  readonly stop: number;
  readonly upTo: number;
}

export type LetBegin =
  | { readonly verdict: 'let'; readonly let: number }
  | { readonly verdict: 'stale'; readonly by: string | null; readonly at: Date | null }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'refused'; readonly refusal: Refusal };

export interface Breaker {
  /** All that the message showed become due, each read again first. Safe to repeat. */
  letBegin(operator: OperatorId, asked: AskedToLet): Promise<LetBegin>;
}

/** The plan, and that one more at once needs another approver, where as many have begun as the policy lets. */
export async function withMany(
  deps: { readonly breaker: Pick<BreakerStore, 'begunSince'> } & Pick<PreviewDeps, 'policy' | 'clock'>,
  plan: PlanView,
): Promise<PlanView> {
  const most = deps.policy.policy.breaker.runsAnHour;
  const begun = await deps.breaker.begunSince(new Date(deps.clock.now().getTime() - BREAKER_WINDOW_MS));
  return begun < most ? plan : { ...plan, warnings: [...plan.warnings, { kind: 'many', begun, most }] };
}

/** Such a run was asked for by a door: an operator who starts it is the second to have looked. */
export function isDoors({ requestedBy }: { readonly requestedBy: string }): boolean {
  return !requestedBy.includes('/');
}

export function createBreaker(deps: BreakerDeps): Breaker {
  return {
    async letBegin(operator, asked) {
      const stop = await deps.breaker.stop(asked.stop);
      if (!stop) return { verdict: 'unknown' };
      // Somebody's second Slack account is no second person.
      const askers = new Set(
        stop.held.filter((one) => one.stands === 'waits' && !isDoors(one)).map((one) => one.requestedBy),
      );
      askers.delete(operatorKey(operator));
      for (const requestedBy of askers) {
        const twin = await isSamePerson(deps, operator, { requestedBy });
        if (twin === true) return refusedBecause(deps, operator, 'own_request');
        if (twin === null)
          return {
            verdict: 'refused',
            refusal: {
              why: 'safeguard_not_checked',
              what: 'whether who asked and who approves are two people',
              reference: deps.reference(),
            },
          };
      }
      const answer = await deps.breaker.letBegin(asked, operatorKey(operator), deps.clock.now());
      switch (answer.verdict) {
        case 'let':
          deps.changed();
          return answer;
        case 'stale':
          return answer;
        default:
          return refusedBecause(deps, operator, answer.verdict, 'let_begin');
      }
    },
  };
}
