// What an operator calls the kinds of runs, wherever a screen is about any of them.
import type { RunKind } from '../workflow/model/run.ts';

export interface KindWords {
  readonly command: string;
  readonly title: string;
  readonly did: string;
  /** A run of it, about somebody. */
  run(name: string): string;
}

export const KIND_WORDS: Readonly<Record<RunKind, KindWords>> = {
  offboarding: {
    command: '/offboard',
    title: 'Offboard someone',
    did: 'started no offboarding',
    run: (name) => `Offboarding ${name}`,
  },
  device_return: {
    command: '/return-device',
    title: 'Return a device',
    did: 'started no device return',
    run: (name) => `Device return of ${name}`,
  },
  rehire: {
    command: 'Undo…',
    title: 'Undo an offboarding',
    did: 'started no undo',
    run: (name) => `Undo of ${name}’s offboarding`,
  },
};
