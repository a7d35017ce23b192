// Who Sendoff is for Okta and how fast it may ask: credentials, least scopes, published rates.
import type { OnCall } from '../watch-call.ts';

export interface OktaSettings {
  readonly orgUrl: string;
  readonly credentials: { readonly apiToken: string } | { readonly clientId: string; readonly privateKey: string };
  /** One deadline for each call, in ms. */
  readonly deadlineMs: number;
  /** Waits for the org's published rate before a read; writes are paced by who makes them. */
  pace(bucket: OktaReads): Promise<void>;
  /** Told of each call, without what was waited before it. */
  readonly onCall?: OnCall;
}

/** Least scopes for what is called here; the app also needs an admin role. */
export const OKTA_SCOPES = [
  'okta.users.read',
  'okta.users.manage',
  'okta.devices.read',
  'okta.devices.manage',
  'okta.roles.read',
  'okta.groups.read',
  'okta.apps.read',
  'okta.logs.read',
] as const;

/** Only to put somebody back into their groups; without it that is done by hand. */
export const OKTA_UNDO_SCOPES = ['okta.groups.manage'] as const;

/**
 * The lowest published limits of an org, for each kind of call. The user endpoints take 600 changes and 2,000 reads by id a
 * minute, most others 1,200; devices 100, the system log 120. @see https://developer.okta.com/docs/reference/rl-global-mgmt, read 2026-11
 */
export const OKTA_PACES = {
  /** Writes; the bucket is the vendor's name. */
  okta: { intervalMs: 100, burst: 60 },
  'okta.reads': { intervalMs: 50, burst: 120 },
  'okta.devices': { intervalMs: 600, burst: 50 },
  'okta.logs': { intervalMs: 500, burst: 30 },
} as const;
type OktaReads = Exclude<keyof typeof OKTA_PACES, 'okta'>;
/** Under /api/v1/devices; a user's own list of devices is under /api/v1/users. */
const DEVICE_READS = new Set(['getDevice', 'listDeviceUsers', 'listDevices']);

export function bucketOf(operation: string): OktaReads {
  if (operation === 'listLogEvents') return 'okta.logs';
  return DEVICE_READS.has(operation) ? 'okta.devices' : 'okta.reads';
}
