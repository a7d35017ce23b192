// Compact signed tokens (RFC 7515) and key thumbprints (RFC 7638) on node:crypto alone; knows no vendor.
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';

export interface Jws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Null if the text is no compact JWS with JSON in its first two parts. */
export function readJws(text: string): Jws | null {
  const parts = text.split('.');
  const [head, body, signature] = parts;
  if (parts.length !== 3 || !head || !body || !signature) return null;
  const header = parseObject(head);
  const claims = parseObject(body);
  if (!header || !claims) return null;
  return { header, claims, signed: Buffer.from(`${head}.${body}`), signature: Buffer.from(signature, 'base64url') };
}

/** Takes RS256 with an RSA key and ES256 with a P-256 key, nothing else: above all not `none` and no HMAC. */
export function hasValidSignature(jws: Jws, key: KeyObject): boolean {
  const { alg } = jws.header;
  if (alg === 'RS256' && key.asymmetricKeyType === 'rsa') return verify('sha256', jws.signed, key, jws.signature);
  if (alg === 'ES256' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
    return verify('sha256', jws.signed, { key, dsaEncoding: 'ieee-p1363' }, jws.signature);
  }
  return false;
}

/** Null if it is not a public RSA or EC key. */
export function publicKeyOf(jwk: unknown): KeyObject | null {
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk) return null;
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return null;
  }
}

export function thumbprint(key: KeyObject): string {
  const { kty, n, e, crv, x, y } = key.export({ format: 'jwk' });
  const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y };
  return sha256(JSON.stringify(members));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function parseObject(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
