// jamf.erase: what is on a Mac that came back is removed, after an approver who did not receive it has said so. One that is locked hears
// nothing until it is unlocked by hand. "Sent" is not "erased": the step is done when the Mac itself has confirmed it.
import { randomInt } from 'node:crypto';
import type { DeviceCommand, Jamf } from '../../connectors/jamf/client.ts';
import type { Computer } from '../../connectors/jamf/computers.ts';
import { type DeviceFate, deviceOf, deviceSubject, type RunDevice } from '../model/device.ts';
import type { Fetched, ReadFetched } from '../model/fetched.ts';
import { newPasscode } from '../model/passcode.ts';
import type { Effect, Facts, Observation, ReadContext, Step } from '../model/step.ts';
import { isFailed, isLockStanding, isOnItsWay, isRetried, jamfIdOf, LATE_MS, lookAgainMs } from './jamf-commands.ts';

export const JAMF_ERASE = 'jamf.erase';
const ERASE = 'jamf.erase_device';
/** Each says what the approver vouches for. */
export const ERASE_QUESTIONS: Readonly<Record<DeviceFate, string>> = {
  wipe: 'erase',
  collect: 'erase_read',
  hold: 'erase_held',
};
/** The node that is asked may not know yet of what another took. */
const LIST_LAG_MS = 10_000;
/** Somebody stands before it and types the passcode. */
const UNLOCK_LOOK_MS = 60_000;
/** Nobody does so just now; seldom enough for a person to fill in a window between two looks. */
const LATE_LOOK_MS = 10 * 60_000;

export interface EraseDeps {
  readonly jamf: Pick<Jamf, 'getComputer' | 'commandsOf' | 'getCommand' | 'erase'>;
  readonly fetched: ReadFetched;
}

export function jamfErase(deps: EraseDeps): Step {
  const { jamf } = deps;
  return {
    name: JAMF_ERASE,
    vendor: 'jamf',
    stage: 'device',
    needs: [
      { step: 'return.receive', until: 'satisfied' },
      { step: 'jamf.lock', until: 'ended' },
      { step: 'return.replacement', until: 'satisfied' },
    ],
    settleMs: LIST_LAG_MS,
    blockedByHold: true,
    verifies: 'read_back',
    // What is not fetched is never received by a run, so nobody stands beside it: it is not erased by one.
    subjects: ({ devices }) =>
      devices.filter((one) => one.managementId !== null && one.way !== 'none').map(deviceSubject),
    async observe(context): Promise<Observation> {
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      if (device.managementId === null) return { is: 'not_applicable', facts: {}, why: 'not_managed' };
      const computer = await jamf.getComputer(jamfIdOf(device));
      if (computer === null) return { is: 'not_applicable', facts: {}, why: 'not_in_jamf' };
      const fetched = await deps.fetched(context.run.id, context.subject);
      const found = { lastContactAt: computer.lastContactAt, receivedAt: fetched?.received?.at ?? context.now };
      const erasure = await findErasure(jamf, context, device, found);
      if (erasure) return seenErasure(context, erasure);
      const other = otherThan(device, computer);
      if (other) return other;
      const locks = await jamf.commandsOf(device.managementId, 'DEVICE_LOCK');
      if (locks.some((one) => isLockStanding(one, computer.lastContactAt))) return waitsForUnlock(context, fetched);
      return onceApproved(context, device, computer, fetched);
    },
    async apply(context, seen) {
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const [effect] = seen.would;
      if (!effect) return;
      const pin = await passcodeAfter(device, () => context.sealOnce('passcode', () => newPasscode(randomInt)));
      await context.write(
        effect,
        () => jamf.erase(jamfIdOf(device), pin),
        ({ commandUuid }) => ({ command: commandUuid }),
      );
    },
  };
}

/** A Mac without Apple's chip asks for one after its erasure; the same as its lock's, so that there is one to look up. */
async function passcodeAfter(
  { isAppleSilicon }: RunDevice,
  seal: () => Promise<{ reveal(): string }>,
): Promise<string | undefined> {
  return isAppleSilicon === true ? undefined : (await seal()).reveal();
}

function effectOn(device: RunDevice): Effect {
  const target = jamfIdOf(device);
  return { name: ERASE, target, repeat: 'search_first', irreversible: true, request: { device: target } };
}

interface Erasure {
  readonly command: DeviceCommand;
  /** Since when it has been waited for, by our clock. */
  readonly since: Date;
  /** False: somebody asked for it in Jamf's own pages. */
  readonly isOurs: boolean;
}

/** The erasure that was done or is on its way; null: none. */
async function findErasure(
  jamf: EraseDeps['jamf'],
  context: ReadContext,
  device: RunDevice,
  { lastContactAt, receivedAt }: { readonly lastContactAt: Date | null; readonly receivedAt: Date },
): Promise<Erasure | null> {
  const effect = effectOn(device);
  const commands = await jamf.commandsOf(device.managementId ?? '', 'ERASE_DEVICE');
  const receipt = context.receipt(effect);
  const sent = typeof receipt?.facts.command === 'string' ? receipt.facts.command : null;
  const ours = commands.find((one) => one.uuid === sent) ?? (sent === null ? null : await jamf.getCommand(sent));
  if (receipt && ours && !(isFailed(ours) && isRetried(context, receipt.at)))
    return { command: ours, since: receipt.at, isOurs: true };
  const [standing] = commands.filter((one) => one.uuid !== sent && isErasing(one, lastContactAt));
  if (!standing) return null;
  const askedAt = context.askedAt(effect);
  return { command: standing, since: askedAt ?? receivedAt, isOurs: askedAt !== null };
}

/** One that was carried out counts only where the Mac was not heard of since: it may have been set up for somebody again. */
function isErasing(command: DeviceCommand, lastContactAt: Date | null): boolean {
  if (isOnItsWay(command)) return true;
  if (command.state !== 'ACKNOWLEDGED' || command.completedAt === null) return false;
  return lastContactAt === null || lastContactAt <= command.completedAt;
}

function seenErasure(context: ReadContext, { command, since, isOurs }: Erasure): Observation {
  const facts: Facts = {
    command: command.uuid,
    adopted: !isOurs,
    sentAt: isOurs ? since.toISOString() : null,
    confirmedAt: command.state === 'ACKNOWLEDGED' ? (command.completedAt?.toISOString() ?? null) : null,
  };
  switch (command.state) {
    case 'ACKNOWLEDGED':
      return { is: 'satisfied', basis: 'read_back', facts };
    case 'ERROR':
    case 'COMMAND_FORMAT_ERROR':
      return { is: 'unknown', code: 'vendor_failed', facts, why: command.error ?? 'the Mac refused the erasure' };
    case 'PENDING':
    case 'NOT_NOW':
      return waits(context, since, facts);
    default:
      return command.state satisfies never;
  }
}

function waits(context: ReadContext, since: Date, facts: Facts, lookMs?: number): Observation {
  const waitedMs = context.now.getTime() - since.getTime();
  const lookAgainInMs = lookMs ?? lookAgainMs(waitedMs);
  return { is: 'under_way', facts: { ...facts, late: waitedMs > LATE_MS }, lookAgainInMs };
}

/** Jamf takes the command all the same, and the Mac would be erased whenever somebody unlocks it: with nobody's word for that day. */
function waitsForUnlock(context: ReadContext, fetched: Fetched | null): Observation {
  const since = fetched?.received?.at ?? context.now;
  const isLate = context.now.getTime() - since.getTime() > LATE_MS;
  const facts = { locked: true, lockedSince: since.toISOString() };
  return waits(context, since, facts, isLate ? LATE_LOOK_MS : UNLOCK_LOOK_MS);
}

/** Jamf's record is not about the Mac that was confirmed, or not as it was then. */
function otherThan(device: RunDevice, { managementId, serialNumber }: Computer): Observation | null {
  if (managementId === null) return { is: 'not_applicable', facts: {}, why: 'not_managed' };
  // Set up again meanwhile: what is on it now is somebody's, perhaps.
  if (managementId !== device.managementId) return { is: 'not_applicable', facts: {}, why: 'enrolled_anew' };
  const isSame =
    device.serial === null || serialNumber === null || device.serial.toUpperCase() === serialNumber.toUpperCase();
  return isSame
    ? null
    : { is: 'unknown', facts: {}, why: 'Jamf’s record has another serial number than the confirmed one' };
}

function onceApproved(
  context: ReadContext,
  device: RunDevice,
  computer: Computer,
  fetched: Fetched | null,
): Observation {
  const name = ERASE_QUESTIONS[device.fate];
  const answer = context.answer(name);
  if (answer?.kind === 'approve')
    return answer.approved
      ? { is: 'unsatisfied', facts: { approvedBy: answer.by }, would: [effectOn(device)] }
      : { is: 'not_applicable', facts: {}, why: 'kept_unerased' };
  const received = fetched?.received ?? null;
  return {
    is: 'asks',
    facts: {
      receivedAt: received?.at.toISOString() ?? null,
      receivedBy: received?.by ?? null,
      compared: received?.isCompared ?? null,
      assignedTo: computer.realname,
    },
    need: {
      kind: 'question',
      question: {
        name,
        by: 'second_approver',
        kind: 'approve',
        irreversible: true,
        ...(received?.by && { never: [received.by] }),
      },
    },
  };
}
