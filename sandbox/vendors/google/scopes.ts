// The OAuth scopes that the operations know, by their short names; knows no state.

const AUTH = 'https://www.googleapis.com/auth/';

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
