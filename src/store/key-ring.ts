// The keys that seal secrets: AES-256-GCM, a data key for each record, wrapped by the newest key of the ring.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
const KEY = 32;

/** Version → 32 bytes. The highest version seals; all open. */
export type KeyRing = ReadonlyMap<number, Buffer>;

/** As the columns of `sealed_secret` hold it. */
export interface Sealed {
  readonly keyVersion: number;
  /** nonce | tag | the data key. */
  readonly wrappedKey: Buffer;
  /** nonce | tag | the value. */
  readonly sealed: Buffer;
}

/** Another record, another key, or a changed byte: GCM cannot tell which. */
export class SealBroken extends Error {
  constructor(why: string) {
    super(`a sealed secret cannot be opened: ${why}`);
  }
}

/** `1:base64,2:base64`, each key 32 bytes. A sentence for each thing that is wrong; never a key in it. */
export function parseKeyRing(text: string): { ring: KeyRing } | { wrong: string } {
  const ring = new Map<number, Buffer>();
  for (const entry of text.split(',').map((one) => one.trim())) {
    const [, version, encoded] = /^(\d{1,6}):([A-Za-z0-9+/]+={0,2})$/.exec(entry) ?? [];
    const key = Buffer.from(encoded ?? '', 'base64');
    if (version === undefined || Number(version) === 0 || key.length !== KEY)
      return { wrong: 'holds an entry that is not NUMBER:KEY with 32 bytes in base64: make one with sendoff keys new' };
    if (ring.has(Number(version)))
      return { wrong: `has key ${Number(version)} twice: give the newer one a higher number` };
    ring.set(Number(version), key);
  }
  return { ring };
}

export function newestOf(ring: KeyRing): number {
  if (ring.size === 0) throw new SealBroken('SENDOFF_SECRET_KEYS is not set');
  return Math.max(...ring.keys());
}

/** `place`: which record it belongs to; moved to another one it does not open. */
export function seal(ring: KeyRing, place: string, value: string): Sealed {
  const dataKey = randomBytes(KEY);
  return { ...wrap(ring, place, dataKey), sealed: encrypt(dataKey, place, Buffer.from(value, 'utf8')) };
}

export function unseal(ring: KeyRing, place: string, record: Sealed): string {
  return decrypt(unwrap(ring, place, record), place, record.sealed).toString('utf8');
}

/** The same value under the newest key; the sealed bytes stay as they are. */
export function rewrap(ring: KeyRing, place: string, record: Sealed): Pick<Sealed, 'keyVersion' | 'wrappedKey'> {
  return wrap(ring, place, unwrap(ring, place, record));
}

function wrap(ring: KeyRing, place: string, dataKey: Buffer): Pick<Sealed, 'keyVersion' | 'wrappedKey'> {
  const keyVersion = newestOf(ring);
  const key = keyOf(ring, keyVersion);
  return { keyVersion, wrappedKey: encrypt(key, wrapping(place, keyVersion), dataKey) };
}

function unwrap(ring: KeyRing, place: string, { keyVersion, wrappedKey }: Sealed): Buffer {
  return decrypt(keyOf(ring, keyVersion), wrapping(place, keyVersion), wrappedKey);
}

function wrapping(place: string, version: number): string {
  return `${place}|${version}`;
}

function keyOf(ring: KeyRing, version: number): Buffer {
  const key = ring.get(version);
  if (!key) throw new SealBroken(`key ${version} is not in SENDOFF_SECRET_KEYS`);
  return key;
}

function encrypt(key: Buffer, about: string, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about, 'utf8'));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Buffer, about: string, bytes: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(Buffer.from(about, 'utf8'))
      .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    throw new SealBroken('its bytes, its place or its key is not the one it was sealed with');
  }
}
