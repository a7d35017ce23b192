// What vendors are called, and what is asked of them.
import { FETCHED_EFFECTS, FETCHED_VENDORS } from './fetched-words.ts';
import { OWNER_VENDORS } from './owner-words.ts';
import { RETURN_EFFECTS, RETURN_VENDORS } from './return-words.ts';
import { safeText } from './safe-text.ts';
import { UNDO_EFFECTS } from './undo-words.ts';

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
  ...UNDO_EFFECTS,
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
  ...OWNER_VENDORS,
};

/** From a vendor's id (`okta`) or a step's name (`okta.block`). */
export function vendorName(idOrStep: string): string {
  const id = Object.hasOwn(VENDORS, idOrStep) ? idOrStep : (idOrStep.split('.')[0] ?? '');
  return (Object.hasOwn(VENDORS, id) ? VENDORS[id] : undefined) ?? (safeText(id, 30) || 'The vendor');
}
