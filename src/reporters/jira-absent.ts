// Stands in for the Jira reporter where Jira is not set up (any more): tickets of earlier runs are not waited for, and each
// run's message says so. Once Jira is back they catch up.
import type { ReportStore } from '../store/reports.ts';
import type { RunStore } from '../store/runs.ts';
import { JIRA_TICKET } from '../workflow/steps/jira-ticket.ts';
import { createDrawLoop, type DrawLoop } from './draw-loop.ts';

/** On the run's message, and by which the pictures are found again. */
export const JIRA_ABSENT =
  'Jira is not set up any more, so the run’s ticket is not up to date. Once it is, the comments follow by themselves.';

export function createAbsentJira(deps: {
  readonly reports: Pick<ReportStore, 'claim' | 'nextInMs' | 'finish'>;
  readonly runs: Pick<RunStore, 'view'>;
  onProblem(runId: string): Promise<void>;
  log: { error(fields: object, message: string): void };
}): DrawLoop {
  return createDrawLoop({
    reports: deps.reports,
    async draw(report) {
      const run = report.runId === null ? null : await deps.runs.view(report.runId);
      const hasTicket = run?.steps.some((step) => step.step === JIRA_TICKET && step.status === 'done') ?? false;
      const problem = hasTicket ? JIRA_ABSENT : null;
      const { isNews } = await deps.reports.finish(report, { drawn: true, againInMs: 0, problem });
      if (isNews && report.runId !== null) await deps.onProblem(report.runId);
    },
    onError: (error) => deps.log.error({ err: error }, 'what waits for Jira could not be read; it is tried again'),
  });
}
