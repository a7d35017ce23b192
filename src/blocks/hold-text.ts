// Legal hold on screens: that it stands, since when, by whom and why; what it keeps; and who was faster.

import { type HoldView, type RunView, type StepView, standingHold } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import type { StaleRun } from '../workflow/model/verdicts.ts';
import { wordIn } from './amounts.ts';
import { knownName, mention, type Names, operatorName } from './names.ts';
import { context, date, type Message, privateMessage, section } from './parts.ts';
import { safeText } from './safe-text.ts';

const REASON_CHARS = 300;
const MOST_PAST = 3;

/** By step, what stays undone while a hold stands. A test holds it to the steps that a hold blocks. */
export const KEPT_BY_HOLD: ReadonlyMap<string, string> = new Map([
  ['google.close', 'the Google account is not suspended or archived at the end, and its licence is not freed'],
  ['jamf.erase', 'the Mac is not erased, and nobody is asked to'],
]);

/** What a hold keeps in this run; empty: Sendoff removes nothing here. */
export function keptByHold(run: Pick<RunView, 'steps'>): readonly string[] {
  return run.steps.flatMap((one) => {
    const kept = KEPT_BY_HOLD.get(one.step);
    return kept === undefined || hasEnded(one.status) || isErasing(one) ? [] : [kept];
  });
}

/** Queued for a Mac that has not confirmed it. */
function isErasing({ step, status, after }: StepView): boolean {
  return step === 'jamf.erase' && status === 'waiting' && wordIn(after, 'command') !== null;
}

/** "Legal hold since … by Lin: …"; null: none stands. */
export function holdLine(run: Pick<RunView, 'holds' | 'steps'>, names: Names = {}): string | null {
  const hold = standingHold(run);
  if (hold === null) return null;
  const kept = keptByHold(run);
  const until = kept.length === 0 ? '' : ` Until it is lifted ${kept.join('; ')}.`;
  const late = run.steps.some(isErasing) ? ' *An erasure was sent before it, and cannot be called back.*' : '';
  return `:scales:  *Legal hold* since ${date(hold.at)} by ${operatorName(hold.by, names)}: “${reasonOf(hold)}”.${until}${late}`;
}

/** In lists, after the state: " · legal hold". */
export function holdMark(run: Pick<RunView, 'holds'>): string {
  return standingHold(run) ? ' · :scales: legal hold' : '';
}

/** Holds that were lifted, for the report; the newest ones. */
export function liftedLines({ holds }: Pick<RunView, 'holds'>, names: Names = {}): readonly string[] {
  const lifted = holds.flatMap((hold) => (hold.lifted ? [{ ...hold, lifted: hold.lifted }] : []));
  const told = lifted
    .slice(-MOST_PAST)
    .map(
      ({ by, at, lifted: end }) =>
        `Legal hold by ${operatorName(by, names)} ${date(at)}, lifted by ${operatorName(end.by, names)} ${date(end.at)}: “${reasonOf(end)}”`,
    );
  const older = lifted.length - told.length;
  return older > 0 ? [`${older} earlier legal holds, all lifted`, ...told] : told;
}

function reasonOf({ reason }: Pick<HoldView, 'reason'>): string {
  return safeText(reason, REASON_CHARS) || 'no reason given';
}

export function buildStaleHold(verdict: StaleRun | { readonly verdict: 'unknown' }, names: Names = {}): Message {
  return privateMessage(section(staleHoldWords(verdict, names)), context('Only you can see this.'));
}

/** Who was faster, what they did, when. */
export function staleHoldWords(verdict: StaleRun | { readonly verdict: 'unknown' }, names: Names = {}): string {
  if (verdict.verdict === 'unknown') return ':information_source:  I do not know this run any more.';
  const { by, at, what } = verdict;
  const when = at === null ? '' : ` ${date(at, 'time')}`;
  const did =
    by === null
      ? 'This run has ended or has moved on; a hold on it would keep nothing any more'
      : `${knownName(by, names) ?? mention(by)} ${what === 'hold' ? 'set a legal hold' : 'lifted the legal hold'}${when}`;
  return `:information_source:  ${did}. Your click changed nothing.`;
}
