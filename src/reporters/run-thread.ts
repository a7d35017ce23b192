// One run’s thread: the root, a reply a step, notices that call somebody, and the report at the end, each drawn until it matches.
import { buildReminder } from '../blocks/approval-text.ts';
import { buildCatchUp } from '../blocks/catch-up-reply.ts';
import type { Names } from '../blocks/names.ts';
import { ownersOf } from '../blocks/owner-words.ts';
import { buildRunReport } from '../blocks/run-report.ts';
import { buildRunRoot } from '../blocks/run-root.ts';
import { buildHeldReply, buildStartReminder } from '../blocks/start-text.ts';
import { buildStepReply } from '../blocks/step-reply.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { OperatorStore } from '../store/operators.ts';
import type { ClaimedReport, DeliveryRow } from '../store/reports.ts';
import type { RunStore } from '../store/runs.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { OperatorId, RunView, StepView } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { showDeviceNotices } from './device-notices.ts';
import { showLockNotices } from './lock-notices.ts';
import { type MailboxNoticeDeps, type Notices, showMailboxNotices } from './mailbox-notices.ts';
import type { OperatorNames } from './operator-names.ts';
import { showOwnerTasks } from './owner-tasks.ts';
import { hashOf, type PostOnceDeps, showMessage } from './post-once.ts';
import { showReturnNotices } from './return-notices.ts';
import { showWatchNotices } from './watch-notices.ts';

/** A picture wrong for longer missed an outage: its finished steps share one reply. */
const OUTAGE_MS = 30_000;
const LOOK_AGAIN_MS = 1_000;
/** In place of the root's hash: it is drawn again whatever it shows. */
const SUSPECT = 'suspect';

export interface RunThreadDeps extends PostOnceDeps, MailboxNoticeDeps {
  readonly runs: RunStore;
  readonly names: OperatorNames;
  readonly operators: Pick<OperatorStore, 'approvers'>;
  /** What keeps the run's ticket from being whole; null: nothing. */
  ticketProblem(runId: string): Promise<string | null>;
  readonly clock: Clock;
}

/** Answers in how many ms to look again where a post is still in doubt; null: the picture is right. */
export async function drawRun(deps: RunThreadDeps, report: ClaimedReport, runId: string): Promise<number | null> {
  const run = await deps.runs.view(runId);
  if (run === null) return null;
  const known = new Map((await deps.reports.deliveries(report.key)).map((row) => [row.message, row]));
  const names = await namesIn(deps, run);

  const calls = run.approval !== null || run.status === 'held' || run.steps.some((step) => CALLING.includes(step.step));
  const approvers = calls ? (await deps.operators.approvers()).filter(isInTeamOf(run)) : [];
  const problem = await deps.ticketProblem(runId);
  const before = known.get('root');
  // The breaker's one message tells of it; until it is let begin it has none of its own.
  if (isManyHeld(run) && !before) return null;
  const options = { now: deps.clock.now(), names, approvers, ...(problem === null ? {} : { reportProblem: problem }) };
  const root = await showMessage(deps, { reportKey: report.key, message: 'root' }, before, buildRunRoot(run, options));
  if ('later' in root) return root.later;
  // Somebody deleted the root. What has ended stays below the old one; what still needs somebody moves below the new one.
  const isMoved = typeof before?.ts === 'string' && before.ts !== root.ts;

  const isLeft = new Set(isMoved ? run.steps.filter((step) => !hasEnded(step.status)).map(messageOf) : []);
  let laterMs: number | null = null;
  const show = async (message: string, content: Message): Promise<string | null> => {
    const row = known.get(message);
    const own = row?.hash?.startsWith('shared:') || isLeft.has(message) ? undefined : row; // a shared reply is never edited into one step's
    const where = { reportKey: report.key, message, threadTs: root.ts, over: row };
    const shown = await showMessage(deps, where, own, content).catch((error: unknown) =>
      suspectRoot(deps, report, before, root.ts, error),
    );
    if ('ts' in shown) return shown.ts;
    laterMs = Math.max(laterMs ?? 0, shown.later);
    return null;
  };

  // Each reminder is a message of its own, since an edit calls nobody; once answered it says so.
  for (const message of remindersOf(run, known))
    if (run.approval) await show(message, buildReminder(run, run.approval, { names, approvers }));

  const halted = haltedMessage(run, known);
  if (halted) {
    const called = approvers.slice(0, MOST_CALLED).map(({ userId }) => `<@${userId}>`);
    await show(halted, buildHeldReply(run, called));
  }
  if (run.start?.reminded) await show('start_reminder', buildStartReminder(run));

  const notices = { run, known, names, approvers, now: deps.clock.now(), show };
  await showMailboxNotices(deps, report.key, notices);
  await showLockNotices(notices);
  await showReturnNotices(deps, report.key, notices);
  await showDeviceNotices(deps, report.key, notices);
  await showWatchNotices(notices);
  await showOwnerTasks(deps, report.key, notices);

  await showReplies(deps, report, { run, known, names, show });
  // Below all others; a run that was opened again has its report redrawn, not taken away.
  const isReported = run.status === 'closed' || run.status === 'cancelled' || known.has('report');
  if (isReported && laterMs === null) await show('report', buildRunReport(run, { names }));
  return laterMs;
}

/** Of everybody whom the thread tells of. */
async function namesIn(deps: RunThreadDeps, run: RunView): Promise<Names> {
  const owners = await deps.names.of(ownersOf(run).map((id) => `/${id}`));
  const operators = await deps.names.of([
    run.requestedBy,
    ...(run.cancelledBy === null ? [] : [run.cancelledBy]),
    ...(run.approval?.ended ? [run.approval.ended.by] : []),
    ...[...run.steps, ...(run.watch ?? [])].flatMap((step) =>
      [...step.decisions, ...step.reveals].map((one) => one.by),
    ),
  ]);
  return {
    ...operators,
    ...Object.fromEntries(Object.entries(owners).map(([key, name]) => [key.slice(1), name])),
  };
}

/** One a step; what was missed in an outage shares one. */
async function showReplies(
  deps: RunThreadDeps,
  report: ClaimedReport,
  {
    run,
    known,
    names,
    show,
  }: Omit<Notices, 'approvers' | 'now' | 'show'> & { show(message: string, content: Message): Promise<string | null> },
): Promise<void> {
  const replies = run.steps.flatMap((step) => {
    const content = buildStepReply(run, step, { names });
    return content ? [{ step, message: messageOf(step), content }] : [];
  });
  const missed =
    report.lateMs > OUTAGE_MS || known.has('catch_up')
      ? replies.filter(({ step, message }) => hasEnded(step.status) && isShareable(known, message))
      : [];
  const shared = missed.length > 1 ? missed : [];
  if (shared.length > 0) {
    const ts = await show(
      'catch_up',
      buildCatchUp(
        run,
        shared.map(({ step }) => step),
      ),
    );
    if (ts !== null)
      for (const { message, content } of shared)
        await deps.reports.shared(report.key, message, ts, sharedHash(content));
  }
  for (const reply of replies) {
    if (shared.includes(reply) || known.get(reply.message)?.hash === sharedHash(reply.content)) continue;
    await show(reply.message, reply.content);
  }
}

/** Slack knows no such thread: unless the root was seen since, it is looked at once more, and posted again if it is gone. */
async function suspectRoot(
  deps: RunThreadDeps,
  report: ClaimedReport,
  before: DeliveryRow | undefined,
  ts: string,
  error: unknown,
): Promise<{ later: number }> {
  const isGone = error instanceof ConnectorError && error.vendorCode === 'thread_not_found';
  if (!isGone || before?.hash === SUSPECT) throw error;
  await deps.reports.posted(report.key, 'root', ts, SUSPECT);
  return { later: LOOK_AGAIN_MS };
}

/** Steps whose notices may call approvers. */
const CALLING: readonly string[] = ['google.mailbox_end', 'return.receive'];
const REMINDER = 'reminder:';
const HALTED = 'halted:';
const MOST_CALLED = 5;

function remindersOf({ status, approval }: RunView, known: ReadonlyMap<string, DeliveryRow>): readonly string[] {
  const stands = [...known.keys()].filter((message) => message.startsWith(REMINDER));
  if (status !== 'awaiting_approval') return stands;
  const newest = `${REMINDER}${approval?.reminders ?? 0}`;
  return approval && approval.reminders > 0 && !known.get(newest)?.ts ? [newest] : [];
}

/** Each hold calls once: the moment that was missed tells one from the next. Those that stand are put right. */
function haltedMessage(run: RunView, known: ReadonlyMap<string, DeliveryRow>): string | null {
  const stands = [...known.keys()].filter((message) => message.startsWith(HALTED)).at(-1) ?? null;
  if (run.status !== 'held' || !run.start?.held || isManyHeld(run)) return stands;
  return `${HALTED}${run.start.at?.toISOString() ?? ''}:${run.start.held.because.why}`;
}

function isManyHeld({ status, start }: RunView): boolean {
  return status === 'held' && start?.held?.because.why === 'many';
}

function isInTeamOf({ requestedBy }: RunView): (one: OperatorId) => boolean {
  return ({ teamId }) => !requestedBy.includes('/') || requestedBy.startsWith(`${teamId}/`);
}

function messageOf(step: StepView): string {
  return `step:${step.step}/${step.subject}`;
}

/** A step without a reply of its own, or whose reply is the shared one. */
function isShareable(known: ReadonlyMap<string, DeliveryRow>, message: string): boolean {
  const row = known.get(message);
  return row === undefined || (row.hash?.startsWith('shared:') ?? false);
}

function sharedHash(content: Message): string {
  return `shared:${hashOf(content)}`;
}
