// jamf.unlock: a Mac that the offboarding locked is in use again. A person types the passcode at the Mac, which Sendoff shows at that
// run's lock; a Mac that checks in with Jamf afterwards has been unlocked. Reads only.
import type { Jamf } from '../../connectors/jamf/client.ts';
import { deviceOf, deviceSubject } from '../model/device.ts';
import type { Observation, Step } from '../model/step.ts';
import { isErased } from '../model/undone.ts';
import { isLockStanding, jamfIdOf } from './jamf-commands.ts';
import { readUndone, type UndoDeps } from './undo-of.ts';

/** Somebody may stand before it. */
const LOOK_MS = 60_000;
const LATE_LOOK_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface UnlockDeps extends UndoDeps {
  readonly jamf: Pick<Jamf, 'getComputer' | 'commandsOf'>;
}

export function jamfUnlock(deps: UnlockDeps): Step {
  return {
    name: 'jamf.unlock',
    vendor: 'jamf',
    stage: 'hand_over',
    needs: [],
    settleMs: 0,
    verifies: 'read_back',
    subjects: ({ devices }) => devices.filter((one) => one.managementId !== null).map(deviceSubject),
    async observe(context): Promise<Observation> {
      const device = deviceOf({ id: context.subject, facts: context.subjectFacts });
      const undone = await readUndone(deps, context);
      if (device.managementId === null) return { is: 'not_applicable', facts: {}, why: 'not_managed' };
      if (!undone.steps.some((one) => one.step === 'jamf.lock' && one.subject === device.id && one.wrote.length > 0))
        return { is: 'not_applicable', facts: {}, why: 'not_locked' };
      if (isErased(undone, device.id)) return { is: 'not_applicable', facts: {}, why: 'erased' };
      const computer = await deps.jamf.getComputer(jamfIdOf(device));
      if (computer === null) return { is: 'not_applicable', facts: {}, why: 'not_in_jamf' };
      const locks = await deps.jamf.commandsOf(device.managementId, 'DEVICE_LOCK');
      const isLocked = locks.some((one) => isLockStanding(one, computer.lastContactAt));
      const facts = { locked: isLocked, passcodeAt: undone.code };
      if (!isLocked) return { is: 'satisfied', basis: 'read_back', facts };
      const isLate = context.now.getTime() - context.since.getTime() > DAY_MS;
      return { is: 'under_way', facts: { ...facts, late: isLate }, lookAgainInMs: isLate ? LATE_LOOK_MS : LOOK_MS };
    },
  };
}
