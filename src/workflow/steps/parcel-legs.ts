// The two parcels of a return, as facts keep them: the box on its way out, the device on its way back. Pure.
import type { DeviceReturn } from '../../connectors/retriever/client.ts';
import { advanceParcel, hasArrived, PARCEL_STATUSES, type ParcelSighting, type ParcelStatus } from '../model/parcel.ts';
import type { Facts } from '../model/step.ts';

export type LegName = 'out' | 'back';
export const LEGS: readonly LegName[] = ['out', 'back'];

/** What a carrier calls it; null: not known yet. */
export interface LegNumber {
  readonly carrier: string | null;
  readonly number: string | null;
}

export interface Leg extends LegNumber {
  /** Null: nothing is known of it. */
  readonly known: ParcelSighting | null;
  readonly dueAt: Date | null;
}

/** Of the order's newest shipment: numbers, and what its moments say. */
export function shipmentOf(
  order: DeviceReturn,
): Readonly<Record<LegName, LegNumber & { readonly seen: readonly ParcelSighting[] }>> {
  const newest = order.shipments.at(-1);
  const of = (leg: DeviceReturn['shipments'][number]['boxOut'] | undefined) => ({
    carrier: leg?.carrier ?? null,
    number: leg?.tracking ?? null,
    seen: [...sightings('in_transit', leg?.shippedAt), ...sightings('delivered', leg?.deliveredAt)],
  });
  return { out: of(newest?.boxOut), back: of(newest?.deviceBack) };
}

function sightings(status: ParcelStatus, at: Date | null | undefined): ParcelSighting[] {
  return at ? [{ status, at, updatedAt: at }] : [];
}

/** What is known after these sightings: never less than before, and nothing of an earlier parcel. */
export function advance(
  known: ParcelSighting | null,
  seen: readonly ParcelSighting[],
  orderedAt: Date,
): ParcelSighting | null {
  return seen.reduce((had, one) => advanceParcel(had, one, orderedAt), known);
}

/** What the last look kept; nothing of another number. */
export function keptLeg(facts: Facts | null, leg: LegName, number: string | null): ParcelSighting | null {
  const kept = facts ?? {};
  if (typeof kept[`${leg}Number`] === 'string' && number !== null && kept[`${leg}Number`] !== number) return null;
  const status = PARCEL_STATUSES.find((one) => one === kept[`${leg}Status`]);
  const updatedAt = momentOf(kept[`${leg}UpdatedAt`]);
  return status && updatedAt ? { status, at: momentOf(kept[`${leg}At`]), updatedAt } : null;
}

export function legFacts(name: LegName, leg: Leg): Facts {
  return {
    [`${name}Carrier`]: leg.carrier,
    [`${name}Number`]: leg.number,
    [`${name}Status`]: leg.known?.status ?? null,
    [`${name}At`]: leg.known?.at?.toISOString() ?? null,
    [`${name}UpdatedAt`]: leg.known?.updatedAt.toISOString() ?? null,
    [`${name}DueAt`]: leg.dueAt?.toISOString() ?? null,
  };
}

export type Trouble = 'not_shipped' | 'stalled' | 'exception' | 'returned_to_sender' | 'expired' | 'cancelled';

const TROUBLES: readonly ParcelStatus[] = ['exception', 'returned_to_sender', 'expired', 'cancelled'];

/** What somebody should look after, since when; the leg that the device is on first. Null: nothing. */
export function troubleOf(
  legs: Readonly<Record<LegName, Leg>>,
  { now, orderedAt, stalledAfterMs }: { readonly now: Date; readonly orderedAt: Date; readonly stalledAfterMs: number },
): { readonly leg: LegName; readonly what: Trouble; readonly since: Date } | null {
  const isOld = (at: Date): boolean => now.getTime() - at.getTime() >= stalledAfterMs;
  for (const leg of ['back', 'out'] as const) {
    const { known } = legs[leg];
    if (known === null) {
      // Until the box is out nothing is expected back; how long people take to pack it is not the carrier's doing.
      if (leg === 'out' && legs.back.known === null && isOld(orderedAt))
        return { leg, what: 'not_shipped', since: orderedAt };
      continue;
    }
    const since = known.at ?? known.updatedAt;
    const what = TROUBLES.find((one) => one === known.status) as Trouble | undefined;
    if (what) return { leg, what, since };
    if (hasArrived(known.status)) {
      // The device is on its way, or there: what became of the box out is no trouble any more.
      if (leg === 'back') return null;
      continue;
    }
    const isWaitingForThem = leg === 'back' && (known.status === 'label_created' || known.status === 'unknown');
    if (!isWaitingForThem && isOld(since)) return { leg, what: 'stalled', since };
    if (leg === 'back' && !isWaitingForThem) return null;
  }
  return null;
}

function momentOf(fact: unknown): Date | null {
  if (typeof fact !== 'string') return null;
  const at = new Date(fact);
  return Number.isNaN(at.getTime()) ? null : at;
}
