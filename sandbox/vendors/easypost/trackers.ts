// The trackers of one EasyPost account and what carriers report to them; knows no HTTP.
import { randomBytes } from 'node:crypto';
import { nowOf, type Timed } from '../clock.ts';

export const STATUSES = [
  ...(['unknown', 'pre_transit', 'in_transit', 'out_for_delivery', 'delivered', 'available_for_pickup'] as const),
  ...(['return_to_sender', 'failure', 'cancelled', 'error'] as const),
] as const;
export type Status = (typeof STATUSES)[number];

interface Scan {
  readonly status: Status;
  readonly detail: string;
  readonly at: Date;
}

export interface Tracker {
  readonly id: string;
  readonly code: string;
  readonly carrier: string;
  readonly createdAt: Date;
  updatedAt: Date;
  /** Oldest first; empty: the carrier has said nothing. */
  readonly scans: Scan[];
  estimatedDelivery: Date | null;
}

export interface Trackers extends Timed {
  readonly all: Tracker[];
}

export function createTrackers(): Trackers {
  return { all: [], movedMs: 0 };
}

export function newId(kind: 'trk' | 'evt' | 'hook'): string {
  return `${kind}_${randomBytes(16).toString('hex')}`;
}

const THREE_MONTHS_MS = 90 * 24 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** EZ1000000001 and so on: what a test code always reports. */
const TEST_CODES: readonly Status[] = [
  ...([
    'pre_transit',
    'in_transit',
    'out_for_delivery',
    'delivered',
    'return_to_sender',
    'failure',
    'unknown',
  ] as const),
];

/** The same tracker for the same code and carrier within three months, as documented; else a new one. */
export function track(trackers: Trackers, code: string, carrier: string | null): Tracker {
  const now = nowOf(trackers);
  const known = trackers.all.find(
    (one) =>
      one.code === code &&
      (carrier === null || one.carrier === carrier) &&
      now.getTime() - one.createdAt.getTime() < THREE_MONTHS_MS,
  );
  if (known) return known;
  const tracker: Tracker = {
    id: newId('trk'),
    code,
    carrier: carrier ?? (code.startsWith('1Z') ? 'UPS' : 'USPS'),
    createdAt: now,
    updatedAt: now,
    scans: [],
    estimatedDelivery: null,
  };
  trackers.all.push(tracker);
  const test = /^EZ([1-7])0{8}\1$/.exec(code)?.[1];
  const status = test === undefined ? undefined : TEST_CODES[Number(test) - 1];
  if (status && status !== 'unknown') scan(trackers, tracker, { status });
  return tracker;
}

/** `at`: when the carrier saw it; now if absent. The tracker is updated now in any case. */
export function scan(
  trackers: Trackers,
  tracker: Tracker,
  seen: { readonly status: Status; readonly detail?: string; readonly at?: Date },
): void {
  const now = nowOf(trackers);
  tracker.scans.push({ status: seen.status, detail: seen.detail ?? 'status_update', at: seen.at ?? now });
  tracker.updatedAt = now;
  tracker.estimatedDelivery =
    seen.status === 'delivered' ? tracker.estimatedDelivery : new Date(now.getTime() + DAY_MS);
}

/** Places and who signed stand in it, as at the vendor: nobody should keep them. */
export function render(tracker: Tracker): Record<string, unknown> {
  const last = tracker.scans.at(-1);
  const place = { object: 'TrackingLocation', city: 'SPRINGFIELD', state: 'OR', country: 'US', zip: '97477' };
  return {
    id: tracker.id,
    object: 'Tracker',
    mode: 'test',
    tracking_code: tracker.code,
    status: last?.status ?? 'unknown',
    status_detail: last?.detail ?? 'unknown',
    created_at: tracker.createdAt.toISOString(),
    updated_at: tracker.updatedAt.toISOString(),
    signed_by: last?.status === 'delivered' ? 'DANA WHITFIELD' : null,
    weight: 17,
    est_delivery_date: tracker.estimatedDelivery?.toISOString() ?? null,
    shipment_id: null,
    carrier: tracker.carrier,
    tracking_details: tracker.scans.map((one) => ({
      object: 'TrackingDetail',
      message: one.status === 'delivered' ? 'Left at 12 Elm Street, signed DANA WHITFIELD' : 'Status update',
      description: '',
      status: one.status,
      status_detail: one.detail,
      datetime: one.at.toISOString(),
      source: tracker.carrier,
      carrier_code: null,
      tracking_location: place,
    })),
    carrier_detail: null,
    finalized: last?.status === 'delivered',
    is_return: false,
    public_url: `https://track.easypost.test/${tracker.id}`,
    fees: [],
  };
}
