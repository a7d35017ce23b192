// The Workspace of acme.test as every test finds it: the people of sandbox/people.ts, and what they hold at Google.
import { PEOPLE, type Person, person } from '../../people.ts';
import { type CalendarEvent, type Device, DOMAIN, type DriveFile, type Tenant, type User } from './tenant.ts';

const DAY_MS = 86_400_000;

/** Who runs the Workspace: the service account acts for this one at Directory, Data Transfer and licences. */
export const ADMIN_KEY = 'admin';
export const SUPER_ADMIN_ROLE = '10000000000001';
export const HELP_DESK_ROLE = '10000000000002';

export const ENTERPRISE = { productId: 'Google-Apps', skuId: '1010020020', name: 'Google Workspace Enterprise Plus' };
export const ARCHIVED = {
  productId: '101034',
  skuId: '1010340001',
  name: 'Google Workspace Enterprise Plus - Archived User',
};

/** Without a mailbox: they have not signed in yet. */
const WITHOUT_MAILBOX = ['staged', 'provisioned'];
const SUPER_ADMINS = [ADMIN_KEY, 'breakGlass'];

export function createTenant(now: number): Tenant {
  const users = PEOPLE.filter(hasGoogle).map((one, index) => userOf(one, index, now));
  const idOf = (key: string): string => users.find((one) => one.key === key)?.id ?? '';
  const member = (key: string) => ({ userId: idOf(key), role: 'MEMBER' as const });
  return {
    users: new Map(users.map((one) => [one.id, one])),
    orgUnits: ['/', '/Staff', '/Former'],
    groups: [
      {
        id: '03group-everyone',
        email: `everyone@${DOMAIN}`,
        name: 'Everyone',
        members: users.map((one) => member(one.key)),
      },
      {
        id: '03group-engineering',
        email: `engineering@${DOMAIN}`,
        name: 'Engineering',
        members: [{ userId: idOf('grace'), role: 'OWNER' }, member('dana'), member('ada')],
      },
      {
        id: '03group-oncall',
        email: `oncall@${DOMAIN}`,
        name: 'On call',
        members: [{ userId: idOf('dana'), role: 'OWNER' }],
      },
    ],
    devices: devicesOf(idOf),
    files: [...files(idOf('dana'), 'dana', 130, 120), ...files(idOf('ada'), 'ada', 3, 2)],
    events: eventsOf(idOf('dana'), now),
    calendars: [{ id: `c_platform@group.calendar.google.com`, ownerId: idOf('dana'), summary: 'Platform releases' }],
    sharedDrives: [{ id: '0AplatformDrivePVA', name: 'Platform', organizerIds: [idOf('dana')] }],
    acl: [],
    roleAssignments: [
      ...SUPER_ADMINS.map((key, index) => ({
        id: `2000000000000${index}`,
        roleId: SUPER_ADMIN_ROLE,
        userId: idOf(key),
      })),
      { id: '20000000000009', roleId: HELP_DESK_ROLE, userId: idOf('ada') },
    ],
    transfers: [],
    licences: users
      .filter((one) => !one.suspended)
      .map((one) => ({ productId: ENTERPRISE.productId, skuId: ENTERPRISE.skuId, userId: one.id })),
    archivedLicencesLeft: 2,
    scheduled: [],
    lastNumber: 1000,
  };
}

/** Google's addresses are plain ASCII without a plus; the Okta API token's owner has no account here. */
function hasGoogle(one: Person): boolean {
  return /^[a-z0-9._-]+@acme\.test$/.test(one.login) && one.key !== 'tokenOwner';
}

function userOf(one: Person, index: number, now: number): User {
  const isSuspended = ['DEPROVISIONED', 'SUSPENDED'].includes(one.okta.status);
  const isAdmin = SUPER_ADMINS.includes(one.key);
  const user: User = {
    id: `1${String(7_000_000 + index).padStart(20, '0')}`,
    key: one.key,
    primaryEmail: one.login,
    aliases: [],
    givenName: one.firstName,
    familyName: one.lastName,
    orgUnitPath: '/Staff',
    isAdmin,
    isDelegatedAdmin: one.key === 'ada',
    suspended: isSuspended,
    suspensionReason: isSuspended ? 'ADMIN' : null,
    archived: false,
    deleted: false,
    changePasswordAtNextLogin: false,
    includeInGlobalAddressList: true,
    recoveryEmail: null,
    recoveryPhone: null,
    isMailboxSetup: !WITHOUT_MAILBOX.includes(one.key),
    isEnrolledIn2Sv: false,
    createdAt: '2024-02-01T09:00:00.000Z',
    lastLoginAt: WITHOUT_MAILBOX.includes(one.key) ? null : new Date(now - DAY_MS).toISOString(),
    usableFrom: 0,
    passwordsSet: 1,
    sessions: isSuspended ? 0 : 1,
    tokens: [],
    appPasswords: [],
    backupCodes: [],
    mailbox: {
      delegates: [],
      forwardingAddresses: [],
      autoForwarding: { enabled: false },
      vacation: { enableAutoReply: false },
      filters: [],
      imapEnabled: false,
      popWindow: 'disabled',
      verificationMails: 0,
    },
  };
  return one.key === 'dana' ? { ...user, ...holdingsOfDana(user, now) } : user;
}

/** The leaver of the ordinary story holds one of everything that containment has to take away. */
function holdingsOfDana(user: User, now: number): Partial<User> {
  return {
    aliases: [`dana.whitfield@${DOMAIN}`],
    recoveryEmail: 'dana.private@home.test',
    recoveryPhone: '+12025550123',
    isEnrolledIn2Sv: true,
    sessions: 3,
    tokens: [
      {
        clientId: '407408718192.apps.googleusercontent.com',
        displayText: 'Notes app',
        scopes: ['https://www.googleapis.com/auth/drive.readonly'],
        nativeApp: false,
      },
      {
        clientId: '292824132082.apps.googleusercontent.com',
        displayText: 'Phone mail',
        scopes: ['https://mail.google.com/'],
        nativeApp: true,
      },
    ],
    appPasswords: [{ codeId: 1, name: 'Old mail client', createdAt: now - 90 * DAY_MS }],
    backupCodes: ['11112222', '33334444', '55556666'],
    mailbox: {
      ...user.mailbox,
      delegates: [{ email: `alex@${DOMAIN}`, status: 'accepted', shownFrom: 0, hiddenFrom: null }],
      forwardingAddresses: [{ email: 'dana.private@home.test', status: 'accepted' }],
      autoForwarding: { enabled: true, emailAddress: 'dana.private@home.test', disposition: 'leaveInInbox' },
      filters: [
        {
          id: 'ANe1BmjForward000001',
          criteria: { from: 'customers@partner.test' },
          action: { forward: 'dana.private@home.test' },
        },
        { id: 'ANe1BmjLabels0000001', criteria: { subject: 'build' }, action: { removeLabelIds: ['INBOX'] } },
      ],
      imapEnabled: true,
      popWindow: 'allMail',
    },
  };
}

function devicesOf(idOf: (key: string) => string): Device[] {
  const plain = { status: 'APPROVED', next: null, actions: [] };
  return [
    {
      ...plain,
      resourceId: 'AFiQxQ-dana-iphone',
      userId: idOf('dana'),
      model: 'iPhone 16',
      os: 'iOS 19.1',
      type: 'IOS_SYNC',
      serialNumber: 'F2LDANA0001',
      isPersonal: false,
      actions: [],
    },
    {
      ...plain,
      resourceId: 'AFiQxQ-dana-pixel',
      userId: idOf('dana'),
      model: 'Pixel 10',
      os: 'Android 16',
      type: 'ANDROID',
      serialNumber: 'PIXDANA0001',
      isPersonal: true,
      actions: [],
    },
  ];
}

function files(ownerId: string, key: string, ofPrivate: number, ofShared: number): DriveFile[] {
  return Array.from({ length: ofPrivate + ofShared }, (_, index) => ({
    id: `1file-${key}-${String(index).padStart(4, '0')}`,
    name: `${key} ${index}`,
    ownerId,
    shared: index >= ofPrivate,
    trashed: false,
  }));
}

/** Two that a transfer moves, and one each that it leaves: private, without a guest, past. */
function eventsOf(organizerId: string, now: number): CalendarEvent[] {
  const event = (id: string, days: number, extra: Partial<CalendarEvent>): CalendarEvent => ({
    id,
    organizerId,
    summary: id,
    startsAt: now + days * DAY_MS,
    isPrivate: false,
    guests: [person('grace').email],
    resources: [],
    status: 'confirmed',
    ...extra,
  });
  return [
    event('danateamweekly', 3, { resources: ['room-1@resource.calendar.google.com'] }),
    event('danareview', 10, {}),
    event('danaprivate', 5, { isPrivate: true }),
    event('danafocus', 4, { guests: [] }),
    event('danapast', -20, {}),
  ];
}
