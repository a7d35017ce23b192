// What people decide about steps and runs, one statement each: it counts once, and whoever comes too late is told who was faster.
import type { EngineStore } from '../workflow/model/ports.ts';
import { operatorKey, type RunStatus } from '../workflow/model/run.ts';
import type { StepStatus } from '../workflow/model/transitions.ts';
import type { CancelVerdict, CutVerdict, DecideVerdict, HoldVerdict, StaleRun } from '../workflow/model/verdicts.ts';
import type { Database } from './client.ts';

interface RunAnswer<Verdict> {
  readonly verdict: Verdict;
  readonly run_status: RunStatus;
  readonly what: string | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
}

export function createDecisions(
  db: Database,
): Pick<EngineStore, 'decide' | 'cancelRun' | 'renewPlan' | 'holdRun' | 'reopen' | 'cutAgain'> {
  return {
    async decide({ stepRun, attempt }, { kind, ...answer }, by, now): Promise<DecideVerdict> {
      const [row] = await db.query<{
        verdict: DecideVerdict['verdict'];
        status: StepStatus;
        attempt: number;
        what: string | null;
        decided_by: string | null;
        decided_at: Date | null;
      }>('SELECT * FROM decide_step($1, $2, $3, $4, $5, $6, $7)', [
        stepRun,
        attempt,
        kind,
        operatorKey(by.operator),
        by.role,
        JSON.stringify(answer),
        now,
      ]);
      if (!row) throw new Error('decide_step: no verdict');
      if (row.verdict !== 'stale') return { verdict: row.verdict };
      const { verdict, status, what } = row;
      return { verdict, status, attempt: row.attempt, what, by: row.decided_by, at: row.decided_at };
    },

    async cancelRun(runId, by, now): Promise<CancelVerdict> {
      const [row] = await db.query<RunAnswer<CancelVerdict['verdict']>>('SELECT * FROM cancel_run($1, $2, $3, $4)', [
        runId,
        operatorKey(by.operator),
        by.role,
        now,
      ]);
      if (!row) throw new Error('cancel_run: no verdict');
      return runVerdict(row);
    },

    async renewPlan({ run, version }, plan, by, now) {
      const [row] = await db.query<{ renew_plan: boolean }>('SELECT renew_plan($1, $2, $3, $4, $5)', [
        run,
        version,
        JSON.stringify(plan),
        operatorKey(by),
        now,
      ]);
      return row?.renew_plan === true;
    },

    async holdRun({ run, number }, { kind, reason }, by, now): Promise<HoldVerdict> {
      const [row] = await db.query<RunAnswer<HoldVerdict['verdict']>>(
        'SELECT * FROM hold_run($1, $2, $3, $4, $5, $6)',
        [run, number, kind, operatorKey(by), reason, now],
      );
      if (!row) throw new Error('hold_run: no verdict');
      return runVerdict(row);
    },

    async reopen(runId, steps, by, now) {
      const rows = await db.query<{ step: string }>('SELECT step FROM reopen_steps($1, $2, $3, $4) AS step', [
        runId,
        JSON.stringify(steps),
        by,
        now,
      ]);
      return rows.map((row) => row.step);
    },

    async cutAgain({ stepRun, attempt }, by, now): Promise<CutVerdict> {
      const [row] = await db.query<{
        verdict: CutVerdict['verdict'];
        status: StepStatus;
        attempt: number;
        what: string | null;
        decided_by: string | null;
        decided_at: Date | null;
        other: string | null;
      }>('SELECT * FROM cut_again($1, $2, $3, $4)', [stepRun, attempt, operatorKey(by), now]);
      if (!row) throw new Error('cut_again: no verdict');
      const { verdict, what } = row;
      if (verdict === 'live_elsewhere') return { verdict, code: row.other ?? '' };
      if (verdict !== 'stale') return { verdict };
      return { verdict, status: row.status, attempt: row.attempt, what, by: row.decided_by, at: row.decided_at };
    },
  };
}

function runVerdict<Verdict extends string>(
  row: RunAnswer<Verdict | 'stale'>,
): { readonly verdict: Exclude<Verdict, 'stale'> } | StaleRun {
  const { verdict } = row;
  if (verdict !== 'stale') return { verdict: verdict as Exclude<Verdict, 'stale'> };
  return { verdict: 'stale', status: row.run_status, what: row.what, by: row.decided_by, at: row.decided_at };
}
