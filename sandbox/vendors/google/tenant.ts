// What one Google Workspace holds: accounts, mailboxes, groups, devices, files, calendars, transfers, licences. No HTTP, no credential.

export interface OAuthToken {
  readonly clientId: string;
  readonly displayText: string;
  readonly scopes: readonly string[];
  readonly nativeApp: boolean;
}

export interface AppPassword {
  readonly codeId: number;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface Delegate {
  readonly email: string;
  readonly status: 'accepted' | 'pending' | 'rejected' | 'expired';
  /** Reads show it from here on, until `hiddenFrom`. */
  readonly shownFrom: number;
  /** null: not removed. */
  hiddenFrom: number | null;
}

export interface ForwardingAddress {
  readonly email: string;
  readonly status: 'accepted' | 'pending';
}

export interface Filter {
  readonly id: string;
  readonly criteria: Readonly<Record<string, unknown>>;
  readonly action: { readonly forward?: string } & Readonly<Record<string, unknown>>;
}

export interface Mailbox {
  delegates: Delegate[];
  forwardingAddresses: ForwardingAddress[];
  autoForwarding: { enabled: boolean; emailAddress?: string; disposition?: string };
  /** As Gmail answers it: `startTime` and `endTime` are milliseconds as text. */
  vacation: { enableAutoReply: boolean } & Record<string, unknown>;
  filters: Filter[];
  imapEnabled: boolean;
  popWindow: string;
  /** Verification mails that delegates or forwarding addresses were sent. */
  verificationMails: number;
}

export interface User {
  /** 21 digits; never changes. */
  readonly id: string;
  /** Of sandbox/people.ts. */
  readonly key: string;
  primaryEmail: string;
  aliases: string[];
  givenName: string;
  familyName: string;
  orgUnitPath: string;
  isAdmin: boolean;
  isDelegatedAdmin: boolean;
  suspended: boolean;
  suspensionReason: string | null;
  archived: boolean;
  deleted: boolean;
  changePasswordAtNextLogin: boolean;
  includeInGlobalAddressList: boolean;
  recoveryEmail: string | null;
  recoveryPhone: string | null;
  isMailboxSetup: boolean;
  isEnrolledIn2Sv: boolean;
  readonly createdAt: string;
  readonly lastLoginAt: string | null;
  /** Sign-in, mail and delegation work from here on; moved ahead when a suspension ends. */
  usableFrom: number;
  passwordsSet: number;
  /** Signed-in browsers and phones. */
  sessions: number;
  tokens: OAuthToken[];
  appPasswords: AppPassword[];
  backupCodes: string[];
  mailbox: Mailbox;
}

export interface Group {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  members: { readonly userId: string; readonly role: 'OWNER' | 'MANAGER' | 'MEMBER' }[];
}

export interface Device {
  readonly resourceId: string;
  readonly userId: string;
  readonly model: string;
  readonly os: string;
  readonly type: 'IOS_SYNC' | 'ANDROID';
  readonly serialNumber: string;
  /** Somebody's own phone: wiping it whole would take private things. */
  readonly isPersonal: boolean;
  status: string;
  /** What `status` becomes at `at`. */
  next: { readonly status: string; readonly at: number } | null;
  /** Actions taken, in order. */
  actions: string[];
}

export interface DriveFile {
  readonly id: string;
  readonly name: string;
  ownerId: string;
  readonly shared: boolean;
  readonly trashed: boolean;
}

export interface CalendarEvent {
  readonly id: string;
  organizerId: string;
  readonly summary: string;
  readonly startsAt: number;
  readonly isPrivate: boolean;
  readonly guests: readonly string[];
  /** E-mail addresses of rooms. */
  resources: readonly string[];
  status: 'confirmed' | 'cancelled';
}

export interface SecondaryCalendar {
  readonly id: string;
  readonly ownerId: string;
  readonly summary: string;
}

export interface AclRule {
  readonly calendarId: string;
  readonly scope: { readonly type: string; readonly value?: string };
  role: string;
}

export interface RoleAssignment {
  readonly id: string;
  readonly roleId: string;
  readonly userId: string;
}

export interface Transfer {
  readonly id: string;
  readonly oldOwnerId: string;
  readonly newOwnerId: string;
  readonly requestedAt: number;
  readonly applications: {
    readonly applicationId: string;
    readonly params: readonly { readonly key: string; readonly value: readonly string[] }[];
    status: string;
  }[];
  status: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** How it will end, and what it says meanwhile where a test planted a status of its own. */
  readonly plan: { readonly outcome: 'completed' | 'failed'; readonly statusMeanwhile?: string };
}

export interface Licence {
  readonly productId: string;
  skuId: string;
  readonly userId: string;
}

/** What happens by itself when the clock reaches `at`. */
export interface Scheduled {
  readonly at: number;
  readonly userId: string;
  readonly what: 'suspend';
  readonly reason: string;
}

export interface Tenant {
  readonly users: Map<string, User>;
  readonly orgUnits: string[];
  readonly groups: Group[];
  readonly devices: Device[];
  readonly files: DriveFile[];
  readonly events: CalendarEvent[];
  readonly calendars: SecondaryCalendar[];
  readonly sharedDrives: { readonly id: string; readonly name: string; readonly organizerIds: readonly string[] }[];
  acl: AclRule[];
  roleAssignments: RoleAssignment[];
  readonly transfers: Transfer[];
  licences: Licence[];
  /** Archived-user licences not in use. */
  archivedLicencesLeft: number;
  scheduled: Scheduled[];
  lastNumber: number;
}

export const CUSTOMER_ID = 'C0acme001';
export const DOMAIN = 'acme.test';

export function nextNumber(tenant: Tenant): number {
  tenant.lastNumber += 1;
  return tenant.lastNumber;
}

/** By id, primary address or alias; addresses compare without case. Accounts that were deleted are not found. */
export function findUser(tenant: Tenant, userKey: string): User | null {
  const wanted = userKey.toLowerCase();
  const all = [...tenant.users.values()].filter((one) => !one.deleted);
  return (
    all.find((one) => one.id === userKey) ??
    all.find((one) => one.primaryEmail === wanted) ??
    all.find((one) => one.aliases.includes(wanted)) ??
    null
  );
}

/** By the primary address alone. */
export function findByPrimary(tenant: Tenant, email: string): User | null {
  const found = findUser(tenant, email);
  return found?.primaryEmail === email.toLowerCase() ? found : null;
}

/** Whether anybody could sign in to it, or a service account act for it, now. */
export function isUsable(user: User, now: number): boolean {
  return !user.deleted && !user.suspended && !user.archived && user.usableFrom <= now;
}

export function hasMail(user: User, now: number): boolean {
  return user.isMailboxSetup && isUsable(user, now);
}

/** At once and everywhere: sessions end, but tokens stay until they are removed. */
export function suspend(user: User, reason: string): void {
  user.suspended = true;
  user.suspensionReason = reason;
  user.sessions = 0;
}
