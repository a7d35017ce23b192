// The policy's section on a leaver's mailbox: how long it is delegated, what the auto-reply says, and where that takes somebody's yes. Pure.
import { z } from 'zod';
import { countryCode } from './countries.ts';
import type { PolicyIssue } from './policy.ts';
import type { Facts } from './step.ts';

const MOST_DAYS = 180;
const MOST_REPLY_CHARS = 2_000;
const PLACEHOLDERS = ['manager', 'managerAddress', 'company'] as const;

const days = (least: number, standard: number, what: string) =>
  z
    .int(`is not a whole number of days: write ${standard}`)
    .min(least, `is less than ${least}: write ${standard}`)
    .max(MOST_DAYS, `is more than ${MOST_DAYS} days: ${what}`)
    .default(standard);
const countryEntry = z
  .string('is not text: write a country’s code in quotes, such as "KR"')
  .refine((text) => countryCode(text) !== null, 'is no country: write its two-letter code, such as "KR" or "DE"');
const slackUser = z
  .string('is not text: write a Slack user id, such as U0123ABCD')
  .regex(/^[UW][A-Z0-9]{2,20}$/, 'is no Slack user id: copy the member ID from their Slack profile, such as U0123ABCD');

export const MailboxPolicy = z.strictObject(
  {
    days: days(1, 60, 'a mailbox is not handed over for ever'),
    extendDaysAtMost: days(0, 30, 'a mailbox is not handed over for ever'),
    company: z
      .string('is not text: write the company’s name in quotes, or ""')
      .trim()
      .max(100, 'is longer than 100 characters')
      .default(''),
    autoReply: z
      .string('is not text: write the reply in quotes, or "" for none')
      .trim()
      .max(MOST_REPLY_CHARS, `is longer than ${MOST_REPLY_CHARS} characters`)
      .default('Thank you for your message. I no longer work here, and your message may be read by a colleague.'),
    autoReplyEnds: z.boolean('is neither true nor false: write false').default(false),
    countries: z
      .array(
        z.strictObject(
          {
            countries: z
              .array(countryEntry, 'is not a list: write the countries’ codes, such as [KR, DE]')
              .min(1, 'is empty: name a country, or take the rule out')
              .max(250, 'has more entries than there are countries'),
            yesFrom: z.union(
              [z.literal('approver'), z.array(slackUser).min(1).max(20)],
              'is neither approver nor a list of Slack user ids: write approver, or [U0123ABCD]',
            ),
          },
          'is not a rule: write countries and yesFrom',
        ),
        'is not a list: write each rule after "- ", or [] for none',
      )
      .max(50, 'has more than 50 rules')
      .default([]),
  },
  'is not a section: write days, autoReply and countries below it, each indented by two blanks',
);
export type MailboxPolicy = z.infer<typeof MailboxPolicy>;

/** What no schema says: placeholders that mean nothing, and a country under two rules. */
export function mailboxIssues(policy: MailboxPolicy): PolicyIssue[] {
  const at = (path: readonly (string | number)[], says: string): PolicyIssue => ({
    path: ['mailbox', ...path],
    says,
    isKey: false,
  });
  const used = [...policy.autoReply.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const strange = used.find((name) => !PLACEHOLDERS.some((one) => one === name));
  const seen = new Set<string>();
  return [
    ...(strange === undefined
      ? []
      : [at(['autoReply'], `names {${strange}}: known here: ${PLACEHOLDERS.map((one) => `{${one}}`).join(', ')}`)]),
    ...(used.includes('company') && policy.company === ''
      ? [at(['autoReply'], 'names {company}, which is not set: write mailbox.company, or take {company} out')]
      : []),
    ...policy.countries.flatMap((rule, index) =>
      rule.countries.flatMap((country, place) => {
        const code = countryCode(country) ?? country;
        const isNew = !seen.has(code);
        seen.add(code);
        return isNew
          ? []
          : [at(['countries', index, 'countries', place], 'stands here twice: take one of the two out')];
      }),
    ),
  ];
}

/** Flat, as a run keeps it. A gate is `KR=approver` or `KR=U0123,U0456`. */
export function mailboxFacts(
  policy: MailboxPolicy,
): Readonly<Record<string, boolean | number | string | readonly string[]>> {
  return {
    'mailbox.days': policy.days,
    'mailbox.extendDaysAtMost': policy.extendDaysAtMost,
    'mailbox.company': policy.company,
    'mailbox.autoReply': policy.autoReply,
    'mailbox.autoReplyEnds': policy.autoReplyEnds,
    'mailbox.countries': policy.countries.flatMap(({ countries, yesFrom }) =>
      countries.map((one) => `${countryCode(one)}=${yesFrom === 'approver' ? yesFrom : yesFrom.join(',')}`),
    ),
  };
}

/** Who has to say yes before a mailbox is handed over. */
export type Gate = {
  /** Null: the country is not known, and some countries need a yes. */
  readonly country: string | null;
  /** Slack user ids; null: any approver. */
  readonly people: readonly string[] | null;
};

/** Null: no yes is needed. `country` as HR writes it. Somebody whose country nobody knows is asked about wherever a gate exists. */
export function gateFor(policy: Facts, country: string | null): Gate | null {
  const rules = Array.isArray(policy['mailbox.countries']) ? (policy['mailbox.countries'] as readonly string[]) : [];
  if (rules.length === 0) return null;
  const gates = rules.map((rule) => {
    const [code = '', whom = ''] = rule.split('=');
    return { code, people: whom === 'approver' ? null : whom.split(',') };
  });
  const code = country === null ? null : countryCode(country);
  if (code !== null) {
    const gate = gates.find((one) => one.code === code);
    return gate ? { country: code, people: gate.people } : null;
  }
  // Whoever may say yes for one of the countries; any approver where a rule says so.
  const isOpen = gates.some((one) => one.people === null);
  return { country: null, people: isOpen ? null : [...new Set(gates.flatMap((one) => one.people ?? []))] };
}

/** `days` of a run; 60 where an older run kept none. A day is 24 hours: what ends at nine may end at eight or ten where clocks change. */
export function mailboxDays(policy: Facts, key: 'days' | 'extendDaysAtMost'): number {
  const kept = policy[`mailbox.${key}`];
  return typeof kept === 'number' ? kept : MailboxPolicy.parse({})[key];
}

/** Null: the policy wants none. */
export function autoReplyText(policy: Facts, manager: { name: string | null; address: string }): string | null {
  const kept = policy['mailbox.autoReply'];
  const text = typeof kept === 'string' ? kept : MailboxPolicy.parse({}).autoReply;
  if (text === '') return null;
  const company = policy['mailbox.company'];
  return text
    .replaceAll('{managerAddress}', () => manager.address)
    .replaceAll('{manager}', () => manager.name ?? manager.address)
    .replaceAll('{company}', () => (typeof company === 'string' ? company : ''));
}
