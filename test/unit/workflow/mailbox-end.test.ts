// When a mailbox's delegation ends and who is told when: for any grant, policy and extension.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, nextLookAt, REMINDER_DAYS, reminderAt } from '../../../src/workflow/model/mailbox-end.ts';
import { gateFor } from '../../../src/workflow/model/mailbox-policy.ts';
import { DAY_MS, MONDAY } from '../../support/engine.ts';

const grantedAt = (at: Date, isAccepted = true) => ({ target: '101', at, isAccepted });
const none = { seenAt: null, isAttested: false, granted: null, grants: [], decisions: [], policy: {} };
const extend = (until: Date, at = MONDAY) => ({
  kind: 'extend',
  by: 'T1/UONE',
  at,
  answer: { until: until.toISOString() },
});
const moments = fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true });

describe('the end', () => {
  it('is 60 days of 24 hours after the first confirmed grant, whatever clocks are changed in between', () => {
    fc.assert(
      fc.property(fc.array(moments, { minLength: 1, maxLength: 4 }), (dates) => {
        const end = endOf({ ...none, grants: dates.map((at) => grantedAt(at)) });
        const first = Math.min(...dates.map((at) => at.getTime()));
        expect(end?.at.getTime()).toBe(first + 60 * DAY_MS);
      }),
    );
  });

  it('of a grant without an answer counts from when it was sent, and of one that was found from when it was seen', () => {
    expect(endOf({ ...none, grants: [grantedAt(MONDAY, false)] })?.grantedAt).toEqual(MONDAY);
    expect(endOf({ ...none, granted: '101', seenAt: MONDAY })).toMatchObject({ grantedAt: MONDAY, targets: ['101'] });
    expect(endOf({ ...none, isAttested: true, seenAt: MONDAY })).toMatchObject({ grantedAt: MONDAY, targets: [] });
    expect(endOf(none)).toBeNull();
  });

  it('moves to an extension, never earlier, and never beyond what the policy allows', () => {
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 180 }),
        fc.integer({ min: 0, max: 180 }),
        fc.array(moments),
        (at, days, most, until) => {
          const policy = { 'mailbox.days': days, 'mailbox.extendDaysAtMost': most };
          const end = endOf({ ...none, grants: [grantedAt(at)], policy, decisions: until.map((one) => extend(one)) });
          const first = at.getTime() + days * DAY_MS;
          const wanted = Math.max(first, ...until.map((one) => one.getTime()));
          expect(end?.at.getTime()).toBe(Math.min(wanted, first + most * DAY_MS));
        },
      ),
    );
  });
});

describe('looking again', () => {
  it('each reminder is due once on the way, the end comes last, and no step of the way is skipped or repeated', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 180 }), (at, days) => {
        const end = endOf({ ...none, grants: [grantedAt(at)], policy: { 'mailbox.days': days } });
        if (!end) throw new Error('no end');
        const told: (number | null)[] = [];
        let now = at;
        while (now < end.at) {
          told.push(reminderAt(end, now));
          const next = nextLookAt(end, now);
          expect(next > now).toBe(true);
          now = next;
        }
        expect(now).toEqual(end.at);
        expect(told).toEqual([null, ...REMINDER_DAYS.filter((one) => one < days)]);
      }),
    );
  });

  it('a reminder from before an extension is not owed for the new end', () => {
    const end = endOf({
      ...none,
      grants: [grantedAt(MONDAY)],
      decisions: [extend(new Date(MONDAY.getTime() + 65 * DAY_MS), new Date(MONDAY.getTime() + 58 * DAY_MS))],
    });
    const on = (day: number): number | null =>
      end ? reminderAt(end, new Date(MONDAY.getTime() + day * DAY_MS)) : null;
    expect([on(58), on(61), on(62)]).toEqual([null, null, 3]);
  });
});

describe('the gate of a country', () => {
  const policy = { 'mailbox.countries': ['KR=U1,U2', 'DE=approver'] };
  it.each([
    ['South Korea', { country: 'KR', people: ['U1', 'U2'] }],
    ['kr', { country: 'KR', people: ['U1', 'U2'] }],
    ['Germany', { country: 'DE', people: null }],
    ['France', null],
    ['Elbonia', { country: null, people: null }],
    [null, { country: null, people: null }],
  ])('%s', (country, gate) => {
    expect(gateFor(policy, country)).toEqual(gate);
    expect(gateFor({ 'mailbox.countries': [] }, country)).toBeNull();
  });
});
