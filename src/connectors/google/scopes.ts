// The OAuth scopes that domain-wide delegation has to grant, one by one, each with what it is for. Every token holds exactly one.

/** Scopes stand without this in front. */
const PREFIX = 'https://www.googleapis.com/auth/';

export interface ScopeNeed {
  /** In whose name: the admin's account, or the leaver's own. */
  readonly subject: 'admin' | 'person';
  /** `counts`: without it the preview says "all files" instead of a number, and nothing else is missing. */
  readonly neededFor: 'work' | 'counts';
  readonly reason: string;
}

/** A read asks for a read-only scope wherever Google has one. @see https://developers.google.com/identity/protocols/oauth2/scopes, read 2026-11 */
export const GOOGLE_SCOPES = {
  'admin.directory.user.readonly': {
    subject: 'admin',
    neededFor: 'work',
    reason: 'Read the account: whether it is active, suspended or an administrator’s',
  },
  'admin.directory.user': {
    subject: 'admin',
    neededFor: 'work',
    reason: 'Set a new password, clear recovery mail and phone, hide from the address list, activate, suspend, archive',
  },
  'admin.directory.user.security': {
    subject: 'admin',
    neededFor: 'work',
    reason: 'Sign out everywhere; list and remove app access, app passwords and backup codes',
  },
  'admin.directory.group.readonly': {
    subject: 'admin',
    neededFor: 'work',
    reason: 'Record the groups for evidence and undo',
  },
  'admin.directory.rolemanagement.readonly': {
    subject: 'admin',
    neededFor: 'work',
    reason: 'See admin roles, and who the last super admin is',
  },
  'admin.directory.rolemanagement': { subject: 'admin', neededFor: 'work', reason: 'Take admin roles away' },
  'admin.directory.device.mobile.readonly': {
    subject: 'admin',
    neededFor: 'work',
    reason: 'List the phones and tablets that hold the account',
  },
  'admin.directory.device.mobile.action': {
    subject: 'admin',
    neededFor: 'work',
    reason: 'Remove the work account from them, never anything else',
  },
  'admin.datatransfer.readonly': { subject: 'admin', neededFor: 'work', reason: 'Follow a transfer to its end' },
  'admin.datatransfer': { subject: 'admin', neededFor: 'work', reason: 'Transfer Drive files and the calendar' },
  'apps.licensing': { subject: 'admin', neededFor: 'work', reason: 'See and free the licences at the end' },
  'gmail.settings.basic': {
    subject: 'person',
    neededFor: 'work',
    reason: 'Read delegates, forwarding and filters; set the auto-reply; remove filters that forward. Reads no mail',
  },
  'gmail.settings.sharing': {
    subject: 'person',
    neededFor: 'work',
    reason: 'Add and remove delegates and forwarding addresses. Reads no mail',
  },
  'drive.metadata.readonly': {
    subject: 'person',
    neededFor: 'counts',
    reason: 'Count the files for the preview. Reads no contents',
  },
  'calendar.readonly': {
    subject: 'person',
    neededFor: 'counts',
    reason: 'Count the events and calendars for the preview',
  },
} as const satisfies Readonly<Record<string, ScopeNeed>>;
export type GoogleScope = keyof typeof GOOGLE_SCOPES;

export function scopeUrl(scope: GoogleScope): string {
  return `${PREFIX}${scope}`;
}
