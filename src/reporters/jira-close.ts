// Moves a ticket, or a sub-task of it, along to a done status: one transition at a time, since not every workflow leads there at once.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Jira } from '../connectors/jira/client.ts';
import type { DeliveryRow, ReportStore } from '../store/reports.ts';

/** Nothing more can be done about this; its message is for operators. */
export class CannotBeDrawn extends Error {}

export interface CloseDeps {
  readonly jira: Pick<Jira, 'getIssue' | 'listTransitions' | 'transition'>;
  /** Null: any status that Jira counts as done. */
  readonly doneStatus: string | null;
  readonly reports: Pick<ReportStore, 'intend' | 'posted' | 'shared'>;
  pace(): Promise<void>;
}

/**
 * At most one write. True: it is closed, or somebody has closed it, and is never touched again. `prefix` names its messages
 * among the report's. Throws CannotBeDrawn where no way leads on, and `not_found` where the issue is gone.
 */
export async function closeIssue(
  deps: CloseDeps,
  issue: { readonly id: string; readonly key: string; readonly prefix: string; readonly because: string },
  report: { readonly key: string; readonly known: readonly DeliveryRow[] },
): Promise<boolean> {
  const { id, key, prefix } = issue;
  const closed = closedMessage(prefix);
  if (report.known.some((row) => row.message === closed)) return true;
  const found = await deps.jira.getIssue(id);
  if (found === null) {
    const facts = { vendor: 'jira', operation: 'getIssue', subject: key };
    throw new ConnectorError({ ...facts, kind: 'not_found', reason: 'gone' });
  }
  const isWanted = (one: { status: string; statusCategory: string }): boolean =>
    deps.doneStatus === null
      ? one.statusCategory === 'done'
      : one.status.toLowerCase() === deps.doneStatus.toLowerCase();
  // In another done status than ours a person has closed it: it is not opened again to be closed our way.
  if (isWanted(found) || found.statusCategory === 'done') {
    await deps.reports.shared(report.key, closed, found.id, '');
    return true;
  }
  const hopOf = (way: { id: string }): string => `${prefix}transition:${way.id}`;
  const ways = (await deps.jira.listTransitions(id)).filter((way) => way.status !== found.status);
  const isNew = (way: { id: string }): boolean =>
    !report.known.some((row) => row.message === hopOf(way) && row.ts !== null);
  const way = [ways.find(isWanted), ways.find((one) => one.statusCategory === 'indeterminate' && isNew(one))].find(
    (one) => one && isNew(one),
  );
  if (!way)
    throw new CannotBeDrawn(
      `${issue.because}, but ${key} could not be closed: from “${found.status}” Sendoff may use no transition that leads to ${deps.doneStatus === null ? 'a done status' : `“${deps.doneStatus}”`}. Close it by hand.`,
    );
  await deps.pace();
  await deps.reports.intend(report.key, hopOf(way));
  await deps.jira.transition(id, way.id);
  await deps.reports.posted(report.key, hopOf(way), way.id, '');
  return false;
}

export function closedMessage(prefix: string): string {
  return `${prefix}closed`;
}
