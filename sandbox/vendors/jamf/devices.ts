// The Macs of acme.test as Jamf has enrolled them: whose they are, how they answer commands, and what their screens show. Knows no HTTP.
import { createHash } from 'node:crypto';
import { type Person, person } from '../../people.ts';

/** How a Mac that answers no command in the ordinary way answers the next one. */
export type OddAnswer = 'NOT_NOW' | 'ERROR' | 'COMMAND_FORMAT_ERROR';

export interface Device {
  readonly id: string;
  readonly udid: string;
  name: string;
  serialNumber: string;
  /** Null: not enrolled any more. Commands go by it. */
  managementId: string | null;
  username: string;
  email: string;
  realname: string;
  /** Who used it last, as MDM saw it; null: nobody yet. */
  lastUser: string | null;
  model: string;
  appleSilicon: boolean;
  osVersion: string;
  supervised: boolean;
  activationLock: boolean;
  lastContactAt: number;
  /** From a command until the Mac takes it; null: it never checks in. */
  delayMs: number | null;
  /** Answers of the next commands, in order; then it does what it is told. */
  oddAnswers: OddAnswer[];
  /** What the Mac itself asks for; null: it is not locked. */
  lock: { readonly pin: string; readonly commandUuid: string; readonly at: number } | null;
  /** What Jamf shows as its passcode: the newest that was sent, which need not be the one the Mac asks for. */
  storedPin: string | null;
  /** When it erased itself, each time. */
  readonly erasedAt: number[];
  blankPushes: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [AIR, PRO, INTEL] = [
  'MacBook Air (13-inch, M4, 2025)',
  'MacBook Pro (14-inch, M4, 2024)',
  'iMac (27-inch, 2020)',
];
/** Whoever locked Sana's Mac before. */
export const FORMER_LOCK = { pin: '804213', commandUuid: uuidOf('former lock') } as const;

/** `now`: milliseconds since the epoch. Pia has twelve; the rest are told apart by what is odd about them. */
export function seedDevices(now: number): Device[] {
  const macs: Device[] = [
    aMac(11, 'C02DANA0001', 'dana', {}),
    aMac(12, 'C02ADA00001', 'ada', {}),
    aMac(13, 'C02ADA00002', 'ada', { name: 'Ada’s old iMac', model: INTEL, appleSilicon: false, osVersion: '14.8' }),
    aMac(14, 'C02GRACE001', 'grace', {}),
    // Assigned to Alex, used last by Dana.
    aMac(15, 'C02SHARED01', 'alex', { name: 'Lab iMac', lastUser: 'dana' }),
    aMac(16, 'C02LARS0001', 'lockedOut', { delayMs: null, lastContactAt: now - 40 * DAY_MS }),
    aMac(17, 'C02SANA0001', 'suspended', {
      storedPin: FORMER_LOCK.pin,
      lock: { ...FORMER_LOCK, at: now - 3 * DAY_MS },
      lastContactAt: now - 3 * DAY_MS,
    }),
    aMac(18, 'C02RHEA0001', 'recovery', { managementId: null, supervised: false, lastContactAt: now - 90 * DAY_MS }),
    // Jamf has no address of Danna's, and her user name in other letters.
    aMac(19, 'C02DANNA001', 'danna', { email: '', username: 'Danna@acme.test' }),
    // Before macOS 11.5 a lock deactivates a Mac with Apple silicon.
    aMac(20, 'C02SAM00001', 'sam', { osVersion: '11.4' }),
  ];
  const many = Array.from({ length: 12 }, (_, index) =>
    aMac(31 + index, `C02PIA${String(index + 1).padStart(5, '0')}`, 'passwordExpired', {
      name: `Pia’s Mac ${index + 1}`,
    }),
  );
  return [...macs, ...many];

  function aMac(number: number, serialNumber: string, key: string, extra: Partial<Device>): Device {
    return newDevice(String(number), serialNumber, person(key), { lastContactAt: now - HOUR_MS, ...extra });
  }
}

/** A Mac with Apple silicon that does what it is told at once; `extra` says what is different. */
export function newDevice(id: string, serialNumber: string, owner: Person, extra: Partial<Device>): Device {
  return {
    udid: uuidOf(`udid ${serialNumber}`).toUpperCase(),
    name: `${owner.firstName}’s MacBook`,
    serialNumber,
    managementId: uuidOf(`management ${serialNumber}`),
    username: owner.login,
    email: owner.email,
    realname: owner.displayName ?? `${owner.firstName} ${owner.lastName}`,
    lastUser: owner.login.split('@')[0] ?? null,
    model: Number(id) % 2 === 0 ? AIR : PRO,
    appleSilicon: true,
    osVersion: '26.1',
    supervised: true,
    activationLock: false,
    lastContactAt: 0,
    delayMs: 0,
    oddAnswers: [],
    lock: null,
    storedPin: null,
    erasedAt: [],
    blankPushes: 0,
    ...extra,
    id,
  };
}

/** The same for the same text, so that a Mac has the same ids in every run. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
