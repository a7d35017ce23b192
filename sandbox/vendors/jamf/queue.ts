// Jamf's queue of commands and what Macs make of them as time passes. A lock can be lost here as it can be in life. Knows no HTTP.
import { randomUUID } from 'node:crypto';
import { type Device, FORMER_LOCK } from './devices.ts';

export type CommandState = 'PENDING' | 'ACKNOWLEDGED' | 'NOT_NOW' | 'ERROR' | 'COMMAND_FORMAT_ERROR';
export type CommandType = 'DEVICE_LOCK' | 'ERASE_DEVICE';

export interface Command {
  readonly uuid: string;
  readonly deviceId: string;
  /** As it was when the command was sent. */
  readonly managementId: string;
  readonly type: CommandType;
  /** Of a lock: what the Mac shall ask for. */
  readonly pin: string | null;
  readonly sentAt: number;
  state: CommandState;
  completedAt: number | null;
  error: string | null;
  /** When the Mac takes it up; null: nobody knows, it does not check in. */
  dueAt: number | null;
}

export interface Fleet {
  readonly devices: Map<string, Device>;
  /** In the order they were sent. */
  readonly commands: Command[];
}

/** A Mac that said NOT_NOW is asked again when it next checks in. */
const AGAIN_MS = 15 * 60_000;

export function createFleet(devices: readonly Device[]): Fleet {
  const commands = devices.flatMap(({ id, lock, managementId }): Command[] => {
    if (!lock || managementId === null) return [];
    const { commandUuid: uuid, at, pin } = lock;
    const state = { state: 'ACKNOWLEDGED', completedAt: at, error: null, dueAt: at } as const;
    return [{ uuid, deviceId: id, managementId, type: 'DEVICE_LOCK', pin, sentAt: at - 60_000, ...state }];
  });
  return { devices: new Map(devices.map((one) => [one.id, one])), commands };
}

/** Only queued: the Mac hears of it when it checks in. Jamf keeps the passcode of a lock at once, over any that it kept before. */
export function queueCommand(
  fleet: Fleet,
  device: Device & { managementId: string },
  what: { type: CommandType; pin: string | null },
  now: number,
): Command {
  const command: Command = {
    uuid: randomUUID(),
    deviceId: device.id,
    managementId: device.managementId,
    ...what,
    sentAt: now,
    state: 'PENDING',
    completedAt: null,
    error: null,
    dueAt: device.delayMs === null ? null : now + device.delayMs,
  };
  if (what.type === 'DEVICE_LOCK') device.storedPin = what.pin;
  fleet.commands.push(command);
  return command;
}

/** Lets every Mac take up what is due. */
export function settle(fleet: Fleet, now: number): void {
  for (const device of fleet.devices.values()) takeUp(fleet, device, now);
}

/** The Mac checks in whatever its delay: it takes up everything that waits, in order. */
export function checkIn(fleet: Fleet, device: Device, now: number): void {
  if (!device.lock && device.managementId !== null) device.lastContactAt = Math.max(device.lastContactAt, now);
  for (const one of openOf(fleet, device)) one.dueAt = now;
  takeUp(fleet, device, now);
}

/** With the passcode that its screen asks for, at the Mac itself. It checks in afterwards. */
export function unlockAtScreen(fleet: Fleet, device: Device, pin: string, now: number): boolean {
  if (device.lock?.pin !== pin) return false;
  device.lock = null;
  checkIn(fleet, device, now);
  return true;
}

function openOf({ commands }: Fleet, device: Device): Command[] {
  return commands.filter((one) => one.deviceId === device.id && (one.state === 'PENDING' || one.state === 'NOT_NOW'));
}

function takeUp(fleet: Fleet, device: Device, now: number): void {
  for (const command of openOf(fleet, device)) {
    // A locked Mac sits in recovery and hears nothing; one that is not enrolled any more has no MDM to hear by.
    if (device.lock || device.managementId !== command.managementId) return;
    if (command.dueAt === null || command.dueAt > now) continue;
    carryOut(fleet, device, command);
  }
}

function carryOut(fleet: Fleet, device: Device, command: Command): void {
  const at = command.dueAt ?? command.sentAt;
  device.lastContactAt = Math.max(device.lastContactAt, at);
  const odd = device.oddAnswers.shift();
  if (odd === 'NOT_NOW') {
    command.state = 'NOT_NOW';
    command.dueAt = at + AGAIN_MS;
    return;
  }
  command.state = odd ?? 'ACKNOWLEDGED';
  command.completedAt = at;
  if (odd)
    command.error =
      odd === 'ERROR' ? 'The device could not carry out the command (MCMDMErrorDomain:12021)' : 'Invalid command';
  else if (command.type === 'ERASE_DEVICE') erase(fleet, device, at);
  else lock(fleet, device, command, at);
}

/** A Mac that checks in is given all locks that wait, and ends up with the newest one's passcode: whoever noted an earlier one has lost it. */
function lock(fleet: Fleet, device: Device, command: Command, at: number): void {
  const waiting = openOf(fleet, device).filter((one) => one.type === 'DEVICE_LOCK' && one.sentAt <= at);
  for (const one of waiting) Object.assign(one, { state: 'ACKNOWLEDGED', completedAt: at });
  const { pin, uuid } = waiting.at(-1) ?? command;
  device.lock = { pin: pin ?? FORMER_LOCK.pin, commandUuid: uuid, at };
}

/** It comes up empty and out of MDM: nothing reaches it until somebody enrols it anew. */
function erase(fleet: Fleet, device: Device, at: number): void {
  device.erasedAt.push(at);
  device.delayMs = null;
  for (const one of openOf(fleet, device)) one.dueAt = null;
}
