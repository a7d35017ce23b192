// Okta's devices and their lifecycle ACTIVE ⇄ SUSPENDED → DEACTIVATED → deleted; all refused if the licence lacks them.
import { nowOf } from '../clock.ts';
import type { Reply } from '../simulator.ts';
import { featureNotEnabled, invalid, notFound } from './errors.ts';
import type { Operation, Visit } from './operation.ts';
import { page, withUserId } from './operation.ts';
import { type Device, deactivateDevice, findUser, record, targetDevice } from './org.ts';
import { renderDevice, renderDeviceUser, renderUserDevice } from './render.ts';

const READ = 'okta.devices.read';
const MANAGE = 'okta.devices.manage';
const NO_CONTENT: Reply = { status: 204 };

export const DEVICE_OPERATIONS: readonly Operation[] = [
  // The spec gives this one the users scope, unlike the rest.
  {
    name: 'listUserDevices',
    method: 'GET',
    path: '/api/v1/users/{userId}/devices',
    scope: 'okta.users.read',
    handle: listUserDevices,
  },
  { name: 'listDevices', method: 'GET', path: '/api/v1/devices', scope: READ, handle: listDevices },
  {
    name: 'getDevice',
    method: 'GET',
    path: '/api/v1/devices/{deviceId}',
    scope: READ,
    handle: (visit) => withDevice(visit, (one) => ({ status: 200, body: renderDevice(one, visit.baseUrl) })),
  },
  { name: 'deleteDevice', method: 'DELETE', path: '/api/v1/devices/{deviceId}', scope: MANAGE, handle: deleteDevice },
  {
    name: 'suspendDevice',
    method: 'POST',
    path: '/api/v1/devices/{deviceId}/lifecycle/suspend',
    scope: MANAGE,
    handle: (visit) => moveDevice(visit, { from: ['ACTIVE'], to: 'SUSPENDED', verb: 'suspend' }),
  },
  {
    name: 'unsuspendDevice',
    method: 'POST',
    path: '/api/v1/devices/{deviceId}/lifecycle/unsuspend',
    scope: MANAGE,
    handle: (visit) => moveDevice(visit, { from: ['SUSPENDED'], to: 'ACTIVE', verb: 'unsuspend' }),
  },
  {
    name: 'deactivateDevice',
    method: 'POST',
    path: '/api/v1/devices/{deviceId}/lifecycle/deactivate',
    scope: MANAGE,
    handle: (visit) => moveDevice(visit, { from: ['ACTIVE', 'SUSPENDED'], to: 'DEACTIVATED', verb: 'deactivate' }),
  },
  {
    name: 'listDeviceUsers',
    method: 'GET',
    path: '/api/v1/devices/{deviceId}/users',
    scope: READ,
    handle: listDeviceUsers,
  },
];

function listUserDevices(visit: Visit): Reply {
  if (!visit.okta.hasDevicesFeature) return featureNotEnabled();
  return withUserId(visit, (user) => {
    const linked = [...visit.org.devices.values()].filter((one) => one.userIds.includes(user.id));
    return { status: 200, body: linked.map((one) => renderUserDevice(one, user, visit.baseUrl)) };
  });
}

function listDevices(visit: Visit): Reply {
  if (!visit.okta.hasDevicesFeature) return featureNotEnabled();
  const { found, headers } = page(visit, [...visit.org.devices.values()], { fallback: 200, most: 200 });
  return { status: 200, headers, body: found.map((one) => renderDevice(one, visit.baseUrl)) };
}

function listDeviceUsers(visit: Visit): Reply {
  return withDevice(visit, (device) => {
    const users = device.userIds.flatMap((id) => findUser(visit.org, id) ?? []);
    return { status: 200, body: users.map((one) => renderDeviceUser(device, one, visit.baseUrl)) };
  });
}

function deleteDevice(visit: Visit): Reply {
  return withDevice(visit, (device) => {
    if (device.status !== 'DEACTIVATED')
      return invalid('device', 'Device must be deactivated before it can be deleted');
    visit.org.devices.delete(device.id);
    visit.org.deletedDevices.push(device.id);
    record(visit.org, visit.actor, 'device.lifecycle.delete', 'Delete device', [targetDevice(device)]);
    return NO_CONTENT;
  });
}

interface Move {
  readonly from: readonly Device['status'][];
  readonly to: Device['status'];
  readonly verb: string;
}

function moveDevice(visit: Visit, { from, to, verb }: Move): Reply {
  return withDevice(visit, (device) => {
    if (!from.includes(device.status)) return invalid('device', `Cannot ${verb} a device that is ${device.status}`);
    if (to === 'DEACTIVATED') deactivateDevice(visit.org, device);
    device.status = to;
    device.lastUpdated = nowOf(visit.org).toISOString();
    record(visit.org, visit.actor, `device.lifecycle.${verb}`, `Device ${verb}`, [targetDevice(device)]);
    return NO_CONTENT;
  });
}

function withDevice(visit: Visit, use: (device: Device) => Reply): Reply {
  if (!visit.okta.hasDevicesFeature) return featureNotEnabled();
  const asked = visit.request.params.deviceId ?? '';
  const device = visit.org.devices.get(asked);
  return device ? use(device) : notFound(asked, 'Device');
}
