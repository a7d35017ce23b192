// What `sendoff doctor` checks, wired: settings, policy, Slack, Okta, the database with its audit chains, and the clock. Reads only.
import { readFileSync } from 'node:fs';
import { CHECK_DEADLINE_MS, type Check, type Finding } from '../cli/doctor.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import { isFeatureMissing } from '../connectors/okta/client.ts';
import { type OktaProbe, probeOkta, type ScopeProbe } from '../connectors/okta/probe.ts';
import { connectSlack } from '../connectors/slack/client.ts';
import { probeSlack } from '../connectors/slack/probe.ts';
import { createAuditStore } from '../store/audit.ts';
import { connectDatabase } from '../store/client.ts';
import { defaultDataDir, runningPostgres } from '../store/embedded-postgres.ts';
import { unapplied } from '../store/migrate.ts';
import { StartError } from '../store/start-error.ts';
import type { Clock } from '../workflow/model/ports.ts';
import { type Config, ConfigError, readConfig, readDatabaseConfig, readPolicySetting } from './config.ts';
import { PolicyError, readPolicy } from './policy.ts';

/** Slack refuses requests that are 5 minutes off, Okta proofs likewise; a clock that is a minute off is broken already. */
const MOST_SKEW_MS = 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

const ok = (says: string): Finding => ({ level: 'ok', says });
const problem = (says: string, fix: string): Finding => ({ level: 'problem', says, fix });

export function doctorChecks(environment?: Environment, clock: Clock = { now: () => new Date() }): readonly Check[] {
  const settings = readSettings(environment);
  return [
    { name: 'Settings', run: async () => settings.findings },
    { name: 'Policy', run: async () => checkPolicyFile(environment) },
    ...(settings.config ? vendorChecks(settings.config, clock) : []),
    { name: 'Database', run: () => checkDatabase(environment) },
  ];
}

/** One line a vendor whose settings are there: of others nothing is asked. Jira and BambooHR belong here. */
function vendorChecks(config: Config, clock: Clock): readonly Check[] {
  return [
    { name: 'Slack', run: () => checkSlackApp(config, clock) },
    { name: 'Okta', run: () => checkOkta(config, clock) },
  ];
}

function readSettings(environment: Environment | undefined): { config: Config | null; findings: readonly Finding[] } {
  try {
    return { config: readConfig(environment), findings: [ok('complete')] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: null, findings: error.problems.map((one) => split(one, one.indexOf(': '))) };
  }
}

function checkPolicyFile(environment: Environment | undefined): readonly Finding[] {
  try {
    const { policy, file } = readPolicy(readPolicySetting(environment));
    const { groups, titles, addresses } = policy.protected;
    const rules = groups.length + titles.length + addresses.length;
    return [ok(`${file === null ? 'built-in' : 'usable'}, ${rules} ${rules === 1 ? 'rule' : 'rules'} of protection`)];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map((one) => split(one, one.lastIndexOf(': ')));
  }
}

/** "what is wrong: what to do". */
function split(text: string, at: number): Finding {
  return at < 0 ? problem(text, 'Put it right') : problem(text.slice(0, at), text.slice(at + 2));
}

async function checkSlackApp(config: Config, clock: Clock): Promise<readonly Finding[]> {
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
  const manifest = JSON.parse(readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8')) as {
    oauth_config: { scopes: { bot: string[] } };
  };
  return manifest.oauth_config.scopes.bot;
}

async function checkChannel(slack: ReturnType<typeof connectSlack>, id: string): Promise<Finding> {
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

async function checkOkta(config: Config, clock: Clock): Promise<readonly Finding[]> {
  const probe = await probeOkta({ ...config.okta, deadlineMs: CHECK_DEADLINE_MS });
  const isToken = 'apiToken' in config.okta.credentials;
  const noToken = probe.scopes.find(({ granted, read }) => granted === null && isRefusedToken(read, isToken));
  if (noToken && typeof noToken.read !== 'string') return [tokenFinding(noToken.read, isToken)];
  return [
    ok('token'),
    ...probe.scopes.flatMap((scope) => scopeFindings(scope, isToken)),
    roleFinding(probe, isToken),
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

function roleFinding({ roles }: OktaProbe, isToken: boolean): Finding {
  if (roles instanceof ConnectorError) return { level: 'warning', says: 'admin role: could not be read' };
  if (roles.length === 0)
    return problem(
      `${isToken ? 'the token’s owner' : 'the service app'} holds no admin role`,
      'Okta admin > Applications > the service app > Admin roles: one that may manage users and devices',
    );
  return ok(`role ${roles.map((role) => role.replaceAll('_', ' ').toLowerCase()).join(', ')}`);
}

function clockFinding(vendor: string, date: Date | null, clock: Clock): Finding {
  if (date === null) return { level: 'warning', says: `clock: ${vendor} did not say the time` };
  const skewMs = clock.now().getTime() - date.getTime();
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return ok('clock agrees');
  return problem(
    `this machine’s clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} ${vendor}’s`,
    'Switch on time synchronisation (NTP): signed requests and tokens are refused when clocks differ',
  );
}

async function checkDatabase(environment: Environment | undefined): Promise<readonly Finding[]> {
  const { databaseUrl, dataDir } = readDatabaseConfig(environment);
  const url = databaseUrl ?? runningPostgres(dataDir ?? defaultDataDir());
  if (url === null) return [ok('embedded; not running now, it starts with Sendoff')];
  let waiting: readonly string[];
  try {
    waiting = await unapplied(url);
  } catch (error) {
    if (error instanceof StartError) return [problem(error.message, 'As it says')];
    const code = (error as NodeJS.ErrnoException).code ?? 'no answer';
    return [
      problem(
        `does not answer (${code})`,
        'Check that the server of DATABASE_URL runs, and its address, user and password',
      ),
    ];
  }
  if (waiting.length > 0) return [ok('answers'), ok(`the next start applies ${waiting.join(', ')}`)];
  const db = connectDatabase(url, () => undefined);
  try {
    const chains = await createAuditStore(db).verify();
    const broken = chains.filter((chain) => chain.firstBad !== null);
    return [
      ok('answers, up to date'),
      ...(broken.length === 0
        ? [ok(`${chains.length} audit ${chains.length === 1 ? 'chain holds' : 'chains hold'}`)]
        : []),
      ...broken.map(({ chain, firstBad }) =>
        problem(
          `audit chain ${chain} does not hold: row ${firstBad} was changed, removed or cut off`,
          'Treat it as an incident: who had the database’s owner role?',
        ),
      ),
    ];
  } finally {
    await db.close();
  }
}

function asRefusal(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  throw error;
}
