// What `sendoff doctor` and the daily preflight check, wired: settings, policy, each vendor that is set up, the database. Reads only.
import type { Check, Finding } from '../cli/doctor.ts';
import { defaultDataDir, runningPostgres } from '../store/embedded-postgres.ts';
import { DEFAULT_POLICY, type Policy } from '../workflow/model/policy.ts';
import type { Clock } from '../workflow/model/ports.ts';
import { checkAppOwners } from './checks/app-owners.ts';
import { checkBambooHr } from './checks/bamboohr.ts';
import { checkDatabase } from './checks/database.ts';
import { checkDoors } from './checks/doors.ts';
import { checkEasyPost } from './checks/easypost.ts';
import { ok, problem } from './checks/finding.ts';
import { checkGoogle } from './checks/google.ts';
import { checkJamf } from './checks/jamf.ts';
import { checkJira } from './checks/jira.ts';
import { checkOkta } from './checks/okta.ts';
import { checkApprovers } from './checks/policy.ts';
import { checkRetriever } from './checks/retriever.ts';
import { checkSlackApp } from './checks/slack.ts';
import { checkSnipeIt } from './checks/snipeit.ts';
import { type Config, ConfigError, readConfig, readDatabaseConfig, readPolicySetting } from './config.ts';
import { PolicyError, readPolicy } from './policy.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The machine's: what it signs is judged by the vendors' clocks, not by business time. */
const MACHINE: Clock = { now: () => new Date() };

export function doctorChecks(environment?: Environment, clock: Clock = MACHINE): readonly Check[] {
  const settings = readSettings(environment);
  return [
    { name: 'Settings', run: async () => settings.findings },
    {
      name: 'Policy',
      run: () => checkPolicyFile(readPolicySetting(environment), settings.config && databaseOf(settings.config)),
    },
    ...(settings.config ? vendorChecks(settings.config, clock) : []),
    { name: 'Database', run: async () => checkDatabase(readDatabaseConfig(environment), clock) },
    ...doorChecks(settings.config, settings.config && databaseOf(settings.config)),
  ];
}

/** Of an app that runs: its settings were found complete at its start, and it has its database open. */
export function preflightChecks(config: Config, databaseUrl: string): readonly Check[] {
  return [
    { name: 'Policy', run: () => checkPolicyFile(config.policyFile, databaseUrl) },
    ...vendorChecks(config, MACHINE),
    { name: 'Database', run: () => checkDatabase({ databaseUrl, dataDir: null }, MACHINE) },
    ...doorChecks(config, databaseUrl),
  ];
}

export function databaseOf({ databaseUrl, dataDir }: Config): string | null {
  return databaseUrl ?? runningPostgres(dataDir ?? defaultDataDir());
}

/** Only where a door has a secret: else everything is polled. */
function doorChecks(config: Config | null, databaseUrl: string | null): readonly Check[] {
  if (!config?.okta.hookSecret && !config?.bamboohr?.webhookKey) return [];
  return [{ name: 'Doors', run: () => checkDoors(config, databaseUrl) }];
}

/** One line a vendor whose settings are there: of others nothing is asked. */
function vendorChecks(config: Config, clock: Clock): readonly Check[] {
  const { jira, bamboohr, google, jamf, snipeit, retriever, easypost } = config;
  return [
    { name: 'Slack', run: () => checkSlackApp(config, clock) },
    ...(appsIn(config.policyFile).length > 0
      ? [{ name: 'App owners', run: () => checkAppOwners(config, appsIn(config.policyFile)) }]
      : []),
    { name: 'Okta', run: () => checkOkta(config, clock) },
    ...(jira ? [{ name: 'Jira', run: () => checkJira(jira, clock) }] : []),
    ...(bamboohr ? [{ name: 'BambooHR', run: () => checkBambooHr(bamboohr, clock) }] : []),
    ...(google ? [{ name: 'Google', run: () => checkGoogle(google) }] : []),
    ...(jamf ? [{ name: 'Jamf', run: () => checkJamf(jamf, clock) }] : []),
    ...(snipeit ? [{ name: 'Snipe-IT', run: () => checkSnipeIt(snipeit, inventoryIn(config.policyFile), clock) }] : []),
    ...(retriever ? [{ name: 'Retriever', run: () => checkRetriever(retriever, clock) }] : []),
    ...(easypost ? [{ name: 'EasyPost', run: () => checkEasyPost(easypost, clock) }] : []),
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

/** A policy that cannot be used is told in its own line. */
function inventoryIn(file: string | null): Policy['inventory'] {
  try {
    return readPolicy(file).policy.inventory;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return DEFAULT_POLICY.inventory;
  }
}

function appsIn(file: string | null): Policy['apps'] {
  try {
    return readPolicy(file).policy.apps;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return DEFAULT_POLICY.apps;
  }
}

/** Its approvers are told of only where they are too few. */
async function checkPolicyFile(file: string | null, databaseUrl: string | null): Promise<readonly Finding[]> {
  try {
    const { policy, file: read } = readPolicy(file);
    const { groups, titles, addresses } = policy.protected;
    const rules = groups.length + titles.length + addresses.length;
    const approvers = databaseUrl === null ? [] : await checkApprovers(policy, databaseUrl);
    return [
      ok(`${read === null ? 'built-in' : 'usable'}, ${rules} ${rules === 1 ? 'rule' : 'rules'} of protection`),
      ...approvers.filter((one) => one.level === 'problem'),
    ];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map((one) => split(one, one.lastIndexOf(': ')));
  }
}

/** "what is wrong: what to do". */
function split(text: string, at: number): Finding {
  return at < 0 ? problem(text, 'Put it right') : problem(text.slice(0, at), text.slice(at + 2));
}
