// Slack, checked: token, each scope of the manifest, the private channel, the clock.
import { readFileSync } from 'node:fs';
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { connectSlack } from '../../connectors/slack/client.ts';
import { probeSlack } from '../../connectors/slack/probe.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { asRefusal, clockFinding, ok, problem } from './finding.ts';

export async function checkSlackApp(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const settings = { botToken: config.slack.botToken, apiUrl: config.slack.apiUrl, deadlineMs: CHECK_DEADLINE_MS };
  const [probe, channel] = await Promise.all([
    probeSlack(settings).catch((error: unknown) => asRefusal(error)),
    checkChannel(connectSlack(settings), config.slack.channelId),
  ]);
  if (probe instanceof ConnectorError) {
    if (probe.kind !== 'unauthorized')
      return [problem(`no answer (${probe.reason})`, 'Check the network and status.slack.com')];
    return [
      problem(
        `token not accepted (${probe.reason})`,
        'Copy the Bot User OAuth Token again into SLACK_BOT_TOKEN, or reinstall the app',
      ),
    ];
  }
  return [ok(`token (${probe.team})`), ...slackScopes(probe.scopes), channel, clockFinding('Slack', probe.date, clock)];
}

function slackScopes(granted: readonly string[] | null): readonly Finding[] {
  const wanted = manifestScopes();
  if (granted === null) return [{ level: 'warning', says: 'scopes: Slack did not name them' }];
  const missing = wanted.filter((scope) => !granted.includes(scope));
  const excess = granted.filter((scope) => !wanted.includes(scope));
  return [
    ...(missing.length === 0 ? [ok(`${wanted.length} of ${wanted.length} scopes`)] : []),
    ...missing.map((scope) =>
      problem(
        `${scope} not granted`,
        `Slack app > OAuth & Permissions > Bot Token Scopes > add ${scope}, then reinstall the app`,
      ),
    ),
    ...(excess.length === 0
      ? []
      : [
          {
            level: 'warning',
            says: `more scopes than needed: ${excess.join(', ')}`,
            fix: 'Take them away and reinstall the app',
          } as const,
        ]),
  ];
}

function manifestScopes(): readonly string[] {
  const manifest = JSON.parse(readFileSync(new URL('../../../manifest.json', import.meta.url), 'utf8')) as {
    oauth_config: { scopes: { bot: string[] } };
  };
  return manifest.oauth_config.scopes.bot;
}

export async function checkChannel(slack: ReturnType<typeof connectSlack>, id: string): Promise<Finding> {
  const toPrivate = 'Make a private channel, invite the bot, and set SLACK_CHANNEL_ID to its id';
  try {
    const channel = await slack.getChannel(id);
    if (channel === null)
      return problem(`${id} is unknown to the bot`, 'Invite the bot to the private IT channel: /invite @sendoff');
    if (!channel.is_private) return problem(`${id} is a public channel`, toPrivate);
    if (channel.is_member === false) return problem(`the bot is not in ${id}`, 'Invite it: /invite @sendoff');
    if (channel.is_archived) return problem(`${id} is archived`, 'Unarchive it, or set SLACK_CHANNEL_ID to another');
    return ok(`#${channel.name ?? id} is private, bot is in it`);
  } catch (error) {
    const { reason } = asRefusal(error);
    if (reason === 'missing_scope: channels:read') return problem(`${id} is a public channel`, toPrivate);
    return problem(
      `whether ${id} is private could not be read (${reason})`,
      'Give the bot the scope groups:read and reinstall the app',
    );
  }
}
