// Who looks after apps outside Okta, checked: that each owner and backup is somebody in Slack, who can be asked there. Reads only.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { connectSlack } from '../../connectors/slack/client.ts';
import type { App } from '../../workflow/model/app-policy.ts';
import type { Config } from '../config.ts';
import { asRefusal, ok, warning } from './finding.ts';

/** Slack takes some fifty look-ups a minute: the daily preflight must not use them all up. */
const MOST_LOOKED_UP = 40;

export async function checkAppOwners(config: Config, apps: readonly App[]): Promise<readonly Finding[]> {
  const { botToken, apiUrl } = config.slack;
  const slack = connectSlack({ botToken, apiUrl, deadlineMs: CHECK_DEADLINE_MS });
  const addresses = [...new Set(apps.flatMap(({ owner, backup }) => [owner, backup]))];
  const missing = new Set<string>();
  for (const address of addresses.slice(0, MOST_LOOKED_UP)) {
    const user = await slack.findUserByEmail(address).catch((error: unknown) => asRefusal(error));
    if (user instanceof ConnectorError)
      return [warning(`could not be looked up in Slack (${user.reason})`, 'Try again')];
    if (user === null) missing.add(address);
  }
  const unseen = addresses.length - MOST_LOOKED_UP;
  const found = apps.flatMap(({ key, owner, backup }) => [
    ...(missing.has(owner) ? [notThere(key, 'owner', 'The backup is asked at once. ')] : []),
    ...(missing.has(backup) ? [notThere(key, 'backup', '')] : []),
  ]);
  return [
    ...(found.length === 0
      ? [ok(`${apps.length} ${apps.length === 1 ? 'app' : 'apps'}, everybody is in Slack`)]
      : found),
    ...(unseen > 0 ? [warning(`${unseen} more addresses were not looked up, to leave Slack's rate to others`)] : []),
  ];
}

/** The key, not the address: a preflight is told in the channel. */
function notThere(key: string, whose: 'owner' | 'backup', meanwhile: string): Finding {
  return warning(
    `the ${whose} of ${key} is nobody in Slack, or is deactivated there`,
    `${meanwhile}Name somebody else as ${whose} of ${key} in the policy`,
  );
}
