// What Google's steps may put before a screen: their names, the facts that words are drawn from, effects, waits and questions.
import { googleGone } from '../../../src/workflow/steps/google-gone.ts';

export const GOOGLE_STEPS: readonly string[] = googleGone().map(({ name }) => name);

export const GOOGLE_FACTS = [
  ...['account', 'adopted', 'asks', 'atEnd', 'autoReply', 'because', 'cancelled', 'days', 'delegates', 'elsewhere'],
  ...['endsAt', 'events', 'files', 'filesLeft', 'forwards', 'freeLicence', 'freed', 'granted', 'heldBy', 'heldSince'],
  ...['late', 'latestEnd', 'licences', 'listed', 'mail', 'name', 'noReceiver', 'otherCalendars', 'otherCalendarsLeft'],
  ...['others', 'password', 'phones', 'reactivated', 'reactivations', 'receiver', 'recovery', 'reminder', 'standing'],
  ...['startedAt', 'state', 'stayingEvents', 'stayingEventsLeft', 'to', 'transfer', 'until', 'usable'],
];

export const GOOGLE_CAUSES = ['keeps_trying', 'legal_hold', 'mailbox_declined', 'left_suspended', 'archived_meanwhile'];

export const GOOGLE_QUESTIONS = [
  ...['google_keep_active', 'google_unarchive', 'google_account', 'licence_kept', 'mailbox_country', 'other_transfer'],
];

export const GOOGLE_EFFECTS = ['google.set_password', 'google.add_delegate', 'google.transfer_drive', 'google.suspend'];
