// What each step is called: to do, doing, done, failed.
import { FETCHED_STEPS } from './fetched-words.ts';
import { INTEGRATION_STEPS } from './integration-text.ts';
import { LOCK_STEPS } from './lock-text.ts';
import { OWNER_STEPS } from './owner-words.ts';
import { RETURN_STEPS } from './return-words.ts';
import { safeText } from './safe-text.ts';
import { UNDO_STEPS } from './undo-words.ts';
import { WATCH_STEPS } from './watch-words.ts';

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
  ...UNDO_STEPS,
  ...WATCH_STEPS,
  ...OWNER_STEPS,
  ...INTEGRATION_STEPS,
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
