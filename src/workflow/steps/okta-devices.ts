// okta.devices: the person's own devices are no longer registered. A device with other users is left, and said so:
// deactivating it would take their factors too.
import { type Device, isFeatureMissing, type Okta } from '../../connectors/okta/client.ts';
import type { Effect, Observation, ReadContext, Step } from '../model/step.ts';
import { doorOf, pinnedUserId, readPinnedUserAnd, statusFact } from './okta-person.ts';

const DEACTIVATE = 'okta.deactivate_device';
const DELETE = 'okta.delete_device';
const LOOK_AGAIN_MS = 10_000;

export function oktaDevices(okta: Okta): Step {
  return {
    name: 'okta.devices',
    vendor: 'okta',
    stage: 'contain',
    needs: [
      [
        { step: 'okta.block', until: 'satisfied' },
        { step: 'okta.deactivate', until: 'satisfied' },
      ],
      { step: 'okta.snapshot', until: 'ended' },
    ],
    settleMs: 10_000,
    verifies: 'read_back',
    async observe(context): Promise<Observation> {
      const { user, found: listed } = await readPinnedUserAnd(okta, context, (id) => okta.listDevices(id));
      const facts = { status: statusFact(user) };
      const door = doorOf(user);
      if (door === 'gone') return { is: 'satisfied', basis: 'moot', facts };
      try {
        const { own, shared } = await sortDevices(okta, context, await listed());
        const found = {
          ...facts,
          devices: own.map((device) => device.name),
          deviceIds: own.map((device) => device.id),
          left: shared.map((device) => device.name),
        };
        if (own.length === 0) return { is: 'satisfied', basis: 'read_back', facts: found };
        if (door !== 'suspended' && door !== 'deactivated')
          return { is: 'under_way', facts: { ...found, blocked: false }, lookAgainInMs: LOOK_AGAIN_MS };
        return { is: 'unsatisfied', facts: found, would: own.flatMap(removal) };
      } catch (error) {
        if (isFeatureMissing(error)) return { is: 'not_applicable', facts, why: 'devices_not_licensed' };
        throw error;
      }
    },
    async apply(context, seen) {
      for (const effect of seen.would) {
        const deviceId = effect.target ?? '';
        await context.write(effect, () =>
          effect.name === DEACTIVATE ? okta.deactivateDevice(deviceId) : okta.deleteDevice(deviceId),
        );
      }
    },
  };
}

async function sortDevices(
  okta: Okta,
  context: ReadContext,
  devices: readonly Device[],
): Promise<{ own: Device[]; shared: Device[] }> {
  const userId = pinnedUserId(context);
  const others = await Promise.all(
    devices.map(async (device) => (await okta.listDeviceUserIds(device.id)).some((id) => id !== userId)),
  );
  const own = devices.filter((_, index) => !others[index]);
  return {
    own: [...own, ...(await halfRemoved(okta, context, devices))],
    shared: devices.filter((_, index) => others[index]),
  };
}

/** Deactivated by us and not deleted yet, when a process died in between: Okta has taken them off the person's list. */
async function halfRemoved(okta: Okta, context: ReadContext, listed: readonly Device[]): Promise<Device[]> {
  const isOpen = (id: string): boolean =>
    !listed.some((device) => device.id === id) && context.receipt({ name: DELETE, target: id }) === null;
  const devices = await Promise.all(
    context
      .asked(DEACTIVATE)
      .filter(isOpen)
      .map((id) => okta.getDevice(id)),
  );
  return devices.filter((device) => device?.status === 'DEACTIVATED').flatMap((device) => device ?? []);
}

/** A device is deleted only from DEACTIVATED. */
function removal(device: Device): Effect[] {
  const remove: Effect = { name: DELETE, target: device.id, repeat: 'safe', irreversible: true };
  return device.status === 'DEACTIVATED'
    ? [remove]
    : [{ name: DEACTIVATE, target: device.id, repeat: 'safe', irreversible: true }, remove];
}
