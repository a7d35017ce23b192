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
import { commentOn, isTold } from './jira-comment.ts';
import type { OperatorNames } from './operator-names.ts';

/** Between two writes to one ticket; what ends meanwhile shares a comment. Jira takes 20 in 2 s and 100 in 30 s. */
export const BETWEEN_WRITES_MS = 1_500;
/** A comment that was sent can arrive until its call's deadline; only after that does "not listed" mean not posted. */
const IN_FLIGHT_MS = 9_000;
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** Jira takes 32,767 characters a comment; a line has 300 at most. */
const EVENTS_A_COMMENT = 50;

export interface JiraReporterDeps {
  readonly jira: Jira;
  readonly project: string;
  /** Null: any status that Jira counts as done. */
  readonly doneStatus: string | null;
  readonly reports: ReportStore;
  readonly runs: Pick<RunStore, 'view'>;
  readonly history: HistoryStore;
  readonly names: OperatorNames;
  /** Waits for Jira's published rate before a write. */
  pace(): Promise<void>;
  /** Tells one operator privately; `by` is `T123/U123`. */
  tell(by: string, words: string): Promise<void>;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Nothing more can be done about this picture; its message is for the one who started the run. */
class CannotBeDrawn extends Error {}

interface Ticket {
  readonly run: RunView;
  readonly report: ClaimedReport;
  readonly id: string;
  readonly key: string;
  readonly known: readonly DeliveryRow[];
}

export function createJiraReporter(deps: JiraReporterDeps): DrawLoop {
  /** Reports whose starter knows of the trouble: once a trouble. */
  const told = new Set<string>();

  async function draw(report: ClaimedReport): Promise<void> {
    try {
      const laterMs = await drawTicket(deps, report);
      if (laterMs === null) told.delete(report.key);
      const againInMs = laterMs ?? BETWEEN_WRITES_MS;
      await deps.reports.finish(report, { drawn: laterMs === null, againInMs, problem: null });
    } catch (error) {
      const isOver = error instanceof CannotBeDrawn;
      const waitMs = isOver ? BETWEEN_WRITES_MS : waitOf(error, report.failures);
      deps.log.warn(
        { report: report.key, err: error, waitMs },
        'the ticket is not up to date; the offboarding goes on',
      );
      if (isOver || isUnauthorized(error)) await tellOnce(report, error);
      await deps.reports.finish(report, { drawn: isOver, againInMs: waitMs, problem: problemOf(error) });
    }
  }

  async function tellOnce(report: ClaimedReport, error: unknown): Promise<void> {
    if (told.has(report.key) || report.runId === null) return;
    told.add(report.key);
    const run = await deps.runs.view(report.runId);
    if (run === null) return;
    const words =
      error instanceof CannotBeDrawn
        ? error.message
        : `Jira does not accept Sendoff’s credentials, or they lack a permission, so ${keyOf(run)} is not up to date. Have them checked; the comments then follow by themselves.`;
    await deps
      .tell(run.requestedBy, `${run.code}: ${words}`)
      .catch((failed: unknown) => deps.log.warn({ err: failed }, 'the starter could not be told'));
  }

  return createDrawLoop({
    reports: deps.reports,
    draw,
    onError: (error) => deps.log.error({ err: error }, 'the Jira reporter could not read what to draw; it tries again'),
  });
}

/** At most one write. Answers in how many ms to go on; null: the ticket says all there is to say. */
async function drawTicket(deps: JiraReporterDeps, report: ClaimedReport): Promise<number | null> {
  const run = report.runId === null ? null : await deps.runs.view(report.runId);
  const facts = run?.steps.find((step) => step.step === JIRA_TICKET && step.status === 'done')?.after;
  // No ticket yet: its step's end will ask for this picture again.
  if (run === null || typeof facts?.id !== 'string') return null;
  const known = await deps.reports.deliveries(report.key);
  const ticket: Ticket = { run, report, id: facts.id, key: keyOf(run), known };
  try {
    return (await comment(deps, ticket)) ?? (await close(deps, ticket));
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'not_found') await gone(deps, ticket);
    if (error instanceof ConnectorError && error.kind === 'rejected')
      throw new CannotBeDrawn(
        `Jira refused what was to be written to ${ticket.key} (${error.reason}). The offboarding goes on.`,
      );
    throw error;
  }
}

async function comment(deps: JiraReporterDeps, ticket: Ticket): Promise<number | null> {
  const { run, report, id, known } = ticket;
  const events = (await deps.history.of(run.id)).filter(isTold);
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
  return BETWEEN_WRITES_MS;
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
const CLOSED = 'closed';

function eventsOf(row: DeliveryRow): number[] {
  return row.message.startsWith(EVENTS) ? row.message.slice(EVENTS.length).split(',').map(Number) : [];
}

/** One step on the way to a done status: not every workflow leads there at once. Never again once it was there. */
async function close(deps: JiraReporterDeps, { run, report, id, key, known }: Ticket): Promise<number | null> {
  if (run.status !== 'closed' || !isComplete(run) || known.some((row) => row.message === CLOSED)) return null;
  const issue = await deps.jira.getIssue(id);
  if (issue === null)
    throw new ConnectorError({
      kind: 'not_found',
      vendor: 'jira',
      operation: 'getIssue',
      subject: key,
      reason: 'gone',
    });
  const isWanted = (one: { status: string; statusCategory: string }): boolean =>
    deps.doneStatus === null
      ? one.statusCategory === 'done'
      : one.status.toLowerCase() === deps.doneStatus.toLowerCase();
  if (isWanted(issue)) {
    await deps.reports.shared(report.key, CLOSED, issue.id, '');
    return null;
  }
  const ways = (await deps.jira.listTransitions(id)).filter((way) => way.status !== issue.status);
  const isNew = (way: { id: string }): boolean => !known.some((row) => row.message === hopOf(way) && row.ts !== null);
  const way = [ways.find(isWanted), ways.find((one) => one.statusCategory === 'indeterminate' && isNew(one))].find(
    (one) => one && isNew(one),
  );
  if (!way)
    throw new CannotBeDrawn(
      `everything is done, but ${key} could not be closed: from “${issue.status}” Sendoff may use no transition that leads to ${deps.doneStatus === null ? 'a done status' : `“${deps.doneStatus}”`}. Close it by hand.`,
    );
  await deps.pace();
  await deps.reports.intend(report.key, hopOf(way));
  await deps.jira.transition(id, way.id);
  await deps.reports.posted(report.key, hopOf(way), way.id, '');
  return BETWEEN_WRITES_MS;
}

function hopOf(way: { id: string }): string {
  return `transition:${way.id}`;
}

/** Jira says "not there" also of what we may not see: that can be put right, a deleted ticket cannot. */
async function gone(deps: JiraReporterDeps, { key }: Ticket): Promise<never> {
  const held = await deps.jira.myPermissions(deps.project);
  if (held?.BROWSE_PROJECTS)
    throw new CannotBeDrawn(
      `its Jira ticket ${key} is gone (deleted, or moved to where Sendoff cannot see it). Nothing more is written there; the thread in Slack has everything, and the offboarding goes on.`,
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

function waitOf(error: unknown, failures: number): number {
  if (error instanceof ConnectorError && error.retryAfterMs) return error.retryAfterMs;
  return BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 30_000;
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ConnectorError && error.kind === 'unauthorized';
}

function problemOf(error: unknown): string {
  if (error instanceof CannotBeDrawn) return error.message;
  return error instanceof ConnectorError ? `Jira answered ${error.reason}` : 'something unexpected happened';
}
