// Every vendor that is set up, connected. What the settings do not name is null: nothing is asked of it.
import { BAMBOOHR_PACES, connectBambooHr } from '../connectors/bamboohr/client.ts';
import { connectEasyPost, EASYPOST_PACES } from '../connectors/easypost/client.ts';
import { GOOGLE_PACES } from '../connectors/google/caller.ts';
import { connectGoogle } from '../connectors/google/client.ts';
import { JAMF_PACES } from '../connectors/jamf/caller.ts';
import { connectJamf } from '../connectors/jamf/client.ts';
import { connectJira, JIRA_PACES } from '../connectors/jira/client.ts';
import { connectOkta } from '../connectors/okta/client.ts';
import { OKTA_PACES } from '../connectors/okta/settings.ts';
import { connectRetriever, RETRIEVER_PACES } from '../connectors/retriever/client.ts';
import { connectSlack } from '../connectors/slack/client.ts';
import { connectSnipeIt, SNIPEIT_PACES } from '../connectors/snipeit/client.ts';
import type { OnCall } from '../connectors/watch-call.ts';
import { CALL_DEADLINE_MS } from '../workflow/attempt-state.ts';
import { HRIS_DEADLINE_MS } from '../workflow/hris.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { Pacer } from '../workflow/pace.ts';
import type { Config } from './config.ts';

/** Buckets of every vendor whose calls are paced. Slack's messages are paced by the reporter that posts them. */
export const PACES = {
  ...OKTA_PACES,
  ...JIRA_PACES,
  ...BAMBOOHR_PACES,
  ...GOOGLE_PACES,
  ...JAMF_PACES,
  ...SNIPEIT_PACES,
  ...RETRIEVER_PACES,
  ...EASYPOST_PACES,
};

/** Apart from the others: where nobody can be told, nothing else is begun. */
export function connectToSlack({ slack: { botToken, apiUrl } }: Config, onCall: OnCall) {
  return connectSlack({ botToken, apiUrl, deadlineMs: CALL_DEADLINE_MS, onCall });
}

export function connectVendors(config: Config, { pace, onCall, clock }: { pace: Pacer; onCall: OnCall; clock: Clock }) {
  const common = { deadlineMs: CALL_DEADLINE_MS, onCall };
  return {
    okta: connectOkta({ ...config.okta, ...common, pace }),
    jira: config.jira && connectJira({ ...config.jira, ...common, pace: () => pace('jira') }),
    // A plan waits for HR, and containment for the plan: no longer than that.
    bamboohr:
      config.bamboohr &&
      connectBambooHr({ ...config.bamboohr, ...common, deadlineMs: HRIS_DEADLINE_MS, pace: () => pace('bamboohr') }),
    google: config.google && connectGoogle({ ...config.google, ...common, pace, clock }),
    jamf: config.jamf && connectJamf({ ...config.jamf, ...common, pace: () => pace('jamf') }),
    snipeit: config.snipeit && connectSnipeIt({ ...config.snipeit, ...common, pace: () => pace('snipeit') }),
    retriever: config.retriever && connectRetriever({ ...config.retriever, ...common, pace }),
    easypost: config.easypost && connectEasyPost({ ...config.easypost, ...common, pace }),
  };
}
