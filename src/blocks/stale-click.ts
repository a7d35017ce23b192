// The answer to a click that came too late: who did what and when, and how it stands. Only the one who clicked sees it.

import type { StepStatus } from '../workflow/model/transitions.ts';
import type { CancelVerdict, CutVerdict, StaleStep } from '../workflow/model/verdicts.ts';
import { knownName, mention, type Names } from './names.ts';
import { context, date, type Message, privateMessage, section } from './parts.ts';
import { safeText } from './safe-text.ts';

/** `stale.by`, `at` and `what` are those of the decision that came first. */
export function buildStaleClick(verdict: StaleStep | { readonly verdict: 'unknown' }, names: Names = {}): Message {
  return answer(staleWords(verdict, names));
}

/** For a window: markup. */
export function staleWords(verdict: StaleStep | { readonly verdict: 'unknown' }, names: Names = {}): string {
  const sentence =
    verdict.verdict === 'unknown'
      ? 'This button belongs to a step I do not know any more.'
      : `${who(verdict, names)}${STANDS[verdict.status]}`;
  return `:information_source:  ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} Your click changed nothing.`;
}

/** Too late to cancel: the run has ended. */
export function buildStaleCancel(
  verdict: Extract<CancelVerdict, { verdict: 'stale' | 'unknown' }>,
  names: Names = {},
): Message {
  if (verdict.verdict !== 'stale') return answer(':information_source:  I do not know this run any more.');
  const when = verdict.at === null ? '' : ` ${date(verdict.at, 'time')}`;
  const sentence =
    verdict.by === null
      ? 'This run has ended already; there was nothing left to cancel.'
      : `${callerOf(verdict.by, names)} ${verdict.what === 'decline' ? 'declined' : 'cancelled'} this run${when}.`;
  return answer(`:information_source:  ${sentence} Your click changed nothing.`);
}

/** Somebody was faster, or another run of the person is under way. */
export function buildStaleCut(
  verdict: Exclude<CutVerdict, { verdict: 'decided' | 'is_leaver' }>,
  names: Names = {},
): Message {
  if (verdict.verdict === 'unknown') return answer(':information_source:  I do not know this run any more.');
  if (verdict.verdict === 'live_elsewhere' && verdict.code.startsWith('REH-'))
    return answer(
      `:information_source:  ${safeText(verdict.code, 20)} takes this offboarding back, so nothing is cut again. To offboard them anew, use /offboard. Your click changed nothing.`,
    );
  if (verdict.verdict === 'live_elsewhere')
    return answer(
      `:information_source:  ${safeText(verdict.code, 20) || 'A newer run'} is a newer run of this person and looks at the same doors: go on there. Your click changed nothing.`,
    );
  const when = verdict.at === null ? '' : ` ${date(verdict.at)}`;
  const sentence =
    verdict.by === null
      ? 'This has moved on: use the newest message in the thread.'
      : `${callerOf(verdict.by, names)} had it cut again${when}.`;
  return answer(`:information_source:  ${sentence} Your click changed nothing.`);
}

function answer(markup: string): Message {
  return privateMessage(section(markup), context('Only you can see this.'));
}

function who(stale: StaleStep, names: Names): string {
  if (stale.by === null) return stale.at === null ? '' : `since ${date(stale.at, 'time')} this step has moved on: `;
  const did = DID.get(stale.what ?? 'retry') ?? 'decided';
  return `${callerOf(stale.by, names)} ${did}${stale.at === null ? '' : ` ${date(stale.at, 'time')}`}; `;
}

const DID: ReadonlyMap<string, string> = new Map([
  ['retry', 'pressed Retry'],
  ['skip', 'skipped it'],
  ['attest', 'marked it done by hand'],
  ['cancel', 'cancelled the run'],
  ['reopen', 'had it looked at again'],
  ['answer', 'answered'],
  ['extend', 'extended it'],
  ['write_off', 'wrote the device off'],
  ['decline', 'declined the run'],
  ['cut_again', 'had it cut again'],
  ['help', 'asked for help'],
]);

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
