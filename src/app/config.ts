// The only reader of the environment: every setting, checked at once, with what to do about each bad one.
import { z } from 'zod';
import { type GoogleConfig, googleOf, googleSettings, missingOfGoogle } from './google-settings.ts';

export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `Sendoff did not start: ${problems.length === 1 ? 'one setting is' : `${problems.length} settings are`} not usable.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

const isLoopback = (url: URL): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
const webAddress = (remedy: string) =>
  z.string(`is missing: ${remedy}`).refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  }, `is not an https:// address (http:// is accepted for loopback only): ${remedy}`);
const required = (remedy: string) => z.string(remedy).min(1, remedy);
const admins = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  )
  .pipe(
    z.array(
      z
        .string()
        .regex(
          /^[TE][A-Z0-9]+:[UW][A-Z0-9]+$/,
          'holds an entry that is not TEAM:USER, such as T0123ABC:U0456DEF: copy the ids from the Slack profile menu',
        ),
    ),
  )
  .transform((entries) =>
    entries.map((entry) => ({
      teamId: entry.slice(0, entry.indexOf(':')),
      userId: entry.slice(entry.indexOf(':') + 1),
    })),
  );

/** Prefixes of run codes (open_run). */
const RUN_CODES = ['OFF', 'RET'];

/** Each setting with its remedy; README and .env.example list the same names (a test holds them together). */
export const Settings = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is not a postgresql:// address')
    .optional(),
  PORT: z.coerce
    .number('is not a port')
    .int('is not a port')
    .min(0, 'is not a port')
    .max(65_535, 'is not a port')
    .default(3000),
  SENDOFF_DATA_DIR: z.string().min(1, 'is empty: leave it out, or name a folder').optional(),
  SENDOFF_POLICY: z.string().min(1).optional(),
  SENDOFF_ADMINS: admins,
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
  OKTA_ORG_URL: webAddress('set it to the org’s address, such as https://acme.okta.com').refine(
    (text) => !text.includes('-admin.'),
    'is the admin console’s address: leave out -admin',
  ),
  OKTA_CLIENT_ID: z.string().min(1).optional(),
  OKTA_PRIVATE_KEY: z.string().min(1).optional(),
  OKTA_API_TOKEN: z.string().min(1).optional(),
  JIRA_URL: webAddress('set it to the site’s address, such as https://acme.atlassian.net').optional(),
  JIRA_EMAIL: z
    .string()
    .regex(
      /^[^\s@:]+@[^\s@]+$/,
      'is not an address: set it to the address of the account that the API token belongs to',
    )
    .optional(),
  JIRA_API_TOKEN: z.string().min(1).optional(),
  JIRA_PROJECT: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]+$/, 'is not a project key: copy it from a ticket, ITOPS where tickets are called ITOPS-12')
    .refine(
      (key) => !RUN_CODES.includes(key),
      'is what Sendoff’s own run codes begin with (OFF-12, RET-3), so a ticket would be taken for a run: set another project’s key',
    )
    .optional(),
  JIRA_ISSUE_TYPE: z.string().min(1).default('Task'),
  JIRA_DONE_STATUS: z.string().min(1).optional(),
  BAMBOOHR_URL: webAddress('set it to the account’s address, such as https://acme.bamboohr.com')
    .refine(
      (text) => !(URL.canParse(text) && new URL(text).pathname.includes('/api')),
      'is not the account’s root: leave out the API path',
    )
    .optional(),
  BAMBOOHR_API_KEY: z.string().min(1).optional(),
  ...googleSettings(webAddress),
});
export type Settings = z.infer<typeof Settings>;

export interface Config {
  readonly databaseUrl: string | null;
  readonly port: number;
  readonly dataDir: string | null;
  /** Null: the checked-in file, or the built-in defaults. */
  readonly policyFile: string | null;
  readonly admins: readonly { teamId: string; userId: string }[];
  readonly slack: {
    readonly botToken: string;
    /** An app-level token means Socket Mode: Slack then needs no address of ours. */
    readonly door: { readonly appToken: string } | { readonly signingSecret: string };
    readonly channelId: string;
    readonly apiUrl: string;
  };
  readonly okta: {
    readonly orgUrl: string;
    readonly credentials: { apiToken: string } | { clientId: string; privateKey: string };
  };
  /** Null: no tickets. */
  readonly jira: {
    readonly url: string;
    readonly email: string;
    readonly apiToken: string;
    readonly project: string;
    readonly issueType: string;
    /** Null: any status that Jira counts as done. */
    readonly doneStatus: string | null;
  } | null;
  /** Null: no facts of HR. */
  readonly bamboohr: { readonly url: string; readonly apiKey: string } | null;
  /** Null: no Google Workspace. */
  readonly google: GoogleConfig | null;
}

/** Throws ConfigError with every problem. Empty settings count as absent. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.keys(Settings.shape).map((name) => [name, environment[name] || undefined]));
  const parsed = Settings.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
  const door = slackDoor(given, problems);
  const credentials = oktaCredentials(given, problems);
  problems.push(...missingOfJira(given), ...missingOfBambooHr(given), ...missingOfGoogle(given));
  if (!parsed.success || door === null || credentials === null || problems.length > 0)
    throw new ConfigError([...new Set(problems)]);
  const settings = parsed.data;
  return {
    databaseUrl: settings.DATABASE_URL ?? null,
    port: settings.PORT,
    dataDir: settings.SENDOFF_DATA_DIR ?? null,
    policyFile: settings.SENDOFF_POLICY ?? null,
    admins: settings.SENDOFF_ADMINS,
    slack: {
      botToken: settings.SLACK_BOT_TOKEN,
      door,
      channelId: settings.SLACK_CHANNEL_ID,
      apiUrl: settings.SLACK_API_URL,
    },
    okta: { orgUrl: settings.OKTA_ORG_URL.replace(/\/+$/, ''), credentials },
    jira: jiraOf(settings),
    bamboohr: bamboohrOf(settings),
    google: googleOf(settings),
  };
}

/** What the operators command needs: nothing but the database. Bad settings of others do not stop it. */
export function readDatabaseConfig(environment: Readonly<Record<string, string | undefined>> = process.env): {
  databaseUrl: string | null;
  dataDir: string | null;
} {
  const parsed = Settings.pick({ DATABASE_URL: true, SENDOFF_DATA_DIR: true }).safeParse({
    DATABASE_URL: environment.DATABASE_URL || undefined,
    SENDOFF_DATA_DIR: environment.SENDOFF_DATA_DIR || undefined,
  });
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`));
  return { databaseUrl: parsed.data.DATABASE_URL ?? null, dataDir: parsed.data.SENDOFF_DATA_DIR ?? null };
}

/** What `policy check` reads when no file is named. */
export function readPolicySetting(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  return environment.SENDOFF_POLICY || null;
}

function slackDoor(given: Record<string, string | undefined>, problems: string[]): Config['slack']['door'] | null {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = given;
  if (appToken) return { appToken };
  if (signingSecret) return { signingSecret };
  problems.push(
    'SLACK_SIGNING_SECRET is missing: copy the Signing Secret from the app’s Basic Information page, or set SLACK_APP_TOKEN for Socket Mode',
  );
  return null;
}

function oktaCredentials(
  given: Record<string, string | undefined>,
  problems: string[],
): Config['okta']['credentials'] | null {
  const { OKTA_CLIENT_ID: clientId, OKTA_PRIVATE_KEY: privateKey, OKTA_API_TOKEN: apiToken } = given;
  if (clientId && privateKey) {
    // The SDK signs with RS256 only (dpop.js): an EC key would fail at the first call.
    if (!/BEGIN (RSA )?PRIVATE KEY|"kty"\s*:\s*"RSA"/.test(privateKey))
      problems.push(
        'OKTA_PRIVATE_KEY is not an RSA private key in PEM or JWK form: make an RSA key pair for the service app',
      );
    return { clientId, privateKey };
  }
  if (clientId || privateKey) {
    problems.push(
      `${clientId ? 'OKTA_PRIVATE_KEY' : 'OKTA_CLIENT_ID'} is missing: the service app needs both its id and its private key`,
    );
    return null;
  }
  if (apiToken) return { apiToken };
  problems.push(
    'OKTA_CLIENT_ID and OKTA_PRIVATE_KEY are missing (or OKTA_API_TOKEN): create an API service app in Okta with an RSA key',
  );
  return null;
}

const JIRA_REMEDIES = {
  JIRA_URL: 'set it to the site’s address, such as https://acme.atlassian.net',
  JIRA_EMAIL: 'set it to the address of the account that the API token belongs to',
  JIRA_API_TOKEN: 'create one for that account at id.atlassian.com',
  JIRA_PROJECT: 'set it to the key of the project for the tickets, such as ITOPS',
} as const;

/** All of them or none: half of them is somebody who wanted tickets. */
function missingOfJira(given: Record<string, string | undefined>): string[] {
  const names = Object.keys(JIRA_REMEDIES) as (keyof typeof JIRA_REMEDIES)[];
  if (!Object.entries(given).some(([name, value]) => name.startsWith('JIRA_') && value)) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${JIRA_REMEDIES[name]}; without any JIRA_ setting there are no tickets`);
}

function jiraOf(settings: Settings): Config['jira'] {
  const { JIRA_URL: url, JIRA_EMAIL: email, JIRA_API_TOKEN: apiToken, JIRA_PROJECT: project } = settings;
  if (!url || !email || !apiToken || !project) return null;
  const doneStatus = settings.JIRA_DONE_STATUS ?? null;
  return { url: url.replace(/\/+$/, ''), email, apiToken, project, issueType: settings.JIRA_ISSUE_TYPE, doneStatus };
}

const BAMBOOHR_REMEDIES = {
  BAMBOOHR_URL: 'set it to the account’s address, such as https://acme.bamboohr.com',
  BAMBOOHR_API_KEY: 'create one in BambooHR under the account of a user of its own: profile picture > API Keys',
} as const;

/** Both or neither. */
function missingOfBambooHr(given: Record<string, string | undefined>): string[] {
  const names = Object.keys(BAMBOOHR_REMEDIES) as (keyof typeof BAMBOOHR_REMEDIES)[];
  if (names.every((name) => !given[name])) return [];
  return names
    .filter((name) => !given[name])
    .map((name) => `${name} is missing: ${BAMBOOHR_REMEDIES[name]}; without both plans show nothing of HR`);
}

function bamboohrOf({ BAMBOOHR_URL: url, BAMBOOHR_API_KEY: apiKey }: Settings): Config['bamboohr'] {
  return url && apiKey ? { url: url.replace(/\/+$/, ''), apiKey } : null;
}
