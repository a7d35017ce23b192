// A batch's one message and its thread: drawn from rows, whatever its runs do meanwhile.

import { isEnded } from '../blocks/batch-members.ts';
import { buildBatchEnd, buildBatchRoot } from '../blocks/batch-text.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { ClaimedReport } from '../store/reports.ts';
import type { BatchStore, BatchView } from '../workflow/model/batch.ts';
import type { Operators } from '../workflow/model/ports.ts';
import type { OperatorNames } from './operator-names.ts';
import { type PostOnceDeps, showMessage } from './post-once.ts';

export const BATCH_REPORT = 'batch:';

export interface BatchMessageDeps extends PostOnceDeps {
  readonly batches: Pick<BatchStore, 'view' | 'wantOf'>;
  readonly operators: Pick<Operators, 'approvers'>;
  readonly names: OperatorNames;
  readonly slack: Slack;
}

/** A thread's address never changes. */
const links = new Map<string, string>();
const MOST_LINKS = 1_000;

/** Answers as `drawRun` does. */
export async function drawBatch(deps: BatchMessageDeps, report: Pick<ClaimedReport, 'key'>): Promise<number | null> {
  const batch = await deps.batches.view(report.key.slice(BATCH_REPORT.length));
  if (batch === null) return null;
  const known = new Map((await deps.reports.deliveries(report.key)).map((row) => [row.message, row]));
  const [approvers, names, threads] = await Promise.all([
    deps.operators.approvers(),
    deps.names.of([batch.requestedBy, ...batch.decisions.map(({ by }) => by)]),
    threadsOf(deps, batch),
  ]);
  const root = await showMessage(
    deps,
    { reportKey: report.key, message: 'root' },
    known.get('root'),
    buildBatchRoot(batch, { names, approvers, threads }),
  );
  if ('later' in root) return root.later;
  if (!isEnded(batch) && !known.has('end')) return null;
  const where = { reportKey: report.key, message: 'end', threadTs: root.ts };
  const end = await showMessage(deps, where, known.get('end'), buildBatchEnd(batch));
  return 'later' in end ? end.later : null;
}

async function threadsOf(deps: BatchMessageDeps, { members }: BatchView): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    members
      .flatMap(({ run }) => (run ? [run.id] : []))
      .map(async (runId): Promise<[string, string][]> => {
        const kept = links.get(runId);
        if (kept !== undefined) return [[runId, kept]];
        const ts = await deps.reports.threadTs(runId);
        const link = ts === null ? null : await deps.slack.getPermalink(deps.channelId, ts).catch(() => null);
        if (link === null) return [];
        if (links.size >= MOST_LINKS) links.clear();
        links.set(runId, link);
        return [[runId, link]];
      }),
  );
  return new Map(found.flat());
}
