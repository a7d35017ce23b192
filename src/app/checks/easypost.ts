// EasyPost, checked: the key and what kind of key, whether its events can reach us, the clock. Reads only.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { connectEasyPost } from '../../connectors/easypost/client.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { EASYPOST_PATH } from '../easypost-settings.ts';
import { asRefusal, clockFinding, dateOf, ok, problem, warning } from './finding.ts';

export async function checkEasyPost(
  config: NonNullable<Config['easypost']>,
  clock: Clock,
): Promise<readonly Finding[]> {
  let date: Date | null = null;
  const easypost = connectEasyPost({
    ...config,
    deadlineMs: CHECK_DEADLINE_MS,
    pace: async () => undefined,
    onHeaders: (headers) => {
      date = dateOf(headers);
    },
  });
  const hooks = await easypost.listWebhooks().catch((error: unknown) => asRefusal(error));
  if (hooks instanceof ConnectorError) return [refusalFinding(hooks)];
  return [keyFinding(config), webhookFinding(config, hooks), clockFinding('EasyPost', date, clock)];
}

/** @see https://docs.easypost.com/docs/authentication: test keys begin with EZTK, and follow made-up parcels only. */
function keyFinding({ apiKey }: NonNullable<Config['easypost']>): Finding {
  if (!apiKey.startsWith('EZTK')) return ok('key');
  return warning(
    'test key: it follows test numbers only',
    'Copy the production key (EZAK…) from EasyPost > Account Settings > API Keys, set EASYPOST_API_KEY',
  );
}

function webhookFinding(
  { webhookSecret }: NonNullable<Config['easypost']>,
  hooks: readonly { readonly url: string; readonly isEnabled: boolean }[],
): Finding {
  if (webhookSecret === null) return ok('set up without a webhook');
  const ours = hooks.filter(({ url }) => URL.canParse(url) && new URL(url).pathname === EASYPOST_PATH);
  if (ours.some((one) => one.isEnabled)) return ok('webhook');
  return warning(
    ours.length === 0 ? 'no webhook sends to us' : 'the webhook that sends to us is switched off',
    `EasyPost > Webhooks: add https://<your address>${EASYPOST_PATH} with the secret in EASYPOST_WEBHOOK_SECRET, or enable it`,
  );
}

function refusalFinding(refused: ConnectorError): Finding {
  if (refused.kind === 'unauthorized')
    return problem(
      `key refused (${refused.reason})`,
      'Copy a key from EasyPost > Account Settings > API Keys, set EASYPOST_API_KEY',
    );
  return problem(`no answer (${refused.reason})`, 'Check EASYPOST_URL, the network and status.easypost.com');
}
