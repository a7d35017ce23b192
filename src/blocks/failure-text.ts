// A step that stopped, told honestly: what happened, what is and is not done, what to do. "Nothing was changed" only where nothing was sent.
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { Failure, Need } from '../workflow/model/step.ts';
import { count } from './amounts.ts';
import { FAILURE_SHORT } from './outcome-words.ts';
import { safeText } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { effectWords, vendorName } from './vendor-words.ts';

export interface FailureText {
  readonly title: string;
  /** What happened, and what may have changed. */
  readonly lines: readonly string[];
  readonly tryThis: string;
}

export function isFailure(need: Need | null): need is Failure {
  return need !== null && (need.kind === 'failed' || need.kind === 'doubt');
}

/** A few words for the run's line: "failed: Okta did not answer (5 tries)". */
export function failureInShort(failure: Failure, step: string): string {
  const word = failure.sent === 'in_doubt' ? 'no answer, it may or may not be done' : 'failed';
  if (failure.code === 'doubt') return `${word} (${count(failure.tries, 'try', 'tries')})`;
  return `${word}: ${FAILURE_SHORT[failure.code](vendorName(step))} (${count(failure.tries, 'try', 'tries')})`;
}

export function failureText(
  failure: Failure,
  step: Pick<StepView, 'step'>,
  run: Pick<RunView, 'code' | 'steps'>,
): FailureText {
  const words = stepWords(step.step);
  const lines = [
    happened(failure, step.step),
    jiraSaid(failure, step.step),
    changed(failure, step.step),
    meanwhile(step.step, run),
  ];
  return {
    title: failure.sent === 'in_doubt' ? `${words.todo}: no answer` : words.failed,
    lines: lines.filter((line) => line !== ''),
    tryThis: tryThis(failure, step.step, run.code),
  };
}

function happened(failure: Failure, step: string): string {
  const vendor = vendorName(step);
  const http = failure.status === null ? '' : ` (HTTP ${safeText(String(failure.status), 10)})`;
  const tries = count(failure.tries, 'try', 'tries');
  switch (failure.code) {
    case 'no_answer':
      return `${vendor} gave no usable answer in ${tries}${http}.`;
    case 'refused':
      return `${vendor} refused ${failure.effect === null ? 'a request of this step' : `to ${effectWords(failure.effect)}`}${http}.`;
    case 'unauthorized':
      return `${vendor} does not accept Sendoff’s credentials, or they lack a permission${http}.`;
    case 'doubt':
      return failure.sent === 'in_doubt' ? '' : `${vendor} left a request of this step without an answer${http}.`;
    case 'not_seen':
      return `${vendor} accepted the request ${failure.effect === null ? '' : `to ${effectWords(failure.effect)} `}in ${tries}, and it still does not show.`;
    case 'changed':
      return `A repeat would ask ${vendor} for something else than the request before it, so it was not sent.`;
    case 'unknown':
      return `What is so at ${vendor} cannot be read.`;
    case 'vendor_failed':
      return `${vendor} began it, and says that it failed.`;
    case 'unfinished':
      return `${vendor} began it, and has not finished for seven days.`;
    case 'gone':
      return `The account was deleted at ${vendor}, so nothing can be done with it.`;
    case 'not_set_up':
      return `${vendor} is not set up in Sendoff any more: its settings were taken away after this run began.`;
    case 'bug':
      return 'A fault in Sendoff itself stopped this step.';
    default:
      return failure.code satisfies never;
  }
}

function changed(failure: Failure, step: string): string {
  const vendor = vendorName(step);
  const words = stepWords(step);
  if (failure.code === 'vendor_failed' && step.startsWith('jamf.'))
    return `Jamf accepted the command, and the Mac refused it${said(failure)}. *Not done:* ${words.notDone}`;
  if (failure.code === 'vendor_failed')
    return `Some of it may have moved; ${vendor} does not say. *Not finished:* ${words.notDone}`;
  if (failure.code === 'unfinished') return `${vendor} may still finish it by itself. *Not finished:* ${words.notDone}`;
  switch (failure.sent) {
    case 'nothing':
      return `*Nothing was changed* by this step. *Not done:* ${words.notDone}`;
    case 'accepted':
      if (failure.code === 'not_seen' && failure.effect !== null) {
        return `*Accepted, not confirmed:* the request to ${effectWords(failure.effect)}. *Not finished:* ${words.notDone}`;
      }
      return `${vendor} accepted at least one request of this step, so part of it is done. *Not finished:* ${words.notDone}`;
    case 'in_doubt': {
      const asked = failure.effect === null ? words.ask : effectWords(failure.effect);
      return `I asked ${vendor} to ${asked} and got no answer. *I don’t know whether it was done.* Press Retry: it is looked up first.`;
    }
    default:
      return failure.sent satisfies never;
  }
}

function said({ why }: Failure): string {
  const text = safeText(why, 150);
  return text === '' ? '' : `: ${text}`;
}

/** A site's own fields and types stand in the way of a ticket: only Jira's words say which. */
function jiraSaid({ code, why }: Failure, step: string): string {
  if (step !== 'jira.ticket' || (code !== 'refused' && code !== 'unauthorized')) return '';
  const said = safeText(why.replace(/^jira \w+(?: \S+)?: (?:\d+|no answer) /, ''), 200);
  return said === '' ? '' : `What Jira said: ${said}`;
}

/** The cut waits two minutes at most for what comes before it (okta.deactivate's needs). */
function meanwhile(step: string, run: Pick<RunView, 'steps'>): string {
  if (step === 'okta.deactivate' || !step.startsWith('okta.')) return '';
  const cut = run.steps.find((one) => one.step === 'okta.deactivate');
  const coming =
    cut?.status === 'blocked' || cut?.status === 'ready' || cut?.status === 'running' || cut?.status === 'waiting';
  return coming ? 'The account’s deactivation does not depend on this step: it is tried within two minutes.' : '';
}

function tryThis(failure: Failure, step: string, code: string): string {
  const vendor = vendorName(step);
  const safe = 'It is safe to retry: Sendoff looks before it writes.';
  switch (failure.code) {
    case 'no_answer':
    case 'doubt':
      return `Check whether ${vendor} is up, then press Retry. ${safe}`;
    case 'refused':
    case 'not_seen':
    case 'unknown':
      if (step === 'jira.ticket' && failure.code === 'refused')
        return `Check in Jira that the project has the issue type of JIRA_ISSUE_TYPE, and that such a ticket needs no field beyond summary, description and labels. Then press Retry. ${safe}`;
      if (step === 'google.close') return CLOSE_REFUSED;
      if (step === 'google.mailbox')
        return `Look in Google’s Admin console: *Apps → Google Workspace → Gmail → User settings → Mail delegation* must be on for the leaver’s organizational unit, and neither account may be suspended or have to change its password. Or give it by hand and mark it done. Then press Retry. ${safe}`;
      if (step === 'jira.ticket')
        return 'Look in Jira whether the run’s ticket is there and the project takes new ones, then press Retry. A ticket that is found is kept; only where none is, one is made.';
      return `Look at the account in ${vendor}’s admin console, then press Retry. ${safe}`;
    case 'unauthorized':
      if (step === 'jira.ticket')
        return `Check that JIRA_API_TOKEN is still valid, that the project of JIRA_PROJECT is there, and that the account may browse and create tickets in it. Then press Retry. ${safe}`;
      if (step.startsWith('jamf.')) return `${jamfLacks(failure)} Then press Retry. ${safe}`;
      if (step.startsWith('google.'))
        return `Run \`npm run doctor\`: it says which scope is missing in Google’s Admin console under *Security → API controls → Domain-wide delegation*, or what is wrong with the key. Then press Retry. ${safe}`;
      return `Have Sendoff’s ${vendor} credentials and their permissions checked, then press Retry. ${safe}`;
    case 'changed':
      return `Look in ${vendor}’s admin console whether the earlier request was done, then press Retry. ${safe}`;
    case 'vendor_failed':
      if (step.startsWith('jamf.'))
        return 'Look at the Mac and at its commands in Jamf. Retry sends the command once more.';
      return `Look at the receiver’s account and its storage in ${vendor}’s admin console. Retry starts another one for what is left.`;
    case 'unfinished':
      return `Look at the transfer in ${vendor}’s admin console. Retry begins nothing: it goes on being looked at, for seven days more.`;
    case 'gone':
      return `${vendor} can restore an account for 20 days. Restore it and press Retry, or skip this step: what it held is then lost.`;
    case 'not_set_up':
      return `Put ${vendor}’s settings back, restart Sendoff and press Retry; or do it by hand and mark it done. ${safe}`;
    case 'bug':
      return `Press Retry. If it stops again, report it with the run’s code ${safeText(code, 40)}. ${safe}`;
    default:
      return failure.code satisfies never;
  }
}

/** By the operation that the connector names in `why`, as Jamf's list of privileges writes them. */
const JAMF_NEEDS: Readonly<Record<string, string>> = {
  erase: 'Send Computer Remote Wipe Command',
  lock: 'Send Computer Remote Lock Command',
  listCommands: 'View MDM command information in Jamf Pro API',
  getComputer: 'Read Computers',
  listComputers: 'Read Computers',
  findVersion: 'Read Computers',
};

function jamfLacks({ why, status }: Failure): string {
  const [, operation = ''] = /^jamf (\w+)/.exec(why) ?? [];
  const privilege = Object.hasOwn(JAMF_NEEDS, operation) ? JAMF_NEEDS[operation] : undefined;
  return status === 403 && privilege !== undefined
    ? `Give Sendoff’s API role the privilege *${privilege}* (Jamf: *Settings → API roles and clients*).`
    : 'Run `npm run doctor`: it says which privilege the API role lacks, or what is wrong with the API client.';
}

const CLOSE_REFUSED =
  'Archiving needs a free Archived User licence: look whether one is left in Google’s admin console, then press Retry. If the account is to stay as it is, skip this step with a reason.';
