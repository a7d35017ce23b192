// Who of a list is left out of a batch and why, and what offboarding the others comes to in all.
import type { BatchTotals, LeftOut, LeftOutWhy } from '../workflow/model/batch.ts';
import { count } from './amounts.ts';
import { REFUSED_BECAUSE } from './refused-because.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

const LEFT_OUT: Readonly<Partial<Record<LeftOutWhy, string>>> = {
  protected: 'protected: offboard them alone',
  identity_undecided: 'HR and Okta may mean different people: offboard them alone and choose',
  already_running: 'has a run already',
  self: 'that is you',
  not_readable: 'not an address that can be read exactly',
  not_looked_at: 'there was no time left to look: ask again',
  unexpected: 'could not be looked at: ask again',
};

export function leftOutWords(why: LeftOutWhy): string {
  return LEFT_OUT[why] ?? REFUSED_BECAUSE[why as keyof typeof REFUSED_BECAUSE] ?? 'not looked at';
}

export function leftOutLine({ address, name, why, code }: LeftOut): string {
  const who = name === null ? '' : `*${safeName(name)}* `;
  const run = code === null ? '' : ` (${safeText(code, 20)})`;
  return `• ${who}${safeCode(address, 80)} · ${leftOutWords(why)}${run}`;
}

/** What cannot be taken back, or costs, in all. */
export function totalsWords({ accounts, computers, boxes, asked }: BatchTotals): string {
  const told = [
    `${count(accounts, 'account')} closed`,
    ...(computers > 0 ? [`${count(computers, 'computer')} locked`] : []),
    ...(boxes > 0 ? [`${count(boxes, 'return box', 'return boxes')} ordered`] : []),
    ...(asked > 0 ? [`of ${count(asked, 'person', 'people')} somebody is asked which computers are meant`] : []),
  ];
  return `In all: ${told.join(', ')}. Second factors, sessions and app assignments do not come back.`;
}
