// The reviewed policy: who is protected, how work is handed over, when runs begin by themselves, and what Jira is asked for. Its schema, its defaults, its contradictions; where the text comes from is not known here.
import { z } from 'zod';
import { APP_KEYS, AppsPolicy, appFacts, appIssues, WHEN_KEYS } from './app-policy.ts';
import { BreakerPolicy, breakerFacts } from './breaker.ts';
import { AccountEndPolicy, handoverFacts, handoverIssues, TransferPolicy } from './handover-policy.ts';
import { INVENTORY_KEYS, InventoryPolicy, inventoryFacts, inventoryIssues } from './inventory-policy.ts';
import { LockPolicy } from './lock-policy.ts';
import { MailboxPolicy, mailboxFacts, mailboxIssues } from './mailbox-policy.ts';
import { OrderPolicy, orderIssues } from './order-policy.ts';
import { OFFICE_KEYS, RETURN_KEYS, ReturnPolicy, returnFacts, returnIssues } from './return-policy.ts';
import { HrisPolicy, SchedulePolicy, scheduleFacts, scheduleIssues } from './schedule-policy.ts';
import { SweepPolicy } from './sweep-policy.ts';

const MOST_ENTRIES = 500;
const MOST_CHARS = 200;

const entry = (what: string, remedy: string) =>
  z
    .string(`is not text: ${remedy}`)
    .trim()
    .min(1, `is empty: take the line out, or ${remedy}`)
    .max(MOST_CHARS, `is longer than ${MOST_CHARS} characters: no ${what} is`);
const listOf = <T extends z.ZodType>(one: T, remedy: string) =>
  z
    .array(one, `is not a list: ${remedy}, or write [] for nobody`)
    .max(MOST_ENTRIES, `has more than ${MOST_ENTRIES} entries: name an Okta group instead`)
    .default([]);

const groupName = entry('group name', 'write the group’s name as Okta shows it, in quotes');
const title = entry('title', 'write the title in quotes, with * for any text');
const address = entry('address', 'write a whole address, such as ceo@acme.com').regex(
  /^[^\s@*]+@[^\s@*]+\.[^\s@*]+$/,
  'is not a whole address: write it as ceo@acme.com; for everybody with a title or in a group use titles or groups',
);

/** Unknown keys are refused: a misspelt safeguard protects nobody. */
export const Policy = z.strictObject(
  {
    protected: z
      .strictObject(
        {
          groups: listOf(groupName, 'write each Okta group on a line of its own after "- "'),
          titles: listOf(title, 'write each title on a line of its own after "- "'),
          addresses: listOf(address, 'write each address on a line of its own after "- "'),
          containBeforeApproval: z.boolean('is neither true nor false: write false').default(false),
          remindAfterHours: z
            .int('is not a whole number of hours: write 4')
            .min(1, 'is less than an hour: write 4')
            .max(168, 'is more than a week: write 4')
            .default(4),
        },
        'is not a section: write groups, titles and addresses below it, each indented by two blanks',
      )
      .prefault({}),
    jira: z
      .strictObject(
        {
          subtasks: z.boolean('is neither true nor false: write false').default(false),
          subtaskType: entry('issue type', 'write the sub-task type’s name as Jira shows it, in quotes').default(
            'Sub-task',
          ),
        },
        'is not a section: write subtasks below it, indented by two blanks',
      )
      .prefault({}),
    transfer: TransferPolicy.prefault({}),
    google: AccountEndPolicy.prefault({}),
    mailbox: MailboxPolicy.prefault({}),
    returns: ReturnPolicy.prefault({}),
    lock: LockPolicy.prefault({}),
    inventory: InventoryPolicy.prefault({}),
    hris: HrisPolicy.prefault({}),
    schedule: SchedulePolicy.prefault({}),
    breaker: BreakerPolicy.prefault({}),
    order: OrderPolicy.prefault({}),
    sweep: SweepPolicy.prefault({}),
    apps: AppsPolicy.default([]),
  },
  'is not a policy: write "protected:" with groups, titles and addresses below it',
);
export type Policy = z.infer<typeof Policy>;

export const DEFAULT_POLICY: Policy = Policy.parse({});

export interface PolicyIssue {
  /** Keys and indexes from the root. */
  readonly path: readonly (string | number)[];
  readonly says: string;
  /** True: the last of `path` is a key that must not be there. */
  readonly isKey: boolean;
}

/** The policy, or everything that is wrong with it. Never throws. */
export function checkPolicy(given: unknown): { policy: Policy } | { issues: readonly PolicyIssue[] } {
  const parsed = Policy.safeParse(given ?? {});
  const issues = parsed.success
    ? [
        ...repeated(parsed.data),
        ...mailboxIssues(parsed.data.mailbox),
        ...handoverIssues(parsed.data),
        ...returnIssues(parsed.data),
        ...inventoryIssues(parsed.data),
        ...scheduleIssues(parsed.data.schedule),
        ...orderIssues(parsed.data),
        ...appIssues(parsed.data.apps),
      ]
    : parsed.error.issues.flatMap((issue): PolicyIssue[] => {
        const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
        if (issue.code !== 'unrecognized_keys') return [{ path, says: issue.message, isKey: false }];
        return issue.keys.map((key) => ({ path: [...path, key], says: unknownKey(path, key), isKey: true }));
      });
  return parsed.success && issues.length === 0 ? { policy: parsed.data } : { issues };
}

/** Flat, as a run keeps it and a step reads it. */
export function policyFacts(policy: Policy): Readonly<Record<string, boolean | number | string | readonly string[]>> {
  const { groups, titles, addresses, containBeforeApproval, remindAfterHours } = policy.protected;
  return {
    'protected.groups': groups,
    'protected.titles': titles,
    'protected.addresses': addresses,
    'protected.containBeforeApproval': containBeforeApproval,
    'protected.remindAfterHours': remindAfterHours,
    'jira.subtasks': policy.jira.subtasks,
    'jira.subtaskType': policy.jira.subtaskType,
    ...handoverFacts(policy),
    ...mailboxFacts(policy.mailbox),
    ...returnFacts(policy),
    'lock.revealTo': policy.lock.revealTo,
    ...inventoryFacts(policy),
    ...scheduleFacts(policy.hris, policy.schedule),
    ...breakerFacts(policy.breaker),
    ...appFacts(policy.apps),
  };
}

/** Which rule makes somebody protected. */
export type ProtectedBecause = {
  readonly rule: 'group' | 'title' | 'address';
  /** The entry of the policy. */
  readonly entry: string;
};

/** Every rule that this person falls under; empty: not protected. */
export function protectedBecause(
  policy: Policy,
  person: { readonly groups: readonly string[]; readonly title: string | null; readonly addresses: readonly string[] },
): readonly ProtectedBecause[] {
  const groups = new Set(person.groups.map(fold));
  const addresses = new Set(person.addresses.map(fold));
  const title = person.title === null ? null : fold(person.title);
  const rules = policy.protected;
  return [
    ...rules.groups.filter((one) => groups.has(fold(one))).map((one) => ({ rule: 'group' as const, entry: one })),
    ...rules.titles
      .filter((one) => title !== null && fits(title, fold(one)))
      .map((one) => ({ rule: 'title' as const, entry: one })),
    ...rules.addresses
      .filter((one) => addresses.has(fold(one)))
      .map((one) => ({ rule: 'address' as const, entry: one })),
  ];
}

/** Directories differ in case, width and blanks; people do not. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** `*` stands for any text. Looked for from left to right, so that no pattern can take long. */
function fits(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}

function repeated(policy: Policy): PolicyIssue[] {
  return (['groups', 'titles', 'addresses'] as const).flatMap((list) => {
    const seen = new Set<string>();
    return policy.protected[list].flatMap((one, at): PolicyIssue[] => {
      const isNew = !seen.has(fold(one));
      seen.add(fold(one));
      return isNew
        ? []
        : [{ path: ['protected', list, at], says: 'stands here twice: take one of the two out', isKey: false }];
    });
  });
}

const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['', Object.keys(Policy.shape)],
  ['protected', Object.keys(DEFAULT_POLICY.protected)],
  ['jira', Object.keys(DEFAULT_POLICY.jira)],
  ['transfer', Object.keys(DEFAULT_POLICY.transfer)],
  ['google', Object.keys(DEFAULT_POLICY.google)],
  ['mailbox', Object.keys(DEFAULT_POLICY.mailbox)],
  ['mailbox.countries', ['countries', 'yesFrom']],
  ['returns', RETURN_KEYS],
  ['lock', Object.keys(DEFAULT_POLICY.lock)],
  ['returns.office', OFFICE_KEYS],
  ['returns.receivers', ['country', 'member']],
  ['inventory', INVENTORY_KEYS],
  ['hris', Object.keys(DEFAULT_POLICY.hris)],
  ['schedule', Object.keys(DEFAULT_POLICY.schedule)],
  ['schedule.countries', ['countries', 'accessEndsAt']],
  ['breaker', Object.keys(DEFAULT_POLICY.breaker)],
  ['order', Object.keys(DEFAULT_POLICY.order)],
  ['apps', APP_KEYS],
  ['apps.when', WHEN_KEYS],
]);

function unknownKey(path: readonly (string | number)[], key: string): string {
  const known = KEYS.get(path.filter((part) => typeof part === 'string').join('.')) ?? [];
  const nearest = known
    .map((one) => ({ one, distance: distance(fold(key).slice(0, 50), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (nearest && nearest.distance <= Math.max(2, nearest.one.length / 3))
    return `is not known: write ${nearest.one}, or take it out`;
  return `is not known: take it out; known here: ${known.join(', ')}`;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
