// The invented people of acme.test, shared by all simulators; knows no simulator and nothing of src/.

export type OktaStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

export type OktaRole = 'SUPER_ADMIN' | 'USER_ADMIN' | 'READ_ONLY_ADMIN' | 'HELP_DESK_ADMIN';

export interface OktaFactorSeed {
  readonly id: string;
  readonly factorType: 'push' | 'token:software:totp' | 'webauthn' | 'sms';
  readonly provider: string;
  readonly vendorName: string;
  /** The device that holds the factor: deactivating the device destroys it. */
  readonly deviceId?: string;
}

export interface OktaAccount {
  /** 20 characters, `00u…`. */
  readonly id: string;
  readonly status: OktaStatus;
  readonly sessions: number;
  /** Refresh tokens by OAuth client id. */
  readonly clientTokens: Readonly<Record<string, number>>;
  readonly grants: number;
  readonly factors: readonly OktaFactorSeed[];
  /** Ids; their names are in vendors/okta/catalogue.ts, as are those of apps and clients. */
  readonly groups: readonly string[];
  readonly apps: readonly string[];
  readonly roles: readonly OktaRole[];
}

export interface Person {
  /** Short name for tests: `person('dana')`. */
  readonly key: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Absent: first and last name with a blank between. */
  readonly displayName?: string;
  readonly email: string;
  readonly login: string;
  readonly title?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** IANA name. */
  readonly timezone: string;
  readonly managerKey?: string;
  /** Absent: not in the Slack team T0ACME. */
  readonly slackUserId?: string;
  readonly okta: OktaAccount;
}

export interface DeviceSeed {
  readonly id: string;
  readonly displayName: string;
  readonly platform: 'MACOS' | 'IOS' | 'WINDOWS' | 'ANDROID';
  readonly serialNumber: string;
  readonly managed: boolean;
  readonly ownerKeys: readonly string[];
}

export const TEAM_ID = 'T0ACME';

/** Who owns the SSWS token that the app uses: a service account without Slack. */
export const TOKEN_OWNER_KEY = 'tokenOwner';

export const DEVICES: readonly DeviceSeed[] = [
  device('guoDanaMac0000000001', 'Dana’s MacBook Pro', 'MACOS', 'C02DANA0001', ['dana']),
  device('guoSharedMac00000001', 'Lab iMac', 'MACOS', 'C02SHARED01', ['dana', 'alex']),
  device('guoAdaMac00000000001', 'Ada’s MacBook Air', 'MACOS', 'C02ADA00001', ['ada']),
  device('guoAdaPhone000000001', 'Ada’s iPhone', 'IOS', 'F2LADA00001', ['ada']),
];

const [EVERYONE, ENGINEERING, ON_CALL] = [
  '00gEveryone000000001',
  '00gEngineering000001',
  '00gOnCall00000000001',
] as const;
const [SLACK, GOOGLE, GITHUB] = ['0oaSlack000000000001', '0oaGoogle00000000001', '0oaGithub00000000001'] as const;
const [MAIL, WIKI] = ['0oaMailClient0000001', '0oaWikiClient0000001'] as const;
/** A right-to-left override and its end, as an attacker would put them into a name. */
const [RLO, PDF, ZERO_WIDTH] = ['\u202e', '\u202c', '\u200b'] as const;

export const PEOPLE: readonly Person[] = [
  // Those of the ordinary story: operators, manager, leavers.
  aPerson('lin', 'Lin', 'Okafor', 'Lin', { title: 'IT operator', slackUserId: 'U0LIN' }),
  aPerson('sam', 'Sam', 'Rivera', 'Sam', { title: 'IT operator', slackUserId: 'U0SAM' }),
  aPerson('grace', 'Grace', 'Njeri', 'Grace', {
    title: 'Engineering manager',
    slackUserId: 'U0GRACE',
    timezone: 'Africa/Nairobi',
    country: 'KE',
  }),
  aPerson('dana', 'Dana', 'Whitfield', 'Dana', {
    title: 'Platform engineer',
    managerKey: 'grace',
    slackUserId: 'U0DANA',
    timezone: 'America/New_York',
    country: 'US',
    okta: {
      sessions: 2,
      clientTokens: { [MAIL]: 2, [WIKI]: 1 },
      grants: 2,
      factors: [push('opfDanaPush000000001', 'guoDanaMac0000000001'), totp('ostDanaTotp000000001')],
      groups: [EVERYONE, ENGINEERING, ON_CALL],
      apps: [SLACK, GOOGLE, GITHUB],
    },
  }),
  aPerson('alex', 'Alex', 'Moreau', 'Alex', {
    title: 'Designer',
    slackUserId: 'U0ALEX',
    timezone: 'Europe/Paris',
    country: 'FR',
  }),
  aPerson('ada', 'Ada', 'Byrne', 'Ada', {
    title: 'Data analyst',
    managerKey: 'grace',
    slackUserId: 'U0ADA',
    timezone: 'Europe/Dublin',
    country: 'IE',
    okta: {
      sessions: 1,
      clientTokens: { [MAIL]: 1 },
      grants: 1,
      factors: [push('opfAdaPush0000000001', 'guoAdaPhone000000001'), totp('ostAdaTotp0000000001', 'OKTA')],
      groups: [EVERYONE, ENGINEERING],
      apps: [SLACK, GOOGLE],
    },
  }),

  // One for each status that is not ACTIVE. Nobody signs in to the first two, so they hold nothing yet.
  aPerson('staged', 'Stella', 'Staged', 'Staged', { okta: { status: 'STAGED', sessions: 0 } }),
  aPerson('provisioned', 'Pavel', 'Provisioned', 'Provisioned', { okta: { status: 'PROVISIONED', sessions: 0 } }),
  aPerson('recovery', 'Rhea', 'Recovery', 'Recovery', { slackUserId: 'U0RHEA', okta: { status: 'RECOVERY' } }),
  aPerson('passwordExpired', 'Pia', 'Expired', 'Expired', {
    slackUserId: 'U0PIA',
    okta: { status: 'PASSWORD_EXPIRED' },
  }),
  aPerson('lockedOut', 'Lars', 'Locked', 'Locked', { slackUserId: 'U0LARS', okta: { status: 'LOCKED_OUT' } }),
  aPerson('suspended', 'Sana', 'Suspended', 'Suspended', {
    slackUserId: 'U0SANA',
    okta: { status: 'SUSPENDED', sessions: 0 },
  }),
  aPerson('deprovisioned', 'Dora', 'Gone', 'Gone', {
    okta: { status: 'DEPROVISIONED', sessions: 0, groups: [], apps: [] },
  }),

  // Who must not be deactivated lightly.
  aPerson('admin', 'Amara', 'Root', 'Amara', {
    title: 'Head of IT',
    slackUserId: 'U0AMARA',
    okta: { roles: ['SUPER_ADMIN'] },
  }),
  aPerson('breakGlass', 'Break', 'Glass', 'BreakGlass', {
    title: 'Emergency account',
    okta: { roles: ['SUPER_ADMIN'], sessions: 0 },
  }),
  aPerson(TOKEN_OWNER_KEY, 'Sendoff', 'Service', 'Service', {
    title: 'Service account',
    okta: { roles: ['USER_ADMIN'] },
  }),

  // Two people behind one address: an e-mail alone does not say who is meant.
  aPerson('patOne', 'Pat', 'Kim', 'PatOne', {
    email: 'pat@acme.test',
    login: 'pat.kim@acme.test',
    slackUserId: 'U0PATKIM',
  }),
  aPerson('patTwo', 'Pat', 'Quill', 'PatTwo', { email: 'pat@acme.test', login: 'pat.quill@acme.test' }),

  // Addresses that look like Dana's.
  aPerson('danaCyrillic', 'D\u0430na', 'Whitfield', 'DanaCyr', {
    email: 'd\u0430na@acme.test',
    slackUserId: 'U0DANACYR',
  }),
  aPerson('danna', 'Danna', 'Whitfield', 'Danna', { slackUserId: 'U0DANNA' }),
  aPerson('danaPlus', 'Dana', 'Whitfield', 'DanaPlus', { email: 'dana+test@acme.test' }),

  // Names that attack whatever shows them.
  aPerson('channel', '<!channel>', '*bold* <@U0LIN>', 'Channel', { slackUserId: 'U0CHANNEL' }),
  aPerson('bidi', `${RLO}nimda${PDF}`, 'Bidi', 'Bidi', { slackUserId: 'U0BIDI' }),
  aPerson('zeroWidth', `Li${ZERO_WIDTH}n`, `Oka${ZERO_WIDTH}for`, 'ZeroWidth', { slackUserId: 'U0ZEROW' }),
  // Okta caps firstName and lastName at 50 characters, so the long name is the display name.
  aPerson('longName', 'Maximiliana', 'Long', 'Long', {
    displayName: 'Maximiliana '.repeat(17).slice(0, 200),
    slackUserId: 'U0LONG',
  }),
];

/** Throws if there is nobody with that key: a test with a wrong key must not go on. */
export function person(key: string): Person {
  const found = PEOPLE.find((one) => one.key === key);
  if (!found) throw new Error(`no seeded person ${key}`);
  return found;
}

type Extra = Partial<Omit<Person, 'okta' | 'key'>> & { readonly okta?: Partial<OktaAccount> };

/** An ACTIVE person with one session, the first group and app; `extra` says what is different. */
function aPerson(key: string, firstName: string, lastName: string, idPart: string, extra: Extra): Person {
  const email = extra.email ?? `${key.toLowerCase()}@acme.test`;
  const { okta, ...rest } = extra;
  return {
    key,
    firstName,
    lastName,
    login: email,
    timezone: 'Europe/London',
    ...rest,
    email,
    okta: {
      id: `00u${idPart}`.padEnd(19, '0').concat('1'),
      status: 'ACTIVE',
      sessions: 1,
      clientTokens: {},
      grants: 0,
      factors: [],
      groups: [EVERYONE],
      apps: [SLACK],
      roles: [],
      ...okta,
    },
  };
}

function device(
  id: string,
  displayName: string,
  platform: DeviceSeed['platform'],
  serialNumber: string,
  ownerKeys: readonly string[],
): DeviceSeed {
  return { id, displayName, platform, serialNumber, managed: true, ownerKeys };
}

function push(id: string, deviceId: string): OktaFactorSeed {
  return { id, factorType: 'push', provider: 'OKTA', vendorName: 'OKTA', deviceId };
}

function totp(id: string, provider = 'GOOGLE'): OktaFactorSeed {
  return { id, factorType: 'token:software:totp', provider, vendorName: provider };
}
