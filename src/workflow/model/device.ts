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
  /** Code of the run that has it on its way already: no other one orders anything for it. Absent: none has. */
  readonly fetchedBy?: string;
  /** Code of a run that has ended, whose box for it is still out: no second one is ordered. Absent: there is none. */
  readonly boxOf?: string;
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
    .map((device) => {
      const { id, kind, serial, name, model, managementId, isAppleSilicon, fetchedBy } = device;
      return {
        ...{ id, kind, serial, name, model, managementId, isAppleSilicon },
        ...{ fate: choice.fate, way: wayOf(device, choice.way), ...(fetchedBy !== undefined && { fetchedBy }) },
      };
    });
}

function wayOf({ fetchedBy, boxOf }: FoundDevice, chosen: ReturnWay): ReturnWay {
  if (fetchedBy !== undefined) return 'none';
  return boxOf !== undefined && chosen === 'ship' ? 'courier' : chosen;
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
  /** Code of the run that fetches it: this one locks it at most. Absent: this one fetches it. */
  readonly fetchedBy?: string;
}

/** Two runs about one device were opened at once: the database let in the first only, and kept nothing of the other. */
export class FetchedElsewhere extends Error {}

/** Jamf takes commands for it. */
export function isDeviceLockable({ managementId }: Pick<RunDevice, 'managementId'>): boolean {
  return managementId !== null;
}

/** What a device is known by in any run, as `device_key` in SQL says it. */
export function deviceKey({ id, serial }: Pick<FoundDevice, 'id' | 'serial'>): string {
  return serial?.toUpperCase() || id;
}

/** Another run that has a device on its way. `isLive` false: it has ended, and a box that it ordered is still out. */
export interface DeviceRun {
  readonly code: string;
  readonly isLive: boolean;
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
