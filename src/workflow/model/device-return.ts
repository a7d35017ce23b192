// A device return: why, which devices, also those that no system knows, and what may not be. Pure types, and what follows from them.
import {
  confirmedDevices,
  type DeviceChoice,
  type DeviceFate,
  type DeviceKind,
  type DevicesView,
  type FoundDevice,
  type ReturnWay,
  type RunDevice,
} from './device.ts';
import type { HrisView } from './plan.ts';
import type { Person, PinnedIds } from './run.ts';

/** `offboarding`: the person leaves, so what can be locked is locked. Otherwise nothing is, and nothing is erased before the
 * replacement is in use. */
export type ReturnReason = 'offboarding' | 'refresh' | 'malfunction';
export const REASONS: readonly ReturnReason[] = ['offboarding', 'refresh', 'malfunction'];

/** What a plan for a return saw of one person. */
export interface ReturnPlan {
  readonly person: Person;
  /** Okta's status of the person (`ACTIVE`, …). */
  readonly status: string;
  /** ISO 3166-1 alpha-2; null: nobody says. */
  readonly country: string | null;
  /** The operator's own devices: locking them is somebody else's to ask for. */
  readonly isOwn: boolean;
  /** The policy protects this person: what cuts them off needs a second approver. */
  readonly isProtected: boolean;
  /** Absent: no HR system is set up. */
  readonly hris?: HrisView;
  /** Absent: no Jamf is set up. */
  readonly devices?: DevicesView;
  /** By default, from the policy and the country. */
  readonly returnWay: ReturnWay;
  readonly deviceFate: DeviceFate;
  readonly checkedAt: Date;
  readonly channelId: string;
  /** Over decisions only: who, devices, protection, whose HR record. */
  readonly hash: string;
}

/** Named by hand: what Jamf does not know. */
export interface TypedDevice {
  readonly kind: DeviceKind;
  /** In capitals. */
  readonly serial: string;
}

/** What an operator confirmed with a plan for a return. */
export interface ReturnChoice extends DeviceChoice {
  readonly reason: ReturnReason;
  readonly typed: readonly TypedDevice[];
  /** Their charger comes back too. */
  readonly withCharger: boolean;
}

/** What a run keeps beside its devices. */
export interface ReturnFacts {
  readonly reason: ReturnReason;
  readonly withCharger: boolean;
}

export function pinnedReturn({ reason, withCharger }: ReturnFacts): PinnedIds {
  return { 'return.reason': reason, 'return.charger': withCharger };
}

/** Null: the run is no return, or does not say why. */
export function returnOf(ids: PinnedIds): ReturnFacts | null {
  const reason = REASONS.find((one) => one === ids['return.reason']);
  return reason ? { reason, withCharger: ids['return.charger'] === true } : null;
}

/** Why a choice cannot be what is meant. `listed`: Jamf knows it as this person's, so it is ticked instead. */
export type ChoiceFault = 'nothing' | 'not_offered' | 'listed' | 'nowhere';

/** Null: something was chosen, and all of it was on offer or typed. */
export function faultOf(view: DevicesView | undefined, choice: ReturnChoice): ChoiceFault | null {
  const found = view?.is === 'read' ? view.devices : [];
  const offered = found.filter((one) => !isFetched(one));
  if (choice.ids.length === 0 && choice.typed.length === 0) return 'nothing';
  if (!choice.ids.every((id) => offered.some((one) => one.id === id))) return 'not_offered';
  const serials = new Set(found.map((one) => one.serial?.toUpperCase()));
  if (choice.typed.some(({ serial }) => serials.has(serial))) return 'listed';
  return choice.way === 'none' ? 'nowhere' : null;
}

/** Another run has it on its way already. */
export function isFetched(device: Pick<FoundDevice, 'fetchedBy'>): boolean {
  return device.fetchedBy !== undefined;
}

/** What the run is about: those that were ticked, then those that were typed. */
export function returnedDevices(view: DevicesView | undefined, choice: ReturnChoice): readonly RunDevice[] {
  return [...confirmedDevices(view, choice), ...choice.typed.map((one) => typedDevice(one, choice))];
}

const NAMES: Readonly<Record<DeviceKind, string>> = {
  laptop: 'Laptop',
  desktop: 'Desktop',
  monitor: 'Monitor',
  phone: 'Phone',
  other: 'Device',
};

function typedDevice({ kind, serial }: TypedDevice, { fate, way }: Pick<DeviceChoice, 'fate' | 'way'>): RunDevice {
  return {
    ...{ id: `serial:${serial}`, kind, serial, name: NAMES[kind] },
    ...{ model: null, managementId: null, isAppleSilicon: null, fate, way },
  };
}

/** A plan comes back from JSON with its dates as text. */
export function reviveReturnPlan(json: unknown): ReturnPlan {
  const plan = json as ReturnPlan;
  const checkedAt = new Date(plan.checkedAt);
  if (plan.devices?.is !== 'read') return { ...plan, checkedAt };
  const devices = plan.devices.devices.map((one) => ({
    ...one,
    lastSeenAt: one.lastSeenAt && new Date(one.lastSeenAt),
  }));
  return { ...plan, checkedAt, devices: { is: 'read', devices } };
}
