// What a vendor's administrators see. A Mac's passcode is not among it: the page shows the Mac, which asks for it.
import type { VendorName } from './simulators.ts';
import type { World } from './world.ts';

interface Mac {
  readonly lock: unknown;
  readonly storedPin: unknown;
  readonly commands: readonly { readonly pin: unknown }[];
}

export function adminsView(world: World, vendor: VendorName): unknown {
  const state = world.simulators.all[vendor].state();
  if (vendor !== 'jamf') return state;
  const { devices, ...rest } = state as { readonly devices: readonly Mac[] };
  return {
    ...rest,
    devices: devices.map(({ lock, storedPin: _stored, commands, ...mac }) => ({
      ...mac,
      isLocked: lock !== null,
      commands: commands.map(({ pin: _pin, ...command }) => command),
    })),
  };
}
