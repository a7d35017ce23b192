// Which computers a plan is about: those that Jamf names the person as the user of. Found by address once, pinned by id. Reads only.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Jamf } from '../connectors/jamf/client.ts';
import type { Computer } from '../connectors/jamf/computers.ts';
import type { User } from '../connectors/okta/schema.ts';
import { addressesOf } from './google-account.ts';
import { type DeviceRun, type DevicesView, deviceKey, type FoundDevice } from './model/device.ts';
import type { DeviceRuns } from './model/ports.ts';
import type { RunKind } from './model/run.ts';

/** A plan waits for this at most, and containment for the plan: nothing of Okta's hangs on Jamf. */
const DEVICES_DEADLINE_MS = 5_000;

export type DeviceReads = Pick<Jamf, 'findComputers'>;

export interface DevicesDeps {
  /** Null: no Jamf is set up. */
  readonly jamf: DeviceReads | null;
  readonly deviceRuns: DeviceRuns;
  log: { warn(fields: object, message: string): void };
}

/** Null where no Jamf is set up. Never throws for what Jamf does: the sign-in is cut without it. */
export async function lookAtDevices(deps: DevicesDeps, user: User, kind: RunKind): Promise<DevicesView | null> {
  const { jamf } = deps;
  if (jamf === null) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DevicesView>((resolve) => {
    const why = `no answer within ${DEVICES_DEADLINE_MS / 1000} s`;
    timer = setTimeout(() => resolve({ is: 'not_read', why, isRefusal: false }), DEVICES_DEADLINE_MS);
  });
  const read = async (): Promise<DevicesView> => ({ is: 'read', devices: await devicesOf(jamf, user) });
  const seen = read().catch((error: unknown): DevicesView => {
    deps.log.warn({ err: error }, 'Jamf could not be read for a plan');
    if (!(error instanceof ConnectorError)) throw error;
    return { is: 'not_read', why: error.reason, isRefusal: error.kind === 'unauthorized' };
  });
  try {
    const view = await Promise.race([seen, late]);
    if (view.is === 'not_read') return view;
    const elsewhere = await deps.deviceRuns.fetching(view.devices.map(deviceKey), { kind, personId: user.id });
    return { is: 'read', devices: view.devices.map((device) => markFetched(device, elsewhere)) };
  } finally {
    clearTimeout(timer);
  }
}

function markFetched(device: FoundDevice, elsewhere: ReadonlyMap<string, DeviceRun>): FoundDevice {
  const run = elsewhere.get(deviceKey(device));
  if (!run) return device;
  return run.isLive ? { ...device, fetchedBy: run.code } : { ...device, boxOf: run.code };
}

/** By id, each once. */
export async function devicesOf(jamf: DeviceReads, user: User): Promise<readonly FoundDevice[]> {
  const addresses = addressesOf(user);
  const usernames = [...new Set([user.profile.login, ...addresses])];
  const found = await Promise.all(addresses.map((email) => jamf.findComputers({ email, usernames })));
  const byId = new Map(found.flat().map((computer) => [computer.id, computer]));
  return [...byId.values()].map((computer) => deviceFrom(computer, usernames));
}

/** `names`: what the person is called there, in any case. */
export function deviceFrom(computer: Computer, names: readonly string[]): FoundDevice {
  const known = new Set(names.flatMap((name) => [name.toLowerCase(), name.toLowerCase().split('@')[0] ?? '']));
  const isOf = (name: string | null): boolean => name !== null && known.has(name.toLowerCase());
  const { lastUser } = computer;
  return {
    id: `jamf:${computer.id}`,
    kind: /imac|mac ?mini|mac ?pro|mac ?studio/i.test(computer.model ?? '') ? 'desktop' : 'laptop',
    serial: computer.serialNumber,
    name: computer.name ?? computer.serialNumber ?? `computer ${computer.id}`,
    model: computer.model,
    managementId: computer.managed === false ? null : computer.managementId,
    isAppleSilicon: computer.appleSilicon,
    osVersion: computer.osVersion,
    lastSeenAt: computer.lastContactAt,
    lastUser: lastUser ?? computer.username,
    isTheirs: lastUser === null ? isOf(computer.username) || isOf(computer.email) : isOf(lastUser),
  };
}
