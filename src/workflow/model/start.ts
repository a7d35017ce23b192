// When a run acts: at once, at a moment that was agreed, or only after a human has looked. Three dates are kept apart. Pure.
import { countryCode } from './countries.ts';
import type { DeviceChoice } from './device.ts';
import { type PlanView, pinnedGoogle, protectionOf } from './plan.ts';
import type { Policy } from './policy.ts';
import { cutOffIn } from './schedule-policy.ts';
import { type Day, instantOf, isDay, isTimeOfDay, type TimeOfDay, timeZone } from './time-zone.ts';

const HOUR_MS = 3_600_000;

/** Whose word opened a run that no operator asked for. Never an operator's key: those hold a slash. */
export type Door = 'bamboohr' | 'okta';

/** A wall-clock time in the person's own zone. */
export interface When {
  readonly day: Day;
  readonly time: TimeOfDay;
}

/** `policy`: nobody knows where the person is. */
export interface ZoneView {
  readonly name: string;
  readonly from: 'okta' | 'slack' | 'country' | 'policy';
}

/** Why a run waits for a human and has done nothing. */
export type HeldBecause =
  | { readonly why: 'identity' } // HR and Okta may mean different people
  | { readonly why: 'protected' } // protected since it was scheduled: a second approver is needed
  | { readonly why: 'changed'; readonly what: readonly ChangedFact[] }
  | { readonly why: 'refused'; readonly refusal: string } // a safeguard: the last super admin, our own credentials, deleted
  | { readonly why: 'not_read'; readonly vendor: string } // it could not be read again for too long
  | { readonly why: 'record_gone' } // HR deleted the record
  | { readonly why: 'many'; readonly most: number }; // so many began within an hour, which is what the policy lets begin unasked

export interface Held {
  readonly because: HeldBecause;
  /** What was seen when it was held. */
  readonly now: PlanView | null;
}

/** What a run keeps of its start. Absent: it began at once, on an operator's word. */
export interface Start {
  readonly status: 'open' | 'scheduled' | 'held';
  /** When access ends: the moment it acts. Null: held, and no moment was ever agreed. */
  readonly at: Date | null;
  readonly zone: string | null;
  readonly lastWorkingAt: Date | null;
  readonly employmentEndsOn: Day | null;
  readonly remindAt: Date | null;
  /** What was confirmed, or seen as it was scheduled. */
  readonly plan: PlanView | null;
  /** What an operator ticked, which counts at the moment. Null: no operator has seen the computers. */
  readonly devices: DeviceChoice | null;
  readonly held: Held | null;
}

export type ChangedFact =
  | 'okta_account' // it can be used again, or belongs to somebody else
  | 'identity'
  | 'hris_record'
  | 'manager'
  | 'google_account'
  | 'devices'
  | 'irreversible';

/** The first of: Okta's profile, Slack's, the only zone of the country, the policy's. Names that are no zones are passed over. */
export function zoneOf(
  policy: Policy,
  seen: { readonly okta: string | null; readonly slack: string | null; readonly country: string | null },
): ZoneView {
  const okta = timeZone(seen.okta);
  if (okta) return { name: okta, from: 'okta' };
  const slack = timeZone(seen.slack);
  if (slack) return { name: slack, from: 'slack' };
  const only = onlyZoneOf(seen.country);
  if (only) return { name: only, from: 'country' };
  return { name: policy.schedule.timeZone, from: 'policy' };
}

function onlyZoneOf(country: string | null): string | null {
  const code = country === null ? null : countryCode(country);
  if (code === null) return null;
  const zones = (
    new Intl.Locale(`und-${code}`) as Intl.Locale & { getTimeZones(): string[] | undefined }
  ).getTimeZones();
  return zones?.length === 1 ? timeZone(zones[0]) : null;
}

/** What HR's record or Okta's profile says; null: neither. */
export function countryOf(plan: PlanView): string | null {
  return plan.hris?.is === 'same_person' ? plan.hris.record.country : null;
}

/** Null: no day and time. */
export function whenOf(given: { day: string | null | undefined; time: string | null | undefined }): When | null {
  const { day, time } = given;
  return day && time && isDay(day) && isTimeOfDay(time) ? { day, time } : null;
}

export function momentOf(when: When, zone: string): Date {
  return instantOf(when.day, when.time, zone);
}

/** When access ends on that last day, where nobody chose a time. */
export function lastMomentOn(policy: Policy, plan: PlanView, day: Day): When {
  return { day, time: cutOffIn(policy.schedule, countryOf(plan)) };
}

/** Before a moment that is further away than that; null: it is too near, or nobody is reminded. */
export function remindBefore(policy: Policy, at: Date, now: Date): Date | null {
  const remindAt = new Date(at.getTime() - policy.schedule.remindHours * HOUR_MS);
  return policy.schedule.remindHours > 0 && remindAt > now ? remindAt : null;
}

/**
 * Decisions that are no longer what was agreed; empty: go on. Counts never count. Access that somebody closed meanwhile is no
 * change: there is less to do. What could not be read then or now is not compared: it is unknown, not changed.
 */
export function changedSince(before: PlanView, now: PlanView): readonly ChangedFact[] {
  const was = (plan: PlanView): boolean => plan.status === 'DEPROVISIONED';
  const changed: ChangedFact[] = [];
  if (was(before) && !was(now)) changed.push('okta_account');
  if (now.hris?.is === 'undecided' && before.hris?.is !== 'undecided') changed.push('identity');
  const [oldRecord, newRecord] = [recordOf(before), recordOf(now)];
  if (oldRecord && newRecord) {
    if (oldRecord.id !== newRecord.id) changed.push('hris_record');
    if (oldRecord.managerId !== newRecord.managerId) changed.push('manager');
  }
  if (isRead(before) && isRead(now)) {
    const [oldGoogle, newGoogle] = [pinnedGoogle(before.google ?? null), pinnedGoogle(now.google ?? null)];
    if (oldGoogle.google !== newGoogle.google) changed.push('google_account');
    else if (oldGoogle['google.manager'] !== newGoogle['google.manager']) changed.push('manager');
  }
  if (!was(now)) {
    if (differ(devicesOf(before), devicesOf(now))) changed.push('devices');
    if (hasMore(irreversibleOf(before), irreversibleOf(now))) changed.push('irreversible');
  }
  return [...new Set(changed)];
}

/** Which there are, whose, and whether they take commands. False where they could not be read then or now: that is unknown, not changed. */
export function hasOtherComputers(before: PlanView, now: PlanView): boolean {
  const [old, found] = [computersOf(before), computersOf(now)];
  return old !== null && found !== null && old !== found;
}

function computersOf({ devices: view }: PlanView): string | null {
  if (view?.is !== 'read') return null;
  const known = view.devices.map(({ id, serial, managementId, isTheirs }) => [id, serial, managementId, isTheirs]);
  return JSON.stringify(known.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)));
}

export function isNewlyProtected(before: PlanView | null, now: PlanView): boolean {
  return protectionOf(now) !== null && (before === null || protectionOf(before) === null);
}

function recordOf({ hris }: PlanView) {
  return hris?.is === 'same_person' ? hris.record : null;
}

function isRead({ google }: PlanView): boolean {
  return google !== undefined && google.is !== 'not_read';
}

/** Computers are compared by themselves. */
function effectsOf(plan: PlanView) {
  return ofPerson(plan).flatMap(({ seen }) => (seen.is === 'unsatisfied' ? seen.would : []));
}

/** Null: some line could not be checked. */
function devicesOf(plan: PlanView): ReadonlySet<string> | null {
  if (ofPerson(plan).some(({ step, seen }) => /devices|lock/.test(step) && seen.is === 'not_checked')) return null;
  return new Set(
    plan.steps
      .flatMap(({ seen }) => (seen.is !== 'not_checked' ? [seen.facts.deviceIds ?? []] : []))
      .flat()
      .map(String),
  );
}

function ofPerson({ steps }: PlanView) {
  return steps.filter(({ subject }) => subject === '');
}

function irreversibleOf(plan: PlanView): ReadonlySet<string> | null {
  if (ofPerson(plan).some(({ seen }) => seen.is === 'not_checked')) return null;
  return new Set(effectsOf(plan).flatMap((one) => (one.irreversible ? [one.name] : [])));
}

function differ(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): boolean {
  return one !== null && other !== null && (hasMore(one, other) || hasMore(other, one));
}

function hasMore(before: ReadonlySet<string> | null, now: ReadonlySet<string> | null): boolean {
  return before !== null && now !== null && [...now].some((one) => !before.has(one));
}

/** Which end of which HR record a run was begun for: the same end never begins two. */
export function begunFor(end: { readonly record: string; readonly day: Day | null }): string {
  return `${end.record}@${end.day ?? 'no date'}`;
}
