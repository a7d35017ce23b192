// MDM commands: locks and erasures queued for Macs, what became of them, blank pushes; and what the API client may do.
import type { Reply } from '../simulator.ts';
import type { Privilege } from './auth.ts';
import type { Device } from './devices.ts';
import { invalid, missingPrivilege, refuse } from './errors.ts';
import { isPin } from './inventory-operations.ts';
import { type Operation, pageOf, type Visit } from './operation.ts';
import { type Command, type CommandType, queueCommand } from './queue.ts';
import { parseFilter } from './rsql.ts';

const NEEDED: Readonly<Record<CommandType, Privilege>> = {
  DEVICE_LOCK: 'Send Computer Remote Lock Command',
  ERASE_DEVICE: 'Send Computer Remote Wipe Command',
};

const FIELDS: Readonly<Record<string, (command: Command) => string>> = {
  uuid: (one) => one.uuid,
  clientManagementId: (one) => one.managementId,
  command: (one) => one.type,
  status: (one) => one.state,
};

export const MDM_OPERATIONS: readonly Operation[] = [
  {
    name: 'sendCommand',
    method: 'POST',
    path: '/v2/mdm/commands',
    write: true,
    needs: ['View MDM command information in Jamf Pro API'],
    handle: send,
  },
  {
    name: 'listCommands',
    method: 'GET',
    path: '/v2/mdm/commands',
    write: false,
    needs: ['View MDM command information in Jamf Pro API'],
    handle: list,
  },
  {
    name: 'blankPush',
    method: 'POST',
    path: '/v2/mdm/blank-push',
    write: true,
    needs: ['Send Blank Pushes to Computers'],
    handle: push,
  },
  { name: 'getAuthorization', method: 'GET', path: '/v1/auth', write: false, needs: [], handle: authorization },
];

/** 201 means queued. There is no key to send a command by: sent twice it is there twice. */
function send({ jamf, fleet, body, now }: Visit): Reply {
  const { clientData, commandData } = body as { clientData?: unknown; commandData?: Record<string, unknown> };
  const type = commandData?.commandType;
  if (type !== 'DEVICE_LOCK' && type !== 'ERASE_DEVICE') return invalid('commandType', 'Unknown command type');
  if (!jamf.auth.privileges.has(NEEDED[type])) return missingPrivilege();
  const pin = commandData?.pin;
  const isPinNeeded = type === 'DEVICE_LOCK' || pin !== undefined;
  if (isPinNeeded && !isPin(pin)) return invalid('pin', `The PIN must be 6 digits: ${String(pin)}`);
  if (!Array.isArray(clientData) || clientData.length === 0)
    return invalid('clientData', 'At least one client is required');
  const ids = (clientData as { managementId?: unknown }[]).map((one) => String(one.managementId));
  const devices = ids.map((id) => enrolled(fleet.devices.values(), id));
  const missing = ids.find((_, index) => !devices[index]);
  if (missing !== undefined) return invalid('managementId', `No client has the management id ${missing}`);
  const sent = devices.flatMap((device) =>
    device ? [queueCommand(fleet, device, { type, pin: isPin(pin) ? pin : null }, now)] : [],
  );
  return {
    status: 201,
    body: sent.map(({ uuid }) => ({ id: uuid, href: `/api/v2/mdm/commands?filter=uuid==${uuid}` })),
  };
}

/** Without a filter Jamf refuses: the list of everybody would have no end. */
function list({ jamf, fleet, request, now }: Visit): Reply {
  const filter = parseFilter(request.query.get('filter') ?? '', Object.keys(FIELDS));
  if (!request.query.get('filter')) return invalid('filter', 'A filter is required');
  if (!filter) return invalid('filter', 'The filter is not valid RSQL, or names an unknown field');
  if (!/^(dateSent:(asc|desc))?$/.test(request.query.get('sort') ?? ''))
    return invalid('sort', 'Unknown field to sort by');
  const known = fleet.commands.filter((one) => one.sentAt + jamf.lagMs <= now);
  const rows = known.filter((command) => filter((field) => FIELDS[field]?.(command)));
  if (request.query.get('sort')?.endsWith('desc')) rows.reverse();
  const page = pageOf(request, rows);
  return page
    ? { status: 200, body: { ...page, results: page.results.map(render) } }
    : invalid('page-size', 'Not a page');
}

function render(command: Command): Record<string, unknown> {
  return {
    uuid: command.uuid,
    client: { managementId: command.managementId, clientType: 'COMPUTER' },
    commandState: command.state,
    commandType: command.type,
    dateSent: new Date(command.sentAt).toISOString(),
    dateCompleted: command.completedAt === null ? null : new Date(command.completedAt).toISOString(),
    commandError: command.error,
  };
}

/** Wakes who can hear it: a Mac that said NOT_NOW is asked again at once. */
function push({ fleet, body, now }: Visit): Reply {
  const ids = body.clientManagementIds;
  if (!Array.isArray(ids) || ids.length === 0) return invalid('clientManagementIds', 'At least one client is required');
  const errorUuids = ids.map(String).filter((id) => {
    const device = enrolled(fleet.devices.values(), id);
    if (!device) return true;
    device.blankPushes += 1;
    const waiting = fleet.commands.filter((one) => one.deviceId === device.id && one.state === 'NOT_NOW');
    if (device.delayMs !== null) for (const one of waiting) one.dueAt = now;
    return false;
  });
  return { status: 200, body: { errorUuids } };
}

function authorization({ jamf }: Visit): Reply {
  const { clientId, privileges, tellsPrivileges } = jamf.auth;
  if (!tellsPrivileges) return refuse(403);
  const account = {
    id: '0',
    username: clientId,
    accessLevel: 'FullAccess',
    privilegeSet: 'CUSTOM',
    privilegesBySite: { '-1': [...privileges] },
    groupIds: [],
    currentSiteId: '-1',
  };
  return { status: 200, body: { account, accountGroups: [], sites: [], authenticationType: 'CLIENT' } };
}

function enrolled(devices: Iterable<Device>, managementId: string): (Device & { managementId: string }) | null {
  const found = [...devices].find((one) => one.managementId === managementId);
  return found ? Object.assign(found, { managementId }) : null;
}
