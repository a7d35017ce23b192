// What steps, states, causes and failures are called. Every word of a run that more than one screen says stands here.
import type { ProtectedBecause } from '../workflow/model/policy.ts';
import type { StepView } from '../workflow/model/run.ts';
import type { Facts, FailureCode } from '../workflow/model/step.ts';
import { factIn, lowered, wordIn } from './amounts.ts';
import { fetchedWait } from './fetched-text.ts';
import { FETCHED_EFFECTS, FETCHED_PASSES, FETCHED_STEPS, FETCHED_VENDORS } from './fetched-words.ts';
import { LOCK_PASSES, LOCK_STEPS, lockWait } from './lock-text.ts';
import { operatorName } from './names.ts';
import { date } from './parts.ts';
import { returnWait } from './return-text.ts';
import { RETURN_EFFECTS, RETURN_PASSES, RETURN_STEPS, RETURN_VENDORS } from './return-words.ts';
import { cleanText, safeText } from './safe-text.ts';

export interface StepWords {
  /** On a button: "Retry <short>". */
  readonly short: string;
  readonly todo: string;
  readonly doing: string;
  readonly done: string;
  /** Done because the door is gone. */
  readonly moot: string;
  readonly failed: string;
  /** After "I asked Okta to". */
  readonly ask: string;
  /** After "Not done:". */
  readonly notDone: string;
}

const STEPS: Readonly<Record<string, StepWords>> = {
  'okta.snapshot': {
    short: 'Okta record',
    todo: 'Record what they have in Okta',
    doing: 'Recording what they have in Okta',
    done: 'Okta access recorded',
    moot: 'Okta access: nothing to record',
    failed: 'Okta access not recorded',
    ask: 'read the account',
    notDone: 'the record of groups, apps, factors and devices.',
  },
  'okta.block': {
    short: 'sign-in block',
    todo: 'Block sign-in, end sessions',
    doing: 'Blocking sign-in, ending sessions',
    done: 'Sign-in blocked, sessions ended',
    moot: 'Sign-in was already closed',
    failed: 'Sign-in block failed',
    ask: 'block sign-in and end sessions',
    notDone: 'blocking sign-in, ending sessions and tokens.',
  },
  'okta.factors': {
    short: 'second factors',
    todo: 'Remove second factors',
    doing: 'Removing second factors',
    done: 'Second factors removed',
    moot: 'Second factors went with the account',
    failed: 'Second factors not removed',
    ask: 'remove second factors',
    notDone: 'removing all second factors.',
  },
  'okta.devices': {
    short: 'Okta devices',
    todo: 'Remove registered devices',
    doing: 'Removing registered devices',
    done: 'Registered devices removed',
    moot: 'Registered devices went with the account',
    failed: 'Registered devices not removed',
    ask: 'remove registered devices',
    notDone: 'removing all of the person’s own devices.',
  },
  'okta.deactivate': {
    short: 'Okta deactivation',
    todo: 'Deactivate the Okta account',
    doing: 'Deactivating the Okta account',
    done: 'Okta account deactivated',
    moot: 'Okta account no longer exists',
    failed: 'Okta deactivation failed',
    ask: 'deactivate the account and end sessions',
    notDone: 'deactivating the Okta account and ending sessions once more.',
  },
  'google.contain': {
    short: 'Google sign-in',
    todo: 'Close every way into the Google account',
    doing: 'Closing every way into the Google account',
    done: 'Google account closed to sign-in',
    moot: 'Google account no longer exists',
    failed: 'Google account not closed',
    ask: 'close every way into the Google account',
    notDone: 'closing every way into the Google account.',
  },
  'google.active': {
    short: 'active Google account',
    todo: 'Keep the Google account active for the handover',
    doing: 'Looking whether the Google account is active',
    done: 'Google account active for the handover',
    moot: 'Google account no longer exists',
    failed: 'Google account not active',
    ask: 'make the Google account active',
    notDone: 'an active Google account, which the handover of mail, files and calendar needs.',
  },
  'google.drive': {
    short: 'Drive transfer',
    todo: 'Hand over Drive files',
    doing: 'Asking Google to transfer Drive files',
    done: 'Drive files handed over',
    moot: 'Drive files: nothing to hand over',
    failed: 'Drive files not handed over',
    ask: 'transfer Drive files',
    notDone: 'handing over Drive files, private and shared.',
  },
  'google.calendar': {
    short: 'calendar transfer',
    todo: 'Hand over the calendar',
    doing: 'Asking Google to transfer the calendar',
    done: 'Calendar handed over',
    moot: 'Calendar: nothing to hand over',
    failed: 'Calendar not handed over',
    ask: 'transfer the calendar',
    notDone: 'handing over future events.',
  },
  'google.close': {
    short: 'end of the Google account',
    todo: 'Close the Google account at the end',
    doing: 'Closing the Google account',
    done: 'Google account closed',
    moot: 'Google account no longer exists',
    failed: 'Google account not closed at the end',
    ask: 'close the Google account and free its licence',
    notDone: 'what the policy says of the account’s end: suspended or archived, and its licence freed.',
  },
  'google.keep': {
    short: 'watch over the Google account',
    todo: 'Watch that the Google account stays active',
    doing: 'Looking whether the Google account is still active',
    done: 'Google account was kept active for the handover',
    moot: 'Google account no longer exists',
    failed: 'Google account not kept active',
    ask: 'make the Google account active again',
    notDone: 'keeping the Google account active for the handover.',
  },
  'google.mailbox': {
    short: 'mailbox',
    todo: 'Hand over the mailbox',
    doing: 'Handing over the mailbox',
    done: 'Mailbox handed over',
    moot: 'No mailbox to hand over',
    failed: 'Mailbox not handed over',
    ask: 'change the mailbox’s delegates, forwarding or auto-reply',
    notDone: 'stopping forwards and earlier delegates, the auto-reply, and giving the mailbox to who receives it.',
  },
  'google.mailbox_end': {
    short: 'end of the mailbox’s delegation',
    todo: 'End the mailbox’s delegation',
    doing: 'Ending the mailbox’s delegation',
    done: 'The mailbox’s delegation has ended',
    moot: 'The mailbox went with the account',
    failed: 'The mailbox’s delegation has not ended',
    ask: 'take the mailbox’s delegate away',
    notDone: 'taking the mailbox back from who received it. It is tried again every hour.',
  },
  'jira.ticket': {
    short: 'Jira ticket',
    todo: 'Open a Jira ticket',
    doing: 'Opening a Jira ticket',
    done: 'Jira ticket opened',
    moot: 'Jira ticket no longer needed',
    failed: 'Jira ticket not opened',
    ask: 'open a ticket',
    notDone: 'the ticket that documents each step. The run itself does not wait for it.',
  },
  'return.replacement': {
    short: 'replacement',
    todo: 'Wait until the replacement is in use',
    doing: 'Looking whether the replacement is in use',
    done: 'The replacement is in use',
    moot: 'No replacement is needed any more',
    failed: 'Not known whether the replacement is in use',
    ask: 'wait for the replacement',
    notDone: 'waiting until the replacement is in use. Nothing was erased because of it.',
  },
  ...LOCK_STEPS,
  ...RETURN_STEPS,
  ...FETCHED_STEPS,
};

export function stepWords(step: string): StepWords {
  const known = Object.hasOwn(STEPS, step) ? STEPS[step] : undefined;
  if (known) return known;
  const name = safeText(step, 60) || 'step';
  return {
    short: 'this step',
    todo: name,
    doing: name,
    done: name,
    moot: name,
    failed: `${name} failed`,
    ask: `do ${name}`,
    notDone: `${name}.`,
  };
}

const EFFECTS: Readonly<Record<string, string>> = {
  'okta.suspend_user': 'suspend the account',
  'okta.end_sessions': 'end sessions and tokens',
  'okta.deactivate_user': 'deactivate the account',
  'okta.unenroll_factor': 'remove a second factor',
  'okta.deactivate_device': 'deactivate a device',
  'okta.delete_device': 'delete a device',
  'google.set_password': 'set a new password that nobody knows',
  'google.sign_out': 'sign out everywhere',
  'google.delete_token': 'take an app’s access away',
  'google.delete_app_password': 'delete an app password',
  'google.invalidate_backup_codes': 'make the backup codes useless',
  'google.clear_recovery': 'remove recovery email and phone',
  'google.remove_role': 'take an admin role away',
  'google.wipe_mobile_account': 'remove the work account from a phone',
  'google.hide_address': 'hide the address from the address list',
  'google.activate': 'make the account active with a new password',
  'google.unarchive': 'take the account out of the archive with a new password',
  'google.transfer_drive': 'move ownership of Drive files',
  'google.transfer_calendar': 'move future events',
  'google.suspend': 'suspend the account',
  'google.archive': 'archive the account',
  'google.free_licence': 'free a licence',
  'jira.create_ticket': 'create a ticket',
  'google.stop_forwarding': 'stop forwarding all mail',
  'google.delete_forwarding_address': 'remove a forwarding address',
  'google.delete_forwarding_filter': 'delete a filter that forwards',
  'google.set_auto_reply': 'set the auto-reply',
  'google.stop_auto_reply': 'stop the auto-reply',
  'google.add_delegate': 'let the receiver read the mailbox',
  'google.remove_delegate': 'take a delegate away',
  'google.reactivate': 'make the account active for the moment',
  'google.suspend_again': 'suspend the account again',
  'jamf.lock_device': 'lock it with a passcode that only Sendoff has',
  ...RETURN_EFFECTS,
  ...FETCHED_EFFECTS,
};

/** As it follows "to". */
export function effectWords(effect: string): string {
  return (Object.hasOwn(EFFECTS, effect) ? EFFECTS[effect] : undefined) ?? (safeText(effect, 60) || 'do it');
}

const VENDORS: Readonly<Record<string, string>> = {
  okta: 'Okta',
  slack: 'Slack',
  google: 'Google',
  jamf: 'Jamf',
  jira: 'Jira',
  ...RETURN_VENDORS,
  ...FETCHED_VENDORS,
};

/** From a vendor's id (`okta`) or a step's name (`okta.block`). */
export function vendorName(idOrStep: string): string {
  const id = Object.hasOwn(VENDORS, idOrStep) ? idOrStep : (idOrStep.split('.')[0] ?? '');
  return (Object.hasOwn(VENDORS, id) ? VENDORS[id] : undefined) ?? (safeText(id, 30) || 'The vendor');
}

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
    const own = mailboxWait(step) ?? returnWait(step);
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

/** A failure in a few words, for the run's line. */
export const FAILURE_SHORT: Readonly<Record<FailureCode, (vendor: string) => string>> = {
  no_answer: (vendor) => `${vendor} did not answer`,
  refused: (vendor) => `${vendor} refused`,
  unauthorized: (vendor) => `${vendor} does not accept Sendoff’s credentials`,
  doubt: (vendor) => `no answer from ${vendor}`,
  not_seen: (vendor) => `${vendor} accepted it, but it does not show`,
  changed: () => 'a repeat would ask for something else',
  unknown: (vendor) => `the state at ${vendor} cannot be read`,
  vendor_failed: (vendor) => `${vendor} says that it failed`,
  unfinished: (vendor) => `${vendor} has not finished for seven days`,
  gone: () => 'the account is deleted',
  not_set_up: (vendor) => `${vendor} is not set up any more`,
  bug: () => 'a fault in Sendoff',
};

/** How well a done step is known to be done. */
export function evidenceWords(evidence: StepView['evidence'], step: string): string {
  switch (evidence) {
    case 'read_back':
      return `read back from ${vendorName(step)}`;
    case 'accepted':
      if (step === 'return.replacement') return 'on an operator’s word';
      if (step === 'return.courier') return 'on the word of whoever answered';
      if (step === 'return.receive') return 'on the word of whoever received it';
      return `accepted by ${vendorName(step)}`;
    case 'moot':
      return 'no longer needed';
    case 'attested':
      return 'marked done by hand';
    case null:
      return 'no evidence kept';
    default:
      return evidence satisfies never;
  }
}

const STATUSES: Readonly<Record<string, string>> = {
  ACTIVE: 'active',
  STAGED: 'staged, never activated',
  PROVISIONED: 'waiting for a first sign-in',
  RECOVERY: 'in password recovery',
  PASSWORD_EXPIRED: 'password expired',
  LOCKED_OUT: 'locked out',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
  DELETED: 'deleted',
};

export function statusWords(status: string): string {
  return (Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined) ?? (lowered(status) || 'unknown');
}

const FACTORS: Readonly<Record<string, string>> = {
  push: 'push',
  sms: 'SMS',
  call: 'voice call',
  email: 'email',
  question: 'security question',
  webauthn: 'security key or passkey',
  u2f: 'security key',
  signed_nonce: 'Okta FastPass',
  'token:software:totp': 'authenticator app',
  'token:hotp': 'one-time code token',
  'token:hardware': 'hardware token',
};

/** Not yet made safe: `list` does that. */
export function factorNames(types: readonly string[]): readonly string[] {
  return types.map((type) => (Object.hasOwn(FACTORS, type) ? FACTORS[type] : undefined) ?? type);
}

/** "in the group Executives, titled Chief * Officer": why the policy protects somebody. */
export function protectedWords(because: readonly ProtectedBecause[]): string {
  return because
    .slice(0, 3)
    .map(({ rule, entry }) => {
      const named = safeText(entry, 40) || 'unnamed';
      if (rule === 'group') return `in the group ${named}`;
      return rule === 'title' ? `title ${named}` : 'named by address';
    })
    .join(', ');
}
