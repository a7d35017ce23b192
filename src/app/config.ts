// The only reader of the environment: every setting, checked at once, with what to do about each bad one.
import { z } from 'zod';
import type { KeyRing } from '../store/key-ring.ts';
import { type BambooHrConfig, bamboohrOf, bamboohrSettings, missingOfBambooHr } from './bamboohr-settings.ts';
import { type EasyPostConfig, easypostOf, easypostSettings, missingOfEasyPost } from './easypost-settings.ts';
import { type GoogleConfig, googleOf, googleSettings, missingOfGoogle } from './google-settings.ts';
import { type JamfConfig, jamfOf, jamfSettings, missingOfJamf } from './jamf-settings.ts';
import { type JiraConfig, jiraOf, jiraSettings, missingOfJira } from './jira-settings.ts';
import { type OktaConfig, oktaCredentials, oktaOf, oktaSettings } from './okta-settings.ts';
import { missingOfRetriever, type RetrieverConfig, retrieverOf, retrieverSettings } from './retriever-settings.ts';
import { missingKeys, secretSettings } from './secret-settings.ts';
import { type SlackConfig, slackDoor, slackOf, slackSettings } from './slack-settings.ts';
import { missingOfSnipeIt, type SnipeItConfig, snipeitOf, snipeitSettings } from './snipeit-settings.ts';

export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `Sendoff did not start: ${problems.length === 1 ? 'one setting is' : `${problems.length} settings are`} not usable.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

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
  ...slackSettings,
  ...oktaSettings,
  ...jiraSettings,
  ...bamboohrSettings,
  ...googleSettings,
  ...jamfSettings,
  ...snipeitSettings,
  ...retrieverSettings,
  ...easypostSettings,
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
  readonly slack: SlackConfig;
  readonly okta: OktaConfig;
  /** Null: no tickets. */
  readonly jira: JiraConfig | null;
  /** Null: no facts of HR. */
  readonly bamboohr: BambooHrConfig | null;
  /** Null: no Google Workspace. */
  readonly google: GoogleConfig | null;
  /** Null: no Mac is locked. */
  readonly jamf: JamfConfig | null;
  /** Null: nothing goes back into an inventory. */
  readonly snipeit: SnipeItConfig | null;
  /** Null: no boxes are ordered. */
  readonly retriever: RetrieverConfig | null;
  /** Null: no parcels are followed. */
  readonly easypost: EasyPostConfig | null;
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
  problems.push(...missingOfJamf(given), ...missingOfSnipeIt(given), ...missingKeys(given));
  problems.push(...missingOfRetriever(given), ...missingOfEasyPost(given));
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
    slack: slackOf(settings, door),
    okta: oktaOf(settings, credentials),
    jira: jiraOf(settings),
    bamboohr: bamboohrOf(settings),
    google: googleOf(settings),
    jamf: jamfOf(settings),
    snipeit: snipeitOf(settings),
    retriever: retrieverOf(settings),
    easypost: easypostOf(settings),
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
