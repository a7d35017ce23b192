// jamf.lock: the Mac asks for a passcode that only Sendoff has. Sealed before it is sent, the same for every attempt; a lock that
// is there already is taken over. "Sent" is not "locked": the step is done when the Mac itself has confirmed it.
import { randomInt } from 'node:crypto';
import type { DeviceCommand, Jamf } from '../../connectors/jamf/client.ts';
import { deviceOf, deviceSubject, type RunDevice } from '../model/device.ts';
import { newPasscode } from '../model/passcode.ts';
import type { Effect, Facts, Observation, ReadContext, Step } from '../model/step.ts';
import { isFailed, isLockStanding, isRetried, jamfIdOf, LATE_MS, lookAgainMs } from './jamf-commands.ts';

const LOCK = 'jamf.lock_device';
export const LOCK_NOW = 'lock_now';
/** Shown on the locked screen. */
const MESSAGE = 'This Mac belongs to your company and was locked by its IT team.';

export type LockReads = Pick<Jamf, 'getComputer' | 'commandsOf' | 'storedPin'>;
export type LockDeps = { readonly jamf: LockReads & Pick<Jamf, 'lock'> };

export function jamfLock({ jamf }: LockDeps): Step {
  return {
    name: 'jamf.lock',
    vendor: 'jamf',
    stage: 'contain',
    needs: [],
    settleMs: 10_000,
    verifies: 'read_back',
    // Of what was named by hand only a serial number is known: nothing that Jamf could lock.
    subjects: ({ devices }) => devices.filter(({ id }) => id.startsWith('jamf:')).map(deviceSubject),
    async observe(context): Promise<Observation> {
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const { managementId } = device;
      if (managementId === null) return { is: 'not_applicable', facts: {}, why: 'not_managed' };
      const computer = await jamf.getComputer(jamfIdOf(device));
      if (computer === null) return { is: 'not_applicable', facts: {}, why: 'not_in_jamf' };
      const lock = await findLock(jamf, context, device, computer.lastContactAt);
      if (lock) return seenLock(context, lock);
      return device.fate === 'hold'
        ? heldBack(context, device)
        : { is: 'unsatisfied', facts: {}, would: [effectOn(device)] };
    },
    async apply(context, seen) {
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const { managementId } = device;
      const [effect] = seen.would;
      if (!effect || managementId === null) return;
      const passcode = await context.sealOnce('passcode', () => newPasscode(randomInt));
      await context.write(
        effect,
        () => jamf.lock(managementId, passcode.reveal(), MESSAGE),
        ({ commandUuid }) => ({ command: commandUuid }),
      );
    },
  };
}

function effectOn(device: RunDevice): Effect {
  return { name: LOCK, target: jamfIdOf(device), repeat: 'search_first', request: { device: jamfIdOf(device) } };
}

interface Lock {
  readonly command: DeviceCommand;
  /** Since when it has been waited for, by our clock: Jamf's is never compared with it. */
  readonly since: Date;
  /** False: somebody else's, with a passcode that Jamf has and we have not. */
  readonly isOurs: boolean;
}

/** The lock that stands or is on its way; null: none. */
async function findLock(
  jamf: LockReads,
  context: ReadContext,
  device: RunDevice,
  lastContactAt: Date | null,
): Promise<Lock | null> {
  const effect = effectOn(device);
  const commands = await jamf.commandsOf(device.managementId ?? '', 'DEVICE_LOCK');
  const receipt = context.receipt(effect);
  const sent = receipt?.facts.command;
  const ours = commands.find((one) => one.uuid === sent);
  // A failed one counts until somebody has said Retry.
  if (receipt && ours && !(isFailed(ours) && isRetried(context, receipt.at)))
    return { command: ours, since: receipt.at, isOurs: true };
  const standing = commands.filter((one) => one.uuid !== sent && isLockStanding(one, lastContactAt));
  const [newest] = standing;
  if (!newest) return null;
  const askedAt = context.askedAt(effect);
  const isOurs = askedAt !== null && (await hasOurPasscode(jamf, context, device));
  return { command: newest, since: askedAt ?? context.since, isOurs };
}

/** The answer was lost: is what Jamf has what we sealed? Where Jamf may not say, nobody else locked it in these minutes. */
async function hasOurPasscode(jamf: LockReads, context: ReadContext, device: RunDevice): Promise<boolean> {
  const [stored, sealed] = await Promise.all([
    jamf.storedPin(jamfIdOf(device)).catch(() => null),
    context.sealed('passcode'),
  ]);
  return sealed !== null && (stored === null || stored === sealed.reveal());
}

function seenLock(context: ReadContext, { command, isOurs, since }: Lock): Observation {
  const facts: Facts = {
    command: command.uuid,
    adopted: !isOurs,
    sentAt: since.toISOString(),
    confirmedAt: command.state === 'ACKNOWLEDGED' ? (command.completedAt?.toISOString() ?? null) : null,
  };
  switch (command.state) {
    case 'ACKNOWLEDGED':
      return { is: 'satisfied', basis: 'read_back', facts };
    case 'ERROR':
    case 'COMMAND_FORMAT_ERROR':
      return { is: 'unknown', code: 'vendor_failed', facts, why: command.error ?? 'the Mac refused the lock' };
    case 'PENDING':
    case 'NOT_NOW': {
      const waitedMs = context.now.getTime() - since.getTime();
      return {
        is: 'under_way',
        facts: { ...facts, late: waitedMs > LATE_MS },
        lookAgainInMs: lookAgainMs(waitedMs),
      };
    }
    default:
      return command.state satisfies never;
  }
}

/** A locked Mac takes no further command: where its data must be fetched first, somebody says when. */
function heldBack(context: ReadContext, device: RunDevice): Observation {
  const answer = context.answer(LOCK_NOW);
  if (answer?.kind === 'approve')
    return answer.approved
      ? { is: 'unsatisfied', facts: {}, would: [effectOn(device)] }
      : { is: 'not_applicable', facts: {}, why: 'left_unlocked' };
  return {
    is: 'asks',
    facts: {},
    need: { kind: 'question', question: { name: LOCK_NOW, by: 'operator', kind: 'approve', irreversible: false } },
  };
}
