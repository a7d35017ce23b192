// Keeps the private channel true: one root, one reply a step and a report at the end for each run, one line for each use of a door. Pictures are
// drawn from state until they match; the pipeline never waits for them.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { InboundStore } from '../store/inbound.ts';
import type { ClaimedReport } from '../store/reports.ts';
import type { RunView } from '../workflow/model/run.ts';
import { BATCH_REPORT, type BatchMessageDeps, drawBatch } from './batch-message.ts';
import { BREAKER_REPORT, type BreakerMessageDeps, drawBreaker } from './breaker-message.ts';
import { createDrawLoop, type DrawLoop } from './draw-loop.ts';
import { drawRun, type RunThreadDeps } from './run-thread.ts';
import type { DrawHome } from './slack-home.ts';
import { drawNotice } from './slack-notice.ts';

/** What comes within this is drawn together. */
const COALESCE_MS = 1_000;
/** Slack takes about a hundred Homes a minute: twenty viewers may watch busy runs. */
const HOME_COALESCE_MS = 5_000;
const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

export interface SlackReporterDeps
  extends RunThreadDeps,
    Pick<BreakerMessageDeps, 'breaker'>,
    Pick<BatchMessageDeps, 'batches'> {
  readonly inbound: InboundStore;
  readonly drawHome: DrawHome;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

export function createSlackReporter(deps: SlackReporterDeps): DrawLoop {
  /** Reports whose starter knows that they wait: once an outage. */
  const told = new Set<string>();

  async function draw(report: ClaimedReport): Promise<number | null> {
    if (report.runId) return drawRun(deps, report, report.runId);
    if (report.key.startsWith(BREAKER_REPORT)) return drawBreaker(deps, report);
    if (report.key.startsWith(BATCH_REPORT)) return drawBatch(deps, report);
    if (!report.viewer) return drawNotice(deps, report, report.inboundId ?? '');
    await deps.drawHome(report.viewer);
    return null;
  }

  async function drawOne(report: ClaimedReport): Promise<void> {
    try {
      const laterMs = await draw(report);
      if (laterMs === null) told.delete(report.key);
      if (laterMs === null && report.runId)
        await Promise.all([deps.reports.wantHomes(), deps.batches.wantOf(report.runId)]);
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
  if (run === null || !run.requestedBy.includes('/')) return;
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
