// Before anything is served: the token works, and the IT channel is private with the bot in it. Leavers' names go there.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Slack } from '../connectors/slack/client.ts';
import { StartError } from '../store/start-error.ts';

export async function checkSlack(
  slack: Slack,
  channelId: string,
): Promise<{ teamId: string; botId: string; botUserId: string }> {
  const identity = await slack.whoAmI().catch((error: unknown) => {
    throw refused(
      error,
      'SLACK_BOT_TOKEN was not accepted',
      'Copy the Bot User OAuth Token again, or reinstall the app.',
    );
  });
  const channel = await slack.getChannel(channelId).catch((error: unknown) => {
    // The one scope that the manifest leaves out on purpose: Slack asks for it where the channel is public.
    if (error instanceof ConnectorError && error.reason === 'missing_scope: channels:read') throw isPublic(channelId);
    // A channel that cannot be seen counts as not private.
    throw refused(
      error,
      `Whether ${channelId} is private could not be read`,
      'Give the bot the scope groups:read and reinstall the app.',
    );
  });
  if (channel === null)
    throw new StartError(
      `SLACK_CHANNEL_ID ${channelId} is unknown to the bot. Nothing was started. Invite the bot to the private IT channel (/invite @sendoff), then start again.`,
    );
  if (!channel.is_private) throw isPublic(channelId);
  if (channel.is_member === false)
    throw new StartError(
      `The bot is not in ${channelId}. Nothing was started. Invite it (/invite @sendoff), then start again.`,
    );
  return identity;
}

function isPublic(channelId: string): StartError {
  return new StartError(
    `SLACK_CHANNEL_ID ${channelId} is a public channel, and Sendoff posts the names of leavers. Nothing was started. Make a private channel, invite the bot, and set its id.`,
  );
}

function refused(error: unknown, what: string, remedy: string): unknown {
  if (!(error instanceof ConnectorError)) return error;
  if (error.kind !== 'unauthorized' && error.kind !== 'rejected') {
    return new StartError(
      `Slack does not answer (${error.reason}). Nothing was started. Check the network and status.slack.com, then start again.`,
      { cause: error },
    );
  }
  return new StartError(`${what} (${error.reason}). Nothing was started. ${remedy}`, { cause: error });
}
