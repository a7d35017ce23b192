// What a parcel is known to be: news moves it forward only, and an earlier parcel of the same number is not it.

export const PARCEL_STATUSES = [
  'unknown',
  'label_created',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivery_attempt_failed',
  'delivered',
  'returned_to_sender',
  'exception',
  'expired',
  'cancelled',
] as const;
export type ParcelStatus = (typeof PARCEL_STATUSES)[number];

/**
 * Label, on its way, arrived. Within a rank carriers go to and fro: out again after a failed attempt, found again after an
 * exception. A cancelled label that is scanned after all, and one that nobody saw for long, still arrive.
 */
const RANKS: Readonly<Record<ParcelStatus, 0 | 1 | 2 | 3>> = {
  unknown: 0,
  label_created: 1,
  cancelled: 1,
  in_transit: 2,
  out_for_delivery: 2,
  available_for_pickup: 2,
  delivery_attempt_failed: 2,
  exception: 2,
  expired: 2,
  delivered: 3,
  returned_to_sender: 3,
};

export interface ParcelSighting {
  readonly status: ParcelStatus;
  /** When the carrier saw it, by the carrier's clock; null: it did not say. */
  readonly at: Date | null;
  /** When the tracking service learned of it. */
  readonly updatedAt: Date;
}

/** Carriers tell local times as if they were UTC: they may be this much off. */
const CARRIER_CLOCK_MS = 24 * 60 * 60_000;

/** Nothing more is expected of it. */
export function hasArrived(status: ParcelStatus): boolean {
  return RANKS[status] === 3;
}

/** What is known after `seen`; `known` where it is old, comes late, or is of an earlier parcel. Null: nothing is known. */
export function advanceParcel(
  known: ParcelSighting | null,
  seen: ParcelSighting,
  orderedAt: Date,
): ParcelSighting | null {
  if (!isOfThisParcel(seen, orderedAt)) return known;
  if (known === null) return seen;
  const [had, has] = [RANKS[known.status], RANKS[seen.status]];
  if (has !== had) return has > had ? seen : known;
  return seen.updatedAt > known.updatedAt ? seen : known;
}

/** Carriers use numbers again. An arrival that nobody can date may be the earlier one's: it is not believed. */
function isOfThisParcel({ status, at }: ParcelSighting, orderedAt: Date): boolean {
  if (at === null) return !hasArrived(status);
  return at.getTime() >= orderedAt.getTime() - CARRIER_CLOCK_MS;
}
