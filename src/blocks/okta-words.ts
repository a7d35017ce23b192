// What Okta’s codes for statuses and second factors are called.
import { lowered } from './amounts.ts';

const STATUSES: Readonly<Record<string, string>> = {
  ACTIVE: 'active',
  STAGED: 'staged, never activated',
  PROVISIONED: 'waiting for a first sign-in',
  RECOVERY: 'in password recovery',
  PASSWORD_EXPIRED: 'password expired',
  LOCKED_OUT: 'locked out',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
  DELETED: 'deleted',
};

export function statusWords(status: string): string {
  return (Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined) ?? (lowered(status) || 'unknown');
}

const FACTORS: Readonly<Record<string, string>> = {
  push: 'push',
  sms: 'SMS',
  call: 'voice call',
  email: 'email',
  question: 'security question',
  webauthn: 'security key or passkey',
  u2f: 'security key',
  signed_nonce: 'Okta FastPass',
  'token:software:totp': 'authenticator app',
  'token:hotp': 'one-time code token',
  'token:hardware': 'hardware token',
};

/** Not yet made safe: `list` does that. */
export function factorNames(types: readonly string[]): readonly string[] {
  return types.map((type) => (Object.hasOwn(FACTORS, type) ? FACTORS[type] : undefined) ?? type);
}
