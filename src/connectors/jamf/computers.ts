// Jamf's inventory of Macs: whose they are, what they are, when they were last heard of; and which version of it the server has.
import { z } from 'zod';
import { ConnectorError, orNull } from '../connector-error.ts';
import type { Send } from './caller.ts';
import { anyOf, equal } from './rsql.ts';
import { AnyPage, ComputerPage, ComputerRecord, StoredPin } from './schema.ts';

export interface Computer {
  /** Of Jamf's record. */
  readonly id: string;
  /** What commands go by; null: not enrolled any more. */
  readonly managementId: string | null;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly appleSilicon: boolean | null;
  /** macOS, such as `26.1`. */
  readonly osVersion: string | null;
  readonly supervised: boolean | null;
  /** Null where Jamf does not say. */
  readonly managed: boolean | null;
  readonly activationLock: boolean | null;
  /** Whom Jamf has assigned it to. */
  readonly username: string | null;
  readonly email: string | null;
  readonly realname: string | null;
  /** Who used it last as MDM saw it: perhaps somebody else. */
  readonly lastUser: string | null;
  readonly lastContactAt: Date | null;
}

/** Whom to look for. */
export interface ComputerOwner {
  readonly email: string;
  /** What Jamf may call them besides the address: a login, a short name. */
  readonly usernames?: readonly string[];
}

const SECTIONS = ['GENERAL', 'HARDWARE', 'USER_AND_LOCATION', 'SECURITY', 'OPERATING_SYSTEM'] as const;
/** Newest first: v1 to v3 are deprecated in 11.30.1, and older servers have nothing else. */
const VERSIONS = [4, 3, 1] as const;
type Version = (typeof VERSIONS)[number];
const PAGE_SIZE = 100;

export function readComputers(send: Send) {
  let known: Promise<Version> | null = null;

  const hasVersion = async (version: Version): Promise<boolean> => {
    const query = { section: 'GENERAL', page: '0', 'page-size': '1' };
    const path = `/api/v${version}/computers-inventory`;
    return send({ operation: 'findVersion', kind: 'read', method: 'GET', path, query }, AnyPage).then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );
  };

  const findVersion = async (): Promise<Version> => {
    for (const version of VERSIONS) if (await hasVersion(version)) return version;
    const reason = 'no computers-inventory here: is this the address of Jamf Pro?';
    throw new ConnectorError({ kind: 'not_found', vendor: 'jamf', operation: 'findVersion', status: 404, reason });
  };

  /** Asked for once; after a failure again. */
  const version = (): Promise<Version> => {
    known ??= findVersion().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };

  const list = async (filter: string): Promise<ComputerRecord[]> => {
    const found: ComputerRecord[] = [];
    const path = `/api/v${await version()}/computers-inventory`;
    for (let page = 0; ; page += 1) {
      const query = { section: SECTIONS, page: String(page), 'page-size': String(PAGE_SIZE), sort: 'id:asc', filter };
      const answer = await send({ operation: 'listComputers', kind: 'read', method: 'GET', path, query }, ComputerPage);
      found.push(...answer.results);
      if (found.length >= answer.totalCount || answer.results.length === 0) return found;
    }
  };

  return {
    version,

    /** Every Mac assigned to this address or one of these names, whatever their case. */
    findComputers: async ({ email, usernames = [] }: ComputerOwner): Promise<Computer[]> => {
      const names = [...new Set([email, ...usernames].map((one) => one.trim()).filter(Boolean))];
      if (names.length === 0) return [];
      // Whether Jamf minds the case of a user name is not documented: both spellings are asked for.
      const spellings = [...new Set(names.flatMap((one) => [one, one.toLowerCase()]))];
      const filter = anyOf(
        ...spellings.flatMap((one) => [equal('userAndLocation.email', one), equal('userAndLocation.username', one)]),
      );
      // Jamf's idea of equality is looser than ours: `*` in a value stands for anything.
      const wanted = new Set(names.map((one) => one.toLowerCase()));
      const isTheirs = (name: string | null): boolean => name !== null && wanted.has(name.toLowerCase());
      const found = (await list(filter)).map(computerOf);
      return found.filter((one) => isTheirs(one.email) || isTheirs(one.username));
    },

    /** Null: Jamf has no such record. */
    getComputer: async (id: string): Promise<Computer | null> => {
      refuseOtherIds('getComputer', id);
      const path = `/api/v${await version()}/computers-inventory/${id}`;
      const call = { operation: 'getComputer', subject: id, kind: 'read', method: 'GET', path } as const;
      const ours = ComputerRecord.refine((one) => one.id === id, 'is another computer');
      const record = await orNull(send({ ...call, query: { section: SECTIONS } }, ours));
      return record && computerOf(record);
    },

    /**
     * The passcode that Jamf keeps of the newest lock it was asked for; the Mac may ask for an earlier one. Null: none, or no
     * such record. A secret: it must reach neither log nor message.
     */
    storedPin: async (id: string): Promise<string | null> => {
      refuseOtherIds('viewDeviceLockPin', id);
      const path = `/api/v${await version()}/computers-inventory/${id}/view-device-lock-pin`;
      const call = { operation: 'viewDeviceLockPin', subject: id, kind: 'read', method: 'GET', path } as const;
      return (await orNull(send(call, StoredPin)))?.pin ?? null;
    },

    /** Whether passcodes may be read, tried on a record that cannot be: none is read. */
    mayReadPins: async (): Promise<void> => {
      const path = `/api/v${await version()}/computers-inventory/0/view-device-lock-pin`;
      await orNull(send({ operation: 'viewDeviceLockPin', kind: 'read', method: 'GET', path }, z.unknown()));
    },
  };
}

function computerOf({ id, general, hardware, userAndLocation, security, operatingSystem }: ComputerRecord): Computer {
  return {
    id,
    managementId: general.managementId,
    name: general.name,
    ...hardware,
    osVersion: operatingSystem.version,
    supervised: general.supervised,
    managed: general.remoteManagement?.managed ?? general.mdmCapable?.capable ?? null,
    activationLock: security.activationLockEnabled,
    ...userAndLocation,
    lastUser: general.lastLoggedInUsernameMdm,
    lastContactAt: general.lastContact ?? general.lastCheckIn ?? general.lastContactTime,
  };
}

/** Ids are numbers: what is none could be another address of the API. */
export function refuseOtherIds(operation: string, id: string): void {
  if (/^[1-9]\d{0,9}$/.test(id)) return;
  throw new ConnectorError({ kind: 'rejected', vendor: 'jamf', operation, reason: 'not the id of a computer' });
}

function isNotFound(error: unknown): boolean {
  return error instanceof ConnectorError && error.kind === 'not_found';
}
