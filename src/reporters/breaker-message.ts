// The breaker's one message: not one for each run that it holds.
import { buildBreakerMessage } from '../blocks/breaker-text.ts';
import type { ClaimedReport } from '../store/reports.ts';
import type { BreakerStore } from '../workflow/model/breaker.ts';
import type { Operators } from '../workflow/model/ports.ts';
import type { OperatorNames } from './operator-names.ts';
import { type PostOnceDeps, showMessage } from './post-once.ts';

export const BREAKER_REPORT = 'breaker:';

export interface BreakerMessageDeps extends PostOnceDeps {
  readonly breaker: Pick<BreakerStore, 'stop'>;
  readonly operators: Pick<Operators, 'approvers'>;
  readonly names: OperatorNames;
}

/** Answers as `drawRun` does. */
export async function drawBreaker(
  deps: BreakerMessageDeps,
  report: Pick<ClaimedReport, 'key'>,
): Promise<number | null> {
  const stop = await deps.breaker.stop(Number(report.key.slice(BREAKER_REPORT.length)));
  if (stop === null) return null;
  const [known] = await deps.reports.deliveries(report.key);
  const [approvers, names] = await Promise.all([
    deps.operators.approvers(),
    deps.names.of(stop.held.flatMap(({ letBy }) => letBy ?? [])),
  ]);
  const where = { reportKey: report.key, message: 'root' };
  const shown = await showMessage(deps, where, known, buildBreakerMessage(stop, { names, approvers }));
  return 'later' in shown ? shown.later : null;
}
