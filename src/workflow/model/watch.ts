// The watch over closed doors: when it looks, at what, and what its rows say. Pure.
import type { ClaimedStep } from './claimed-step.ts';

export const WATCH = 'watch';
/** After access ended. */
export const WATCH_DAYS = [1, 7, 30, 60] as const;

/** Of which steps the doors are looked at again. Not the snapshot (it closes nothing), not what hands work over. */
export const WATCHED = [
  'okta.block',
  'okta.factors',
  'okta.devices',
  'okta.deactivate',
  'google.contain',
  'google.mailbox',
  'google.mailbox_end',
  'google.close',
  'jamf.lock',
  'slack.account',
] as const;

/** What HR says of the person now. `not_known`: no HR system, no record, or it did not answer. */
export type Employment = 'active' | 'inactive' | 'not_known';

/** Ended steps of `names` as an attempt would see them; `isOver`: a newer run of this person looks at the same doors. */
export type ReadDoors = (
  runId: string,
  names: readonly string[],
) => Promise<{ readonly isOver: boolean; readonly doors: readonly ClaimedStep[] }>;
