// The doors that no operator stands at, checked: whether Okta has verified its hook, and whether anything comes in. From our own rows.
import type { Finding } from '../../cli/doctor.ts';
import { connectDatabase } from '../../store/client.ts';
import { unapplied } from '../../store/migrate.ts';
import type { Config } from '../config.ts';
import { ok, problem } from './finding.ts';

/** `databaseUrl` null: nothing runs now, so nothing is known. */
export async function checkDoors(config: Config, databaseUrl: string | null): Promise<readonly Finding[]> {
  const [hook, webhook] = [config.okta.hookSecret !== null, Boolean(config.bamboohr?.webhookKey)];
  if (databaseUrl === null || (await unapplied(databaseUrl).catch(() => ['no answer'])).length > 0)
    return [ok('settings there; what came in is known while Sendoff runs')];
  const db = connectDatabase(databaseUrl, () => undefined);
  try {
    const [seen] = await db.query<{ verified: boolean; okta: boolean; bamboohr: boolean }>(
      `SELECT coalesce(bool_or(source = 'okta'), false) AS verified, coalesce(bool_or(kind = 'okta_deactivated'), false) AS okta,
         coalesce(bool_or(kind = 'hris_changed'), false) AS bamboohr FROM inbound_delivery WHERE source IN ('okta', 'bamboohr')`,
      [],
    );
    const verified = seen?.verified
      ? ok('Okta’s event hook is verified')
      : problem(
          'Okta’s event hook was never verified here',
          'Okta admin > Workflow > Event hooks: URL …/webhooks/okta, header Authorization as OKTA_EVENT_HOOK_SECRET, event User deactivated; then Verify',
        );
    const taken = seen?.bamboohr
      ? ok('BambooHR’s webhook comes in')
      : ok('BambooHR’s webhook: nothing came in the last week; changes are polled');
    return [...(hook ? [verified] : []), ...(webhook ? [taken] : [])];
  } finally {
    await db.close();
  }
}
