// Slack's settings: what each must look like, and which are missing with what to do about it.
import { z } from 'zod';
import { webAddress } from './web-address.ts';

export interface SlackConfig {
  readonly botToken: string;
  /** An app-level token means Socket Mode: Slack then needs no address of ours. */
  readonly door: { readonly appToken: string } | { readonly signingSecret: string };
  readonly channelId: string;
  readonly apiUrl: string;
}

const required = (remedy: string) => z.string(remedy).min(1, remedy);

export const slackSettings = {
  SLACK_BOT_TOKEN: required('is missing: copy the Bot User OAuth Token from the app’s OAuth & Permissions page').regex(
    /^xox[be]-/,
    'is not a bot token (xoxb-…): copy the Bot User OAuth Token, not another',
  ),
  SLACK_SIGNING_SECRET: z.string().min(1).optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(
      /^xapp-/,
      'is not an app-level token (xapp-…): make one with the scope connections:write on the app’s Basic Information page',
    )
    .optional(),
  SLACK_CHANNEL_ID: required('is missing: copy the id of the private IT channel from its About tab').regex(
    /^[CG][A-Z0-9]+$/,
    'is not a channel id (C0123…): copy the id from the channel’s About tab, not its name',
  ),
  SLACK_API_URL: webAddress('leave it out for Slack itself')
    .refine((text) => text.endsWith('/api/'), 'does not end in /api/')
    .default('https://slack.com/api/'),
};

export function slackOf(
  settings: { SLACK_BOT_TOKEN: string; SLACK_CHANNEL_ID: string; SLACK_API_URL: string },
  door: SlackConfig['door'],
): SlackConfig {
  return {
    botToken: settings.SLACK_BOT_TOKEN,
    door,
    channelId: settings.SLACK_CHANNEL_ID,
    apiUrl: settings.SLACK_API_URL,
  };
}

/** Null: there is no way in, and `problems` says so. */
export function slackDoor(given: Record<string, string | undefined>, problems: string[]): SlackConfig['door'] | null {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = given;
  if (appToken) return { appToken };
  if (signingSecret) return { signingSecret };
  problems.push(
    'SLACK_SIGNING_SECRET is missing: copy the Signing Secret from the app’s Basic Information page, or set SLACK_APP_TOKEN for Socket Mode',
  );
  return null;
}
