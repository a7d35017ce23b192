// What one process does once a day by itself: the doctor's checks, and the sweep for what was left behind. Both are told in the channel.
import type { Inbound } from '../store/inbound.ts';
import { createNightlySweep, type NightlySweep, SWEEP } from './nightly-sweep.ts';
import { createPreflight, PREFLIGHT, type Preflight } from './preflight.ts';

export interface Nightly {
  readonly preflight: Preflight['start'];
  readonly sweep: NightlySweep['start'];
  /** For the intake, by kind of delivery. */
  readonly handlers: Readonly<Record<string, (inbound: Inbound) => Promise<string>>>;
}

export function createNightly(
  deps: Parameters<typeof createPreflight>[0] & Parameters<typeof createNightlySweep>[0],
): Nightly {
  const [preflight, sweep] = [createPreflight(deps), createNightlySweep(deps)];
  return {
    preflight: preflight.start,
    sweep: sweep.start,
    handlers: {
      [PREFLIGHT]: (delivery) => preflight.run(delivery),
      [SWEEP]: (delivery) => sweep.run(delivery),
    },
  };
}
