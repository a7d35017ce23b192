// News of a parcel: it goes forward only, and what an earlier parcel of the same number did is not its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advanceParcel,
  hasArrived,
  PARCEL_STATUSES,
  type ParcelSighting,
  type ParcelStatus,
} from '../../../src/workflow/model/parcel.ts';

const ORDERED = new Date('2026-11-01T12:00:00Z');
const HOUR_MS = 3_600_000;

/** `hour` after the order, told at once. */
function seen(status: ParcelStatus, hour: number): ParcelSighting {
  const at = new Date(ORDERED.getTime() + hour * HOUR_MS);
  return { status, at, updatedAt: at };
}

function statusAfter(...sightings: readonly ParcelSighting[]): ParcelStatus | null {
  const known = sightings.reduce<ParcelSighting | null>((had, one) => advanceParcel(had, one, ORDERED), null);
  return known?.status ?? null;
}

const sighting = fc.record({ status: fc.constantFrom(...PARCEL_STATUSES), hour: fc.integer({ min: 1, max: 500 }) });

describe('what is known of a parcel', () => {
  it.each<[ParcelStatus, ParcelStatus, ParcelStatus]>([
    ['unknown', 'label_created', 'label_created'],
    ['label_created', 'in_transit', 'in_transit'],
    ['in_transit', 'label_created', 'in_transit'],
    ['in_transit', 'unknown', 'in_transit'],
    ['delivered', 'in_transit', 'delivered'],
    ['delivered', 'exception', 'delivered'],
    ['out_for_delivery', 'delivery_attempt_failed', 'delivery_attempt_failed'],
    ['delivery_attempt_failed', 'out_for_delivery', 'out_for_delivery'],
    ['exception', 'in_transit', 'in_transit'],
    ['cancelled', 'in_transit', 'in_transit'],
    ['expired', 'delivered', 'delivered'],
    ['delivered', 'returned_to_sender', 'returned_to_sender'],
  ])('%s, and later %s: %s', (first, second, known) => {
    expect(statusAfter(seen(first, 1), seen(second, 2))).toBe(known);
  });

  it('is not moved back by news of the same rank that comes late', () => {
    expect(statusAfter(seen('out_for_delivery', 9), seen('in_transit', 3))).toBe('out_for_delivery');
  });

  it('is the same in whatever order and however often news come', () => {
    const distinct = fc.uniqueArray(sighting, { selector: (one) => one.hour, minLength: 1, maxLength: 8 });
    const orders = distinct.chain((all) => {
      const news = all.map((one) => seen(one.status, one.hour));
      const twice = [...news, ...news];
      return fc.record({
        news: fc.constant(news),
        shuffled: fc.shuffledSubarray(twice, { minLength: twice.length }),
      });
    });
    fc.assert(
      fc.property(orders, ({ news, shuffled }) => {
        expect(statusAfter(...shuffled)).toBe(statusAfter(...news));
      }),
    );
  });

  it('that has arrived stays so', () => {
    fc.assert(
      fc.property(fc.array(sighting), fc.array(sighting), (before, behind) => {
        const sightings = (all: typeof before) => all.map((one) => seen(one.status, one.hour));
        const known = statusAfter(...sightings(before), seen('delivered', 10), ...sightings(behind));
        expect(known !== null && hasArrived(known)).toBe(true);
      }),
    );
  });
});

describe('a number that the carrier has used before', () => {
  it('brings nothing of the earlier parcel', () => {
    expect(statusAfter(seen('delivered', -30 * 24))).toBeNull();
    expect(statusAfter(seen('in_transit', 5), seen('delivered', -30 * 24))).toBe('in_transit');
  });

  it('is read with a day’s patience: carriers tell local times as if they were UTC', () => {
    expect(statusAfter(seen('label_created', -9))).toBe('label_created');
  });

  it('is not believed to have arrived without a date', () => {
    const undated = (status: ParcelStatus): ParcelSighting => ({ ...seen(status, 5), at: null });

    expect(statusAfter(undated('delivered'))).toBeNull();
    expect(statusAfter(undated('label_created'))).toBe('label_created');
  });
});
