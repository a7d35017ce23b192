// The devices of a run, as they were found and as an operator confirmed them. Pure types, and what follows from them for steps.
import type { Subject } from './step.ts';

/** What becomes of what is on it. `hold`: not locked before somebody says so, never erased by itself. `collect`: locked at once,
 * read after its return, erased only when somebody says that it was read. `wipe`: locked at once, erased after its return. */
export type DeviceFate = 'hold' | 'collect' | 'wipe';

/** How it comes back. `none`: it stays where it is, or is back already. */
export type ReturnWay = 'ship' | 'in_person' | 'courier' | 'none';

/** What is fetched besides a computer. */
export type DeviceKind = 'laptop' | 'desktop' | 'monitor' | 'phone' | 'other';

/** As an operator confirmed it: what a run keeps of it. */
export interface RunDevice {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly serial: string | null;
  readonly name: string;
  readonly model: string | null;
  readonly managementId: string | null;
  readonly isAppleSilicon: boolean | null;
  readonly fate: DeviceFate;
  readonly way: ReturnWay;
}

/** The row of a step about this device. */
export function deviceSubject(device: RunDevice): Subject {
  const { id, ...facts } = device;
  return { id, facts };
}

/** What a step finds again in its facts. Throws where they are not a device's: a fault of ours. */
export function deviceOf({ id, facts }: Subject): RunDevice {
  const { kind, serial, name, model, managementId, isAppleSilicon, fate, way } = facts;
  if (typeof name !== 'string' || typeof fate !== 'string' || typeof way !== 'string' || typeof kind !== 'string')
    throw new Error(`${id || 'a step without a subject'} has no device`);
  return {
    id,
    kind: kind as DeviceKind,
    serial: textOrNull(serial),
    name,
    model: textOrNull(model),
    managementId: textOrNull(managementId),
    isAppleSilicon: typeof isAppleSilicon === 'boolean' ? isAppleSilicon : null,
    fate: fate as DeviceFate,
    way: way as ReturnWay,
  };
}

function textOrNull(fact: unknown): string | null {
  return typeof fact === 'string' ? fact : null;
}
