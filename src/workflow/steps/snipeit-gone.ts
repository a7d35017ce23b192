// Snipe-IT's step in a process without its settings: a run that was started while they were there says so, and is not lost.
import { deviceSubject } from '../model/device.ts';
import type { Step } from '../model/step.ts';
import { INVENTORY_CHECKIN } from './inventory-checkin.ts';

export function snipeitGone(): Step {
  return {
    name: INVENTORY_CHECKIN,
    vendor: 'snipeit',
    stage: 'device',
    needs: [],
    settleMs: 0,
    verifies: 'read_back',
    subjects: ({ devices }) => devices.map(deviceSubject),
    observe: async () => ({ is: 'unknown', facts: {}, code: 'not_set_up', why: 'the settings of Snipe-IT are gone' }),
  };
}
