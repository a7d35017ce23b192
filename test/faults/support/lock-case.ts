// One case of the lock's matrix: a process killed at one point of a Mac's lock, and what the Mac then asks for, beside what is sealed.
import { parseKeyRing, unseal } from '../../../src/store/key-ring.ts';
import type { Control } from './control.ts';
import { type CutPoint, cut } from './cut.ts';
import { machine } from './lanes.ts';
import { openScene, type Scene } from './scene.ts';

export interface LockCase {
  readonly email: string;
  readonly serial: string;
  readonly point: CutPoint;
  readonly workers: 1 | 2;
  readonly root?: string;
}

export interface LockResult {
  /** What opens the Mac; null: it is not locked. */
  readonly asksFor: string | null;
  /** Passcodes that were sent to it, oldest first. */
  readonly sent: readonly string[];
  /** What Sendoff would show; null: it keeps none. */
  readonly sealed: string | null;
  readonly status: string | null;
}

const LOCK = { step: 'jamf.lock', effect: 'jamf.lock_device', operation: 'jamf.sendCommand' };
const END_MS = 75_000;

interface Fleet {
  readonly devices: readonly {
    readonly serialNumber: string;
    readonly lock: { readonly pin: string } | null;
    readonly commands: readonly { readonly type: string; readonly pin: string | null }[];
  }[];
}

export async function runLockCase(one: LockCase): Promise<LockResult> {
  const scene = await machine(async () => {
    const opened = await openScene(one.root, { hasJamf: true });
    await opened.start('first');
    if (one.workers === 2) await opened.start('second');
    return opened;
  });
  try {
    await cut(scene, { ...one, write: LOCK, vendor: jamfOf(scene) });
    await scene.awaitClosed(1, END_MS, { isDrawn: false });
    const { devices } = await jamfOf(scene).state<Fleet>();
    const mac = devices.find((device) => device.serialNumber === one.serial);
    const locks = mac?.commands.filter((command) => command.type === 'DEVICE_LOCK') ?? [];
    return {
      asksFor: mac?.lock?.pin ?? null,
      sent: locks.map((command) => command.pin ?? ''),
      sealed: await sealedIn(scene),
      status: await statusOf(scene),
    };
  } finally {
    await scene.close();
  }
}

function jamfOf({ jamf }: Scene): Control {
  if (!jamf) throw new Error('this company has no Jamf');
  return jamf;
}

async function sealedIn(scene: Scene): Promise<string | null> {
  const parsed = parseKeyRing(scene.settings.SENDOFF_SECRET_KEYS ?? '');
  if ('wrong' in parsed) throw new Error(parsed.wrong);
  const { rows } = await scene.db.query<{
    run_id: string;
    subject: string;
    key_version: number;
    wrapped_key: Buffer;
    sealed: Buffer;
  }>(`SELECT * FROM sealed_secret WHERE kind = 'passcode'`);
  const [row] = rows;
  if (!row) return null;
  return unseal(parsed.ring, `sealed_secret|${row.run_id}|${row.subject}|passcode`, {
    keyVersion: row.key_version,
    wrappedKey: row.wrapped_key,
    sealed: row.sealed,
  });
}

async function statusOf(scene: Scene): Promise<string | null> {
  const { rows } = await scene.db.query<{ status: string }>('SELECT status FROM step_run WHERE step = $1', [LOCK.step]);
  return rows[0]?.status ?? null;
}
