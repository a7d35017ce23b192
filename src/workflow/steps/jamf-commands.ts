// What the two commands to a Mac, lock and erase, have in common: when one stands, when it failed, how often it is looked at.
import type { DeviceCommand } from '../../connectors/jamf/client.ts';
import type { RunDevice } from '../model/device.ts';
import type { ReadContext } from '../model/step.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A Mac that is asleep answers when it wakes; later than this somebody has to know. */
export const LATE_MS = 24 * HOUR_MS;

/** Of Jamf's own record. */
export function jamfIdOf({ id }: Pick<RunDevice, 'id'>): string {
  return id.replace(/^jamf:/, '');
}

export function isOnItsWay({ state }: DeviceCommand): boolean {
  return state === 'PENDING' || state === 'NOT_NOW';
}

/** Waiting for the Mac, or carried out by it and not left since: a locked Mac does not check in. Both times are Jamf's. */
export function isLockStanding(command: DeviceCommand, lastContactAt: Date | null): boolean {
  if (isOnItsWay(command)) return true;
  if (command.state !== 'ACKNOWLEDGED') return false;
  return command.completedAt === null || lastContactAt === null || lastContactAt <= command.completedAt;
}

export function isFailed({ state }: DeviceCommand): boolean {
  return state === 'ERROR' || state === 'COMMAND_FORMAT_ERROR';
}

export function isRetried({ decisions }: Pick<ReadContext, 'decisions'>, sentAt: Date): boolean {
  return decisions.some((one) => one.kind === 'retry' && one.at >= sentAt);
}

/** A Mac that is awake answers within a minute; one that sleeps, within days. */
export function lookAgainMs(waitedMs: number): number {
  if (waitedMs < 5 * MINUTE_MS) return 20_000;
  if (waitedMs < HOUR_MS) return 5 * MINUTE_MS;
  // Looked at right when it becomes late, so that the alarm does not wait.
  return waitedMs < LATE_MS ? Math.min(HOUR_MS, LATE_MS - waitedMs + 1_000) : HOUR_MS;
}
