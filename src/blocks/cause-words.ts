// Why a step waits, and why it was passed over.
import type { StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { factIn, wordIn } from './amounts.ts';
import { fetchedWait } from './fetched-text.ts';
import { FETCHED_PASSES } from './fetched-words.ts';
import { LOCK_PASSES, lockWait } from './lock-text.ts';
import { operatorName } from './names.ts';
import { ownerWait } from './owner-words.ts';
import { date } from './parts.ts';
import { returnWait } from './return-text.ts';
import { RETURN_PASSES } from './return-words.ts';
import { cleanText, safeText } from './safe-text.ts';
import { UNDO_PASSES } from './undo-words.ts';
import { vendorName } from './vendor-words.ts';
import { WATCH_PASSES } from './watch-words.ts';

const WAITS: Readonly<Record<string, (vendor: string) => string>> = {
  settling: (vendor) => `${vendor} accepted it; waiting until it shows`,
  back_off: (vendor) => `${vendor} gave no usable answer; it is tried again`,
  paused: (vendor) => `${vendor} asked to slow down`,
  vendor: (vendor) => `${vendor} is working on it`,
  keeps_trying: () => 'it has not worked so far and is tried again every hour',
  searching: (vendor) => `looking whether the last request reached ${vendor}`,
};

/** Why a waiting step waits. */
export function waitWords(step: Pick<StepView, 'step' | 'cause' | 'after'>): string {
  const cause = step.cause ?? '';
  // The factors and devices steps wait behind the blocked sign-in, which they say in this fact.
  if (cause === 'vendor' && factIn(step.after, 'blocked') === false) return 'sign-in must be blocked first';
  if (cause === 'legal_hold') return holdWaitWords(step.after);
  if (cause === 'vendor' && factIn(step.after, 'usable') === false)
    return 'the account was made active again; Gmail needs some minutes before it can be handed over';
  if (cause === 'vendor' && /^google\.(drive|calendar)$/.test(step.step))
    return 'Google is transferring it, which takes hours as a rule';
  if (cause === 'vendor' && step.step === 'return.replacement')
    return 'the replacement is not in use yet; somebody is asked again a day later';
  const lock = cause === 'vendor' && step.step === 'jamf.lock' ? lockWait(step.after) : null;
  if (lock !== null) return lock;
  const fetched = cause === 'vendor' ? fetchedWait(step) : null;
  if (fetched !== null) return fetched;
  const until = wordIn(step.after, 'until');
  if (cause === 'vendor' && step.step === 'google.keep' && until !== null)
    return `the account is watched until ${date(new Date(until))}`;
  if (cause === 'vendor') {
    const own = mailboxWait(step) ?? returnWait(step) ?? ownerWait(step);
    if (own !== null) return own;
  }
  const words = Object.hasOwn(WAITS, cause) ? WAITS[cause] : undefined;
  return words?.(vendorName(step.step)) ?? causeOrNothing(cause, 'waiting');
}

function holdWaitWords(after: Facts | null): string {
  const [by, since] = [wordIn(after, 'heldBy'), wordIn(after, 'heldSince')];
  if (by === null || since === null) return 'a legal hold stands';
  return `legal hold since ${date(new Date(since))} by ${operatorName(by)}`;
}

/** What the two mailbox steps wait for; null: nothing of their own. */
function mailboxWait({ step, after }: Pick<StepView, 'step' | 'after'>): string | null {
  if (step !== 'google.mailbox' && step !== 'google.mailbox_end') return null;
  if (factIn(after, 'mail') === 'not_ready') return 'the account was made active, and its mail is not ready yet';
  if (step === 'google.mailbox')
    return factIn(after, 'state') === 'suspended' ? 'the Google account is suspended' : null;
  const endsAt = new Date(wordIn(after, 'endsAt') ?? Number.NaN);
  if (Number.isNaN(endsAt.getTime())) return 'the mailbox has been given to nobody so far';
  if (factIn(after, 'cancelled') === true) return 'the run was cancelled, so it ends as soon as Google shows it';
  return factIn(after, 'late') === true || factIn(after, 'standing') !== null
    ? 'it is due, and Google does not show it as ended yet'
    : `the mailbox stays with who received it until ${date(endsAt)}`;
}

const PASSES: Readonly<Record<string, string>> = {
  status_cannot_be_suspended: 'Okta cannot suspend an account in this status; it is deactivated at once',
  devices_not_licensed: 'this Okta edition has no device list',
  run_cancelled: 'the run was cancelled',
  run_declined: 'it was declined',
  google_account_deleted: 'the Google account is deleted',
  google_account_archived: 'the Google account is archived: nobody can act for it',
  no_mailbox: 'the Google account has no mailbox',
  mailbox_declined: 'handing over the mailbox was declined',
  no_delegation: 'the mailbox was given to nobody',
  by_hand: 'skipped by hand',
  no_google_account: 'there is no Google account with this address',
  left_suspended: 'a person decided to leave the Google account suspended, so its mailbox can be read by nobody',
  archived_meanwhile:
    'somebody archived the Google account, so there is nothing to keep active; a mailbox that was given cannot be taken back while it is archived',
  suspended_at_end: 'the Google account is suspended, and the time for keeping it active is over',
  suspended_after_mailbox:
    'the mailbox has been taken back from the suspended Google account, so nothing keeps it active any more',
  left_archived: 'the Google account stays archived, so nothing of it is handed over',
  kept_by_policy: 'the policy keeps the Google account as it is',
  cannot_start: 'a step that it needs was skipped',
  jira_not_set_up: 'Jira is not set up any more',
  ...LOCK_PASSES,
  ...RETURN_PASSES,
  ...FETCHED_PASSES,
  ...UNDO_PASSES,
  ...WATCH_PASSES,
};

/** Why a step was passed over or not done. */
export function passWords(cause: string | null): string {
  return (
    (cause !== null && Object.hasOwn(PASSES, cause) ? PASSES[cause] : undefined) ??
    causeOrNothing(cause ?? '', 'no reason was given')
  );
}

function causeOrNothing(cause: string, otherwise: string): string {
  return safeText(cleanText(cause, 150).replaceAll('_', ' '), 150) || otherwise;
}
