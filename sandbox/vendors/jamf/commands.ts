// What tests do to Jamf and its Macs from outside: time, check-ins, hands on a keyboard, lost privileges; and the picture for checkers.
import { person } from '../../people.ts';
import { freshAuth, PRIVILEGES, type Privilege } from './auth.ts';
import { type Device, newDevice, type OddAnswer, seedDevices } from './devices.ts';
import type { Jamf, ServerVersion } from './operation.ts';
import { checkIn, createFleet, queueCommand, settle, unlockAtScreen } from './queue.ts';

type Argument = Readonly<Record<string, unknown>>;

/** Each answers with what it changed. A `device` is an id of Jamf's or a serial number. */
const COMMANDS: Readonly<Record<string, (jamf: Jamf, argument: Argument) => unknown>> = {
  /** `{ms}`: forward only. */
  advance: ({ clock, fleet }, { ms }) => {
    clock.advance(Number(ms));
    settle(fleet, clock.now());
    return { now: new Date(clock.now()).toISOString() };
  },
  /** `{device}`: it checks in now, whatever its delay, and does what waits. */
  device_confirms: (jamf, argument) => {
    const device = wanted(jamf, argument);
    checkIn(jamf.fleet, device, jamf.clock.now());
    return describeDevice(device);
  },
  /** `{device, delayMs}`: how long it takes to take a command; null: it never checks in. Those sent before keep theirs. */
  set_delay: (jamf, argument) => {
    const device = wanted(jamf, argument);
    device.delayMs = argument.delayMs === null ? null : Number(argument.delayMs);
    return { delayMs: device.delayMs };
  },
  /** `{device, answers}`: NOT_NOW, ERROR or COMMAND_FORMAT_ERROR for the next commands it takes. */
  answer_oddly: (jamf, argument) => {
    const device = wanted(jamf, argument);
    device.oddAnswers.push(...(argument.answers as OddAnswer[]));
    return { answers: device.oddAnswers };
  },
  /** `{device, pin}`: typed at the Mac. `unlocked: false`: it asks for another one. */
  unlock: (jamf, argument) => {
    const device = wanted(jamf, argument);
    return { unlocked: unlockAtScreen(jamf.fleet, device, String(argument.pin), jamf.clock.now()) };
  },
  /** `{device, pin}`: an administrator locks it in Jamf's own pages. */
  lock_by_hand: (jamf, argument) => {
    const device = wanted(jamf, argument);
    const { managementId } = device;
    if (managementId === null) throw new Error(`${device.serialNumber} is not enrolled`);
    const what = { type: 'DEVICE_LOCK', pin: String(argument.pin) } as const;
    const { uuid } = queueCommand(jamf.fleet, Object.assign(device, { managementId }), what, jamf.clock.now());
    settle(jamf.fleet, jamf.clock.now());
    return { commandUuid: uuid };
  },
  /** `{device}`: an administrator erases it in Jamf's own pages. */
  erase_by_hand: (jamf, argument) => {
    const device = wanted(jamf, argument);
    const { managementId } = device;
    if (managementId === null) throw new Error(`${device.serialNumber} is not enrolled`);
    const what = { type: 'ERASE_DEVICE', pin: null } as const;
    const { uuid } = queueCommand(jamf.fleet, Object.assign(device, { managementId }), what, jamf.clock.now());
    settle(jamf.fleet, jamf.clock.now());
    return { commandUuid: uuid };
  },
  /** `{device, user}`: assigned to that person of sandbox/people.ts from now on; null: to nobody. */
  set_user: (jamf, argument) => {
    const device = wanted(jamf, argument);
    const owner = argument.user === null ? null : person(String(argument.user));
    const { login = '', email = '', firstName = '', lastName = '' } = owner ?? {};
    Object.assign(device, { username: login, email, realname: `${firstName} ${lastName}`.trim() });
    return describeDevice(device);
  },
  /** `{device, patch}`: fields of devices.ts's Device. */
  set_device: (jamf, argument) =>
    describeDevice(Object.assign(wanted(jamf, argument), argument.patch as Partial<Device>)),
  /** `{user, serialNumber, patch?}` */
  add_device: (jamf, argument) => {
    const id = String(Math.max(...[...jamf.fleet.devices.keys()].map(Number)) + 1);
    const extra = { lastContactAt: jamf.clock.now(), ...(argument.patch as Partial<Device> | undefined) };
    const device = newDevice(id, String(argument.serialNumber), person(String(argument.user)), extra);
    jamf.fleet.devices.set(id, device);
    return describeDevice(device);
  },
  remove_device: (jamf, argument) => {
    const { id } = wanted(jamf, argument);
    jamf.fleet.devices.delete(id);
    return { removed: id };
  },
  /** `{version}`: the newest version of computers-inventory, 1 to 4. */
  server_version: (jamf, { version }) => {
    jamf.version = Number(version) as ServerVersion;
    return { version: jamf.version };
  },
  /** `{ms}`: how long a command that was sent is missing from the list. */
  set_lag: (jamf, { ms }) => {
    jamf.lagMs = Number(ms);
    return { lagMs: jamf.lagMs };
  },
  /** `{privilege}`: the API role loses it. */
  revoke_privilege: ({ auth }, { privilege }) => {
    if (!PRIVILEGES.some((one) => one === privilege)) throw new Error(`no privilege ${String(privilege)}`);
    auth.privileges.delete(privilege as Privilege);
    return { privileges: [...auth.privileges] };
  },
  /** `{privilege}`: the API role has it (again). */
  grant_privilege: ({ auth }, { privilege }) => {
    if (!PRIVILEGES.some((one) => one === privilege)) throw new Error(`no privilege ${String(privilege)}`);
    auth.privileges.add(privilege as Privilege);
    return { privileges: [...auth.privileges] };
  },
  /** `{told}`: whether `/v1/auth` tells them. */
  tell_privileges: ({ auth }, { told }) => {
    auth.tellsPrivileges = told === true;
    return { told: auth.tellsPrivileges };
  },
  /** `{disabled}` */
  disable_client: ({ auth }, { disabled = true }) => {
    auth.isClientDisabled = disabled === true;
    return { disabled: auth.isClientDisabled };
  },
  /** `{seconds}`: of tokens given out from now on. */
  set_token_life: ({ auth }, { seconds }) => {
    auth.tokenLifeSeconds = Number(seconds);
    return { seconds: auth.tokenLifeSeconds };
  },
  /** All that are out. */
  expire_tokens: ({ auth }) => {
    const expired = auth.tokens.size;
    auth.tokens.clear();
    return { expired };
  },
  /** `{ms, operation?}` */
  set_latency: (jamf, { ms, operation = '*' }) => {
    jamf.latencyMs.set(String(operation), Number(ms));
    return Object.fromEntries(jamf.latencyMs);
  },
  reset: (jamf) => {
    jamf.clock.reset();
    jamf.fleet = createFleet(seedDevices(jamf.clock.now()));
    jamf.version = 4;
    jamf.lagMs = 0;
    jamf.latencyMs.clear();
    jamf.load.most = jamf.load.now;
    Object.assign(jamf.auth, freshAuth());
    return { devices: jamf.fleet.devices.size };
  },
};

export function runCommand(jamf: Jamf, name: string, argument: unknown): unknown {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(jamf, argument as Argument) : undefined;
}

/**
 * What a checker needs, the credentials left out. Each Mac with its commands in the order they were sent, each lock with the
 * passcode sent; `lock.pin` is the one that the Mac itself asks for.
 */
export function describeState(jamf: Jamf): unknown {
  const { fleet, clock, version, load, auth } = jamf;
  settle(fleet, clock.now());
  return {
    now: clock.now(),
    version,
    mostAtOnce: load.most,
    privileges: [...auth.privileges],
    devices: [...fleet.devices.values()].map((device) => ({
      ...describeDevice(device),
      commands: fleet.commands.filter((one) => one.deviceId === device.id),
    })),
  };
}

function describeDevice(device: Device): Device {
  return structuredClone(device);
}

function wanted({ fleet }: Jamf, { device }: Argument): Device {
  const all = [...fleet.devices.values()];
  const found = all.find((one) => one.id === device || one.serialNumber === device);
  if (!found) throw new Error(`no device ${String(device)}`);
  return found;
}
