// Computers: the list with its filter, one record, the passcode that Jamf keeps of a lock, and the erasure.
import type { Reply } from '../simulator.ts';
import type { Device } from './devices.ts';
import { invalid, missingPrivilege, notFound, refuse } from './errors.ts';
import { type Operation, pageOf, type Visit, withDevice } from './operation.ts';
import { queueCommand } from './queue.ts';
import { OTHER_SECTIONS, renderComputer, SECTIONS } from './render.ts';
import { parseFilter } from './rsql.ts';

/** Those a filter may name here. */
const FIELDS: Readonly<Record<string, (device: Device) => string>> = {
  id: (one) => one.id,
  udid: (one) => one.udid,
  'general.name': (one) => one.name,
  'general.managementId': (one) => one.managementId ?? '',
  'hardware.serialNumber': (one) => one.serialNumber,
  'userAndLocation.email': (one) => one.email,
  'userAndLocation.username': (one) => one.username,
};

export const INVENTORY_OPERATIONS: readonly Operation[] = [
  {
    name: 'listComputers',
    method: 'GET',
    path: '/{v}/computers-inventory',
    write: false,
    needs: ['Read Computers'],
    handle: list,
  },
  {
    name: 'getComputer',
    method: 'GET',
    path: '/{v}/computers-inventory/{id}',
    write: false,
    needs: ['Read Computers'],
    handle: get,
  },
  {
    name: 'viewDeviceLockPin',
    method: 'GET',
    path: '/{v}/computers-inventory/{id}/view-device-lock-pin',
    write: false,
    needs: ['Read Computers', 'View Computer Device Lock Pin'],
    handle: (visit) =>
      withDevice(visit, ({ id, storedPin }) =>
        storedPin === null ? notFound('Device lock PIN', id) : { status: 200, body: { pin: storedPin } },
      ),
  },
  {
    name: 'eraseComputer',
    method: 'POST',
    path: '/v4/computers-inventory/{id}/erase',
    write: true,
    needs: [],
    handle: (visit) => (visit.jamf.version < 4 ? refuse(404) : erase(visit)),
  },
  // Deprecated, and the only one on an older server.
  {
    name: 'eraseComputerV1',
    method: 'POST',
    path: '/v1/computer-inventory/{id}/erase',
    write: true,
    needs: [],
    handle: erase,
  },
];

function list(visit: Visit): Reply {
  const { request, fleet } = visit;
  const sections = sectionsOf(visit);
  if (!sections) return invalid('section', 'Unknown section');
  const text = request.query.get('filter') ?? '';
  const filter = parseFilter(text, Object.keys(FIELDS));
  if (text !== '' && !filter) return invalid('filter', 'The filter is not valid RSQL, or names an unknown field');
  if (!/^(id:(asc|desc))?$/.test(request.query.get('sort') ?? '')) return invalid('sort', 'Unknown field to sort by');
  const rows = [...fleet.devices.values()].filter((device) => !filter || filter((field) => FIELDS[field]?.(device)));
  const page = pageOf(request, rows);
  if (!page) return invalid('page-size', 'Page and page-size must be numbers, page-size at most 2000');
  const results = page.results.map((one) => renderComputer(one, sections, visit.version));
  return { status: 200, body: { ...page, results } };
}

function get(visit: Visit): Reply {
  const sections = sectionsOf(visit);
  if (!sections) return invalid('section', 'Unknown section');
  return withDevice(visit, (device) => ({ status: 200, body: renderComputer(device, sections, visit.version) }));
}

/** 200 means queued. */
function erase(visit: Visit): Reply {
  if (!visit.jamf.auth.privileges.has('Send Computer Remote Wipe Command')) return missingPrivilege();
  const { pin } = visit.body;
  if (pin !== undefined && !isPin(pin)) return invalid('pin', 'The PIN must be 6 digits');
  return withDevice(visit, (device) => {
    const { managementId } = device;
    if (managementId === null) return invalid('id', 'The computer is not managed');
    const what = { type: 'ERASE_DEVICE', pin: isPin(pin) ? pin : null } as const;
    const { uuid } = queueCommand(visit.fleet, Object.assign(device, { managementId }), what, visit.now);
    return { status: 200, body: { deviceId: device.id, commandUuid: uuid } };
  });
}

export function isPin(pin: unknown): pin is string {
  return typeof pin === 'string' && /^\d{6}$/.test(pin);
}

function sectionsOf({ request }: Visit): string[] | null {
  const asked = request.query.getAll('section');
  const known: readonly string[] = [...SECTIONS, ...OTHER_SECTIONS];
  return asked.every((one) => known.includes(one)) ? asked : null;
}
