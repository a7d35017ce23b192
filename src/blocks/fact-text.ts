// What a finished step found and did, from its facts: a few words for the run's line, bullets for its own reply.
import type { StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { count, countAndList, duration, factIn, list, lowered, namesIn, wordIn } from './amounts.ts';
import { FETCHED_TOLD, fetchedBullets, fetchedInShort } from './fetched-text.ts';
import { googleBullets, googleInShort } from './google-text.ts';
import { HANDOVER_STEPS, handoverBullets, handoverInShort } from './handover-text.ts';
import { integrationBullets } from './integration-text.ts';
import { lockBullets, lockInShort } from './lock-text.ts';
import { mailboxBullets, mailboxEndBullets, mailboxInShort } from './mailbox-text.ts';
import { factorNames, statusWords } from './okta-words.ts';
import { RETURN_TOLD, returnBullets, returnInShort } from './return-text.ts';
import { safeText } from './safe-text.ts';
import { UNDO_TOLD, undoBullets, undoInShort } from './undo-text.ts';

export const LEFT_BECAUSE = 'somebody else uses';
const MOST_FACTS = 8;

type Told = Pick<StepView, 'step' | 'before' | 'after' | 'evidence'>;

/** '' where the title says it all. */
export function factsInShort(step: Told): string {
  if (step.evidence === 'moot' || step.evidence === 'attested') return '';
  if (HANDOVER_STEPS.includes(step.step)) return handoverInShort(step);
  if (RETURN_TOLD.includes(step.step)) return returnInShort(step);
  if (FETCHED_TOLD.includes(step.step)) return fetchedInShort(step);
  if (UNDO_TOLD.includes(step.step)) return undoInShort(step);
  switch (step.step) {
    case 'okta.snapshot':
      return ['groups', 'apps', 'factors', 'devices'].flatMap((key) => countOf(step.after, key)).join(', ');
    case 'okta.factors': {
      const removed = removedFactors(step);
      return removed.length === 0 ? 'there were none' : `${removed.length} removed`;
    }
    case 'okta.devices': {
      const { removed, left } = devicesOf(step);
      const told = removed.length === 0 ? 'there were none of their own' : `${removed.length} removed`;
      return left.length === 0 ? told : `${told}, ${left.length} left that ${LEFT_BECAUSE}`;
    }
    case 'google.mailbox':
      return mailboxInShort(step.after);
    case 'jamf.lock':
      return lockInShort(step.after);
    case 'jira.ticket':
      return safeText(wordIn(step.after, 'key') ?? '', 40);
    default:
      return step.step.startsWith('google.') ? googleInShort(step) : '';
  }
}

export function factBullets(step: Told): readonly string[] {
  if (HANDOVER_STEPS.includes(step.step)) return handoverBullets(step);
  if (RETURN_TOLD.includes(step.step)) return returnBullets(step);
  if (FETCHED_TOLD.includes(step.step)) return fetchedBullets(step);
  if (UNDO_TOLD.includes(step.step)) return undoBullets(step);
  switch (step.step) {
    case 'okta.snapshot':
      return snapshotBullets(step.after);
    case 'okta.block':
      if (step.evidence === 'moot') return [`${statusChange(step)}, so there was no sign-in left to block`];
      return [statusChange(step), ...sessionsBullet(step.after, 'Sessions and tokens ended')];
    case 'okta.factors':
      return step.evidence === 'moot'
        ? [`${statusChange(step)}; Okta keeps no second factors for it`]
        : factorBullets(step);
    case 'okta.devices':
      return step.evidence === 'moot' ? [statusChange(step)] : deviceBullets(step);
    case 'okta.deactivate':
      return [statusChange(step), ...sessionsBullet(step.after, 'Sessions and tokens ended once more')];
    case 'google.mailbox':
      return mailboxBullets(step.before, step.after);
    case 'google.mailbox_end':
      return mailboxEndBullets(step.after);
    case 'okta.integrations':
      return integrationBullets(step);
    case 'jamf.lock':
      return lockBullets(step);
    case 'jira.ticket':
      return [ticketWords(step.after)];
    case 'google.contain':
    case 'google.active':
    case 'google.keep':
      return googleBullets(step);
    default:
      return plainFacts(step.after);
  }
}

/** Seconds for a person, '' where a step's times are not known. */
export function tookWords(step: Pick<StepView, 'startedAt' | 'endedAt'>): string {
  if (step.startedAt === null || step.endedAt === null) return '';
  return duration(step.endedAt.getTime() - step.startedAt.getTime());
}

function snapshotBullets(after: Facts | null): string[] {
  const gaps = namesIn(after, 'gaps') ?? [];
  const told = [
    ['groups', 'group'],
    ['apps', 'app'],
    ['roles', 'admin role'],
    ['factors', 'second factor'],
    ['devices', 'registered device'],
  ] as const;
  const bullets = told.flatMap(([key, one]) => {
    const found = namesIn(after, key);
    if (found === null || gaps.includes(key)) return [];
    return [countAndList(wordsFor(key, found), one)].map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}`);
  });
  if (gaps.length > 0) bullets.push(`Not recorded, because Okta does not show them: ${list(gaps)}`);
  return [`Okta status: ${statusOf(after)}`, ...bullets];
}

function wordsFor(key: string, found: readonly string[]): readonly string[] {
  if (key === 'factors') return factorNames(found);
  return key === 'roles' ? found.map((role) => role.replaceAll('_', ' ').toLowerCase()) : found;
}

function countOf(after: Facts | null, key: 'groups' | 'apps' | 'factors' | 'devices' | string): string[] {
  const found = namesIn(after, key);
  if (found === null || (namesIn(after, 'gaps') ?? []).includes(key)) return [];
  return [count(found.length, key === 'factors' ? 'second factor' : key.slice(0, -1))];
}

function statusChange(step: Told): string {
  const [before, after] = [statusOf(step.before), statusOf(step.after)];
  return before === after || before === 'unknown'
    ? `Okta status: ${after}`
    : `Okta status: ${before} before, ${after} now`;
}

function statusOf(facts: Facts | null): string {
  const status = wordIn(facts, 'status');
  return status === null ? 'unknown' : statusWords(status);
}

/** Okta has no list of sessions to read back: its receipt is the evidence, and the reader is told. */
function sessionsBullet(after: Facts | null, done: string): string[] {
  return factIn(after, 'sessions') === 'accepted' ? [`${done} (accepted by Okta; it keeps no list to read back)`] : [];
}

function removedFactors(step: Told): readonly string[] {
  const left = namesIn(step.after, 'factors') ?? [];
  const before = namesIn(step.before, 'factors') ?? [];
  return before.slice(0, Math.max(0, before.length - left.length));
}

function factorBullets(step: Told): string[] {
  const before = factorNames(namesIn(step.before, 'factors') ?? []);
  if (before.length === 0) return ['There were no second factors'];
  return [`Removed ${countAndList(before, 'second factor')}`, 'None is left'];
}

function devicesOf(step: Told): { removed: readonly string[]; left: readonly string[] } {
  const still = namesIn(step.after, 'devices') ?? [];
  const before = namesIn(step.before, 'devices') ?? [];
  return { removed: before.filter((device) => !still.includes(device)), left: namesIn(step.after, 'left') ?? [] };
}

function deviceBullets(step: Told): string[] {
  const { removed, left } = devicesOf(step);
  const first =
    removed.length === 0 ? 'There were no devices of their own' : `Removed ${countAndList(removed, 'device')}`;
  if (left.length === 0) return [first];
  const [which, it] = left.length === 1 ? ['a device', 'it'] : [`${left.length} devices`, 'them'];
  return [
    first,
    `Left ${which} that ${LEFT_BECAUSE}: ${list(left)}. Removing ${it} here would take the other person’s sign-in too.`,
  ];
}

function ticketWords(after: Facts | null): string {
  const key = safeText(wordIn(after, 'key') ?? '', 40) || 'unknown';
  const url = wordIn(after, 'url') ?? '';
  const ticket = /^https?:\/\/[\w.:-]+\/browse\/[\w-]+$/.test(url) ? `<${url}|${key}>` : key;
  const others = namesIn(after, 'others') ?? [];
  return `Ticket ${ticket}${others.length > 0 ? `; there are others of this run, which you may close: ${list(others)}` : ''}`;
}

function plainFacts(after: Facts | null): string[] {
  return Object.entries(after ?? {})
    .slice(0, MOST_FACTS)
    .map(([key, value]) => `${lowered(key) || 'fact'}: ${factWords(value)}`);
}

function factWords(value: Facts[string]): string {
  if (typeof value === 'object' && value !== null) return value.length === 0 ? 'none' : list(value);
  return value === null ? 'none' : safeText(String(value), 100) || 'none';
}

/** "Okta status SUSPENDED" as the vendor spells it, for the evidence line. */
export function readBackWords(step: Told): string {
  const status = wordIn(step.after, 'status');
  return status === null ? '' : `: status ${safeText(status, 40)}`;
}
