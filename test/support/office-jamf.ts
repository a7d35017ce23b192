// The simulated Macs as a checker sees them: what each was told, in order, and what it asks for on its screen.
import type { JamfSimulator } from '../../sandbox/vendors/jamf/server.ts';

interface MacCommand {
  readonly uuid: string;
  readonly type: string;
  /** The passcode that was sent with a lock. */
  readonly pin: string | null;
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

export interface Mac {
  readonly id: string;
  readonly serialNumber: string;
  readonly managementId: string | null;
  readonly lastContactAt: number;
  /** `pin` opens it, and nothing else. */
  readonly lock: { readonly pin: string; readonly commandUuid: string } | null;
  /** What Jamf believes opens it. */
  readonly storedPin: string | null;
  readonly erasedAt: readonly number[];
  readonly commands: readonly MacCommand[];
}

export interface Macs {
  of(serial: string): Mac;
  all(): readonly Mac[];
}

export function macsOf(jamf: JamfSimulator): Macs {
  const all = (): readonly Mac[] => (jamf.state() as { devices: readonly Mac[] }).devices;
  return {
    all,
    of(serial) {
      const found = all().find((one) => one.serialNumber === serial);
      if (!found) throw new Error(`Jamf has no ${serial}`);
      return found;
    },
  };
}
