// Keeps each run's ticket true: comments for what has ended since the last one, and closed once the run is. Drawn from the
// run's history until it matches; the pipeline never waits for it, and without a ticket there is nothing to draw.
import { isComplete } from '../blocks/run-root.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Jira } from '../connectors/jira/client.ts';
import type { HistoryStore, RunEvent } from '../store/history.ts';
import type { ClaimedReport, DeliveryRow, ReportStore } from '../store/reports.ts';
import type { RunStore } from '../store/runs.ts';
import type { RunView } from '../workflow/model/run.ts';
import { JIRA_TICKET } from '../workflow/steps/jira-ticket.ts';
import { createDrawLoop, type DrawLoop } from './draw-loop.ts';
import { CannotBeDrawn, closeIssue } from './jira-close.ts';
import { commentOn, isTold } from './jira-comment.ts';
import { IN_FLIGHT_MS, isWorthALine, waitOf } from './jira-pace.ts';
import { drawSubtasks, subtaskProblem } from './jira-subtasks.ts';
import type { OperatorNames } from './operator-names.ts';

/** Jira takes 32,767 characters a comment; a line has 300 at most. */
const EVENTS_A_COMMENT = 50;

export interface JiraReporterDeps {
  readonly jira: Jira;
  readonly project: string;
  /** Null: any status that Jira counts as done. */
  readonly doneStatus: string | null;
  readonly reports: ReportStore;
  readonly runs: Pick<RunStore, 'view' | 'policyOf'>;
  readonly history: HistoryStore;
  readonly names: OperatorNames;
  /** Waits for Jira's published rate before a write. */
  pace(): Promise<void>;
  /** Between two writes to one ticket, in ms. */
  readonly betweenWritesMs: number;
  /** Tells one operator privately; `by` is `T123/U123`. */
  tell(by: string, words: string): Promise<void>;
  /** What stands on the run's message in Slack about its ticket has changed. */
  onProblem(runId: string): Promise<void>;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

interface Ticket {
  readonly run: RunView;
  readonly report: ClaimedReport;
  readonly id: string;
  readonly key: string;
  readonly known: readonly DeliveryRow[];
}

export function createJiraReporter(deps: JiraReporterDeps): DrawLoop {
  async function draw(report: ClaimedReport): Promise<void> {
    try {
      const { laterMs, problem } = await drawTicket(deps, report);
      await finish(report, { drawn: laterMs === null, againInMs: laterMs ?? deps.betweenWritesMs, problem });
    } catch (error) {
      const isOver = error instanceof CannotBeDrawn;
      const againInMs = isOver ? deps.betweenWritesMs : waitOf(error, report.failures);
      const problem = await problemOf(report, error);
      const isNews = await finish(report, { drawn: isOver, againInMs, problem });
      if (isNews || isWorthALine(report.failures))
        deps.log.warn(
          { report: report.key, err: error, waitMs: againInMs },
          'the ticket is not up to date; the offboarding goes on',
        );
    }
  }

  /** A trouble that lasts is told once to the starter, and stands on the run's message as long as it lasts. */
  async function finish(report: ClaimedReport, result: Parameters<ReportStore['finish']>[1]): Promise<boolean> {
    const { isNews } = await deps.reports.finish(report, result);
    if (!isNews || report.runId === null) return isNews;
    await deps.onProblem(report.runId);
    const run = result.problem === null ? null : await deps.runs.view(report.runId);
    if (run !== null)
      await deps
        .tell(run.requestedBy, `${run.code}: ${result.problem}`)
        .catch((failed: unknown) => deps.log.warn({ err: failed }, 'the starter could not be told'));
    return isNews;
  }

  /** Null: it passes by itself. */
  async function problemOf(report: ClaimedReport, error: unknown): Promise<string | null> {
    if (error instanceof CannotBeDrawn) return error.message;
    if (!isUnauthorized(error)) return null;
    const run = report.runId === null ? null : await deps.runs.view(report.runId);
    return `Jira does not accept Sendoff’s credentials, or they lack a permission, so ${run ? keyOf(run) : 'the ticket'} is not up to date. Have them checked; the comments then follow by themselves.`;
  }

  return createDrawLoop({
    reports: deps.reports,
    draw,
    onError: (error) => deps.log.error({ err: error }, 'the Jira reporter could not read what to draw; it tries again'),
  });
}

/** At most one write. `laterMs`: when to go on; null: the ticket says all there is to say. */
async function drawTicket(
  deps: JiraReporterDeps,
  report: ClaimedReport,
): Promise<{ laterMs: number | null; problem: string | null }> {
  const run = report.runId === null ? null : await deps.runs.view(report.runId);
  const facts = run?.steps.find((step) => step.step === JIRA_TICKET && step.status === 'done')?.after;
  // No ticket yet: its step's end will ask for this picture again.
  if (run === null || typeof facts?.id !== 'string') return { laterMs: null, problem: null };
  const [known, events, policy] = await Promise.all([
    deps.reports.deliveries(report.key),
    deps.history.of(run.id),
    deps.runs.policyOf(run.id),
  ]);
  const ticket: Ticket = { run, report, id: facts.id, key: keyOf(run), known };
  const subtasks = { run, policy, events, id: facts.id, report: { key: report.key, known } };
  try {
    const laterMs =
      (await comment(deps, ticket, events.filter(isTold))) ??
      (await drawSubtasks(deps, subtasks)) ??
      (await close(deps, ticket));
    return { laterMs, problem: subtaskProblem(known) };
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'not_found') await gone(deps, ticket);
    if (error instanceof ConnectorError && error.kind === 'rejected')
      throw new CannotBeDrawn(
        `Jira refused what was to be written to ${ticket.key} (${error.reason}). The run goes on.`,
      );
    throw error;
  }
}

async function comment(deps: JiraReporterDeps, ticket: Ticket, events: readonly RunEvent[]): Promise<number | null> {
  const { run, report, id, known } = ticket;
  const said = new Set(known.filter((row) => row.ts !== null).flatMap(eventsOf));
  const isUnsaid = (event: RunEvent): boolean => !said.has(event.seq);
  if (!events.some(isUnsaid)) return null;

  const posted = (await deps.jira.listComments(id)).flatMap(({ id: ts, property }) => {
    const own = property as { run?: unknown; marker?: unknown; events?: unknown } | null;
    return own?.run === run.id && Array.isArray(own.events) ? [{ ts, marker: own.marker, events: own.events }] : [];
  });
  for (const row of known.filter((one) => one.ts === null && one.message.startsWith(EVENTS))) {
    const found = posted.find((one) => one.marker === row.marker);
    if (found) await deps.reports.posted(report.key, row.message, found.ts, '');
    // What is perhaps on its way still may arrive.
    else if (row.ageMs < IN_FLIGHT_MS) return IN_FLIGHT_MS - row.ageMs;
    else await deps.reports.withdraw(report.key, row.message);
  }
  for (const seq of posted.flatMap((one) => one.events)) said.add(Number(seq));
  const unsaid = events.filter(isUnsaid);
  if (unsaid.length === 0) return null;
  await post(deps, ticket, unsaid.slice(0, EVENTS_A_COMMENT));
  return deps.betweenWritesMs;
}

async function post(deps: JiraReporterDeps, { run, report, id }: Ticket, events: readonly RunEvent[]): Promise<void> {
  const names = await deps.names.of([
    run.requestedBy,
    ...events.map(({ actor }) => actor).filter((one) => one.includes('/')),
  ]);
  const seqs = events.map(({ seq }) => seq);
  const message = `${EVENTS}${seqs.join(',')}`;
  await deps.pace();
  const { marker } = await deps.reports.intend(report.key, message);
  try {
    const property = { run: run.id, marker, events: seqs };
    const ts = await deps.jira.addComment(id, { adf: commentOn(run, events, names), property });
    await deps.reports.posted(report.key, message, ts, '');
  } catch (error) {
    // Refused is not posted: only what may have arrived has to be looked for.
    if (error instanceof ConnectorError && error.kind !== 'ambiguous') await deps.reports.withdraw(report.key, message);
    throw error;
  }
}

const EVENTS = 'events:';

function eventsOf(row: DeliveryRow): number[] {
  return row.message.startsWith(EVENTS) ? row.message.slice(EVENTS.length).split(',').map(Number) : [];
}

/** Once everything is done; left open otherwise. Never again once it was closed, whoever opens it. */
async function close(deps: JiraReporterDeps, { run, report, id, key, known }: Ticket): Promise<number | null> {
  if (run.status !== 'closed' || !isComplete(run)) return null;
  const issue = { id, key, prefix: '', because: 'everything is done' };
  return (await closeIssue(deps, issue, { key: report.key, known })) ? null : deps.betweenWritesMs;
}

/** Jira says "not there" also of what we may not see: that can be put right, a deleted ticket cannot. */
async function gone(deps: JiraReporterDeps, { key }: Ticket): Promise<never> {
  const held = await deps.jira.myPermissions(deps.project);
  if (held?.BROWSE_PROJECTS)
    throw new CannotBeDrawn(
      `Its Jira ticket ${key} is gone (deleted, or moved to where Sendoff cannot see it), so nothing more is written there, and no other is made. The thread in Slack has everything, and the run goes on.`,
    );
  const reason = `the account may not browse ${deps.project}`;
  throw new ConnectorError({
    kind: 'unauthorized',
    vendor: 'jira',
    operation: 'getMyPermissions',
    subject: key,
    reason,
  });
}

function keyOf(run: RunView): string {
  const key = run.steps.find((step) => step.step === JIRA_TICKET)?.after?.key;
  return typeof key === 'string' ? key : 'the ticket';
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ConnectorError && error.kind === 'unauthorized';
}
