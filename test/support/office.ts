// An office for flow tests: simulated Okta and Slack, a database, the real app in this process, and people who type and click.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type BambooHrSimulator, startBambooHrSimulator } from '../../sandbox/vendors/bamboohr/server.ts';
import { type EasyPostSimulator, startEasyPostSimulator } from '../../sandbox/vendors/easypost/server.ts';
import { type GoogleSimulator, startGoogleSimulator } from '../../sandbox/vendors/google/server.ts';
import { type JamfSimulator, startJamfSimulator } from '../../sandbox/vendors/jamf/server.ts';
import { type JiraSimulator, startJiraSimulator } from '../../sandbox/vendors/jira/server.ts';
import { type OktaSimulator, startOktaSimulator } from '../../sandbox/vendors/okta/server.ts';
import { type RetrieverSimulator, startRetrieverSimulator } from '../../sandbox/vendors/retriever/server.ts';
import { type SlackSimulator, startSlackSimulator } from '../../sandbox/vendors/slack/server.ts';
import { type SnipeItSimulator, startSnipeItSimulator } from '../../sandbox/vendors/snipeit/server.ts';
import { type App, startApp } from '../../src/app/compose.ts';
import { readConfig } from '../../src/app/config.ts';
import { createLog } from '../../src/app/log.ts';
import { createSlackPace } from '../../src/reporters/slack-pace.ts';
import { connectDatabase, type Database } from '../../src/store/client.ts';
import { createOperatorStore, type OperatorStore } from '../../src/store/operators.ts';
import { freshDatabase } from './database.ts';
import { type MovableClock, movableClock } from './engine.ts';
import { type Channel, channelOf } from './office-channel.ts';
import { emptyTables } from './office-empty.ts';
import { type OktaAccounts, oktaAccounts } from './office-okta.ts';
import { type Actor, actorIn } from './office-people.ts';

export const IT_CHANNEL = 'C0ITOPS';
/** Each look is a query or more: with one every 10 ms the tests kept a processor busy with looking. */
const LOOK_AGAIN_MS = 25;
const TEAM = 'T0ACME';
const SECRET_KEYS = `1:${randomBytes(32).toString('base64')}`;
const NEWEST_FIRST = 'split_part(code, $$-$$, 2)::int DESC';

/** Writes to one ticket stay below Jira's 20 in 2 s. */
const QUICK_TICKET_MS = 150;
/** Fifty times Slack's published rates: what is posted is the same, only sooner. */
const QUICK = { post: { intervalMs: 20, burst: 40 }, update: { intervalMs: 20, burst: 40 } };

export interface OfficeOptions {
  /** Posts at Slack's published rates, as the real app does. */
  readonly slackPace?: 'published';
  /** Writes to a ticket as far apart as the real app does. */
  readonly jiraPace?: 'published';
  /** Over the ones that point at the simulators; undefined takes one away. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** Slack user ids of the first admins; Lin and Sam by default. */
  readonly admins?: readonly string[];
  /** `token`: Okta is called with an API token, which belongs to somebody. */
  readonly oktaAuth?: 'app' | 'token';
  /** True: runs have a ticket. */
  readonly jira?: boolean;
  /** True: plans show what HR says. */
  readonly bamboohr?: boolean;
  /** True: mailbox, files and calendar are handed over. */
  readonly google?: boolean;
  /** True: Macs are locked. */
  readonly jamf?: boolean;
  /** True: what came back goes into the inventory. */
  readonly snipeit?: boolean;
  /** True: boxes can be ordered. */
  readonly retriever?: boolean;
  /** True: parcels can be followed, those of Retriever too, and events come to the newest app. */
  readonly easypost?: boolean;
  /** False: nothing listens until `start`. */
  readonly started?: boolean;
  /** The app reaches its database here instead; the test itself does not. */
  readonly databaseUrl?: (url: string) => Promise<string>;
  /** Slack sends nothing to an address: everything goes over the app's socket. */
  readonly socketMode?: boolean;
}

export interface RunRow {
  readonly id: string;
  readonly code: string;
  readonly status: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly reason: string | null;
  readonly ids: Readonly<Record<string, string>>;
}

export interface StepRow {
  readonly id: string;
  readonly step: string;
  readonly status: string;
  readonly cause: string | null;
  readonly need: Readonly<Record<string, unknown>> | null;
  readonly attempt: number;
  readonly evidence: string | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly ended_at: Date | null;
}

export interface Office {
  readonly okta: OktaSimulator;
  readonly slack: SlackSimulator;
  /** Only where it was asked for. */
  readonly jira: JiraSimulator | null;
  readonly bamboohr: BambooHrSimulator | null;
  readonly google: GoogleSimulator | null;
  readonly jamf: JamfSimulator | null;
  readonly snipeit: SnipeItSimulator | null;
  readonly retriever: RetrieverSimulator | null;
  readonly easypost: EasyPostSimulator | null;
  readonly accounts: OktaAccounts;
  readonly channel: Channel;
  readonly clock: MovableClock;
  readonly db: Database;
  /** Without any wire that the app's goes through. */
  readonly databaseUrl: string;
  readonly operators: OperatorStore;
  /** What the app is started with. */
  settings(): Readonly<Record<string, string | undefined>>;
  readonly lin: Actor;
  readonly sam: Actor;
  /** Messages of the log, with their fields. */
  readonly log: Record<string, unknown>[];
  /** Somebody else in Slack, by user id. */
  person(userId: string): Actor;
  /** One more process on the same database; Slack talks to the newest. `over`: settings that differ; undefined takes one away. */
  start(over?: Readonly<Record<string, string | undefined>>): Promise<App>;
  /** Moves business time and tells every process. */
  pass(ms: number): void;
  /** Looks every 25 ms; fails after `forMs`, 15 s by default. */
  until(holds: () => unknown, forMs?: number): Promise<void>;
  runs(): Promise<readonly RunRow[]>;
  /** Steps of the newest run, by name; without its watch, which no run waits for. */
  steps(): Promise<Readonly<Record<string, StepRow>>>;
  /** Waits until the newest run is closed, and answers with its steps. */
  closed(forMs?: number): Promise<Readonly<Record<string, StepRow>>>;
  /** Types the command and waits for the plan. */
  plan(who: Actor, address: string): Promise<void>;
  /** As `plan`, confirmed; waits until it has started. */
  offboard(who: Actor, address: string): Promise<void>;
  /** For the next test: people, runs, messages, faults and journals as at the start. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function anOffice(options: OfficeOptions = {}): Promise<Office> {
  const [okta, slack, jira, bamboohr, google, jamf, snipeit, retriever, easypost, database] = await Promise.all([
    startOktaSimulator(),
    startSlackSimulator(),
    options.jira ? startJiraSimulator() : null,
    options.bamboohr ? startBambooHrSimulator() : null,
    options.google ? startGoogleSimulator() : null,
    options.jamf ? startJamfSimulator() : null,
    options.snipeit ? startSnipeItSimulator() : null,
    options.retriever ? startRetrieverSimulator() : null,
    options.easypost ? startEasyPostSimulator() : null,
    freshDatabase(),
  ]);
  const vendors = [okta, slack, jira, bamboohr, google, jamf, snipeit, retriever, easypost].filter(
    (one) => one !== null,
  );
  okta.command('provision_slack', { url: slack.controlUrl });
  if (retriever) easypost?.command('follow_retriever', { url: retriever.controlUrl });
  const clock = movableClock();
  const log: Record<string, unknown>[] = [];
  const apps: App[] = [];
  const db = connectDatabase(database.url, () => undefined);
  const credentials =
    options.oktaAuth === 'token'
      ? { OKTA_API_TOKEN: okta.apiToken }
      : { OKTA_CLIENT_ID: okta.clientId, OKTA_PRIVATE_KEY: okta.privateKey };
  const appUrl = options.databaseUrl ? await options.databaseUrl(database.url) : database.url;
  const settings = (): Record<string, string | undefined> => ({
    ...slack.settings,
    ...(options.socketMode ? { SLACK_SIGNING_SECRET: undefined, SLACK_APP_TOKEN: slack.workspace.appToken } : {}),
    ...credentials,
    OKTA_ORG_URL: okta.url,
    ...(jira && {
      JIRA_URL: jira.url,
      JIRA_EMAIL: jira.email,
      JIRA_API_TOKEN: jira.apiToken,
      JIRA_PROJECT: jira.project,
    }),
    ...(bamboohr && { BAMBOOHR_URL: bamboohr.url, BAMBOOHR_API_KEY: bamboohr.apiKey }),
    ...(google && {
      GOOGLE_SERVICE_ACCOUNT_KEY: google.serviceAccountKey,
      GOOGLE_ADMIN_EMAIL: google.adminEmail,
      GOOGLE_API_URL: google.url,
      GOOGLE_TOKEN_URL: google.tokenUrl,
    }),
    ...(jamf && { JAMF_URL: jamf.url, JAMF_CLIENT_ID: jamf.clientId, JAMF_CLIENT_SECRET: jamf.clientSecret }),
    ...(snipeit && { SNIPEIT_URL: snipeit.url, SNIPEIT_API_TOKEN: snipeit.apiToken }),
    SENDOFF_SECRET_KEYS: SECRET_KEYS,
    ...(retriever && { RETRIEVER_URL: retriever.url, RETRIEVER_API_KEY: retriever.apiKey }),
    ...(easypost && {
      EASYPOST_URL: easypost.url,
      EASYPOST_API_KEY: easypost.apiKey,
      EASYPOST_WEBHOOK_SECRET: easypost.webhookSecret,
    }),
    SENDOFF_ADMINS: (options.admins ?? ['U0LIN', 'U0SAM']).map((id) => `${TEAM}:${id}`).join(','),
    ...options.settings,
    DATABASE_URL: appUrl,
    PORT: '0',
  });
  const operators = createOperatorStore(db);

  const until = async (holds: () => unknown, forMs = 15_000): Promise<void> => {
    const end = performance.now() + forMs;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`still not so after ${forMs} ms: ${holds}\n${stateOfThings()}`);
      await pause(LOOK_AGAIN_MS);
    }
  };
  const stateOfThings = (): string =>
    [...slack.workspace.stacks.keys()].map((user) => `${user} sees: ${actorIn(slack, user).screen()}`).join('\n') +
    `\nlog: ${log
      .slice(-5)
      .map((line) => JSON.stringify(line))
      .join('\n')}`;
  const runs = () => db.query<RunRow>(`SELECT * FROM run ORDER BY ${NEWEST_FIRST}`, []);
  const steps = async (): Promise<Record<string, StepRow>> => {
    const rows = await db.query<StepRow>(
      `SELECT * FROM step_run WHERE step <> 'watch' AND run_id = (SELECT id FROM run ORDER BY ${NEWEST_FIRST} LIMIT 1)`,
      [],
    );
    return Object.fromEntries(rows.map((row) => [row.step, row]));
  };

  const office: Office = {
    okta,
    slack,
    jira,
    bamboohr,
    google,
    jamf,
    snipeit,
    retriever,
    easypost,
    clock,
    log,
    db,
    databaseUrl: database.url,
    operators,
    settings,
    accounts: oktaAccounts(okta),
    channel: channelOf(slack, IT_CHANNEL),
    lin: actorIn(slack, 'U0LIN'),
    sam: actorIn(slack, 'U0SAM'),
    person: (userId) => actorIn(slack, userId),
    async start(over = {}) {
      const write = (line: string): void => void log.push(JSON.parse(line) as Record<string, unknown>);
      const app = await startApp({
        config: readConfig({ ...settings(), ...over }),
        clock,
        log: createLog({ write }),
        calendar: false,
        ...(options.slackPace ? {} : { slackPace: createSlackPace(QUICK) }),
        ...(options.jiraPace ? {} : { betweenTicketWritesMs: QUICK_TICKET_MS }),
      });
      slack.connect(app.eventsUrl);
      easypost?.command('webhook', { url: `${app.url}/webhooks/easypost` });
      apps.push(app);
      return app;
    },
    pass(ms) {
      clock.move(ms);
      // No vendor's time goes back with our Clock's.
      for (const vendor of vendors) void vendor.command('advance', { ms: Math.max(0, ms) });
      for (const app of apps) app.wake();
    },
    until,
    runs,
    steps,
    async closed(forMs) {
      await until(async () => (await runs())[0]?.status === 'closed', forMs);
      return steps();
    },
    async plan(who, address) {
      await who.types(`/offboard ${address}`);
      await until(() => who.screen().includes('What will happen'));
    },
    async offboard(who, address) {
      await office.plan(who, address);
      await who.submits();
      await until(() => who.screen().includes('has started'));
    },
    async clear() {
      for (const vendor of vendors) vendor.faults.clear();
      // Nobody works or draws: what is in hand now would be seen by the next test.
      await until(async () => {
        const [row] = await db.query<{ n: string }>(
          `SELECT (SELECT count(*) FROM step_run WHERE status = 'running') + (SELECT count(*) FROM report WHERE owner IS NOT NULL)
             + (SELECT count(*) FROM inbound_delivery WHERE handled_at IS NULL AND owner IS NOT NULL)
             + (SELECT count(*) FROM knock WHERE claimed_at IS NOT NULL) AS n`,
          [],
        );
        return row?.n === '0';
      }, 15_000);
      await emptyTables(db);
      for (const name of ['reset', 'restore_credentials']) okta.command(name);
      jira?.command('reset');
      bamboohr?.command('reset');
      for (const vendor of [google, jamf, snipeit, retriever, easypost]) vendor?.command('reset');
      okta.command('set_scopes', { scopes: okta.scopes });
      await slack.command('scopes', {});
      await slack.command('reset_people', {});
      slack.workspace.stacks.clear();
      slack.workspace.ephemerals.length = 0;
      slack.workspace.failures.length = 0;
      for (const channel of slack.workspace.channels.values()) channel.messages.length = 0;
      for (const vendor of vendors) vendor.journal.clear();
      log.length = 0;
    },
    async close() {
      for (const vendor of vendors) vendor.faults.clear();
      for (const app of apps.splice(0).reverse()) await app.stop();
      await Promise.all([...vendors.map((vendor) => vendor.close()), db.close()]);
      await database.drop();
    },
  };
  if (options.started !== false)
    await office.start().catch((error: unknown) => office.close().then(() => Promise.reject(error)));
  return office;
}
