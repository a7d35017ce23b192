// Okta, checked: credentials, each scope with a read that shows it, admin role, what becomes of Google accounts, the clock.
import { CHECK_DEADLINE_MS, type Finding } from '../../cli/doctor.ts';
import { ConnectorError } from '../../connectors/connector-error.ts';
import { isFeatureMissing } from '../../connectors/okta/client.ts';
import { type OktaProbe, type OptionalScope, probeOkta, type ScopeProbe } from '../../connectors/okta/probe.ts';
import type { Clock } from '../../workflow/model/ports.ts';
import type { Config } from '../config.ts';
import { clockFinding, ok, problem, warning } from './finding.ts';

export async function checkOkta(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const probe = await probeOkta({ ...config.okta, deadlineMs: CHECK_DEADLINE_MS });
  const isToken = 'apiToken' in config.okta.credentials;
  const noToken = probe.scopes.find(({ granted, read }) => granted === null && isRefusedToken(read, isToken));
  if (noToken && typeof noToken.read !== 'string') return [tokenFinding(noToken.read, isToken)];
  return [
    ok('token'),
    ...probe.scopes.flatMap((scope) => scopeFindings(scope, isToken)),
    ...probe.optional.flatMap((scope) => optionalFindings(scope, isToken)),
    roleFinding(probe, isToken),
    ...googleFindings(probe, config.google !== null),
    clockFinding('Okta', probe.date, clock),
  ];
}

function isRefusedToken(read: ScopeProbe['read'], isToken: boolean): boolean {
  // Of an API token a 403 speaks of one read only; of a service app nothing was read yet.
  return typeof read !== 'string' && (!isToken || read.status === 401 || read.status === null);
}

function tokenFinding(refused: ConnectorError, isToken: boolean): Finding {
  if (refused.kind !== 'unauthorized')
    return problem(`no answer (${refused.reason})`, 'Check OKTA_ORG_URL, the network and status.okta.com');
  return problem(
    `token refused (${refused.reason})`,
    isToken
      ? 'Okta admin > Security > API > Tokens: make a new token by an active admin, set OKTA_API_TOKEN'
      : 'Okta admin > Applications > the service app: check OKTA_CLIENT_ID, and that the public half of OKTA_PRIVATE_KEY is registered there',
  );
}

function scopeFindings({ scope, granted, read }: ScopeProbe, isToken: boolean): readonly Finding[] {
  if (granted === false)
    return [
      problem(`${scope} not granted`, `Okta admin > Applications > the service app > Okta API Scopes > Grant ${scope}`),
    ];
  if (read === 'worked') return [ok(scope)];
  if (read === 'not_exercised') return isToken ? [] : [{ level: 'unproved', says: scope }];
  if (isFeatureMissing(read))
    return [{ level: 'warning', says: `${scope}: this org has no such feature; its step is passed over` }];
  if (read.kind === 'unauthorized')
    return [
      problem(
        `${scope}: the read was refused (${read.reason})`,
        'Give the credentials’ owner an admin role that may view this: Okta admin > Applications or Administrators > Admin roles',
      ),
    ];
  return [problem(`${scope}: no answer (${read.reason})`, 'Try again; if it stays so, see status.okta.com')];
}

/** What is not done without it; nothing else waits for it. */
const WITHOUT: Readonly<Record<OptionalScope, string>> = {
  'okta.groups.manage': 'an undo cannot put anybody back into their groups',
  'okta.apiTokens.read': 'whose API tokens end with an account is not seen',
  'okta.eventHooks.read': 'who set up event hooks is not seen',
  'okta.oauthIntegrations.read': 'who set up API service integrations is not seen',
};

function optionalFindings({ scope, granted, read }: ScopeProbe<OptionalScope>, isToken: boolean): readonly Finding[] {
  const without = WITHOUT[scope];
  if (granted === false)
    return [
      warning(
        `${scope} not granted: ${without}`,
        `Okta admin > Applications > the service app > Okta API Scopes > Grant ${scope}, or leave it out`,
      ),
    ];
  if (read === 'worked') return [ok(scope)];
  if (read === 'not_exercised') return isToken ? [] : [{ level: 'unproved', says: scope }];
  if (read.kind === 'unauthorized')
    return [
      warning(
        `${scope}: the read was refused (${read.reason}): ${without}`,
        'Give the credentials’ owner an admin role that may view this, or leave it so: Okta admin > Applications or Administrators > Admin roles',
      ),
    ];
  return [warning(`${scope}: no answer (${read.reason}): ${without} until there is one`)];
}

function roleFinding({ roles }: OktaProbe, isToken: boolean): Finding {
  if (roles instanceof ConnectorError) return { level: 'warning', says: 'admin role: could not be read' };
  if (roles.length === 0)
    return problem(
      `${isToken ? 'the token’s owner' : 'the service app'} holds no admin role`,
      'Okta admin > Applications > the service app > Admin roles: one that may manage users and devices',
    );
  return ok(`role ${roles.map((role) => role.replaceAll('_', ' ').toLowerCase()).join(', ')}`);
}

/**
 * Whether deactivating somebody in Okta suspends their Google account. With Google set up it should not: a suspended account
 * can delegate nothing, and Sendoff closes it by itself. Without, nobody else closes it.
 */
function googleFindings({ googleApps }: OktaProbe, isHandedOver: boolean): readonly Finding[] {
  if (googleApps instanceof ConnectorError) return [];
  return googleApps.map(({ label, suspends }) => {
    if (suspends === null) return warning(`${label}: whether a deactivation suspends its accounts could not be read`);
    if (suspends === isHandedOver)
      return warning(
        `${label}: its account ${suspends ? 'is suspended by a deactivation, and a suspended mailbox cannot be handed over' : 'stays open after a deactivation'}`,
        `Okta admin > Applications > ${label} > Provisioning > To App > Deactivate Users: ${suspends ? 'turn it off; Sendoff closes the account, and undoes a suspension three times' : 'turn it on, or set up Google for Sendoff, or close Google accounts by hand'}`,
      );
    return ok(`${label}: ${suspends ? 'suspended' : 'left active'} by a deactivation`);
  });
}
