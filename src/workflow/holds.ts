// Legal hold: an approver keeps what a person had from being removed, with a reason, and an approver lifts it. Steps say what it blocks.
import { refusedBecause } from './approvals.ts';
import type { Refusal } from './model/plan.ts';
import type { Clock, EngineStore, Operators } from './model/ports.ts';
import { type OperatorId, type RunView, standingHold } from './model/run.ts';
import type { AskedHold, HoldDecision, StaleRun } from './model/verdicts.ts';

export interface HoldDeps {
  readonly operators: Operators;
  readonly store: Pick<EngineStore, 'holdRun'>;
  readonly runs: { view(runId: string): Promise<RunView | null> };
  readonly clock: Clock;
  changed(): void;
}

type Refused = { readonly verdict: 'refused'; readonly refusal: Refusal };
type Late = { readonly verdict: 'unknown' } | StaleRun;
export type Held = { readonly verdict: 'decided' } | Refused | Late;
export type AskedToHold = { readonly verdict: 'may'; readonly run: RunView } | Refused | Late;

export interface Holds {
  /** Whether this operator could set or lift a hold now. Reads only. */
  mayHold(operator: OperatorId, asked: AskedHold): Promise<AskedToHold>;
  /** Counts once for as many holds as the window showed. Nothing that it blocks is begun any more once it is decided. */
  hold(operator: OperatorId, asked: AskedHold, decision: HoldDecision): Promise<Held>;
}

export function createHolds(deps: HoldDeps): Holds {
  return {
    async mayHold(operator, asked) {
      const role = await deps.operators.role(operator);
      if (role === null) return refusedBecause(deps, operator, 'not_operator');
      if (role === 'operator') return refusedBecause(deps, operator, 'needs_approver', 'hold');
      const run = await deps.runs.view(asked.run);
      if (run === null) return { verdict: 'unknown' };
      const isLive = run.closedAt === null;
      return isLive && run.holds.length === asked.number ? { verdict: 'may', run } : staleOf(run);
    },

    async hold(operator, asked, decision) {
      const answer = await deps.store.holdRun(asked, decision, operator, deps.clock.now());
      switch (answer.verdict) {
        case 'decided':
          deps.changed();
          return { verdict: 'decided' };
        case 'unknown':
          return { verdict: 'unknown' };
        case 'stale':
          return answer;
        default:
          return refusedBecause(deps, operator, answer.verdict, 'hold');
      }
    },
  };
}

function staleOf(run: RunView): StaleRun {
  const stands = standingHold(run);
  const said = run.closedAt === null ? (stands ?? run.holds.at(-1)?.lifted ?? null) : null;
  const what = stands ? 'hold' : 'lift';
  return {
    verdict: 'stale',
    status: run.status,
    what: said && what,
    by: said?.by ?? null,
    at: said?.at ?? null,
  };
}
