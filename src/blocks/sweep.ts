// The nightly sweep's one message: live accounts of people who have left, mailboxes past their day, runs in which nothing goes on.
import type { KnownBlock } from '@slack/types';
import type { Leftover } from '../workflow/model/sweep.ts';
import { count } from './amounts.ts';
import { ACTIONS } from './ids.ts';
import { statusWords } from './okta-words.ts';
import { button, context, date, linkButton, type Message, message, section } from './parts.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { vendorName } from './vendor-words.ts';

export interface ToldLeftover {
  readonly id: string;
  readonly leftover: Leftover;
  /** ISO 8601. */
  readonly foundAt: string;
  /** It was told a week ago, and is still so. */
  readonly isAgain: boolean;
  readonly url: string | null;
}

/** Slack takes about 13,000 characters of blocks a message; a row with a button may have 800. */
const MOST_TOLD = 15;

export function buildSweep(given: { readonly told: readonly ToldLeftover[]; readonly at: Date }): Message {
  const { told, at } = given;
  const accounts = told.filter(({ leftover }) => leftover.kind === 'account').length;
  const unread = told.filter(({ leftover }) => leftover.kind === 'unread').length;
  const rest = told.length - accounts - unread;
  const parts = [
    ...(accounts > 0 ? [`${count(accounts, 'live account')} of people who have left`] : []),
    ...(rest > 0 ? [`${count(rest, 'run')} to look at`] : []),
    ...(unread > 0 ? [`${count(unread, 'vendor')} that could not be read`] : []),
  ];
  const left = told.length - MOST_TOLD;
  return message(
    section(`:broom:  *Sendoff’s nightly sweep: ${parts.join(', ')}* · ${date(at)}`),
    ...told.slice(0, MOST_TOLD).map(row),
    ...(left > 0 ? [context(`and ${left} more: \`npm run sendoff -- sweep\` lists them`)] : []),
    context('Nothing was changed and nothing was begun. What stays so is told again in a week.'),
  );
}

function row(told: ToldLeftover): KnownBlock {
  const { leftover, url } = told;
  const waits = leftover.kind === 'stuck' && leftover.why === 'asks' && !told.isAgain;
  const found = date(new Date(told.foundAt));
  const again = told.isAgain ? ` · *still open since ${found}*` : '';
  const since = waits ? ` since ${found} or longer` : again;
  const shown = section(`• ${leftoverWords(leftover)}${since}`);
  if (leftover.kind === 'account') {
    const accessory = button({
      actionId: ACTIONS.sweepBegin,
      label: 'Plan offboarding…',
      value: JSON.stringify({ finding: told.id }),
      about: leftover.email,
    });
    return { ...shown, accessory };
  }
  const link = linkButton(ACTIONS.openThread, 'Open thread', url);
  return link ? { ...shown, accessory: link } : shown;
}

/** Markup. */
export function leftoverWords(leftover: Leftover): string {
  switch (leftover.kind) {
    case 'account': {
      const ended = leftover.endedOn === null ? '' : ` (last day ${safeText(leftover.endedOn, 12)})`;
      return `${safeCode(leftover.email, 100)} has left according to BambooHR${ended}, and the ${vendorName(leftover.vendor)} account is ${statusWords(leftover.status)}`;
    }
    case 'delegation':
      return `*${safeName(leftover.name)}* · ${safeText(leftover.code, 40)}: the mailbox was to be taken back ${date(new Date(leftover.since))}, and somebody still reads it`;
    case 'stuck':
      return `*${safeName(leftover.name)}* · ${safeText(leftover.code, 40)}: ${stuckWords(leftover)}`;
    case 'unread':
      return `Couldn’t check: ${vendorName(leftover.vendor)} did not answer. Of what it has nothing is known tonight`;
    default:
      return leftover satisfies never;
  }
}

function stuckWords({ why, step, since }: Extract<Leftover, { kind: 'stuck' }>): string {
  const named = stepWords(step).short;
  if (why === 'asks' || since === null) return `${named} waits for somebody`;
  const at = date(new Date(since));
  if (why === 'overdue') return `${named} was due ${at} and was not looked at`;
  return `nothing goes on in it since ${at}, and it has not ended`;
}
