// The only reader of the environment: every setting, checked at once, with what to do about each bad one.
import { z } from 'zod';
import type { KeyRing } from '../store/key-ring.ts';
import { type BambooHrConfig, bamboohrOf, bamboohrSettings, missingOfBambooHr } from './bamboohr-settings.ts';
import { type EasyPostConfig, easypostOf, easypostSettings, missingOfEasyPost } from './easypost-settings.ts';
import { type GoogleConfig, googleOf, googleSettings, missingOfGoogle } from './google-settings.ts';
import { type JamfConfig, jamfOf, jamfSettings, missingOfJamf } from './jamf-settings.ts';
import { type JiraConfig, jiraOf, jiraSettings, missingOfJira } from './jira-settings.ts';
import { missingOfRetriever, type RetrieverConfig, retrieverOf, retrieverSettings } from './retriever-settings.ts';
import { missingKeys, secretSettings } from './secret-settings.ts';
import { missingOfSnipeIt, type SnipeItConfig, snipeitOf, snipeitSettings } from './snipeit-settings.ts';
import { webAddress } from './web-address.ts';

export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `Sendoff did not start: ${problems.length === 1 ? 'one setting is' : `${problems.length} settings are`} not usable.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

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
  ...secretSettings,
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
  ...jiraSettings,
  ...bamboohrSettings,
  ...googleSettings,
  ...retrieverSettings,
  ...easypostSettings,
  ...jamfSettings,
  ...snipeitSettings,
});
export type Settings = z.infer<typeof Settings>;

export interface Config {
  readonly databaseUrl: string | null;
  readonly port: number;
  readonly dataDir: string | null;
  /** Null: the checked-in file, or the built-in defaults. */
  readonly policyFile: string | null;
  readonly admins: readonly { teamId: string; userId: string }[];
  /** Null: no step that keeps a secret is set up. */
  readonly secretKeys: KeyRing | null;
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
  readonly jira: JiraConfig | null;
  /** Null: no facts of HR. */
  readonly bamboohr: BambooHrConfig | null;
  /** Null: no Google Workspace. */
  readonly google: GoogleConfig | null;
  /** Null: no boxes are ordered. */
  readonly retriever: RetrieverConfig | null;
  /** Null: no parcels are followed. */
  readonly easypost: EasyPostConfig | null;
  /** Null: no Mac is locked. */
  readonly jamf: JamfConfig | null;
  /** Null: nothing goes back into an inventory. */
  readonly snipeit: SnipeItConfig | null;
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
  problems.push(
    ...missingOfJira(given),
    ...missingOfBambooHr(given),
    ...missingOfGoogle(given),
    ...missingOfRetriever(given),
    ...missingOfEasyPost(given),
    ...missingOfJamf(given),
    ...missingOfSnipeIt(given),
    ...missingKeys(given),
  );
  if (!parsed.success || door === null || credentials === null || problems.length > 0)
    throw new ConfigError([...new Set(problems)]);
  const settings = parsed.data;
  return {
    databaseUrl: settings.DATABASE_URL ?? null,
    port: settings.PORT,
    dataDir: settings.SENDOFF_DATA_DIR ?? null,
    policyFile: settings.SENDOFF_POLICY ?? null,
    admins: settings.SENDOFF_ADMINS,
    secretKeys: settings.SENDOFF_SECRET_KEYS ?? null,
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
    retriever: retrieverOf(settings),
    easypost: easypostOf(settings),
    jamf: jamfOf(settings),
    snipeit: snipeitOf(settings),
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

/** What the keys command needs; empty where no keys are set. */
export function readKeyRing(environment: Readonly<Record<string, string | undefined>> = process.env): KeyRing {
  const parsed = Settings.pick({ SENDOFF_SECRET_KEYS: true }).safeParse({
    SENDOFF_SECRET_KEYS: environment.SENDOFF_SECRET_KEYS || undefined,
  });
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`));
  return parsed.data.SENDOFF_SECRET_KEYS ?? new Map();
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
