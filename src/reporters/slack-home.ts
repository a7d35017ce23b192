// Draws one viewer's App Home from state: an operator's overview, or the polite page. Publishing again changes nothing, so nothing is kept.
import { buildHome, buildPoliteHome } from '../blocks/home.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { OperatorStore } from '../store/operators.ts';
import type { ReportStore } from '../store/reports.ts';
import type { RunStore } from '../store/runs.ts';
import type { BatchStore } from '../workflow/model/batch.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { OperatorId } from '../workflow/model/run.ts';

const RECENT_MS = 30 * 86_400_000;
/** Links are asked for one by one: the rest is found in the channel. */
const MOST_LINKS = 20;

export interface SlackHomeDeps {
  readonly slack: Pick<Slack, 'publishHome' | 'getPermalink'>;
  readonly runs: Pick<RunStore, 'running' | 'endedSince'>;
  readonly batches: Pick<BatchStore, 'waiting'>;
  readonly operators: Pick<OperatorStore, 'role' | 'list' | 'contacts'>;
  readonly reports: Pick<ReportStore, 'threadTs' | 'oldestProblem'>;
  readonly channelId: string;
  readonly clock: Clock;
  log: { warn(fields: object, message: string): void };
}

export type DrawHome = (viewer: OperatorId) => Promise<void>;

export function createSlackHome(deps: SlackHomeDeps): DrawHome {
  /** A thread's address never changes. */
  const links = new Map<string, string>();
  const linkOf = async (runId: string): Promise<readonly [string, string][]> => {
    const known = links.get(runId);
    if (known !== undefined) return [[runId, known]];
    const ts = await deps.reports.threadTs(runId);
    const link = ts === null ? null : await deps.slack.getPermalink(deps.channelId, ts).catch(() => null);
    if (link === null) return [];
    links.set(runId, link);
    return [[runId, link]];
  };
  const draw = async (viewer: OperatorId) => {
    const isOurs = (one: OperatorId): boolean => one.teamId === viewer.teamId;
    const role = await deps.operators.role(viewer);
    if (role === null) return buildPoliteHome({ contacts: (await deps.operators.contacts()).filter(isOurs) });
    const now = deps.clock.now();
    const [running, recent, operators, channelTrouble, batches] = await Promise.all([
      deps.runs.running(),
      deps.runs.endedSince(new Date(now.getTime() - RECENT_MS)),
      deps.operators.list(),
      deps.reports.oldestProblem(),
      deps.batches.waiting(),
    ]);
    const threads = new Map((await Promise.all(running.slice(0, MOST_LINKS).map((run) => linkOf(run.id)))).flat());
    const ours = operators.filter(isOurs);
    return buildHome({
      role,
      running,
      batches,
      recent,
      operators: ours,
      threads,
      channelId: deps.channelId,
      channelTrouble,
      now,
    });
  };
  return async (viewer) => {
    const home = await draw(viewer);
    try {
      await deps.slack.publishHome(viewer.userId, home);
    } catch (error) {
      // Refused for good (the Home tab is switched off, the viewer is gone): the next opening tries again.
      if (!(error instanceof ConnectorError) || error.kind !== 'rejected') throw error;
      deps.log.warn({ err: error }, 'Slack refused an App Home');
    }
  };
}
