// Looks at sealed passcodes: each one asked, counted and written down before it is answered.
import type { OperatorId, Role } from '../workflow/model/run.ts';
import { operatorKey } from '../workflow/model/run.ts';
import type { RevealVerdict } from '../workflow/model/secret.ts';
import type { Database } from './client.ts';

export function createRevealStore(db: Database) {
  return {
    async ask(
      stepRun: string,
      by: { readonly operator: OperatorId; readonly roles: readonly Role[] },
      reason: string,
      mostAnHour: number,
    ): Promise<RevealVerdict> {
      const [row] = await db.query<{
        verdict: RevealVerdict['verdict'];
        run_id: string;
        subject: string;
        adopted: boolean;
      }>('SELECT * FROM reveal_secret($1, $2, $3, $4, $5)', [
        stepRun,
        operatorKey(by.operator),
        by.roles,
        reason,
        mostAnHour,
      ]);
      if (!row) throw new Error('reveal_secret: no verdict');
      if (row.verdict !== 'may') return { verdict: row.verdict };
      return { verdict: 'may', runId: row.run_id, subject: row.subject, isAdopted: row.adopted };
    },
  };
}
