// Every step with what it needs: vendors that are set up, our own rows, the words of the ticket. For runs, and for plans that start none.
import { stepWords } from '../blocks/step-words.ts';
import type { Slack } from '../connectors/slack/client.ts';
import { createAppOwnerStore } from '../store/app-owners.ts';
import type { Database } from '../store/client.ts';
import { createFetchedStore } from '../store/fetched.ts';
import { createHandoverStore } from '../store/handover.ts';
import { createWatchStore } from '../store/watch.ts';
import { CALL_DEADLINE_MS } from '../workflow/attempt-state.ts';
import type { RunView } from '../workflow/model/run.ts';
import type { Secrets } from '../workflow/model/secret.ts';
import type { Step } from '../workflow/model/step.ts';
import { leftoverSteps, offboardingSteps, type ReturnDeps } from '../workflow/steps/catalogue.ts';
import type { Config } from './config.ts';
import type { connectVendors } from './connect.ts';

export function connectSteps(given: {
  config: Config;
  db: Database;
  slack: Slack;
  vendors: ReturnType<typeof connectVendors>;
  returns: ReturnDeps;
  secrets: Secrets;
  readRun(id: string): Promise<RunView | null>;
}): readonly Step[] {
  const { config, db, slack, vendors, returns, secrets, readRun } = given;
  const { okta, google, jamf, snipeit, jira, bamboohr } = vendors;
  const appOwners = createAppOwnerStore(db);
  return offboardingSteps({
    okta,
    google,
    jamf,
    returns,
    snipeit,
    fetched: createFetchedStore(db).of,
    appOwners: {
      asked: appOwners.asked,
      slackUserOf: async (address) => (await slack.findUserByEmail(address))?.id ?? null,
    },
    receivers: {
      handover: createHandoverStore(db),
      slackEmail: async (user) => (await slack.getUser(user))?.profile?.email ?? null,
    },
    ticket: jira &&
      config.jira && {
        jira,
        project: config.jira.project,
        issueType: config.jira.issueType,
        siteUrl: siteOf(config.jira.url),
        readRun,
        titleOf: (step) => stepWords(step).todo,
      },
    slack,
    watch: { ...createWatchStore(db, CALL_DEADLINE_MS), okta, bamboohr, secrets },
  });
}

/** Of vendors that are not set up any more: runs from before still have these steps. */
export function stepsOfGoneVendors({
  jira,
  google,
  jamf,
  snipeit,
}: Pick<ReturnType<typeof connectVendors>, 'jira' | 'google' | 'jamf' | 'snipeit'>): readonly Step[] {
  return leftoverSteps({
    jira: jira !== null,
    google: google !== null,
    jamf: jamf !== null,
    snipeit: snipeit !== null,
  });
}

/** Where people open tickets; a scoped token's address is for programs only. */
function siteOf(url: string): string | null {
  return new URL(url).hostname === 'api.atlassian.com' ? null : url;
}
