// Who tells people of a run: the private channel, and the run's ticket where Jira is set up.
import type { Slack } from '../connectors/slack/client.ts';
import { createAbsentJira, JIRA_ABSENT } from '../reporters/jira-absent.ts';
import { BETWEEN_WRITES_MS } from '../reporters/jira-pace.ts';
import { createJiraReporter } from '../reporters/jira-ticket.ts';
import { createOperatorNames } from '../reporters/operator-names.ts';
import { createSlackHome } from '../reporters/slack-home.ts';
import type { SlackPace } from '../reporters/slack-pace.ts';
import { createSlackReporter } from '../reporters/slack-thread.ts';
import type { OperatorStore } from '../store/operators.ts';
import type { RunStore } from '../store/runs.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { Pacer } from '../workflow/pace.ts';
import type { Config } from './config.ts';
import type { connectVendors } from './connect.ts';
import type { Log } from './log.ts';
import type { Stores } from './stores.ts';

export interface Voices {
  /** The channel only: what stands there is drawn again. */
  wakeChannel(): void;
  /** Channel and tickets. */
  draw(): void;
  isBusy(): boolean;
  stop(): Promise<void>;
}

export async function createVoices(given: {
  config: Config;
  slack: Slack;
  vendors: Pick<ReturnType<typeof connectVendors>, 'jira' | 'google'>;
  stores: Pick<Stores, 'reports' | 'ticketReports' | 'batches' | 'breaker' | 'inbound' | 'history'>;
  runs: RunStore;
  operators: OperatorStore;
  pacer: Pacer;
  slackPace: SlackPace;
  /** Between two writes to one ticket; as Jira's published limit wants it if absent. */
  betweenTicketWritesMs: number | undefined;
  clock: Clock;
  log: Log;
}): Promise<Voices> {
  const { config, slack, stores, runs, operators, clock, log } = given;
  const { jira, google } = given.vendors;
  const { reports, ticketReports, batches, breaker, inbound } = stores;
  const { channelId } = config.slack;
  if (jira) await ticketReports.wantAll(JIRA_ABSENT);

  const names = createOperatorNames(slack);
  const channel = createSlackReporter({
    slackUserOf: async (googleId) => {
      const account = await google?.accounts.getUser(googleId);
      return account ? ((await slack.findUserByEmail(account.primaryEmail))?.id ?? null) : null;
    },
    drawHome: createSlackHome({ slack, runs, batches, operators, reports, channelId, clock, log }),
    ...{ breaker, batches, slack, reports, channelId, runs, inbound, names, operators, clock, log },
    pace: given.slackPace,
    ticketProblem: (runId) => ticketReports.problemOf(runId),
  });
  const onProblem = async (runId: string): Promise<void> => {
    await reports.wantRun(runId);
    channel.wake();
  };
  const tickets =
    jira && config.jira
      ? createJiraReporter({
          ...{ jira, runs, names, onProblem, log },
          project: config.jira.project,
          doneStatus: config.jira.doneStatus,
          reports: ticketReports,
          history: stores.history,
          pace: () => given.pacer('jira'),
          betweenWritesMs: given.betweenTicketWritesMs ?? BETWEEN_WRITES_MS,
          tell: (by, words) => tellPrivately(slack, channelId, by, words),
        })
      : createAbsentJira({ reports: ticketReports, runs, onProblem, log });
  return {
    wakeChannel: () => channel.wake(),
    draw() {
      channel.wake();
      tickets.wake();
    },
    isBusy: () => channel.isBusy() || tickets.isBusy(),
    async stop() {
      await tickets.stop();
      await channel.stop();
    },
  };
}

async function tellPrivately(slack: Slack, channel: string, by: string, words: string): Promise<void> {
  if (!by.includes('/')) return; // a door is nobody in Slack
  const user = by.slice(by.indexOf('/') + 1);
  const blocks = [{ type: 'section' as const, text: { type: 'plain_text' as const, text: words } }];
  await slack.postEphemeral({ channel, user }, { text: words, blocks });
}
