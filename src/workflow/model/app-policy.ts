// The policy's list of apps outside Okta: who looks after each, when they are at work, how long they have, and for whom they are asked. Pure.
import { z } from 'zod';
import { countryCode } from './countries.ts';
import type { PolicyIssue } from './policy.ts';
import type { Facts } from './step.ts';
import { isTimeOfDay, timeZone } from './time-zone.ts';
import { WEEKDAYS, workingDayMs } from './working-time.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_DEADLINE_DAYS = 2;

/** Another word where the key is not there at all. */
const text = (missing: string, remedy: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `is missing: ${missing}` : `is not text: ${remedy}`) })
    .trim();
const address = (missing: string) =>
  text(missing, 'write a whole address, such as kim@acme.com')
    .max(200, 'is longer than 200 characters: no address is')
    .regex(/^[^\s@*]+@[^\s@*]+\.[^\s@*]+$/, 'is not a whole address: write it as kim@acme.com');
const timeOfDay = z
  .string('is not a time: write it in quotes, such as "09:00"')
  .refine(isTimeOfDay, 'is not a time of day: write it in quotes with 24 hours, such as "09:00"');
const listed = (what: string, remedy: string) =>
  z
    .array(
      z
        .string(`is not text: ${remedy}`)
        .trim()
        .min(1, `is empty: take it out, or ${remedy}`)
        .max(200, `is longer than 200 characters: no ${what} is`),
      `is not a list: ${remedy}`,
    )
    .min(1, `is empty: name one, or take the line out`)
    .max(250, `has more than 250 entries: take some out`)
    .optional();

const When = z.strictObject(
  {
    countries: z
      .array(
        z
          .string('is not text: write a country’s code in quotes, such as "KR"')
          .refine((one) => countryCode(one) !== null, 'is no country: write its two-letter code, such as "KR" or "DE"'),
        'is not a list: write the countries’ codes, such as [KR, DE]',
      )
      .min(1, 'is empty: name a country, or take the line out')
      .max(250, 'has more entries than there are countries: take some out')
      .optional(),
    groups: listed('group name', 'write each Okta group’s name in quotes, after "- "'),
    departments: listed('department', 'write each department as HR or Okta shows it, after "- "'),
  },
  'is not a section: write countries, groups or departments below it, or take it out',
);

export const App = z.strictObject(
  {
    key: text(
      'write a short word for it, such as figma, that never changes',
      'write a short word, such as figma',
    ).regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'is not a short word: write small letters, digits, - and _, such as figma'),
    name: text('write the app’s name, as its owner calls it', 'write the app’s name in quotes')
      .min(1, 'is empty: write the app’s name, as its owner calls it')
      .max(60, 'is longer than 60 characters: write a shorter name'),
    owner: address('write the address of whoever administers the app'),
    backup: address('write the address of somebody else, who is asked where the owner does not answer'),
    zone: text('write the owner’s time zone in quotes, such as "Europe/Berlin"', 'write a zone in quotes').refine(
      (name) => timeZone(name) !== null,
      'is no time zone: write its IANA name, such as "Europe/Berlin"',
    ),
    days: z
      .array(
        z.enum(WEEKDAYS, 'is no day of the week: write mon, tue, wed, thu, fri, sat or sun'),
        'is not a list: write [mon, tue, wed, thu, fri]',
      )
      .min(1, 'is empty: write [mon, tue, wed, thu, fri]')
      .default(['mon', 'tue', 'wed', 'thu', 'fri']),
    from: timeOfDay.default('09:00'),
    until: timeOfDay.default('17:00'),
    deadlineDays: z
      .int('is not a whole number of working days: write 2')
      .min(1, 'is less than a day: write deadlineHours instead')
      .max(30, 'is more than 30 working days: write 2')
      .optional(),
    deadlineHours: z
      .int('is not a whole number of working hours: write 8')
      .min(1, 'is less than an hour: write 8')
      .max(160, 'is more than 160 working hours: write deadlineDays instead')
      .optional(),
    atOnce: z.boolean('is neither true nor false: write false').default(false),
    when: When.prefault({}),
  },
  'is not an app: write key, name, owner, backup and zone below "- "',
);
/** An app outside Okta, as the policy names it. */
export type App = z.infer<typeof App>;

export const APP_KEYS = Object.keys(App.shape);
export const WHEN_KEYS = Object.keys(When.shape);

export const AppsPolicy = z
  .array(App, 'is not a list: write each app after "- ", or [] for none')
  .max(200, 'has more than 200 apps: leave out those that Okta closes');

/** What no schema says: an app twice, an owner who is also the backup, hours that end before they begin, two deadlines. */
export function appIssues(apps: readonly App[]): PolicyIssue[] {
  return apps.flatMap((app, index): PolicyIssue[] => {
    const issue = (key: keyof App, says: string): PolicyIssue => ({ path: ['apps', index, key], says, isKey: false });
    const isTwice = (same: (other: App) => boolean): boolean => apps.slice(0, index).some(same);
    return [
      ...(isTwice((other) => other.key === app.key) ? [issue('key', 'stands here twice: each app has its own')] : []),
      ...(isTwice((other) => folded(other.name) === folded(app.name))
        ? [issue('name', 'stands here twice: nobody could tell the two apart')]
        : []),
      ...(folded(app.owner) === folded(app.backup)
        ? [issue('backup', 'is the owner: name somebody else, who is asked where the owner does not answer')]
        : []),
      ...(app.from >= app.until
        ? [issue('until', `is not after from (${app.from}): write a later time of the same day`)]
        : []),
      ...(new Set(app.days).size < app.days.length
        ? [issue('days', 'names a day twice: take one of the two out')]
        : []),
      ...(app.deadlineDays !== undefined && app.deadlineHours !== undefined
        ? [issue('deadlineHours', 'contradicts deadlineDays: keep one of the two')]
        : []),
    ];
  });
}

/** Flat, as a run keeps it: one JSON text an app. */
export function appFacts(apps: readonly App[]): { readonly apps: readonly string[] } {
  return { apps: apps.map((app) => JSON.stringify(app)) };
}

/** The app as the run's own policy has it; null: that policy has none of this key. */
export function appIn(policy: Facts, key: string): App | null {
  const { apps } = policy;
  if (!Array.isArray(apps)) return null;
  return (apps as readonly string[]).map((one) => App.parse(JSON.parse(one))).find((app) => app.key === key) ?? null;
}

/** Of working time. */
export function deadlineMs(app: Pick<App, 'deadlineDays' | 'deadlineHours' | 'from' | 'until'>): number {
  if (app.deadlineHours !== undefined) return app.deadlineHours * HOUR_MS;
  return (app.deadlineDays ?? DEFAULT_DEADLINE_DAYS) * workingDayMs(app);
}

/** What a plan knows of the person; null: not known. */
export interface Circumstances {
  readonly country: string | null;
  readonly groups: readonly string[] | null;
  readonly department: string | null;
}

/** All of the conditions hold. One that cannot be judged counts as holding: a question too many is safer than an account that is forgotten. */
export function concerns({ when }: Pick<App, 'when'>, person: Circumstances): boolean {
  const { country, groups, department } = person;
  const code = country === null ? null : countryCode(country);
  return (
    (!when.countries || code === null || when.countries.some((one) => countryCode(one) === code)) &&
    (!when.groups || groups === null || isAmong(when.groups, groups)) &&
    (!when.departments || department === null || isAmong(when.departments, [department]))
  );
}

function isAmong(wanted: readonly string[], given: readonly string[]): boolean {
  const known = new Set(given.map(folded));
  return wanted.some((one) => known.has(folded(one)));
}

/** Directories differ in case, width and blanks; people do not. */
export function folded(words: string): string {
  return words.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
