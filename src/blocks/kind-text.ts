// What an operator calls the two kinds of runs, wherever a screen is about either.
import type { RunKind } from '../workflow/model/run.ts';

export const KIND_WORDS: Readonly<
  Record<RunKind, { readonly command: string; readonly title: string; readonly did: string }>
> = {
  offboarding: { command: '/offboard', title: 'Offboard someone', did: 'started no offboarding' },
  device_return: { command: '/return-device', title: 'Return a device', did: 'started no device return' },
};
