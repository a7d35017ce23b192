// What the steps of an undo are called, what they ask, and why they are passed over.
import type { QuestionWords } from './question.ts';
import type { StepWords } from './step-words.ts';

export const UNDO_STEPS: Readonly<Record<string, StepWords>> = {
  'okta.activate': {
    short: 'Okta account',
    todo: 'Reactivate the Okta account',
    doing: 'Reactivating the Okta account',
    done: 'Okta account is alive again',
    moot: 'The Okta account is gone',
    failed: 'Okta account not reactivated',
    ask: 'reactivate the account',
    notDone: 'reactivating the Okta account. Everything else waits for it.',
  },
  'okta.groups_back': {
    short: 'groups',
    todo: 'Put them back into their Okta groups',
    doing: 'Putting them back into their Okta groups',
    done: 'Okta groups restored',
    moot: 'Okta groups went with the account',
    failed: 'Okta groups not restored',
    ask: 'put them back into a group',
    notDone:
      'putting them back into the groups that were recorded. For that Sendoff’s Okta credentials need okta.groups.manage; or it is done by hand in Okta, and marked done.',
  },
  'okta.apps_back': {
    short: 'apps',
    todo: 'See their apps come back',
    doing: 'Looking which apps came back',
    done: 'Apps looked through',
    moot: 'Apps went with the account',
    failed: 'Apps not looked through',
    ask: 'show their apps',
    notDone: 'looking which of the recorded apps came back with the groups.',
  },
  'okta.roles_back': {
    short: 'admin roles',
    todo: 'Decide about their Okta admin roles',
    doing: 'Looking which Okta admin roles they had',
    done: 'Okta admin roles decided',
    moot: 'Admin roles went with the account',
    failed: 'Okta admin roles not looked at',
    ask: 'show their admin roles',
    notDone: 'deciding about their Okta admin roles. They hold none of them until somebody gives them back.',
  },
  'google.back': {
    short: 'Google account',
    todo: 'Make the Google account active',
    doing: 'Making the Google account active',
    done: 'Google account is active again',
    moot: 'The Google account is gone',
    failed: 'Google account not active',
    ask: 'make the Google account active',
    notDone: 'making the Google account active.',
  },
  'google.mailbox_back': {
    short: 'mailbox',
    todo: 'Take the mailbox back from who reads it',
    doing: 'Taking the mailbox back',
    done: 'Nobody else reads the mailbox',
    moot: 'No mailbox to take back',
    failed: 'Mailbox not taken back',
    ask: 'take a delegate or the auto-reply away',
    notDone: 'taking the mailbox back from whom the offboarding let in, and stopping the auto-reply it set.',
  },
  'slack.back': {
    short: 'Slack account',
    todo: 'See their Slack account come back',
    doing: 'Looking whether their Slack account is active',
    done: 'Slack account is active',
    moot: 'No Slack account',
    failed: 'Slack account not looked at',
    ask: 'show their account',
    notDone: 'looking whether their Slack account is active again.',
  },
  'jamf.unlock': {
    short: 'unlocking',
    todo: 'Unlock the Mac',
    doing: 'Waiting until the Mac is unlocked',
    done: 'The Mac is unlocked',
    moot: 'The Mac is not in Jamf any more',
    failed: 'Not known whether the Mac is unlocked',
    ask: 'show the Mac',
    notDone: 'unlocking the Mac: somebody types the passcode at it.',
  },
  'return.cancel_box': {
    short: 'return box',
    todo: 'Cancel the return box',
    doing: 'Asking about the return box',
    done: 'Return box dealt with',
    moot: 'No return box is out',
    failed: 'Return box not dealt with',
    ask: 'cancel the order',
    notDone: 'cancelling the return box. It may still arrive.',
  },
};

export const UNDO_EFFECTS: Readonly<Record<string, string>> = {
  'okta.unsuspend_user': 'let them sign in again',
  'okta.activate_user': 'activate the account, and mail them a link to set a password',
  'okta.add_to_group': 'add them to a group',
};

export const UNDO_PASSES: Readonly<Record<string, string>> = {
  account_erased: 'Okta has erased the account, which cannot come back',
  groups_not_recorded: 'the offboarding recorded no groups that could be told apart; put them back by hand',
  no_roles: 'they held no admin role',
  not_known_in_slack: 'Slack knows nobody by their address',
  not_locked: 'the offboarding did not lock it',
  erased: 'the Mac was erased, which cannot be taken back',
  no_box_out: 'no box is on its way',
};

export const UNDO_QUESTIONS: readonly (readonly [string, QuestionWords])[] = [
  [
    'apps_back',
    {
      asks: 'Some apps of the record did not come back with the groups; they were assigned one by one. Have you assigned those that are needed in Okta?',
      yes: 'Yes, assigned',
      no: 'Leave them away',
    },
  ],
  [
    'roles_back',
    {
      asks: 'They held Okta admin roles, which Sendoff never gives back by itself. Have you given back those that are needed in Okta?',
      yes: 'Yes, given back',
      no: 'Leave them away',
    },
  ],
  [
    'slack_back',
    {
      asks: 'Their Slack account is still deactivated an hour after Okta’s came back. Have you reactivated it in Slack’s admin pages?',
      yes: 'Yes, reactivated',
      no: 'Leave it',
    },
  ],
  [
    'box_cancelled',
    {
      asks: 'A return box is ordered, and Retriever takes a cancellation only in its portal. Have you cancelled it, or told the person to keep the device?',
      yes: 'Yes, done',
      no: 'Let it come',
    },
  ],
];
