// A password that nobody knows: made, sent and forgotten.
import { randomBytes } from 'node:crypto';

/** 43 characters of A–Z a–z 0–9 - _ from 32 random bytes. Google takes 8 to 100 ASCII characters (users.insert, read 2026-11). */
export function unknownPassword(): string {
  return randomBytes(32).toString('base64url');
}
