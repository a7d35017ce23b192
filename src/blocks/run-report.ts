// The last reply of a run's thread: every step with how it is known, when, what failed on the way and who helped, and what is still open.
import type { RichTextBlock, SectionBlock, TableBlock } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { count, duration } from './amounts.ts';
import { approvalLine } from './approval-text.ts';
import { passWords } from './cause-words.ts';
import { returnDetail } from './device-return-text.ts';
import { factsInShort, tookWords } from './fact-text.ts';
import { isFailure } from './failure-text.ts';
import { NOT_HANDED_OVER } from './google-plan-text.ts';
import { coverageWords } from './handover-text.ts';
import { holdLine, liftedLines } from './hold-text.ts';
import { type Names, operatorName } from './names.ts';
import { openAccessWords } from './open-access.ts';
import { evidenceWords, FAILURE_SHORT } from './outcome-words.ts';
import { exceptionWords } from './owner-text.ts';
import { ownerSaid } from './owner-words.ts';
import { context, date, fixedDate, type Message, message, plainOf, section, sections } from './parts.ts';
import { begunAt, headTitle, isComplete, isLeftOpen, timeToRevokeMs } from './run-root.ts';
import { safePlain, safeText } from './safe-text.ts';
import { stepLine, stepTitle } from './step-line.ts';
import { notBackLines } from './undo-text.ts';
import { vendorName } from './vendor-words.ts';

type Row = TableBlock['rows'][number];

/** Slack takes 100 rows, the header included. @see https://docs.slack.dev/reference/block-kit/blocks/table-block, read 2026-11 */
const MOST_ROWS = 99;
/** JSON characters. A message has 13,000, of which the table's frame and what it left out take some; the table gets what the rest leaves. */
const MESSAGE_BUDGET = 12_300;
const TABLE_BUDGET = 8_000;
const OPEN_BUDGET = 2_500;
const MOST_HELPERS = 3;

export interface ReportOptions {
  readonly names?: Names;
}

export function buildRunReport(run: RunView, options: ReportOptions = {}): Message {
  const open = run.steps.filter(isLeftOpen).map((step) => stepLine(step, null));
  const head = section(
    [
      `:clipboard:  *Report: ${headTitle(run)}*`,
      returnDetail(run) ?? [],
      headDetail(run),
      openAccessWords(run) ?? [],
      holdLine(run, options.names) ?? [],
    ]
      .flat()
      .join('\n'),
  );
  const notBack = notBackLines(run);
  const foot = [
    ...(open.length > 0 ? sections(['*Still open*', ...open], OPEN_BUDGET) : [section('*Still open*\nNothing.')]),
    ...(notBack === null
      ? []
      : sections(['*What did not come back*', ...notBack.map((line) => `• ${line}`)], OPEN_BUDGET)),
    ...coverageOf(run),
    ...(isHandedOver(run) ? [] : [context(NOT_HANDED_OVER)]),
    context(...timesOf(run, options), ...liftedLines(run, options.names), safeText(run.code, 40) || 'no code'),
  ];
  const rows = run.steps.map((step) => ({ step, row: rowOf(step, options) }));
  const { shown, left } = withinBudget(rows, MESSAGE_BUDGET - JSON.stringify([head, ...foot]).length);
  const table: TableBlock = {
    type: 'table',
    column_settings: [{ is_wrapped: true }, { is_wrapped: true }, {}, { is_wrapped: true }],
    rows: [[cell('Step'), cell('Result'), cell('When'), cell('On the way')], ...shown],
  };
  return message(
    head,
    ...(shown.length > 0 ? [table] : []),
    ...(left > 0 ? [context(`${count(left, 'more step')}, done; not shown here for want of room`)] : []),
    ...foot,
  );
}

/** Only where something was transferred: of what was skipped nothing moved. */
function coverageOf(run: RunView): SectionBlock[] {
  const moved = run.steps.filter((step) => step.status === 'done' && step.evidence === 'read_back');
  const words = coverageWords(moved.map(({ step, after }) => ({ step, facts: after })));
  return words === null ? [] : [section(words)];
}

/** A run without Google's steps was started without its settings. */
function isHandedOver(run: RunView): boolean {
  return run.kind !== 'offboarding' || run.steps.some((step) => step.step.startsWith('google.'));
}

/** Rows of what did not go smoothly are kept before those that did. */
function withinBudget(rows: readonly { step: StepView; row: Row }[], leftOver: number): { shown: Row[]; left: number } {
  const urgentFirst = [...rows].sort((a, b) => Number(isSmooth(a.step)) - Number(isSmooth(b.step)));
  const kept = new Set<Row>();
  let size = 0;
  for (const { row } of urgentFirst) {
    const more = JSON.stringify(row).length + 1;
    if (kept.size >= MOST_ROWS || size + more > Math.min(TABLE_BUDGET, leftOver)) break;
    kept.add(row);
    size += more;
  }
  return { shown: rows.flatMap(({ row }) => (kept.has(row) ? [row] : [])), left: rows.length - kept.size };
}

function isSmooth(step: StepView): boolean {
  return step.status === 'done' && step.failed.times === 0 && step.retries.length === 0;
}

function rowOf(step: StepView, options: ReportOptions): Row {
  return [
    cell(plainOf(stepTitle(step)), 80),
    cell(resultOf(step), 60),
    whenCell(step.endedAt),
    cell(onTheWay(step, options), 200),
  ];
}

function resultOf(step: StepView): string {
  switch (step.status) {
    case 'done':
      return plainOf(evidenceWords(step.evidence, step.step));
    case 'skipped':
      return exceptionWords(step) === null ? 'skipped' : 'exception signed';
    case 'cancelled':
      return 'not done';
    case 'needs_human':
      return isFailure(step.need) ? 'stopped' : 'needs somebody';
    default:
      return 'open again';
  }
}

function onTheWay(step: StepView, options: ReportOptions): string {
  const told = [
    exceptionWords(step, options.names) ??
      (step.status === 'skipped' ? passWords(step.cause) : ownerSaid(step) || factsInShort(step)),
    failuresOf(step),
    helpersOf(step, options),
    tookWords(step) === '' ? '' : `took ${tookWords(step)}`,
  ];
  return plainOf(told.filter((part) => part !== '').join('; '));
}

/** "failed 3 times, last: Okta refused". */
function failuresOf({ failed, step }: StepView): string {
  if (failed.times === 0) return '';
  const times = failed.times === 1 ? 'failed once' : `failed ${failed.times} times`;
  return failed.last === null ? times : `${times}, last: ${FAILURE_SHORT[failed.last](vendorName(step))}`;
}

function helpersOf(step: StepView, { names }: ReportOptions): string {
  const by = [...new Set(step.retries.map((retry) => operatorName(retry.by, names)))];
  if (by.length === 0) return '';
  const more = by.length > MOST_HELPERS ? ` and ${by.length - MOST_HELPERS} more` : '';
  return `retried by ${by.slice(0, MOST_HELPERS).join(', ')}${more}`;
}

function headDetail(run: RunView): string {
  const of = (status: StepView['status']): number => run.steps.filter((step) => step.status === status).length;
  const failures = run.steps.reduce((sum, step) => sum + step.failed.times, 0);
  const revoked = timeToRevokeMs(run);
  const parts = [`${of('done')} of ${run.steps.length} steps done`];
  if (of('skipped') > 0) parts.push(`${of('skipped')} skipped`);
  if (of('cancelled') > 0) parts.push(`${of('cancelled')} not done`);
  parts.push(failures === 0 ? 'no failures' : `${count(failures, 'failure')} on the way`);
  if (revoked !== null) parts.push(`access revoked in ${duration(revoked)}`);
  if (run.closedAt !== null && run.steps.every((step) => hasEnded(step.status)))
    parts.push(`took ${duration(run.closedAt.getTime() - begunAt(run).getTime())}`);
  return parts.join(' · ');
}

function timesOf(run: RunView, { names }: ReportOptions): string[] {
  const started = `Started by ${operatorName(run.requestedBy, names)} · ${date(run.requestedAt)}`;
  const second = [approvalLine(run, names) ?? []].flat();
  if (run.closedAt === null) return [started, ...second, 'Open again'];
  return [started, ...second, `${isComplete(run) ? 'Finished' : 'Closed'} · ${date(run.closedAt)}`];
}

function cell(text: string, max = 40): { type: 'raw_text'; text: string } {
  return { type: 'raw_text', text: safePlain(text, max) || '–' };
}

/** In the viewer's own time zone. */
function whenCell(at: Date | null): RichTextBlock | { type: 'raw_text'; text: string } {
  const fixed = at === null ? null : fixedDate(at);
  if (fixed === null) return cell('–');
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'date', ...fixed }] }] };
}
