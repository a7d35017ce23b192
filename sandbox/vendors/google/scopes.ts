// The OAuth scopes that the operations know, by their short names; knows no state.

const AUTH = 'https://www.googleapis.com/auth/';

/** Any of these opens the mailbox's settings for reading. */
export const MAIL_READ = [
  `${AUTH}gmail.settings.basic`,
  `${AUTH}gmail.readonly`,
  `${AUTH}gmail.modify`,
  'https://mail.google.com/',
];
export const MAIL_BASIC = [`${AUTH}gmail.settings.basic`];
/** Delegates and forwarding: for service accounts with domain-wide delegation only. */
export const MAIL_SHARING = [`${AUTH}gmail.settings.sharing`];

export const USER_WRITE = [`${AUTH}admin.directory.user`];
export const USER_READ = [...USER_WRITE, `${AUTH}admin.directory.user.readonly`];
export const SECURITY = [`${AUTH}admin.directory.user.security`];
export const ALIAS_WRITE = [...USER_WRITE, `${AUTH}admin.directory.user.alias`];
export const ALIAS_READ = [...ALIAS_WRITE, `${AUTH}admin.directory.user.alias.readonly`];
export const GROUP_READ = [`${AUTH}admin.directory.group`, `${AUTH}admin.directory.group.readonly`];
export const MEMBER_WRITE = [`${AUTH}admin.directory.group`, `${AUTH}admin.directory.group.member`];
export const MEMBER_READ = [
  ...MEMBER_WRITE,
  `${AUTH}admin.directory.group.member.readonly`,
  `${AUTH}admin.directory.group.readonly`,
];
export const ROLE_WRITE = [`${AUTH}admin.directory.rolemanagement`];
export const ROLE_READ = [...ROLE_WRITE, `${AUTH}admin.directory.rolemanagement.readonly`];
export const MOBILE_ACTION = [`${AUTH}admin.directory.device.mobile`, `${AUTH}admin.directory.device.mobile.action`];
export const MOBILE_READ = [...MOBILE_ACTION, `${AUTH}admin.directory.device.mobile.readonly`];
export const CUSTOMER_READ = [`${AUTH}admin.directory.customer`, `${AUTH}admin.directory.customer.readonly`];
export const TRANSFER_WRITE = [`${AUTH}admin.datatransfer`];
export const TRANSFER_READ = [...TRANSFER_WRITE, `${AUTH}admin.datatransfer.readonly`];
export const CALENDAR_WRITE = [`${AUTH}calendar`];
export const EVENT_WRITE = [...CALENDAR_WRITE, `${AUTH}calendar.events`];
export const EVENT_READ = [...EVENT_WRITE, `${AUTH}calendar.readonly`, `${AUTH}calendar.events.readonly`];
export const CALENDAR_READ = [...CALENDAR_WRITE, `${AUTH}calendar.readonly`];
export const DRIVE_READ = [`${AUTH}drive`, `${AUTH}drive.readonly`, `${AUTH}drive.metadata.readonly`];
export const DRIVES_READ = [`${AUTH}drive`, `${AUTH}drive.readonly`];
export const LICENCE = [`${AUTH}apps.licensing`];
