// Keeps the private channel true: one root, one reply a step and a report at the end for each run, one line for each use of a door. Pictures are
// drawn from state until they match; the pipeline never waits for them.
import { buildReminder } from '../blocks/approval-text.ts';
import { buildCatchUp } from '../blocks/catch-up-reply.ts';
import { buildRunReport } from '../blocks/run-report.ts';
import { buildRunRoot } from '../blocks/run-root.ts';
import { buildStepReply } from '../blocks/step-reply.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { InboundStore } from '../store/inbound.ts';
import type { OperatorStore } from '../store/operators.ts';
import type { ClaimedReport, DeliveryRow } from '../store/reports.ts';
import type { RunStore } from '../store/runs.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { OperatorId, RunView, StepView } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { showDeviceNotices } from './device-notices.ts';
import { createDrawLoop, type DrawLoop } from './draw-loop.ts';
import { showLockNotices } from './lock-notices.ts';
import { type MailboxNoticeDeps, showMailboxNotices } from './mailbox-notices.ts';
import type { OperatorNames } from './operator-names.ts';
import { hashOf, type PostOnceDeps, showMessage } from './post-once.ts';
import { showReturnNotices } from './return-notices.ts';
import type { DrawHome } from './slack-home.ts';
import { drawNotice } from './slack-notice.ts';

/** What comes within this is drawn together. */
const COALESCE_MS = 1_000;
/** Slack takes about a hundred Homes a minute: twenty viewers may watch busy runs. */
const HOME_COALESCE_MS = 5_000;
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** A picture wrong for longer missed an outage: its finished steps share one reply. */
const OUTAGE_MS = 30_000;
/** In place of the root's hash: it is drawn again whatever it shows. */
const SUSPECT = 'suspect';

export interface SlackReporterDeps extends PostOnceDeps, MailboxNoticeDeps {
  readonly runs: RunStore;
  readonly inbound: InboundStore;
  readonly names: OperatorNames;
  readonly operators: Pick<OperatorStore, 'approvers'>;
  readonly drawHome: DrawHome;
  /** What keeps the run's ticket from being whole; null: nothing. */
  ticketProblem(runId: string): Promise<string | null>;
  readonly clock: Clock;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

export function createSlackReporter(deps: SlackReporterDeps): DrawLoop {
  /** Reports whose starter knows that they wait: once an outage. */
  const told = new Set<string>();

  async function draw(report: ClaimedReport): Promise<number | null> {
    if (report.runId) return drawRun(deps, report, report.runId);
    if (!report.viewer) return drawNotice(deps, report, report.inboundId ?? '');
    await deps.drawHome(report.viewer);
    return null;
  }

  async function drawOne(report: ClaimedReport): Promise<void> {
    try {
      const laterMs = await draw(report);
      if (laterMs === null) told.delete(report.key);
      if (laterMs === null && report.runId) await deps.reports.wantHomes();
      const againInMs = laterMs ?? (report.viewer ? HOME_COALESCE_MS : COALESCE_MS);
      await deps.reports.finish(report, { drawn: laterMs === null, againInMs, problem: null });
    } catch (error) {
      const waitMs =
        error instanceof ConnectorError && error.retryAfterMs
          ? error.retryAfterMs
          : (BACK_OFF_MS[Math.min(report.failures, BACK_OFF_MS.length - 1)] ?? 30_000);
      if (report.runId && isUnreadable(error) && !told.has(report.key)) {
        told.add(report.key);
        await tellStarter(deps, report.runId, reasonOf(error));
      }
      const problem = channelTrouble(error);
      const { isNews } = await deps.reports.finish(report, { drawn: false, againInMs: waitMs, problem });
      if (isNews || report.failures < BACK_OFF_MS.length)
        deps.log.warn(
          { report: report.key, err: error, waitMs },
          'the channel could not be drawn; the offboarding goes on',
        );
      // Where the channel cannot be written to, the Home says so.
      if (isNews) await deps.reports.wantHomes();
    }
  }

  return createDrawLoop({
    reports: deps.reports,
    draw: drawOne,
    onError: (error) => deps.log.error({ err: error }, 'the reporter could not read what to draw; it tries again'),
  });
}

/** Answers in how many ms to look again where a post is still in doubt; null: the picture is right. */
async function drawRun(deps: SlackReporterDeps, report: ClaimedReport, runId: string): Promise<number | null> {
  const run = await deps.runs.view(runId);
  if (run === null) return null;
  const known = new Map((await deps.reports.deliveries(report.key)).map((row) => [row.message, row]));
  const names = await deps.names.of([
    run.requestedBy,
    ...(run.cancelledBy === null ? [] : [run.cancelledBy]),
    ...(run.approval?.ended ? [run.approval.ended.by] : []),
    ...run.steps.flatMap((step) => [...step.decisions, ...step.reveals].map((one) => one.by)),
  ]);

  const calls = run.approval !== null || run.steps.some((step) => CALLING.includes(step.step));
  const approvers = calls ? (await deps.operators.approvers()).filter(isInTeamOf(run)) : [];
  const problem = await deps.ticketProblem(runId);
  const before = known.get('root');
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
    const shown = await showMessage(deps, { reportKey: report.key, message, threadTs: root.ts }, own, content).catch(
      (error: unknown) => suspectRoot(deps, report, before, root.ts, error),
    );
    if ('ts' in shown) return shown.ts;
    laterMs = Math.max(laterMs ?? 0, shown.later);
    return null;
  };

  // Each reminder is a message of its own, since an edit calls nobody; once answered it says so.
  for (const message of remindersOf(run, known))
    if (run.approval) await show(message, buildReminder(run, run.approval, { names, approvers }));

  const notices = { run, known, names, approvers, now: deps.clock.now(), show };
  await showMailboxNotices(deps, report.key, notices);
  await showLockNotices(notices);
  await showReturnNotices(deps, report.key, notices);
  await showDeviceNotices(deps, report.key, notices);

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
  // Below all others; a run that was opened again has its report redrawn, not taken away.
  const isReported = run.status === 'closed' || run.status === 'cancelled' || known.has('report');
  if (isReported && laterMs === null) await show('report', buildRunReport(run, { names }));
  return laterMs;
}

/** Slack knows no such thread: unless the root was seen since, it is looked at once more, and posted again if it is gone. */
async function suspectRoot(
  deps: SlackReporterDeps,
  report: ClaimedReport,
  before: DeliveryRow | undefined,
  ts: string,
  error: unknown,
): Promise<{ later: number }> {
  const isGone = error instanceof ConnectorError && error.vendorCode === 'thread_not_found';
  if (!isGone || before?.hash === SUSPECT) throw error;
  await deps.reports.posted(report.key, 'root', ts, SUSPECT);
  return { later: COALESCE_MS };
}

/** Steps whose notices may call approvers. */
const CALLING: readonly string[] = ['google.mailbox_end', 'return.receive'];
const REMINDER = 'reminder:';

function remindersOf({ status, approval }: RunView, known: ReadonlyMap<string, DeliveryRow>): readonly string[] {
  const stands = [...known.keys()].filter((message) => message.startsWith(REMINDER));
  if (status !== 'awaiting_approval') return stands;
  const newest = `${REMINDER}${approval?.reminders ?? 0}`;
  return approval && approval.reminders > 0 && !known.get(newest)?.ts ? [newest] : [];
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

/** What lasts until somebody acts, in a sentence; null: it passes by itself. */
function channelTrouble(error: unknown): string | null {
  if (!(error instanceof ConnectorError)) return null;
  switch (error.vendorCode) {
    case 'is_archived':
      return 'It is archived. Unarchive it in Slack.';
    case 'not_in_channel':
    case 'channel_not_found':
      return 'Sendoff is no longer in it. Invite it there: /invite @sendoff';
    default:
      return error.kind === 'unauthorized' || error.kind === 'rejected'
        ? `${reasonOf(error)}. Run npm run doctor where Sendoff runs: it names what to do.`
        : null;
  }
}

function isUnreadable(error: unknown): boolean {
  return (
    error instanceof ConnectorError &&
    error.operation === 'conversations.history' &&
    (error.kind === 'unauthorized' || error.kind === 'rejected')
  );
}

/** Where history cannot be read nothing is posted again, and the one who waits for it is told why. */
async function tellStarter(deps: SlackReporterDeps, runId: string, problem: string): Promise<void> {
  const run: RunView | null = await deps.runs.view(runId);
  if (run === null) return;
  const user = run.requestedBy.slice(run.requestedBy.indexOf('/') + 1);
  const text = `${run.code} goes on, but I cannot tell whether its message reached this channel: ${problem}. I post nothing twice, so I wait until the channel's history can be read.`;
  await deps.slack
    .postEphemeral(
      { channel: deps.channelId, user },
      { text, blocks: [{ type: 'section', text: { type: 'plain_text', text } }] },
    )
    .catch((error: unknown) => deps.log.warn({ err: error }, 'the starter could not be told'));
}

function reasonOf(error: unknown): string {
  return error instanceof ConnectorError ? `Slack answered ${error.reason}` : 'something unexpected happened';
}
