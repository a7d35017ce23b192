// When a run acts: whose zone, which cut-off, which end HR means, and what counts as changed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf } from '../../../src/workflow/hris-door.ts';
import type { FoundDevice } from '../../../src/workflow/model/device.ts';
import type { HrisRecord } from '../../../src/workflow/model/identity.ts';
import type { PlanView } from '../../../src/workflow/model/plan.ts';
import { checkPolicy, DEFAULT_POLICY, Policy } from '../../../src/workflow/model/policy.ts';
import { changedSince, hasOtherComputers, lastMomentOn, momentOf, zoneOf } from '../../../src/workflow/model/start.ts';
import { aPlan } from '../blocks/screens.ts';

const record: HrisRecord = {
  id: '57',
  email: 'dana@acme.test',
  status: 'Active',
  name: 'Dana Whitfield',
  employeeNumber: '1004',
  title: null,
  department: 'Engineering',
  country: 'South Korea',
  managerId: '42',
  managerName: 'Grace Njeri',
  managerEmail: 'grace@acme.test',
  hireDate: '2024-02-05',
  terminationDate: '2026-03-31',
  hidden: [],
};
const withRecord = (over: Partial<HrisRecord> = {}, plan: Partial<PlanView> = {}): PlanView =>
  aPlan({
    hris: { is: 'same_person', record: { ...record, ...over }, managersDiffer: false, oktaManager: null },
    ...plan,
  });

describe('zoneOf', () => {
  it.each([
    [
      { okta: 'Europe/Paris', slack: 'Asia/Tokyo', country: 'KR' },
      { name: 'Europe/Paris', from: 'okta' },
    ],
    [
      { okta: 'Central European Time', slack: 'Asia/Tokyo', country: 'KR' },
      { name: 'Asia/Tokyo', from: 'slack' },
    ],
    [
      { okta: null, slack: null, country: 'Republic of Korea' },
      { name: 'Asia/Seoul', from: 'country' },
    ],
    [
      { okta: null, slack: null, country: 'United States' },
      { name: 'Etc/UTC', from: 'policy' },
    ],
    [
      { okta: null, slack: null, country: null },
      { name: 'Etc/UTC', from: 'policy' },
    ],
  ])('%j is %j', (seen, expected) => {
    expect(zoneOf(DEFAULT_POLICY, seen)).toEqual({
      ...expected,
      name: expected.name === 'Etc/UTC' ? expect.stringMatching(/UTC$/) : expected.name,
    });
  });
});

describe('the last moment of a last day', () => {
  it('is the cut-off of the country, by the person’s own clock, on a leap day and where clocks change', () => {
    const policy = Policy.parse({ schedule: { countries: [{ countries: ['South Korea'], accessEndsAt: '19:00' }] } });
    const moment = (day: string, zone: string, plan = withRecord()): string =>
      momentOf(lastMomentOn(policy, plan, day), zone).toISOString();

    expect(moment('2028-02-29', 'Asia/Seoul')).toBe('2028-02-29T10:00:00.000Z');
    expect(moment('2026-03-29', 'Europe/Berlin', aPlan())).toBe('2026-03-29T16:00:00.000Z');
    expect(moment('2026-03-28', 'Europe/Berlin', aPlan())).toBe('2026-03-28T17:00:00.000Z');
    expect(moment('2026-10-25', 'Europe/Berlin', aPlan())).toBe('2026-10-25T17:00:00.000Z');
  });
});

describe('endOf', () => {
  const now = new Date('2026-03-10T09:00:00Z');
  const of = (
    status: 'Active' | 'Inactive' | null,
    terminationDate: string | null = null,
    hireDate: string | null = '2024-02-05',
  ) => endOf({ status, terminationDate, hireDate }, now);

  it('knows a planned end, an end, a rehire, leave and somebody who has yet to come', () => {
    expect(of('Active')).toEqual({ is: 'none' });
    expect(of('Active', '2026-03-31')).toEqual({ is: 'planned', day: '2026-03-31' });
    expect(of('Active', '2026-03-10')).toEqual({ is: 'planned', day: '2026-03-10' });
    expect(of('Active', '2025-06-30')).toEqual({ is: 'none' });
    expect(of('Inactive', '2026-03-09')).toEqual({ is: 'left', day: '2026-03-09' });
    expect(of('Inactive')).toEqual({ is: 'left', day: null });
    expect(of('Inactive', null, '2026-04-01')).toEqual({ is: 'none' });
    expect(of(null, '2026-03-09')).toEqual({ is: 'unknown' });
  });

  it('never takes a day for over while it lasts somewhere', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        fc.integer({ min: -12, max: 14 }),
        (at, hours) => {
          const there = new Date(at.getTime() + hours * 3_600_000).toISOString().slice(0, 10);
          const end = endOf({ status: 'Active', terminationDate: there, hireDate: null }, at);
          expect(end).toEqual({ is: 'planned', day: there });
        },
      ),
    );
  });
});

describe('hasOtherComputers', () => {
  const mac = (over: Partial<FoundDevice> = {}): FoundDevice => ({
    id: 'jamf:11',
    kind: 'laptop',
    serial: 'C02DANA0001',
    name: 'Dana’s MacBook',
    model: null,
    managementId: 'm-11',
    isAppleSilicon: true,
    osVersion: '15.1',
    lastSeenAt: new Date('2026-03-02T09:00:00Z'),
    lastUser: 'dana',
    isTheirs: true,
    ...over,
  });
  const having = (...devices: FoundDevice[]): PlanView => aPlan({ devices: { is: 'read', devices } });
  const unread = aPlan({ devices: { is: 'not_read', why: '503', isRefusal: false } });

  it.each([
    ['one more', having(mac(), mac({ id: 'jamf:12' }))],
    ['one less', having()],
    ['another one', having(mac({ id: 'jamf:12' }))],
    ['one that is somebody else’s now', having(mac({ isTheirs: false }))],
    ['one that takes no commands any more', having(mac({ managementId: null }))],
  ])('%s is a change', (_, now) => {
    expect(hasOtherComputers(having(mac()), now)).toBe(true);
  });

  it.each([
    ['when it was last heard of', having(mac()), having(mac({ lastSeenAt: null, osVersion: '15.2' }))],
    ['their order', having(mac(), mac({ id: 'jamf:12' })), having(mac({ id: 'jamf:12' }), mac())],
    ['what could not be read now', having(mac()), unread],
    ['what could not be read then', unread, having(mac())],
    ['no Jamf', aPlan(), having(mac())],
  ])('%s is none', (_, before, now) => {
    expect(hasOtherComputers(before, now)).toBe(false);
  });
});

describe('changedSince', () => {
  it('finds decisions, not counts; nothing where less is to do or something could not be read', () => {
    const before = withRecord();
    const counts = withRecord(
      {},
      {
        steps: before.steps.map((one) =>
          one.step === 'okta.snapshot'
            ? { ...one, seen: { is: 'satisfied', basis: 'read_back', facts: { groups: [] } } }
            : one,
        ),
      },
    );

    expect(changedSince(before, before)).toEqual([]);
    expect(changedSince(before, counts)).toEqual([]);
    expect(changedSince(before, withRecord({ department: 'Sales', status: 'Inactive' }))).toEqual([]);
    expect(changedSince(before, aPlan({ status: 'DEPROVISIONED', hris: before.hris ?? { is: 'no_record' } }))).toEqual(
      [],
    );
    expect(changedSince(before, aPlan({ hris: { is: 'not_read', why: '503', isRefusal: false } }))).toEqual([]);
  });

  it('names each of them', () => {
    const before = withRecord();
    const devices = before.steps.map((one) =>
      one.step === 'okta.devices' && one.seen.is === 'under_way'
        ? { ...one, seen: { ...one.seen, facts: { ...one.seen.facts, deviceIds: ['guoNew'] } } }
        : one,
    );
    const account = {
      okta: null,
      name: null,
      doubts: [],
      oktaApp: 'none',
      isLastSuperAdmin: false,
      state: 'active',
      address: 'dana@acme.test',
    } as const;
    const google = (id: string, manager: string) =>
      withRecord(
        {},
        {
          google: {
            ...account,
            is: 'account',
            id,
            manager: { is: 'account', id: manager, address: 'g@acme.test', name: null },
          } as never,
        },
      );

    expect(changedSince(before, withRecord({ managerId: null }))).toEqual(['manager']);
    expect(changedSince(before, withRecord({ id: '58' }))).toEqual(['hris_record']);
    expect(changedSince(before, withRecord({}, { steps: devices }))).toEqual(['devices']);
    expect(changedSince(aPlan({ status: 'DEPROVISIONED' }), aPlan())).toEqual(['okta_account']);
    expect(changedSince(google('1', '2'), google('1', '3'))).toEqual(['manager']);
    expect(changedSince(google('1', '2'), google('9', '2'))).toEqual(['google_account']);
  });
});

describe('the policy on it', () => {
  it.each([
    [{ hris: { stopMinutes: -1 } }, 'less than 0'],
    [{ hris: { stopMinutes: 2000 } }, 'more than a day'],
    [{ hris: { stopMinuts: 5 } }, 'write stopMinutes'],
    [{ schedule: { accessEndsAt: '6pm' } }, 'not a time of day'],
    [{ schedule: { timeZone: 'Mars/Phobos' } }, 'is no time zone'],
    [
      {
        schedule: {
          countries: [
            { countries: ['KR'], accessEndsAt: '19:00' },
            { countries: ['Korea'], accessEndsAt: '18:00' },
          ],
        },
      },
      'stands here twice',
    ],
  ])('refuses %j with what to do', (given, says) => {
    const checked = checkPolicy(given);
    expect('issues' in checked && checked.issues.map((one) => one.says).join()).toContain(says);
  });
});
