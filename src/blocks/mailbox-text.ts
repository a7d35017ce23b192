// The mailbox in words: what the plan says of it, what was closed and given, and when it ends. No address is known here.
import type { Facts, Observation } from '../workflow/model/step.ts';
import { count, factIn, namesIn, wordIn } from './amounts.ts';
import { date } from './parts.ts';

type Known = Extract<Observation, { is: 'satisfied' | 'under_way' | 'unsatisfied' }>;

/** Why there is nobody to receive, after "asks who receives it: ". */
const NO_RECEIVER: ReadonlyMap<string, string> = new Map([
  ['no_manager', 'no manager with a Google account is known'],
  ['manager_gone', 'the manager’s Google account is gone'],
  ['manager_inactive', 'the manager’s Google account is not active'],
  ['manager_leaving', 'the manager is offboarded too'],
  ['manager_has_many', 'the manager already receives ten mailboxes'],
  ['chosen_no_address', 'Slack shows no e-mail of the person chosen'],
  ['chosen_no_account', 'the person chosen has no Google account in this company'],
  ['chosen_is_leaver', 'the person chosen is the leaver'],
  ['chosen_inactive', 'the Google account of the person chosen is not active'],
  ['chosen_leaving', 'the person chosen is offboarded too'],
  ['chosen_has_many', 'the person chosen already receives ten mailboxes'],
]);

/** '' where somebody can receive. */
export function noReceiverWords(facts: Facts | null): string {
  const why = wordIn(facts, 'noReceiver');
  return why === null ? '' : (NO_RECEIVER.get(why) ?? '');
}

export function mailboxPlan(seen: Known, todo: string): string {
  if (seen.is === 'satisfied') return `*${todo}* · nothing to do: it is so already`;
  if (factIn(seen.facts, 'state') === 'suspended')
    return `*${todo}* · the Google account is suspended; what is in it is read when the step runs`;
  const closed = leaksWords(seen.facts);
  const first = closed === '' ? '' : `stop ${closed}, `;
  const none = noReceiverWords(seen.facts);
  if (none !== '') return `*${todo}*: ${first}then ask who receives it (${none})`;
  if (wordIn(seen.facts, 'asks') !== null) return `*${todo}*: ${first}then ask whether it may be handed over`;
  const whom = wordIn(seen.facts, 'because') === 'manager' ? 'to the manager' : 'to who was chosen';
  return `*${todo}* ${whom}: ${first}set the auto-reply, and let them read and answer, without a mail to anybody`;
}

export function mailboxEndPlan(facts: Facts, todo: string): string {
  const days = factIn(facts, 'days');
  return typeof days === 'number'
    ? `*${todo}* by itself ${count(days, 'day')} after it was given; told 14 and 3 days before`
    : `*${todo}* by itself`;
}

/** "1 delegate, 2 forwards and 1 forwarding filter"; '' for none. */
function leaksWords(facts: Facts | null): string {
  const told = (
    [
      ['delegates', 'earlier delegate'],
      ['forwards', 'forwarding address', 'forwarding addresses'],
      ['filters', 'filter that forwards', 'filters that forward'],
    ] as const
  ).flatMap(([key, one, many]) => {
    const found = namesIn(facts, key) ?? [];
    return found.length === 0 ? [] : [count(found.length, one, many)];
  });
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`;
}

export function mailboxInShort(after: Facts | null): string {
  if (wordIn(after, 'granted') === null) return '';
  return wordIn(after, 'because') === 'manager' ? 'the manager reads it' : 'who was chosen reads it';
}

export function mailboxBullets(before: Facts | null, after: Facts | null): string[] {
  const closed = leaksWords(before);
  const whom = wordIn(after, 'because') === 'manager' ? 'The manager' : 'Who was chosen';
  return [
    closed === '' ? 'There were no forwards and no earlier delegates' : `Removed and recorded: ${closed}`,
    ...(wordIn(after, 'granted') === null ? [] : [`${whom} reads and answers it; nobody was sent a mail about it`]),
    factIn(after, 'autoReply') === true ? 'Whoever writes gets the policy’s auto-reply' : 'There is no auto-reply',
  ];
}

export function mailboxEndBullets(after: Facts | null): string[] {
  const endsAt = new Date(wordIn(after, 'endsAt') ?? Number.NaN);
  const due =
    Number.isNaN(endsAt.getTime()) || factIn(after, 'cancelled') === true ? [] : [`It was due ${date(endsAt)}`];
  const state =
    wordIn(after, 'state') === 'suspended'
      ? ['The account was suspended: it was made active for the moment, and is suspended again']
      : [];
  const who =
    wordIn(after, 'state') === 'deleted' ? [] : ['Whom it was given to is on Gmail’s list of delegates no more'];
  return [...who, ...due, ...state];
}
