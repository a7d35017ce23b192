// A sub-task of the run's ticket for each question that waits for a person, where the policy says so: made once, found again
// below the ticket, and closed as soon as the step moves on.
import { stepWords } from '../blocks/step-words.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import { adfDocument, paragraph, text } from '../connectors/jira/adf.ts';
import type { Jira } from '../connectors/jira/client.ts';
import { type Issue, PROPERTY_KEY } from '../connectors/jira/schema.ts';
import type { RunEvent } from '../store/history.ts';
import type { DeliveryRow, ReportStore } from '../store/reports.ts';
import type { RunView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { JIRA_TICKET } from '../workflow/steps/jira-ticket.ts';
import { CannotBeDrawn, type CloseDeps, closedMessage, closeIssue } from './jira-close.ts';
import { IN_FLIGHT_MS, wasRefused } from './jira-pace.ts';

const LONGEST_SUMMARY = 250;
/** The message that says that this run gets no sub-tasks; its hash is the sentence. */
const NONE = 'no sub-tasks';

export interface SubtaskDeps extends CloseDeps {
  readonly jira: Pick<
    Jira,
    'getIssue' | 'getProject' | 'myPermissions' | 'listSubtasks' | 'createSubtask' | 'listTransitions' | 'transition'
  >;
  readonly reports: Pick<ReportStore, 'intend' | 'posted' | 'shared' | 'withdraw'>;
  /** Between two writes to one ticket, in ms. */
  readonly betweenWritesMs: number;
  /** Tells one operator privately; `by` is `T123/U123`. */
  tell(by: string, words: string): Promise<void>;
  log: { warn(fields: object, message: string): void };
}

export interface Subtasks {
  readonly run: RunView;
  /** What the run pinned. */
  readonly policy: Facts;
  readonly events: readonly RunEvent[];
  /** The ticket's id. */
  readonly id: string;
  readonly report: { readonly key: string; readonly known: readonly DeliveryRow[] };
}

/** Why this run gets no sub-tasks though the policy wants them; null: it does, or need not. */
export function subtaskProblem(known: readonly DeliveryRow[]): string | null {
  return known.find((row) => row.message === NONE)?.hash ?? null;
}

/** At most one write. Answers in how many ms to go on; null: each question has its sub-task, or needs none any more. */
export async function drawSubtasks(deps: SubtaskDeps, given: Subtasks): Promise<number | null> {
  const { run, events, id, report } = given;
  const questions = events.filter((event) => event.action === 'step.ask' && event.step !== JIRA_TICKET);
  const rowOf = (event: RunEvent): DeliveryRow | undefined =>
    report.known.find((row) => row.message === messageOf(event));

  const unsure = questions.flatMap((event) => rowOf(event) ?? []).filter((row) => row.ts === null);
  if (unsure.length > 0) {
    const made = await deps.jira.listSubtasks(id);
    for (const row of unsure) {
      const found = made.find((issue) => markerOf(issue) === row.marker);
      if (found) await deps.reports.posted(report.key, row.message, found.id, found.key);
      // What is perhaps on its way still may arrive.
      else if (row.ageMs < IN_FLIGHT_MS) return IN_FLIGHT_MS - row.ageMs;
      else await deps.reports.withdraw(report.key, row.message);
    }
    return deps.betweenWritesMs;
  }

  for (const event of questions.filter((one) => !isStillAsked(run, one))) {
    const row = rowOf(event);
    if (row?.ts && !(await isClosed(deps, given, event, row))) return deps.betweenWritesMs;
  }

  if (given.policy['jira.subtasks'] !== true || subtaskProblem(report.known) !== null) return null;
  const next = questions.find((event) => isStillAsked(run, event) && !rowOf(event));
  if (!next) return null;
  await make(deps, given, next);
  return deps.betweenWritesMs;
}

function isStillAsked(run: RunView, event: RunEvent): boolean {
  return run.steps.some(
    (step) =>
      step.step === event.step &&
      step.subject === event.subject &&
      step.status === 'needs_human' &&
      step.attempt === event.attempt,
  );
}

/** Also where it cannot be closed, or somebody has deleted it: then it is left alone. */
async function isClosed(deps: SubtaskDeps, given: Subtasks, event: RunEvent, row: DeliveryRow): Promise<boolean> {
  const prefix = `${messageOf(event)}:`;
  const id = row.ts ?? '';
  const because = `${stepWords(event.step).todo} no longer waits for anybody`;
  try {
    return await closeIssue(deps, { id, key: row.hash || 'its sub-task', prefix, because }, given.report);
  } catch (error) {
    const isGone = error instanceof ConnectorError && error.kind === 'not_found';
    const left = whyLeft(error, row);
    if (!isGone && left === null) throw error;
    // Jira says "not there" also of what we may not see.
    if (isGone && !(await deps.jira.myPermissions(projectOf(row)))?.BROWSE_PROJECTS) throw error;
    await deps.reports.shared(given.report.key, closedMessage(prefix), id, '');
    if (left !== null)
      await deps
        .tell(given.run.requestedBy, `${given.run.code}: ${left}`)
        .catch((failed: unknown) => deps.log.warn({ err: failed }, 'the starter could not be told'));
    return true;
  }
}

/** A sentence where the sub-task is left open for good; null: it is tried again. */
function whyLeft(error: unknown, row: DeliveryRow): string | null {
  if (error instanceof CannotBeDrawn) return error.message;
  if (!(error instanceof ConnectorError) || error.kind !== 'rejected') return null;
  return `${row.hash} could not be closed: Jira refused (${error.reason}). Close it by hand.`;
}

/** Of a key such as ITOPS-12. */
function projectOf(row: DeliveryRow): string {
  return (row.hash ?? '').replace(/-\d+$/, '');
}

async function make(deps: SubtaskDeps, given: Subtasks, event: RunEvent): Promise<void> {
  const { run, id, report, policy } = given;
  const parent = await deps.jira.getIssue(id);
  if (parent === null)
    throw new ConnectorError({
      kind: 'not_found',
      vendor: 'jira',
      operation: 'getIssue',
      subject: id,
      reason: 'gone',
    });
  const type = String(policy['jira.subtaskType'] ?? '');
  const project = await deps.jira.getProject(parent.projectKey);
  const known = project?.issueTypes.find(
    (one) => one.subtask && [one.name.toLowerCase(), one.id].includes(type.toLowerCase()),
  );
  if (!known)
    return giveUp(
      deps,
      given,
      `${parent.key} gets no sub-tasks: ${parent.projectKey} has no sub-task type “${type}”. Set jira.subtaskType in the policy to one it has, or jira.subtasks to false. Comments go on.`,
    );
  const words = stepWords(event.step);
  const message = messageOf(event);
  await deps.pace();
  const { marker } = await deps.reports.intend(report.key, message);
  try {
    const made = await deps.jira.createSubtask(parent.key, {
      project: parent.projectKey,
      issueType: known.id,
      summary: `${run.code} waits for somebody: ${words.todo}`.slice(0, LONGEST_SUMMARY),
      description: adfDocument(
        paragraph(text(`Still to do: ${words.notDone}`)),
        paragraph(
          text('Answer it in the run’s thread in Slack. This sub-task is closed by itself once the step moves on.'),
        ),
      ),
      labels: [`sendoff-${run.id}-${event.seq}`],
      // No `run` in it: a sub-task is never taken for the run's ticket.
      properties: { [PROPERTY_KEY]: { of: run.id, question: event.seq, marker } },
    });
    await deps.reports.posted(report.key, message, made.id, made.key);
  } catch (error) {
    if (error instanceof ConnectorError && error.kind !== 'ambiguous') await deps.reports.withdraw(report.key, message);
    if (!(await wasRefused(deps, parent.projectKey, error))) throw error;
    const { reason } = error as ConnectorError;
    return giveUp(
      deps,
      given,
      `${parent.key} gets no sub-tasks: Jira refused to make one (${reason}). Put that right in ${parent.projectKey}, or set jira.subtasks to false in the policy. Comments go on.`,
    );
  }
}

/** Said once, for the rest of the run. */
async function giveUp(deps: SubtaskDeps, { report }: Subtasks, sentence: string): Promise<void> {
  await deps.reports.shared(report.key, NONE, '', sentence);
}

function messageOf(event: Pick<RunEvent, 'seq'>): string {
  return `question:${event.seq}`;
}

function markerOf(issue: Issue): unknown {
  const property = issue.properties[PROPERTY_KEY];
  return typeof property === 'object' && property !== null && 'marker' in property ? property.marker : null;
}
