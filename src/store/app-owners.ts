// What our own rows say of apps outside Okta: whom a step has asked so far; and the one statement that takes an answer.
import type { AppAnswer, AppOwnerStore } from '../workflow/model/app-answer.ts';
import { operatorKey } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import type { StepStatus } from '../workflow/model/transitions.ts';
import type { Database } from './client.ts';

export function createAppOwnerStore(db: Database): AppOwnerStore & {
  asked(runId: string, app: string): Promise<Facts | null>;
} {
  return {
    async asked(runId, app) {
      const [row] = await db.query<{ after: Facts | null }>(
        `SELECT after FROM step_run WHERE run_id = $1 AND subject = $2 AND step = 'app.owner'`,
        [runId, app],
      );
      return row?.after ?? null;
    },
    async answer(who, stepRun, word, now): Promise<AppAnswer> {
      const [row] = await db.query<{
        verdict: AppAnswer['verdict'];
        status: StepStatus;
        what: string | null;
        said: string | null;
        decided_by: string | null;
        decided_at: Date | null;
      }>('SELECT * FROM answer_for_app($1, $2, $3, $4, $5)', [stepRun, operatorKey(who), word.said, word.words, now]);
      if (!row) throw new Error('answer_for_app: no verdict');
      if (row.verdict !== 'stale') return { verdict: row.verdict };
      const { status, what, said } = row;
      return { verdict: 'stale', status, what, said, by: row.decided_by, at: row.decided_at };
    },
  };
}
