// What the audit log adds to a run as it stands: what failed on the way, who looked at a passcode, what took it back.
import type { StepView } from '../workflow/model/run.ts';
import type { FailureCode } from '../workflow/model/step.ts';
import type { Database } from './client.ts';

export type FailedSteps = ReadonlyMap<string, StepView['failed']>;

/** From the audit log, which forgets nothing: tries that were repeated by themselves, and those that stopped the step. */
export async function failedSteps(db: Database, runIds: readonly string[]): Promise<ReadonlyMap<string, FailedSteps>> {
  const rows = await db.query<{
    chain: string;
    step: string;
    subject: string;
    times: number;
    last: FailureCode | null;
  }>(
    `SELECT chain, detail->>'step' AS step, coalesce(detail->>'subject', '') AS subject, count(*)::int AS times,
       (array_agg(coalesce(detail->'need'->>'code', 'no_answer') ORDER BY seq DESC))[1] AS last
     FROM audit_event WHERE chain = ANY ($1) AND ((action = 'step.wait' AND detail->>'cause' = 'back_off')
       OR (action = 'step.ask' AND detail->'need'->>'kind' IN ('failed', 'doubt'))) GROUP BY 1, 2, 3`,
    [runIds],
  );
  const runs = new Map<string, Map<string, StepView['failed']>>();
  for (const { chain, step, subject, times, last } of rows)
    runs.set(chain, (runs.get(chain) ?? new Map()).set(`${step}/${subject}`, { times, last }));
  return runs;
}

/** An undo that was only asked for has taken nothing back. */
export function undoOf(
  db: Database,
  { id, kind }: { readonly id: string; readonly kind: string },
): Promise<readonly { code: string }[]> | readonly [] {
  if (kind !== 'offboarding') return [];
  return db.query<{ code: string }>(
    'SELECT code FROM run WHERE undoes = $1 AND opened_at IS NOT NULL ORDER BY opened_at DESC LIMIT 1',
    [id],
  );
}

export type RevealedSteps = ReadonlyMap<string, StepView['reveals']>;

/** Of a run with a lock; of others nothing is asked. */
export async function revealedSteps(
  db: Database,
  run: { readonly id: string; readonly steps: readonly { readonly step: string }[] },
): Promise<RevealedSteps> {
  if (!run.steps.some((step) => step.step === 'jamf.lock')) return new Map();
  const rows = await db.query<{ key: string; by: string; at: Date }>(
    `SELECT (detail->>'step') || '/' || coalesce(detail->>'subject', '') AS key, actor AS by, at
       FROM audit_event WHERE chain = $1 AND action = 'secret.revealed' ORDER BY seq`,
    [run.id],
  );
  const reveals = new Map<string, { by: string; at: Date }[]>();
  for (const { key, by, at } of rows) reveals.set(key, [...(reveals.get(key) ?? []), { by, at }]);
  return reveals;
}
