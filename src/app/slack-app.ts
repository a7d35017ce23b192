// Bolt's app behind Slack's doors: our ids in place of a look-up, no repeats of its own, and every listener on it.
import { App as BoltApp, LogLevel } from '@slack/bolt';
import type { Slack } from '../connectors/slack/client.ts';
import { answerAt } from '../listeners/click-place.ts';
import type { DoorDeps } from '../listeners/door.ts';
import { registerListeners } from '../listeners/register.ts';
import type { Config } from './config.ts';
import type { checkSlack } from './slack-check.ts';
import type { SlackDoors } from './slack-doors.ts';

export function createSlackApp(
  given: Omit<DoorDeps, 'teamId' | 'channelId' | 'respond' | 'openView'> & {
    readonly config: Config;
    readonly slack: Slack;
    readonly slackDoors: Pick<SlackDoors, 'receiver'>;
    readonly identity: Awaited<ReturnType<typeof checkSlack>>;
  },
): void {
  const { config, slack, slackDoors, identity, log, reference } = given;
  const { botToken, apiUrl, channelId } = config.slack;
  const app = new BoltApp({
    receiver: slackDoors.receiver,
    logLevel: LogLevel.ERROR,
    // Ids we know already: no call to Slack stands before an ack.
    authorize: async () => ({ botToken, botId: identity.botId, botUserId: identity.botUserId }),
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  app.error(async (error) => {
    log.error({ err: error.original ?? error, reference: reference() }, 'a listener failed');
    throw error; // unanswered, Bolt says 500 at once instead of 404 after 3 s
  });
  registerListeners(app, {
    ...given,
    teamId: identity.teamId,
    channelId,
    respond: (place, message) =>
      answerAt(slack, place, message).catch((error: unknown) =>
        log.warn({ err: error }, 'a private answer could not be sent'),
      ),
    openView: async (triggerId, view) => void (await slack.openView(triggerId, view)),
  });
}
