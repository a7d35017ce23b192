// Which steps a run of a kind has: the whole way out of the company, or only the way back of devices.
import type { ReturnReason } from '../model/device-return.ts';
import type { Step } from '../model/step.ts';
import { JIRA_TICKET } from './jira-ticket.ts';
import { RETURN_REPLACEMENT } from './return-replacement.ts';

const JAMF_LOCK = 'jamf.lock';

/** A leaver's computer is replaced by nothing. */
export function stepsOfOffboarding(steps: readonly Step[]): readonly Step[] {
  return steps.filter((step) => step.name !== RETURN_REPLACEMENT);
}

/** No identity and no data: whoever leaves has an offboarding for that. Only a leaver's computer is locked. */
export function stepsOfReturn(steps: readonly Step[], reason: ReturnReason): readonly Step[] {
  const isLeaving = reason === 'offboarding';
  return steps.filter(({ name, stage }) => {
    if (name === JAMF_LOCK) return isLeaving;
    if (name === RETURN_REPLACEMENT) return !isLeaving;
    return stage === 'device' || name === JIRA_TICKET;
  });
}
