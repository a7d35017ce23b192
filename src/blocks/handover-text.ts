// Files, calendar and the account's end, in words: what moves and how much, what such a transfer does not move, how the account ended.
import type { PlannedStep } from '../workflow/model/ports.ts';
import type { StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { factIn, list, namesIn, wordIn } from './amounts.ts';
import { date } from './parts.ts';
import { safeName, safeText } from './safe-text.ts';

type Told = Pick<StepView, 'step' | 'before' | 'after' | 'evidence'>;

const DRIVE = 'google.drive';
const CALENDAR = 'google.calendar';
export const HANDOVER_STEPS: readonly string[] = [DRIVE, CALENDAR, 'google.close'];

/** A plan's line; null: the common words say it. */
export function handoverPlan(step: string, seen: PlannedStep['seen'], todo: string): string | null {
  if (seen.is === 'not_checked' || seen.is === 'unknown' || seen.is === 'not_applicable') return null;
  const { facts } = seen;
  if (step === 'google.close') return closePlan(seen, todo);
  const amount = step === DRIVE ? filesWords(facts) : eventsWords(facts);
  const to = wordIn(facts, 'to');
  const whom = to === null ? '' : ` to ${safeName(to, 60)}`;
  switch (seen.is) {
    case 'asks':
      return `*${todo}*: ${amount} · asks first who receives them`;
    case 'under_way':
      return `*${todo}* · a transfer${whom} that somebody started ${startedWords(facts)} is running: it is followed, no second one is started`;
    case 'satisfied':
      return `*${todo}* · Google completed a transfer${whom} that was started ${startedWords(facts)}: no second one is started`;
    case 'unsatisfied':
      return `*${todo}*: ${amount}${whom}`;
    default:
      return seen satisfies never;
  }
}

function filesWords(facts: Facts): string {
  const files = wordIn(facts, 'files');
  return files === null ? 'all files, private ones too' : `${plural(files, 'file')}, private ones too`;
}

function eventsWords(facts: Facts): string {
  const events = wordIn(facts, 'events');
  return events === null ? 'all future events with a guest or a room' : `${plural(events, 'future event')}`;
}

/** "1 file", "1,000+ files". */
function plural(amount: string, one: string): string {
  return `${safeText(amount, 20)} ${one}${amount === '1' ? '' : 's'}`;
}

function startedWords(facts: Facts): string {
  const at = new Date(wordIn(facts, 'startedAt') ?? Number.NaN);
  return Number.isFinite(at.getTime()) ? date(at) : 'earlier';
}

function closePlan(
  seen: Exclude<PlannedStep['seen'], { is: 'not_checked' | 'unknown' | 'not_applicable' }>,
  todo: string,
) {
  if (seen.is === 'satisfied') return `*${todo}* · nothing to do: it is ${accountOf(seen.facts)} already`;
  const act = wordIn(seen.facts, 'atEnd') === 'archive' ? 'archive it' : 'suspend it';
  const free = factIn(seen.facts, 'freeLicence') === true ? ' and free its licences' : '';
  return `*${todo}*: ${act}${free}, after the transfers and the end of the delegation; not while a legal hold stands`;
}

function accountOf(facts: Facts | null): string {
  return safeText(wordIn(facts, 'account') ?? '', 20) || 'closed';
}

/** '' where the title says it all. */
export function handoverInShort(step: Told): string {
  if (step.step === 'google.close') return closeInShort(step.after);
  const moved = wordIn(step.before, step.step === DRIVE ? 'files' : 'events');
  const amount = moved === null ? [] : [plural(moved, step.step === DRIVE ? 'file' : 'event')];
  const to = wordIn(step.after, 'to');
  const whom = to === null ? [] : [`to ${safeName(to, 60)}`];
  const adopted = factIn(step.after, 'adopted') === true ? ', by a transfer that was there already' : '';
  return `${[...amount, ...whom].join(' ')}${adopted}`.replace(/^, /, '');
}

function closeInShort(after: Facts | null): string {
  const freed = factIn(after, 'freed');
  const kept = namesIn(after, 'licences') ?? [];
  return [
    accountOf(after),
    ...(typeof freed === 'number' && freed > 0 ? [freed === 1 ? '1 licence freed' : `${freed} licences freed`] : []),
    ...(kept.length > 0 ? [`licence not freed: ${list(kept)}`] : []),
  ].join(', ');
}

export function handoverBullets(step: Told): readonly string[] {
  if (step.step === 'google.close')
    return step.evidence === 'moot' ? ['Google account: deleted, so there is nothing to close'] : closeBullets(step);
  const { before, after } = step;
  const to = wordIn(after, 'to');
  const id = safeText(wordIn(after, 'transfer') ?? '', 60) || 'unknown';
  const moved = wordIn(before, step.step === DRIVE ? 'files' : 'events');
  const who = factIn(after, 'adopted') === true ? 'started by somebody else, and followed' : 'started by Sendoff';
  return [
    `Transfer ${id}${to === null ? '' : ` to ${safeName(to, 60)}`}, ${who}; asked for ${startedWords(after ?? {})}`,
    ...(factIn(after, 'elsewhere') === true
      ? ['It went to somebody else than the receiver of this run, as was decided']
      : []),
    ...(moved === null ? [] : [`Counted before: ${plural(moved, step.step === DRIVE ? 'file' : 'future event')}`]),
    ...staysWords(step),
  ];
}

function closeBullets({ before, after }: Told): string[] {
  const was = accountOf(before);
  const is = accountOf(after);
  const kept = namesIn(after, 'licences') ?? [];
  const freed = factIn(after, 'freed');
  return [
    was === is ? `Google account: ${is}` : `Google account: ${was} before, ${is} now`,
    ...(typeof freed === 'number' && freed > 0 ? [`Licences freed: ${freed} (read back)`] : []),
    ...(kept.length > 0 ? [`Not freed, as was decided: ${list(kept)}. It is still paid for`] : []),
  ];
}

/** What Google said to be completed and is still theirs; Google counts its own way. */
function staysWords({ step, after }: Told): string[] {
  if (step === DRIVE) {
    const left = wordIn(after, 'filesLeft');
    return left === null || left === '0' ? [] : [`Still theirs after it: ${plural(left, 'file')}`];
  }
  const left = wordIn(after, 'stayingEventsLeft');
  const others = wordIn(after, 'otherCalendarsLeft');
  return [
    ...(left === null || left === '0' ? [] : [`Stayed: ${plural(left, 'future event')} that a transfer does not move`]),
    ...(others === null || others === '0' ? [] : [`Stayed: ${plural(others, 'other calendar')} of theirs`]),
  ];
}

type Covered = { readonly step: string; readonly facts: Facts | null };

/** What such a transfer does not move, with the numbers that could be read. Empty: nothing is transferred. */
export function coverageLines(steps: readonly Covered[]): readonly string[] {
  const drive = steps.find((one) => one.step === DRIVE);
  const calendar = steps.find((one) => one.step === CALENDAR);
  return [
    ...(drive ? [`• Drive: ${DRIVE_STAYS}${filesLeft(drive.facts)}`] : []),
    ...(calendar ? [`• Calendar: ${CALENDAR_STAYS}${calendarLeft(calendar.facts)}`] : []),
  ];
}

/**
 * @see https://support.google.com/a/answer/1247799 (files) and https://support.google.com/a/answer/7544400 (events), read 2026-11
 */
const DRIVE_STAYS =
  'files in the bin, files that others own, and shared drives: give those that the leaver organises another manager';
const CALENDAR_STAYS =
  'past events, private events, events without a guest or room, and calendars besides the main one';

function filesLeft(facts: Facts | null): string {
  const left = wordIn(facts, 'filesLeft');
  return left === null || left === '0' ? '' : `. Still theirs: ${plural(left, 'file')}`;
}

function calendarLeft(facts: Facts | null): string {
  const events = wordIn(facts, 'stayingEventsLeft') ?? wordIn(facts, 'stayingEvents');
  const calendars = wordIn(facts, 'otherCalendarsLeft') ?? wordIn(facts, 'otherCalendars');
  const told = [
    ...(events === null ? [] : [plural(events, 'future event')]),
    ...(calendars === null ? [] : [plural(calendars, 'other calendar')]),
  ];
  return told.length === 0 ? '' : `. Counted here: ${told.join(' and ')}`;
}

/** The statement with its title; null: nothing is transferred. */
export function coverageWords(steps: readonly Covered[]): string | null {
  const lines = coverageLines(steps);
  return lines.length === 0 ? null : ['*What the transfer does not move*', ...lines].join('\n');
}

/** Of a plan, with what its preview counted. */
export function plannedCoverage(planned: readonly PlannedStep[]): string | null {
  const covered = planned.filter(({ seen }) => seen.is !== 'not_applicable');
  return coverageWords(covered.map(({ step, seen }) => ({ step, facts: 'facts' in seen ? seen.facts : null })));
}
