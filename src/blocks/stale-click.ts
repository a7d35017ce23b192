// The answer to a click that came too late: who did what and when, and how it stands. Only the one who clicked sees it.
import type { RetryVerdict } from '../workflow/model/ports.ts';
import type { StepStatus } from '../workflow/model/transitions.ts';
import { knownName, mention, type Names } from './names.ts';
import { context, date, type Message, privateMessage, section } from './parts.ts';

type Stale = Extract<RetryVerdict, { verdict: 'stale' }>;

/** `stale.by` and `stale.at` are those of the last Retry. */
export function buildStaleClick(verdict: Exclude<RetryVerdict, { verdict: 'resumed' }>, names: Names = {}): Message {
  const sentence =
    verdict.verdict === 'unknown'
      ? 'This button belongs to a step I do not know any more.'
      : `${who(verdict, names)}${STANDS[verdict.status]}`;
  return privateMessage(
    section(
      `:information_source:  ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} Your click changed nothing.`,
    ),
    context('Only you can see this.'),
  );
}

function who(stale: Stale, names: Names): string {
  if (stale.by === null) return stale.at === null ? '' : `since ${date(stale.at, 'time')} this step has moved on: `;
  return `${callerOf(stale.by, names)} pressed Retry${stale.at === null ? '' : ` ${date(stale.at, 'time')}`}; `;
}

/** A mention stands in for an unknown name: in a private answer it calls nobody. */
function callerOf(key: string, names: Names): string {
  return knownName(key, names) ?? mention(key);
}

const STANDS: Readonly<Record<StepStatus, string>> = {
  blocked: 'it waits for the steps before it.',
  ready: 'it is about to run.',
  running: 'it is running.',
  waiting: 'it is under way and waits for its next look.',
  needs_human: 'it stopped again after that: use the newest button.',
  done: 'it is done.',
  skipped: 'it was passed over.',
  cancelled: 'its run was cancelled.',
};
