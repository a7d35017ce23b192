// A computer as computers-inventory shows it: the sections asked for, with the names of the version asked.
import type { Device } from './devices.ts';
import type { ServerVersion } from './operation.ts';

export const SECTIONS = ['GENERAL', 'HARDWARE', 'USER_AND_LOCATION', 'SECURITY', 'OPERATING_SYSTEM'] as const;
/** Jamf has more than these; a name it does not have is refused. */
export const OTHER_SECTIONS = ['DISK_ENCRYPTION', 'PURCHASING', 'APPLICATIONS', 'STORAGE', 'CONFIGURATION_PROFILES'];

type Section = (typeof SECTIONS)[number];

/** What was not asked for is null. */
export function renderComputer(
  device: Device,
  sections: readonly string[],
  version: ServerVersion,
): Record<string, unknown> {
  const wanted = sections.length === 0 ? ['GENERAL'] : sections;
  const only = (section: Section, value: unknown): unknown => (wanted.includes(section) ? value : null);
  return {
    id: device.id,
    udid: device.udid,
    general: only('GENERAL', generalOf(device, version)),
    hardware: only('HARDWARE', {
      make: 'Apple',
      model: device.model,
      serialNumber: device.serialNumber,
      appleSilicon: device.appleSilicon,
    }),
    userAndLocation: only('USER_AND_LOCATION', {
      username: device.username,
      realname: device.realname,
      email: device.email,
      position: null,
      phone: null,
    }),
    security: only('SECURITY', {
      activationLockEnabled: device.activationLock,
      recoveryLockEnabled: false,
      bootstrapTokenEscrowedStatus: 'ESCROWED',
    }),
    operatingSystem: only('OPERATING_SYSTEM', { name: 'macOS', version: device.osVersion, build: '25B78' }),
  };
}

/** Up to v3 one `lastContactTime`; v4 has `lastContact` and `lastCheckIn`. */
function generalOf(device: Device, version: ServerVersion): Record<string, unknown> {
  const at = new Date(device.lastContactAt).toISOString();
  const isEnrolled = device.managementId !== null;
  return {
    name: device.name,
    lastIpAddress: null,
    platform: 'Mac',
    supervised: device.supervised,
    mdmCapable: { capable: isEnrolled, capableUsers: isEnrolled && device.lastUser ? [device.lastUser] : [] },
    remoteManagement: { managed: isEnrolled, managementUsername: null },
    managementId: device.managementId,
    lastLoggedInUsernameMdm: device.lastUser,
    ...(version === 4 ? { lastContact: at, lastCheckIn: at } : { lastContactTime: at }),
  };
}
