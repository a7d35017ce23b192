// A company in small for one test: a database, its vendors, and as many Sendoff processes as are asked for. The vendors
// live in the test's own process, which nobody kills: a case then costs no start but the app's.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startBambooHrSimulator } from '../../../sandbox/vendors/bamboohr/server.ts';
import { startGoogleSimulator } from '../../../sandbox/vendors/google/server.ts';
import { startJamfSimulator } from '../../../sandbox/vendors/jamf/server.ts';
import { startJiraSimulator } from '../../../sandbox/vendors/jira/server.ts';
import { startOktaSimulator } from '../../../sandbox/vendors/okta/server.ts';
import { startRetrieverSimulator } from '../../../sandbox/vendors/retriever/server.ts';
import { startSlackSimulator } from '../../../sandbox/vendors/slack/server.ts';
import { freshDatabase } from '../../support/database.ts';
import { MANY_AN_HOUR, policyFile } from '../../support/returns.ts';
import { type AppProcess, startAppProcess } from './app-process.ts';
import { type Control, controlOf } from './control.ts';

export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
/** Acme's, with room for as many people as a test kills a process over. */
const POLICY = readFileSync(path.join(PROJECT, 'sandbox/policy.yaml'), 'utf8') + MANY_AN_HOUR;
const LOOK_AGAIN_MS = 25;

export interface Scene {
  readonly okta: Control;
  readonly slack: Control;
  readonly jira: Control;
  /** Null: it was not asked for. */
  readonly google: Control | null;
  readonly jamf: Control | null;
  readonly retriever: Control | null;
  readonly settings: Readonly<Record<string, string>>;
  /** For reading and for gates; no app uses it. */
  readonly db: pg.Client;
  /** Every process that was started, the dead ones included. */
  readonly apps: readonly AppProcess[];
  start(name: string, options?: { hasJira: boolean }): Promise<AppProcess>;
  /** Types /offboard and confirms the plan, as an operator does. Slack's requests go to `app`. */
  offboard(email: string, app: AppProcess, operator?: string): Promise<void>;
  /** Resolves with true once all runs are closed and, unless told otherwise, drawn; false after `timeoutMs`. */
  awaitClosed(runs: number, timeoutMs: number, options?: { isDrawn: boolean }): Promise<boolean>;
  /** Moves Google's clock and that of each process that lives; a process started later has the same time. */
  advance(ms: number): Promise<void>;
  /** By that clock. */
  now(): Date;
  /** Lets Okta be read as fast as it answers: its published rate would spread many runs over minutes. */
  liftPace(): Promise<void>;
  close(): Promise<void>;
}

/**
 * `root`: a patched copy of the project; its migrations make the tables. `hasGoogle`: the work is handed over, there is no
 * ticket, and time can be moved. `hasJamf`: the leaver's Mac is locked. `hasBoxes`: a box
 * is sent for it, and time can be moved.
 */
export async function openScene(
  root = PROJECT,
  { hasGoogle = false, hasJamf = false, hasBoxes = false } = {},
): Promise<Scene> {
  const isCopy = path.resolve(root) !== path.resolve(PROJECT);
  const [database, vendors] = await Promise.all([
    freshDatabase({ empty: isCopy }),
    startVendors({ hasGoogle, hasJamf: hasJamf || hasBoxes, hasBoxes }),
  ]);
  const db = new pg.Client({ connectionString: database.url, application_name: 'test' });
  await db.connect();
  const apps: AppProcess[] = [];
  let aheadMs = 0;
  const slack = controlOf(vendors.slackControl);
  const google = vendors.googleControl === null ? null : controlOf(vendors.googleControl);
  const jamf = vendors.jamfControl === null ? null : controlOf(vendors.jamfControl);
  const retriever = vendors.retrieverControl === null ? null : controlOf(vendors.retrieverControl);
  return {
    okta: controlOf(vendors.oktaControl),
    slack,
    jira: controlOf(vendors.jiraControl),
    google,
    jamf,
    retriever,
    settings: vendors.settings,
    db,
    apps,
    async start(name, { hasJira } = { hasJira: !hasGoogle }) {
      const settings = Object.entries(vendors.settings).filter(([key]) => hasJira || !key.startsWith('JIRA_'));
      const app = await startAppProcess({
        root,
        name,
        databaseUrl: database.url,
        settings: Object.fromEntries(settings),
        ...((hasGoogle || hasBoxes) && { aheadMs }),
      });
      apps.push(app);
      return app;
    },
    async advance(ms) {
      aheadMs += ms;
      for (const vendor of [google, jamf, retriever]) await vendor?.command('advance', { ms });
      await Promise.all(apps.filter((app) => app.isAlive()).map((app) => app.advance(ms)));
    },
    now: () => new Date(Date.now() + aheadMs),
    async offboard(email, app, operator = 'U0LIN') {
      await slack.command('connect', { eventsUrl: app.eventsUrl });
      await slack.command('slash', { user: operator, command: '/offboard', text: email });
      const viewId = await untilConfirmable(slack, operator, email);
      await slack.command('submit', { user: operator, viewId });
    },
    async awaitClosed(runs, timeoutMs, { isDrawn } = { isDrawn: true }) {
      const deadline = Date.now() + timeoutMs;
      while (Date.now() < deadline) {
        const { rows } = await db.query<{ closed: number; undrawn: number }>(
          `SELECT (SELECT count(*) FROM run WHERE status = 'closed')::int AS closed,
             (SELECT count(*) FROM report WHERE wanted > drawn)::int AS undrawn`,
        );
        if (rows[0]?.closed === runs && (!isDrawn || rows[0].undrawn === 0)) return true;
        await pause(LOOK_AGAIN_MS);
      }
      return false;
    },
    async liftPace() {
      await db.query(`
        CREATE FUNCTION test_no_pace() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN NEW.next_at := clock_timestamp() - interval '1 hour'; RETURN NEW; END $$;
        CREATE TRIGGER test_no_pace BEFORE UPDATE ON vendor_pace FOR EACH ROW EXECUTE FUNCTION test_no_pace();`);
    },
    async close() {
      for (const app of apps) app.thaw();
      await Promise.all(apps.map((app) => app.kill()));
      await Promise.all([vendors.stop(), db.end()]);
      await database.drop();
    },
  };
}

interface Modal {
  readonly id: string;
  readonly callback_id: string;
  readonly submit: unknown;
}

/** The window that shows a plan of this address and can be confirmed. */
async function untilConfirmable(slack: Control, operator: string, email: string): Promise<string> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const { views } = await slack.state<{ views: Record<string, Modal[]> }>();
    const top = views[operator]?.at(-1);
    if (top?.callback_id && top.submit && JSON.stringify(top).includes(email)) return top.id;
    await pause(LOOK_AGAIN_MS);
  }
  const { views } = await slack.state<{ views: Record<string, Modal[]> }>();
  throw new Error(`no plan of ${email} was shown: ${JSON.stringify(views[operator]?.at(-1))?.slice(0, 600)}`);
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

interface Vendors {
  readonly slackControl: string;
  readonly oktaControl: string;
  readonly jiraControl: string;
  readonly googleControl: string | null;
  readonly jamfControl: string | null;
  readonly retrieverControl: string | null;
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Made once: new RSA keys for each company would hold up all the others. */
let privateKey: string | undefined;
let googleKey: string | undefined;

async function startVendors(has: { hasGoogle: boolean; hasJamf: boolean; hasBoxes: boolean }): Promise<Vendors> {
  const [slack, okta, jira, google, jamf, retriever, bamboohr] = await Promise.all([
    startSlackSimulator(),
    startOktaSimulator(privateKey ? { privateKey } : {}),
    startJiraSimulator(),
    has.hasGoogle ? startGoogleSimulator(googleKey ? { privateKey: googleKey } : {}) : null,
    has.hasJamf ? startJamfSimulator() : null,
    has.hasBoxes ? startRetrieverSimulator() : null,
    has.hasBoxes ? startBambooHrSimulator() : null,
  ]);
  okta.command('provision_slack', { url: slack.controlUrl });
  privateKey = okta.privateKey;
  if (google) googleKey = (JSON.parse(google.serviceAccountKey) as { private_key: string }).private_key;
  return {
    slackControl: slack.controlUrl,
    oktaControl: okta.controlUrl,
    jiraControl: jira.controlUrl,
    googleControl: google?.controlUrl ?? null,
    jamfControl: jamf?.controlUrl ?? null,
    retrieverControl: retriever?.controlUrl ?? null,
    settings: {
      ...slack.settings,
      JIRA_URL: jira.url,
      JIRA_EMAIL: jira.email,
      JIRA_API_TOKEN: jira.apiToken,
      JIRA_PROJECT: jira.project,
      OKTA_ORG_URL: okta.url,
      OKTA_CLIENT_ID: okta.clientId,
      OKTA_PRIVATE_KEY: okta.privateKey,
      SENDOFF_ADMINS: 'T0ACME:U0LIN,T0ACME:U0SAM,T0ACME:U0GRACE,T0ACME:U0AMARA',
      ...(google && {
        GOOGLE_SERVICE_ACCOUNT_KEY: google.serviceAccountKey,
        GOOGLE_ADMIN_EMAIL: google.adminEmail,
        GOOGLE_API_URL: google.url,
        GOOGLE_TOKEN_URL: google.tokenUrl,
      }),
      ...(jamf && {
        JAMF_URL: jamf.url,
        JAMF_CLIENT_ID: jamf.clientId,
        JAMF_CLIENT_SECRET: jamf.clientSecret,
        SENDOFF_SECRET_KEYS: `1:${randomBytes(32).toString('base64')}`,
      }),
      ...(retriever && { RETRIEVER_URL: retriever.url, RETRIEVER_API_KEY: retriever.apiKey }),
      SENDOFF_POLICY: policyFile(retriever ? POLICY : MANY_AN_HOUR),
      ...(bamboohr && { BAMBOOHR_URL: bamboohr.url, BAMBOOHR_API_KEY: bamboohr.apiKey }),
    },
    stop: async () => {
      const all = [slack, okta, jira, google, jamf, retriever, bamboohr];
      await Promise.all(all.map(async (vendor) => vendor?.close()));
    },
  };
}
