// What the Google steps found and did, in words. Each line says how it is known: read back, or only accepted by Google.
import type { StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { count, countAndList, factIn, list, namesIn, wordIn } from './amounts.ts';
import { safeText } from './safe-text.ts';

type Told = Pick<StepView, 'step' | 'before' | 'after' | 'evidence'>;

const ACCOUNTS: Readonly<Record<string, string>> = {
  active: 'active',
  suspended: 'suspended',
  archived: 'archived',
  deleted: 'deleted',
};

export function accountWords(facts: Facts | null): string {
  const account = wordIn(facts, 'account') ?? '';
  return (Object.hasOwn(ACCOUNTS, account) ? ACCOUNTS[account] : undefined) ?? 'unknown';
}

/** '' where the title says it all. */
export function googleInShort(step: Told): string {
  if (step.step === 'google.contain') {
    const closed = closedDoors(step);
    return closed.length === 0 ? 'password replaced, signed out' : `password replaced, ${closed.join(', ')} removed`;
  }
  if (step.step === 'google.keep') return reactivatedWords(step.after);
  if (step.step === 'google.active')
    return factIn(step.after, 'reactivated') === true ? 'was suspended, made active again' : '';
  return '';
}

export function googleBullets(step: Told): readonly string[] {
  const state = `Google account: ${accountWords(step.after)}`;
  if (step.evidence === 'moot') return [`${state}, so nobody can sign in to it`];
  if (step.step === 'google.contain') return [state, ...containBullets(step)];
  if (step.step === 'google.keep') return [state, `It ${reactivatedWords(step.after)} since the handover began`];
  if (step.step !== 'google.active' || factIn(step.after, 'reactivated') !== true) return [state];
  return [
    `Google account: ${accountWords(step.before)} before, ${accountWords(step.after)} now`,
    'New password in the same change, then signed out everywhere (accepted by Google; neither can be read back)',
  ];
}

function reactivatedWords(facts: Facts | null): string {
  const n = factIn(facts, 'reactivations');
  if (typeof n !== 'number' || n === 0) return 'was never suspended';
  return `was suspended and made active again ${n === 1 ? 'once' : `${n} times`}`;
}

/** What the question that stopped a step is about. */
export function googleAskedOf(step: Told): readonly string[] {
  const name = wordIn(step.after, 'name');
  const found = name === null ? [] : [`Google calls it ${safeText(name, 60) || 'unnamed'}`];
  return [...found, `Google account: ${accountWords(step.after)}`];
}

const DOORS = [
  ['apps', 'app'],
  ['appPasswords', 'app password'],
  ['backupCodes', 'backup code'],
  ['roles', 'admin role'],
] as const;

function closedDoors(step: Told): string[] {
  return DOORS.flatMap(([key, one]) => {
    const n = Math.max(0, amount(step.before, key) - amount(step.after, key));
    return n === 0 ? [] : [count(n, one)];
  });
}

function amount(facts: Facts | null, key: string): number {
  const value = factIn(facts, key);
  if (typeof value === 'number') return value;
  return Array.isArray(value) ? value.length : 0;
}

function containBullets({ before, after }: Told): string[] {
  return [
    ...(factIn(after, 'password') === 'accepted'
      ? ['New password that nobody knows, no change forced (accepted by Google; it cannot be read back)']
      : []),
    ...(factIn(after, 'sessions') === 'accepted'
      ? ['Signed out everywhere (accepted by Google; it keeps no list to read back)']
      : []),
    ...removed(before, after, 'apps', 'app with access', 'apps with access'),
    ...removedCount(before, after, 'appPasswords', 'app password'),
    ...removedCount(before, after, 'backupCodes', 'backup code'),
    ...recoveryBullet(before, after),
    ...removed(before, after, 'roles', 'admin role'),
    ...phonesBullet(after),
    ...(factIn(before, 'listed') === true && factIn(after, 'listed') === false
      ? ['Hidden from the address list (read back)']
      : []),
    `Groups recorded: ${countAndList(namesIn(after, 'groups') ?? [], 'group')}`,
  ];
}

function removed(before: Facts | null, after: Facts | null, key: string, one: string, many?: string): string[] {
  const still = namesIn(after, key) ?? [];
  const gone = (namesIn(before, key) ?? []).filter((name) => !still.includes(name));
  return gone.length === 0 ? [] : [`Removed ${countAndList(gone, one, many)} (read back)`];
}

function removedCount(before: Facts | null, after: Facts | null, key: string, one: string): string[] {
  const n = amount(before, key) - amount(after, key);
  return n > 0 ? [`Removed ${count(n, one)} (read back)`] : [];
}

function recoveryBullet(before: Facts | null, after: Facts | null): string[] {
  const still = namesIn(after, 'recovery') ?? [];
  const gone = (namesIn(before, 'recovery') ?? []).filter((one) => !still.includes(one));
  return gone.length === 0 ? [] : [`Removed recovery ${gone.join(' and ')} (read back)`];
}

/** An order that a phone carries out when it is online next. */
function phonesBullet(after: Facts | null): string[] {
  const phones = namesIn(after, 'phones') ?? [];
  return phones.length === 0
    ? []
    : [
        `Work account taken off ${count(phones.length, 'phone or tablet', 'phones and tablets')}, and nothing else on them: ${list(phones)} (accepted by Google; each does it when it is online)`,
      ];
}
