// Two parcels of one return: what is kept of each, which news is believed, and when somebody has to look after one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARCEL_STATUSES, type ParcelSighting, type ParcelStatus } from '../../../src/workflow/model/parcel.ts';
import { workingDaysAfter } from '../../../src/workflow/model/working-days.ts';
import { advance, keptLeg, type Leg, legFacts, troubleOf } from '../../../src/workflow/steps/parcel-legs.ts';

const DAY_MS = 86_400_000;
const ORDERED = new Date('2026-03-02T09:00:00Z');
const on = (day: number): Date => new Date(ORDERED.getTime() + day * DAY_MS);
const seen = (status: ParcelStatus, day: number): ParcelSighting => ({ status, at: on(day), updatedAt: on(day) });
const leg = (known: ParcelSighting | null): Leg => ({ carrier: 'UPS', number: '1Z1', known, dueAt: null });
const trouble = (out: ParcelSighting | null, back: ParcelSighting | null, day: number) => {
  const found = troubleOf(
    { out: leg(out), back: leg(back) },
    { now: on(day), orderedAt: ORDERED, stalledAfterMs: 7 * DAY_MS },
  );
  return found && `${found.leg}:${found.what}`;
};

describe('what is kept of a parcel', () => {
  it('is read back as it was, and not of another number', () => {
    const known = seen('out_for_delivery', 3);
    const facts = legFacts('out', leg(known));
    expect(keptLeg(facts, 'out', '1Z1')).toEqual(known);
    expect(keptLeg(facts, 'out', '1Z2')).toBeNull();
    expect(keptLeg(facts, 'back', '1Z1')).toBeNull();
    expect(keptLeg(null, 'out', '1Z1')).toBeNull();
  });

  it('an arrival stays, whatever comes in whatever order', () => {
    const sighting = fc.record({
      status: fc.constantFrom(...PARCEL_STATUSES),
      at: fc.integer({ min: 0, max: 30 }).map(on),
      updatedAt: fc.integer({ min: 0, max: 30 }).map(on),
    });
    fc.assert(
      fc.property(fc.array(sighting), fc.array(sighting), (before, after) => {
        const known = advance(null, [...before, seen('delivered', 2)], ORDERED);
        expect(['delivered', 'returned_to_sender']).toContain(advance(known, after, ORDERED)?.status);
      }),
    );
  });
});

describe('trouble', () => {
  it.each([
    ['a box that is not sent', null, null, 6, null],
    ['a box that is not sent for a week', null, null, 7, 'out:not_shipped'],
    ['a box on its way', seen('in_transit', 2), null, 8, null],
    ['a box nobody has seen for a week', seen('in_transit', 2), null, 9, 'out:stalled'],
    ['a box that went back', seen('returned_to_sender', 3), null, 3, 'out:returned_to_sender'],
    ['a label back that nobody uses yet', seen('delivered', 3), seen('label_created', 1), 40, null],
    ['a device that nobody has seen for a week', seen('delivered', 3), seen('in_transit', 10), 17, 'back:stalled'],
    ['a device with a problem', seen('delivered', 3), seen('exception', 10), 10, 'back:exception'],
    [
      'a device that went back to the person',
      seen('delivered', 3),
      seen('returned_to_sender', 10),
      10,
      'back:returned_to_sender',
    ],
    ['a device on its way, whatever became of the box', seen('exception', 3), seen('in_transit', 10), 12, null],
    ['a device that has arrived', seen('in_transit', 1), seen('delivered', 10), 40, null],
  ] as const)('%s', (_, out, back, day, expected) => {
    expect(trouble(out, back, day)).toBe(expected);
  });
});

describe('working days', () => {
  it.each([
    ['2026-03-02T09:00:00Z', 1, 'UTC', '2026-03-03'],
    ['2026-03-05T09:00:00Z', 2, 'UTC', '2026-03-09'],
    // Friday evening in Portland is Saturday in Seoul.
    ['2026-03-06T20:00:00Z', 1, 'America/Los_Angeles', '2026-03-09'],
    ['2026-03-08T20:00:00Z', 1, 'Asia/Seoul', '2026-03-10'],
    ['2026-03-08T20:00:00Z', 1, 'Not/AZone', '2026-03-09'],
  ])('from %s, %i days in %s: %s', (from, days, zone, due) => {
    expect(workingDaysAfter(new Date(from), days, zone)).toBe(due);
  });
});
