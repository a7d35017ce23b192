// The policy's sections on runs that begin by themselves, and on when access ends on somebody's last day. Pure.
import { z } from 'zod';
import { countryCode } from './countries.ts';
import type { PolicyIssue } from './policy.ts';
import { isTimeOfDay, timeZone } from './time-zone.ts';

const timeOfDay = z
  .string('is not a time: write it in quotes, such as "18:00"')
  .refine(isTimeOfDay, 'is not a time of day: write it in quotes with 24 hours, such as "18:00"');
const countryEntry = z
  .string('is not text: write a country’s code in quotes, such as "KR"')
  .refine((text) => countryCode(text) !== null, 'is no country: write its two-letter code, such as "KR" or "DE"');

export const HrisPolicy = z.strictObject(
  {
    startsRuns: z.boolean('is neither true nor false: write true').default(true),
    stopMinutes: z
      .int('is not a whole number of minutes: write 10')
      .min(0, 'is less than 0: write 10, or 0 for no time to stop it')
      .max(1440, 'is more than a day: write 10')
      .default(10),
  },
  'is not a section: write startsRuns and stopMinutes below it, each indented by two blanks',
);
export type HrisPolicy = z.infer<typeof HrisPolicy>;

export const SchedulePolicy = z.strictObject(
  {
    accessEndsAt: timeOfDay.default('18:00'),
    countries: z
      .array(
        z.strictObject(
          {
            countries: z
              .array(countryEntry, 'is not a list: write the countries’ codes, such as [KR, DE]')
              .min(1, 'is empty: name a country, or take the rule out')
              .max(250, 'has more entries than there are countries'),
            accessEndsAt: timeOfDay,
          },
          'is not a rule: write countries and accessEndsAt',
        ),
        'is not a list: write each rule after "- ", or [] for none',
      )
      .max(50, 'has more than 50 rules')
      .default([]),
    timeZone: z
      .string('is not text: write a zone in quotes, such as "Europe/Berlin"')
      .refine((text) => timeZone(text) !== null, 'is no time zone: write its IANA name, such as "Europe/Berlin"')
      .default('Etc/UTC'),
    remindHours: z
      .int('is not a whole number of hours: write 24')
      .min(0, 'is less than 0: write 24, or 0 for no reminder')
      .max(336, 'is more than two weeks: write 24')
      .default(24),
  },
  'is not a section: write accessEndsAt and timeZone below it, each indented by two blanks',
);
export type SchedulePolicy = z.infer<typeof SchedulePolicy>;

/** What no schema says: a country under two rules. */
export function scheduleIssues(policy: SchedulePolicy): PolicyIssue[] {
  const seen = new Set<string>();
  return policy.countries.flatMap((rule, index) =>
    rule.countries.flatMap((country, place): PolicyIssue[] => {
      const code = countryCode(country) ?? country;
      const isNew = !seen.has(code);
      seen.add(code);
      const path = ['schedule', 'countries', index, 'countries', place];
      return isNew ? [] : [{ path, says: 'stands here twice: take one of the two out', isKey: false }];
    }),
  );
}

/** Flat, as a run keeps it. A cut-off is `KR=19:00`. */
export function scheduleFacts(
  hris: HrisPolicy,
  schedule: SchedulePolicy,
): Readonly<Record<string, boolean | number | string | readonly string[]>> {
  return {
    'hris.startsRuns': hris.startsRuns,
    'hris.stopMinutes': hris.stopMinutes,
    'schedule.accessEndsAt': schedule.accessEndsAt,
    'schedule.countries': schedule.countries.flatMap(({ countries, accessEndsAt }) =>
      countries.map((one) => `${countryCode(one)}=${accessEndsAt}`),
    ),
    'schedule.timeZone': schedule.timeZone,
    'schedule.remindHours': schedule.remindHours,
  };
}

/** When access ends on a last day there, by the wall clock. `country` as HR or Okta writes it; null: not known. */
export function cutOffIn(policy: SchedulePolicy, country: string | null): string {
  const code = country === null ? null : countryCode(country);
  const rule = policy.countries.find((one) =>
    one.countries.some((entry) => code !== null && countryCode(entry) === code),
  );
  return rule?.accessEndsAt ?? policy.accessEndsAt;
}
