// The policy's part on devices: how they come back from which country, and what becomes of their data unless somebody says otherwise.
import { z } from 'zod';
import { countryCode } from './countries.ts';
import type { ReturnWay } from './device.ts';

const country = z
  .string('is not a country: write its name or its two letters, such as KR')
  .refine((text) => countryCode(text) !== null, 'is not a country: write its name or its two letters, such as KR');
const listed = z.array(country, 'is not a list: write each country on a line of its own after "- "').default([]);
const way = z.enum(['ship', 'in_person', 'courier', 'none'], 'is not known: write ship, in_person, courier or none');

const member = z
  .string('is not a Slack member ID: copy it from the profile’s menu')
  .regex(/^[UW][A-Z0-9]+$/, 'is not a Slack member ID, such as U0123ABC: copy it from the profile’s menu');
const line = (what: string) =>
  z
    .string(`is not text: write ${what}`)
    .trim()
    .min(1, `is empty: write ${what}`)
    .max(200, 'is longer than 200 characters: no label has room for it');

/** The office that devices go to, as it stands on the box's label. In the United States: Canadian boxes go there too. */
const Office = z.strictObject(
  {
    name: line('who receives it, such as "IT desk"'),
    company: line('the company’s name'),
    line1: line('street and number'),
    line2: line('the second line, or leave it out').optional(),
    city: line('the city'),
    state: z
      .string('is not text: write two letters, such as OR')
      .regex(/^[A-Z]{2}$/, 'is not a state’s two letters, such as OR'),
    zip: z
      .string('is not text: write it in quotes, such as "97201"')
      .regex(/^\d{5}(-\d{4})?$/, 'is not a US zip code, such as "97201"'),
    email: line('the address that Retriever writes to').regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'is not a whole address'),
  },
  'is not a section: write name, company, line1, city, state, zip and email below it, each indented by two blanks',
);

const Receiver = z.strictObject(
  {
    country,
    member,
  },
  'is not an entry: write country and member below "- "',
);

export const ReturnPolicy = z.strictObject(
  {
    ship: listed.prefault(['US', 'CA']),
    inPerson: listed,
    courier: listed,
    otherwise: way.default('courier'),
    office: Office.optional(),
    charger: z.boolean('is neither true nor false: write true').default(true),
    receivers: z.array(Receiver, 'is not a list: write each entry after "- "').default([]),
    dueWorkingDays: z
      .int('is not a whole number of days: write 5')
      .min(1, 'is less than a day: write 5')
      .max(60, 'is more than 60 days: write 5')
      .default(5),
    stalledAfterDays: z
      .int('is not a whole number of days: write 7')
      .min(1, 'is less than a day: write 7')
      .max(60, 'is more than 60 days: write 7')
      .default(7),
    data: z.enum(['collect', 'wipe', 'hold'], 'is not known: write collect, wipe or hold').default('collect'),
    remindAfterDays: z
      .array(
        z
          .int('is not a whole number of days: write 3')
          .min(1, 'is less than a day: write 1 or more')
          .max(365, 'is more than a year: write 365 or less'),
        'is not a list: write [3, 7, 14], or [] for no reminders',
      )
      .max(20, 'has more than 20 entries: take some out')
      .default([3, 7, 14])
      .refine(
        (days) => days.every((one, at) => at === 0 || one > (days[at - 1] ?? 0)),
        'is not in rising order: write [3, 7, 14]',
      ),
  },
  'is not a section: write ship, inPerson and courier below it, each indented by two blanks',
);
export type ReturnPolicy = z.infer<typeof ReturnPolicy>;

export const RETURN_KEYS = Object.keys(ReturnPolicy.shape);
export const OFFICE_KEYS = Object.keys(Office.shape);
/** Where a Retriever box can be sent to. Its documentation, read 2026-11. */
const BOX_COUNTRIES: readonly string[] = ['US', 'CA'];
const LISTS = { ship: 'ship', inPerson: 'in_person', courier: 'courier' } as const satisfies Record<string, ReturnWay>;

/** `country`: ISO 3166-1 alpha-2, null where nobody says. */
export function wayFor({ returns }: { readonly returns: ReturnPolicy }, country: string | null): ReturnWay {
  if (country === null) return returns.otherwise === 'ship' ? 'courier' : returns.otherwise;
  const found = Object.entries(LISTS).find(([key]) =>
    returns[key as keyof typeof LISTS].some((one) => countryCode(one) === country),
  );
  return found?.[1] ?? returns.otherwise;
}

export function returnFacts({
  returns,
}: {
  readonly returns: ReturnPolicy;
}): Readonly<Record<string, boolean | number | string | readonly string[]>> {
  return {
    'returns.ship': returns.ship,
    'returns.inPerson': returns.inPerson,
    'returns.courier': returns.courier,
    'returns.otherwise': returns.otherwise,
    'returns.data': returns.data,
    'returns.charger': returns.charger,
    'returns.receivers': returns.receivers.map((one) => `${countryCode(one.country) ?? one.country}:${one.member}`),
    'returns.dueWorkingDays': returns.dueWorkingDays,
    'returns.stalledAfterDays': returns.stalledAfterDays,
    ...Object.fromEntries(
      Object.entries(returns.office ?? {}).flatMap(([key, value]) =>
        value === undefined ? [] : [[`returns.office.${key}`, value]],
      ),
    ),
    'returns.remindAfterDays': returns.remindAfterDays.map(String),
  };
}

/** Settings that contradict each other or that nobody serves. */
export function returnIssues({
  returns,
}: {
  readonly returns: ReturnPolicy;
}): { path: (string | number)[]; says: string; isKey: false }[] {
  const seen = new Map<string, string>();
  const twice = Object.keys(LISTS).flatMap((key) =>
    returns[key as keyof typeof LISTS].flatMap((one, at) => {
      const code = countryCode(one) ?? one;
      const before = seen.get(code);
      seen.set(code, key);
      return before === undefined
        ? []
        : [
            {
              path: ['returns', key, at],
              says: `stands under ${before} already: take one of the two out`,
              isKey: false as const,
            },
          ];
    }),
  );
  const unserved = returns.ship.flatMap((one, at) =>
    BOX_COUNTRIES.includes(countryCode(one) ?? '')
      ? []
      : [
          {
            path: ['returns', 'ship', at],
            says: 'is not served by Retriever’s boxes: write it under inPerson or courier',
            isKey: false as const,
          },
        ],
  );
  const everywhere =
    returns.otherwise === 'ship'
      ? [
          {
            path: ['returns', 'otherwise'],
            says: 'ships boxes to countries that Retriever does not serve: write courier or in_person',
            isKey: false as const,
          },
        ]
      : [];
  const receivers = returns.receivers.flatMap((one, at) => {
    const code = countryCode(one.country);
    return returns.receivers.findIndex((other) => countryCode(other.country) === code) === at
      ? []
      : [
          {
            path: ['returns', 'receivers', at, 'country'],
            says: 'has a receiver already: take one of the two out',
            isKey: false as const,
          },
        ];
  });
  // Whoever's country has no way back would be promised an erasure of what nobody ever holds in their hands.
  const neverReceived =
    returns.data === 'wipe' && returns.otherwise === 'none'
      ? [
          {
            path: ['returns', 'data'],
            says: 'erases computers that otherwise: none never fetches, so before anybody has received them: write collect, or otherwise: courier',
            isKey: false as const,
          },
        ]
      : [];
  return [...twice, ...unserved, ...everywhere, ...receivers, ...neverReceived];
}
