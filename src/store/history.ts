// What became of a run's steps, in order, out of its audit log: also what the rows no longer say, such as a failure that was
// retried. Read for those who tell it one by one.
import type { Facts, Need } from '../workflow/model/step.ts';
import type { Database } from './client.ts';

/** `step.satisfy` and `step.pass`: it ended; `step.skip`: nothing can start it any more; `step.ask`: it needs somebody; `step.stop`: its run was cancelled. */
export type TellingAction =
  | 'run.opened'
  | 'run.approval_asked'
  | 'run.plan_changed'
  | 'run.approved'
  | 'run.declined'
  | 'step.written_off'
  | 'run.held'
  | 'run.hold_lifted'
  | 'run.closed'
  | 'run.cancelled'
  | 'run.undone'
  | 'step.satisfy'
  | 'step.pass'
  | 'step.ask'
  | 'step.stop'
  | 'step.retried'
  | 'step.answered'
  | 'step.skip'
  | 'step.skipped'
  | 'step.attested'
  | 'step.extended'
  | 'step.reopened'
  | 'run.cut_again'
  | 'step.help_asked';
const TELLING: readonly TellingAction[] = [
  'run.opened',
  'run.approval_asked',
  'run.plan_changed',
  'run.approved',
  'run.declined',
  'step.written_off',
  'run.held',
  'run.hold_lifted',
  'run.closed',
  'run.cancelled',
  'run.undone',
  'step.satisfy',
  'step.pass',
  'step.ask',
  'step.stop',
  'step.retried',
  'step.answered',
  'step.skip',
  'step.skipped',
  'step.attested',
  'step.extended',
  'step.help_asked',
  'step.reopened',
  'run.cut_again',
];

export interface RunEvent {
  /** Its number in the run's chain: it names the event for ever. */
  readonly seq: number;
  readonly at: Date;
  /** `runner`, or an operator. */
  readonly actor: string;
  readonly action: TellingAction;
  readonly step: string;
  readonly subject: string;
  readonly attempt: number;
  readonly cause: string | null;
  readonly need: Need | null;
  readonly after: Facts | null;
  readonly evidence: 'read_back' | 'accepted' | 'moot' | null;
  /** Why it was declined, held, lifted, skipped or extended; how it is known to be done. */
  readonly reason: string | null;
}

export interface HistoryStore {
  /** Oldest first. */
  of(runId: string): Promise<readonly RunEvent[]>;
}

export function createHistoryStore(db: Database): HistoryStore {
  return {
    async of(runId) {
      const rows = await db.query<{
        seq: string;
        at: Date;
        actor: string;
        action: TellingAction;
        detail: Partial<Omit<RunEvent, 'seq' | 'at' | 'actor' | 'action'>> & {
          readonly answer?: { readonly reason?: string; readonly evidence?: string; readonly words?: string };
        };
      }>('SELECT seq, at, actor, action, detail FROM audit_event WHERE chain = $1 AND action = ANY ($2) ORDER BY seq', [
        runId,
        TELLING,
      ]);
      return rows.map(({ seq, at, actor, action, detail }) => ({
        seq: Number(seq),
        at,
        actor,
        action,
        step: detail.step ?? '',
        subject: detail.subject ?? '',
        attempt: detail.attempt ?? 0,
        cause: detail.cause ?? null,
        need: detail.need ?? null,
        after: detail.after ?? null,
        evidence: detail.evidence ?? null,
        reason: detail.reason ?? detail.answer?.reason ?? detail.answer?.evidence ?? detail.answer?.words ?? null,
      }));
    },
  };
}
