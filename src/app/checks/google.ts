// Google, checked: the key, the admin, each scope of the delegation, the licences, and the clock as Google's token address judges it.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { type GoogleProbe, type GoogleScopeProbe, probeGoogle } from '../../connectors/google/probe.ts';
import { GOOGLE_SCOPES, scopeUrl } from '../../connectors/google/scopes.ts';
import type { Config } from '../config.ts';
import { ok, problem, warning } from './finding.ts';

type GoogleConfig = NonNullable<Config['google']>;

const DELEGATION = 'Admin console > Security > Access and data control > API controls > Domain-wide delegation';

export async function checkGoogle(config: GoogleConfig): Promise<readonly Finding[]> {
  const probe = await probeGoogle({ ...config, deadlineMs: CHECK_DEADLINE_MS });
  const noToken = probe.scopes.find((one) => one.granted === null);
  if (noToken && typeof noToken.read !== 'string') return [tokenFinding(noToken.read)];
  const found = probe.scopes.flatMap((one) => scopeFindings(one, config.serviceAccount.clientId));
  const isFine = found.length === 0;
  return [
    // A token whose time Google refused is none: that there is one says that the clocks agree.
    ok('token, clock agrees'),
    ...(isFine ? [ok(`${probe.scopes.length} of ${probe.scopes.length} scopes`)] : found),
    ...unproved(probe),
    adminFinding(probe),
  ];
}

function tokenFinding(refused: ConnectorError): Finding {
  if (refused.kind !== 'unauthorized')
    return problem(`no answer (${refused.reason})`, 'Check the network and www.google.com/appsstatus');
  if (/short-lived|timeframe/i.test(refused.reason))
    return problem(
      `this machine’s clock differs from Google’s (${refused.reason})`,
      'Switch on time synchronisation (NTP): Google refuses what was signed at another time',
    );
  if (/admin account/i.test(refused.reason))
    return problem(refused.reason, 'Set GOOGLE_ADMIN_EMAIL to the primary address of an active super admin');
  return problem(
    refused.reason,
    'Google Cloud console > IAM > Service accounts: is it on, is this key still there? Make a new key, set GOOGLE_SERVICE_ACCOUNT_KEY',
  );
}

/** Empty: granted, and where a read needs it, read. */
function scopeFindings({ scope, granted, read }: GoogleScopeProbe, clientId: string): readonly Finding[] {
  const isForCounts = GOOGLE_SCOPES[scope].neededFor === 'counts';
  const tell = isForCounts ? warning : problem;
  if (granted === false)
    return [tell(`${scope} not granted`, `${DELEGATION} > client ${clientId} > Edit: add ${scopeUrl(scope)}`)];
  if (!(read instanceof ConnectorError) || isAnswer(scope, read)) return [];
  return [
    tell(
      `${scope}: the read was refused (${read.reason})`,
      read.kind === 'unauthorized'
        ? 'Google Cloud console > APIs & Services: enable this API in the service account’s project; and make GOOGLE_ADMIN_EMAIL a super admin'
        : 'Try again; if it stays so, see www.google.com/appsstatus',
    ),
  ];
}

/** The admin need have no mailbox of their own: that Gmail says so shows that it takes the scope. */
function isAnswer(scope: GoogleScopeProbe['scope'], read: ConnectorError): boolean {
  return GOOGLE_SCOPES[scope].subject === 'person' && read.kind === 'rejected';
}

function unproved({ scopes }: GoogleProbe): readonly Finding[] {
  return scopes
    .filter(({ granted, read }) => granted === true && read === 'not_exercised')
    .map(({ scope }) => ({ level: 'unproved', says: scope }));
}

function adminFinding({ isSuperAdmin }: GoogleProbe): Finding {
  if (isSuperAdmin === null) return warning('whether GOOGLE_ADMIN_EMAIL is a super admin could not be read');
  if (isSuperAdmin) return ok('acts for a super admin');
  return problem(
    'GOOGLE_ADMIN_EMAIL is no super admin',
    'Admin console > Account > Admin roles > Super Admin: add the account, since admin roles of others can be taken by a super admin only',
  );
}
