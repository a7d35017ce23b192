// The devices of a run, as they were found and as an operator confirmed them. Pure types, and what follows from them for steps.
import type { Subject } from './step.ts';

/** What becomes of what is on it. `hold`: not locked before somebody says so, never erased by itself. `collect`: locked at once,
 * read after its return, erased only when somebody says that it was read. `wipe`: locked at once, erased after its return. */
export type DeviceFate = 'hold' | 'collect' | 'wipe';

/** How it comes back. `none`: it stays where it is, or is back already. */
export type ReturnWay = 'ship' | 'in_person' | 'courier' | 'none';

/** What is fetched besides a computer. */
export type DeviceKind = 'laptop' | 'desktop' | 'monitor' | 'phone' | 'other';

/** As a plan found it. Facts only; the last user's address is for people's eyes and not kept. */
export interface FoundDevice {
  /** Subject of its steps, stored for ever: `jamf:12`, and `serial:C02…` where only its serial number is known. */
  readonly id: string;
  readonly kind: DeviceKind;
  /** Null: unknown. */
  readonly serial: string | null;
  readonly name: string;
  readonly model: string | null;
  /** Jamf's handle for commands. Null: it takes none (not managed, not known there). */
  readonly managementId: string | null;
  /** Null: unknown. */
  readonly isAppleSilicon: boolean | null;
  readonly osVersion: string | null;
  /** When it was last heard of. */
  readonly lastSeenAt: Date | null;
  /** Whom the MDM names as its user; null: nobody. */
  readonly lastUser: string | null;
  /** False: somebody else is named; it is theirs only if an operator says so. */
  readonly isTheirs: boolean;
}

/** What the MDM says of somebody's computers. */
export type DevicesView =
  | { readonly is: 'not_read'; readonly why: string; readonly isRefusal: boolean } // it did not answer, or refused our key
  | { readonly is: 'read'; readonly devices: readonly FoundDevice[] };

/** What an operator ticked for a run; one fate and one way for all of its devices. */
export interface DeviceChoice {
  readonly ids: readonly string[];
  readonly fate: DeviceFate;
  readonly way: ReturnWay;
}

export const FATES: readonly DeviceFate[] = ['collect', 'wipe', 'hold'];
export const WAYS: readonly ReturnWay[] = ['ship', 'in_person', 'courier', 'none'];
/** Ticked instead of a device: somebody has looked, and none of them is locked or fetched. */
export const NO_DEVICE = 'none';

/** Ticked already when the plan is shown: the only device there is, if it is theirs. Of several an operator says which. */
export function suggestedDevices(view: DevicesView | undefined): readonly string[] {
  if (view?.is !== 'read') return [];
  const [only, ...others] = view.devices;
  return only?.isTheirs && others.length === 0 ? [only.id] : [];
}

/** True where there is nothing to choose from, or what was chosen was on offer: at least one device, or none of them. */
export function isDevicesDecided(view: DevicesView | undefined, choice: DeviceChoice | null): boolean {
  if (view?.is !== 'read' || view.devices.length === 0) return true;
  if (choice === null || choice.ids.length === 0) return false;
  if (choice.ids.includes(NO_DEVICE)) return choice.ids.length === 1;
  return choice.ids.every((id) => view.devices.some((one) => one.id === id));
}

/** What a run keeps of them. */
export function confirmedDevices(view: DevicesView | undefined, choice: DeviceChoice | null): readonly RunDevice[] {
  if (view?.is !== 'read' || choice === null) return [];
  return view.devices
    .filter((one) => choice.ids.includes(one.id))
    .map(({ id, kind, serial, name, model, managementId, isAppleSilicon }) => ({
      ...{ id, kind, serial, name, model, managementId, isAppleSilicon },
      ...{ fate: choice.fate, way: choice.way },
    }));
}

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
