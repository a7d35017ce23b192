// Jamf Pro over HTTP: finds Macs, locks and erases them, reads what became of it. Knows nothing of offboarding.
import { ConnectorError } from '../connector-error.ts';
import { callJamf, type JamfSettings } from './caller.ts';
import { readComputers, refuseOtherIds } from './computers.ts';
import { allOf, equal } from './rsql.ts';
import { Authorization, CommandPage, type CommandRecord, Pushed, SentCommands, SentErasure } from './schema.ts';

export type CommandType = 'DEVICE_LOCK' | 'ERASE_DEVICE';

export interface DeviceCommand {
  readonly uuid: string;
  readonly type: string;
  /** PENDING and NOT_NOW: the Mac has not done it yet, and may never. ACKNOWLEDGED: it has. */
  readonly state: CommandRecord['commandState'];
  readonly sentAt: Date | null;
  readonly completedAt: Date | null;
  /** In the Mac's words; null: none. */
  readonly error: string | null;
}

/** As the list of API role privileges writes them. */
export const JAMF_PRIVILEGES = {
  read: 'Read Computers',
  commands: 'View MDM command information in Jamf Pro API',
  lock: 'Send Computer Remote Lock Command',
  pin: 'View Computer Device Lock Pin',
  erase: 'Send Computer Remote Wipe Command',
  push: 'Send Blank Pushes to Computers',
} as const;

export type Jamf = ReturnType<typeof connectJamf>;

const PAGE_SIZE = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function connectJamf(settings: JamfSettings) {
  const send = callJamf(settings);
  const { version, findComputers, getComputer, storedPin, mayReadPins } = readComputers(send);

  /** All pages, newest first. */
  const listCommands = async (filter: string, subject: string): Promise<CommandRecord[]> => {
    const found: CommandRecord[] = [];
    for (let page = 0; ; page += 1) {
      const query = { filter, page: String(page), 'page-size': String(PAGE_SIZE), sort: 'dateSent:desc' };
      const path = '/api/v2/mdm/commands';
      const call = { operation: 'listCommands', subject, kind: 'read', method: 'GET', path, query } as const;
      const answer = await send(call, CommandPage);
      found.push(...answer.results);
      if (found.length >= answer.totalCount || answer.results.length === 0) return found;
    }
  };

  return {
    findComputers,
    getComputer,
    storedPin,

    /** What this Mac was told to do, newest first; by hands in Jamf's own pages too. */
    commandsOf: async (managementId: string, type: CommandType): Promise<DeviceCommand[]> => {
      refuse('listCommands', UUID.test(managementId) ? null : 'not a management id');
      const filter = allOf(equal('clientManagementId', managementId), equal('command', type));
      const rows = await listCommands(filter, managementId);
      const isOurs = ({ client, commandType }: CommandRecord): boolean =>
        commandType === type && (client?.managementId ?? managementId) === managementId;
      return rows.filter(isOurs).map(commandOf);
    },

    /** Null: Jamf knows no such command (any more). */
    getCommand: async (uuid: string): Promise<DeviceCommand | null> => {
      refuse('listCommands', UUID.test(uuid) ? null : 'not the id of a command');
      const rows = await listCommands(equal('uuid', uuid), uuid);
      const found = rows.find((one) => one.uuid.toLowerCase() === uuid.toLowerCase());
      return found ? commandOf(found) : null;
    },

    /**
     * Queues a lock: the Mac carries it out when it next checks in, and asks for `pin` (6 digits) from then on. Not to be
     * repeated blindly: a second one with another passcode makes the first one useless. Resolves with the command's id.
     */
    lock: async (managementId: string, pin: string, message?: string): Promise<{ commandUuid: string }> => {
      refuse('lock', UUID.test(managementId) ? null : 'not a management id');
      refuse('lock', /^\d{6}$/.test(pin) ? null : 'the passcode is not 6 digits');
      const commandData = { commandType: 'DEVICE_LOCK', pin, ...(message !== undefined && { message }) };
      const [{ id }] = await send(
        {
          operation: 'lock',
          subject: managementId,
          kind: 'write',
          method: 'POST',
          path: '/api/v2/mdm/commands',
          body: { clientData: [{ managementId }], commandData },
        },
        SentCommands,
      );
      return { commandUuid: id };
    },

    /** Queues the erasure of everything on it. `id` is the record's; `pin` (6 digits) is for Macs without a T2 or Apple chip, which ask for it afterwards. */
    erase: async (id: string, pin?: string): Promise<{ commandUuid: string }> => {
      refuseOtherIds('erase', id);
      refuse('erase', pin === undefined || /^\d{6}$/.test(pin) ? null : 'the passcode is not 6 digits');
      const path =
        (await version()) === 4 ? `/api/v4/computers-inventory/${id}/erase` : `/api/v1/computer-inventory/${id}/erase`;
      const body = pin === undefined ? {} : { pin };
      const call = { operation: 'erase', subject: id, kind: 'write', method: 'POST', path, body } as const;
      return send(call, SentErasure);
    },

    /** Asks a Mac that is awake to check in. Changes nothing on it. */
    blankPush: async (managementId: string): Promise<void> => {
      refuse('blankPush', UUID.test(managementId) ? null : 'not a management id');
      const path = '/api/v2/mdm/blank-push';
      const body = { clientManagementIds: [managementId] };
      const call = {
        operation: 'blankPush',
        subject: managementId,
        kind: 'write',
        method: 'POST',
        path,
        body,
      } as const;
      const { errorUuids } = await send(call, Pushed);
      refuse('blankPush', errorUuids?.length ? 'Jamf could not push to this computer' : null);
    },

    /** For `doctor`: what the API role may do; null where Jamf does not tell. */
    privileges: async (): Promise<readonly string[] | null> => {
      const call = { operation: 'getAuthorization', kind: 'read', method: 'GET', path: '/api/v1/auth' } as const;
      const { account } = await send(call, Authorization);
      return account?.privilegesBySite ? Object.values(account.privilegesBySite).flat() : null;
    },

    /** For `doctor`: read-only trials of what can be tried so, each with what it shows. Throws what the server refuses. */
    tryInventory: async (): Promise<void> => void (await version()),
    tryCommands: async (): Promise<void> => {
      const nobody = '00000000-0000-4000-8000-000000000000';
      await listCommands(equal('clientManagementId', nobody), nobody);
    },
    tryPins: mayReadPins,
  };
}

function commandOf(record: CommandRecord): DeviceCommand {
  const { uuid, commandType: type, commandState: state, dateSent, dateCompleted, commandError: error } = record;
  return { uuid, type, state, sentAt: dateSent, completedAt: dateCompleted, error };
}

/** Nothing is sent then. */
function refuse(operation: string, reason: string | null): void {
  if (reason !== null) throw new ConnectorError({ kind: 'rejected', vendor: 'jamf', operation, reason });
}
