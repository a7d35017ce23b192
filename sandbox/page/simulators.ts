// All simulated vendors in this one process: eight programs of their own would take longer to start than anybody waits.
import { startBambooHrSimulator } from '../vendors/bamboohr/server.ts';
import type { Clock } from '../vendors/clock.ts';
import { startEasyPostSimulator } from '../vendors/easypost/server.ts';
import { startGoogleSimulator } from '../vendors/google/server.ts';
import { startJamfSimulator } from '../vendors/jamf/server.ts';
import { startJiraSimulator } from '../vendors/jira/server.ts';
import type { Memory } from '../vendors/memory.ts';
import { startOktaSimulator } from '../vendors/okta/server.ts';
import { startRetrieverSimulator } from '../vendors/retriever/server.ts';
import type { Running } from '../vendors/simulator.ts';
import { type SlackSimulator, startSlackSimulator } from '../vendors/slack/server.ts';
import { startSnipeItSimulator } from '../vendors/snipeit/server.ts';

export const VENDORS = [
  'slack',
  'okta',
  'google',
  'jamf',
  'retriever',
  'easypost',
  'snipeit',
  'jira',
  'bamboohr',
] as const;
export type VendorName = (typeof VENDORS)[number];

export interface Simulator extends Running {
  command(name: string, argument?: unknown): unknown;
  state(): unknown;
  readonly memory: Memory;
}

export interface Simulators {
  readonly slack: SlackSimulator;
  readonly all: Readonly<Record<VendorName, Simulator>>;
  /** Of those that have one beside their memory; Slack's is its workspace's. */
  readonly clocks: readonly Clock[];
  /** What points an app at them. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Of each vendor, the port of its API and of its control address. */
export type Ports = Partial<Record<VendorName, { readonly port: number; readonly controlPort: number }>>;

/** As the real one: a search misses what was made a moment ago. */
const JIRA_INDEX_DELAY_MS = 2_000;

/** `ports`: taken again where they are free, so that a link in an old message still leads somewhere. */
export async function startSimulators(ports: Ports): Promise<Simulators> {
  const at = <S>(
    vendor: VendorName,
    start: (ports: { port?: number; controlPort?: number }) => Promise<S>,
  ): Promise<S> => {
    const wanted = ports[vendor];
    return wanted === undefined ? start({}) : start(wanted).catch(() => start({}));
  };
  const [slack, okta, google, jamf, retriever, easypost, snipeit, jira, bamboohr] = await Promise.all([
    at('slack', startSlackSimulator),
    at('okta', startOktaSimulator),
    at('google', startGoogleSimulator),
    at('jamf', startJamfSimulator),
    at('retriever', startRetrieverSimulator),
    at('easypost', startEasyPostSimulator),
    at('snipeit', startSnipeItSimulator),
    at('jira', (given) => startJiraSimulator({ ...given, indexDelayMs: JIRA_INDEX_DELAY_MS })),
    at('bamboohr', startBambooHrSimulator),
  ]);
  const all = { slack, okta, google, jamf, retriever, easypost, snipeit, jira, bamboohr };
  // Boxes that Retriever ships are seen by EasyPost's carriers.
  await easypost.command('follow_retriever', { url: retriever.controlUrl });
  return {
    slack,
    all,
    clocks: [google.clock, jamf.clock],
    settings: {
      ...slack.settings,
      OKTA_ORG_URL: okta.url,
      OKTA_CLIENT_ID: okta.clientId,
      OKTA_PRIVATE_KEY: okta.privateKey,
      OKTA_EVENT_HOOK_SECRET: okta.hookSecret,
      GOOGLE_SERVICE_ACCOUNT_KEY: google.serviceAccountKey,
      GOOGLE_ADMIN_EMAIL: google.adminEmail,
      GOOGLE_API_URL: google.url,
      GOOGLE_TOKEN_URL: google.tokenUrl,
      JAMF_URL: jamf.url,
      JAMF_CLIENT_ID: jamf.clientId,
      JAMF_CLIENT_SECRET: jamf.clientSecret,
      RETRIEVER_URL: retriever.url,
      RETRIEVER_API_KEY: retriever.apiKey,
      EASYPOST_URL: easypost.url,
      EASYPOST_API_KEY: easypost.apiKey,
      EASYPOST_WEBHOOK_SECRET: easypost.webhookSecret,
      SNIPEIT_URL: snipeit.url,
      SNIPEIT_API_TOKEN: snipeit.apiToken,
      JIRA_URL: jira.url,
      JIRA_EMAIL: jira.email,
      JIRA_API_TOKEN: jira.apiToken,
      JIRA_PROJECT: jira.project,
      BAMBOOHR_URL: bamboohr.url,
      BAMBOOHR_API_KEY: bamboohr.apiKey,
      BAMBOOHR_WEBHOOK_KEY: bamboohr.webhookKey,
    },
    async close() {
      await Promise.all(Object.values(all).map((one) => one.close()));
    },
  };
}
