// Google's steps in a process without Google's settings: a run that was started while they were there says so, and is not lost.
import type { Step } from '../model/step.ts';

/** Every step of Google's that a run may have. Those that are never given up go on trying here too. */
const LEFT: readonly (Pick<Step, 'name' | 'stage' | 'keepsTryingEveryMs' | 'outlivesCancel'> & {
  stage: Step['stage'];
})[] = [
  { name: 'google.contain', stage: 'contain' },
  { name: 'google.active', stage: 'hand_over' },
  { name: 'google.mailbox', stage: 'hand_over' },
  { name: 'google.drive', stage: 'hand_over' },
  { name: 'google.calendar', stage: 'hand_over' },
  { name: 'google.keep', stage: 'hand_over' },
  { name: 'google.mailbox_end', stage: 'close', keepsTryingEveryMs: 3_600_000, outlivesCancel: true },
  { name: 'google.close', stage: 'close' },
  { name: 'google.back', stage: 'hand_over' },
  { name: 'google.mailbox_back', stage: 'hand_over' },
];

export function googleGone(): readonly Step[] {
  return LEFT.map((step) => ({
    ...step,
    vendor: 'google',
    needs: [],
    settleMs: 0,
    verifies: 'read_back',
    observe: async () => ({ is: 'unknown', facts: {}, code: 'not_set_up', why: 'the settings of Google are gone' }),
  }));
}
