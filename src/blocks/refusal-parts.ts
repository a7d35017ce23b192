// What every refusal tells: what happened, that nothing was changed, what to do next, and whom to ask.
import type { OperatorId } from '../workflow/model/run.ts';
import { isUserId, operatorName } from './names.ts';

export interface RefusalText {
  readonly emoji: string;
  readonly what: string;
  /** What was and was not done. */
  readonly done: string;
  /** Lines between what happened and what next: namesakes. */
  readonly detail: readonly string[];
  readonly next: string;
  readonly reference: string | null;
}

/** A refusal comes before the first write; a caller that cannot vouch for it must not use one. */
const NOTHING_CHANGED = '*Nothing was changed.*';

const MOST_CONTACTS = 5;

/** "Ask @Lin or @Sam for access." */
export function askContacts(contacts: readonly OperatorId[]): string {
  const known = contacts
    .slice(0, MOST_CONTACTS)
    .map(({ userId }) => (isUserId(userId) ? `<@${userId}>` : operatorName(userId)));
  return known.length === 0 ? 'Ask whoever set up Sendoff for access.' : `Ask ${known.join(' or ')} for access.`;
}

export function told(emoji: string, what: string, next: string, ref: string | null = null): RefusalText {
  return { emoji, what, done: NOTHING_CHANGED, detail: [], next, reference: ref };
}
