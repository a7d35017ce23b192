// Jamf's steps in a process without Jamf's settings: a run that was started while they were there says so, and is not lost.
import { deviceSubject } from '../model/device.ts';
import type { Step } from '../model/step.ts';

const LEFT = [
  { name: 'jamf.lock', stage: 'contain' },
  { name: 'jamf.look', stage: 'contain' },
  { name: 'jamf.erase', stage: 'device' },
  { name: 'jamf.unlock', stage: 'hand_over' },
] as const satisfies readonly Pick<Step, 'name' | 'stage'>[];

export function jamfGone(): readonly Step[] {
  return LEFT.map((step) => ({
    ...step,
    vendor: 'jamf',
    needs: [],
    settleMs: 0,
    verifies: 'read_back',
    subjects: ({ devices }) => devices.map(deviceSubject),
    observe: async () => ({ is: 'unknown', facts: {}, code: 'not_set_up', why: 'the settings of Jamf are gone' }),
  }));
}
