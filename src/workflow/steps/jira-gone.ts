// jira.ticket in a process without Jira's settings: a run that was started while they were there must not wait for them.
import type { Step } from '../model/step.ts';
import { JIRA_TICKET } from './jira-ticket.ts';

/** Why the step was passed over. */
const NOT_SET_UP = 'jira_not_set_up';

export function jiraGone(): Step {
  return {
    name: JIRA_TICKET,
    vendor: 'jira',
    stage: 'evidence',
    needs: [],
    settleMs: 0,
    verifies: 'read_back',
    observe: async () => ({ is: 'not_applicable', facts: {}, why: NOT_SET_UP }),
  };
}
