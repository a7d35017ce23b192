// How each person of a batch stands, in one line, and all of them in a sentence.
import type { BatchMember, BatchView } from '../workflow/model/batch.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import { count } from './amounts.ts';
import { leftOutWords } from './batch-plan-text.ts';
import type { Names } from './names.ts';
import { safeCode, safeName, safeText } from './safe-text.ts';

export interface BatchOptions {
  readonly names?: Names;
  readonly approvers: readonly OperatorId[];
  /** Run id → where its thread stands. */
  readonly threads?: ReadonlyMap<string, string>;
}

type Stands = 'waits' | 'running' | 'needs_you' | 'held' | 'done' | 'cancelled' | 'left_out';

function standsOf({ run, outcome }: BatchMember): Stands {
  if (outcome !== null) return 'left_out';
  if (run === null) return 'waits';
  if (run.status === 'closed') return run.needYou > 0 ? 'needs_you' : 'done';
  if (run.status === 'cancelled') return 'cancelled';
  if (run.status === 'open') return run.needYou > 0 ? 'needs_you' : 'running';
  return 'held';
}

/** All have a run that has ended, or will have none. */
export function isEnded({ status, members }: BatchView): boolean {
  return (
    status === 'open' &&
    members.every(({ run, outcome }) => outcome !== null || run?.status === 'closed' || run?.status === 'cancelled')
  );
}

export function standsWords({ members }: BatchView): string {
  const of = (stands: Stands): number => members.filter((one) => standsOf(one) === stands).length;
  const parts: readonly (readonly [number, string])[] = [
    [of('waits'), 'about to begin'],
    [of('running'), 'running'],
    [of('needs_you'), 'need you'],
    [of('held'), 'on hold'],
    [of('done'), 'done'],
    [of('cancelled'), 'cancelled'],
    [of('left_out'), 'not begun'],
  ];
  return parts.flatMap(([n, words]) => (n > 0 ? [`${n} ${words}`] : [])).join(' · ');
}

const RANK: readonly Stands[] = ['held', 'needs_you', 'left_out', 'running', 'waits', 'cancelled', 'done'];
const MARKS: Readonly<Record<Stands, string>> = {
  waits: ':small_blue_diamond:',
  running: ':hourglass_flowing_sand:',
  needs_you: ':raised_hand:',
  held: ':rotating_light:',
  done: ':white_check_mark:',
  cancelled: ':no_entry_sign:',
  left_out: ':no_entry_sign:',
};

/** Whoever needs somebody stands first: a long list is cut at its end. */
export function inOrder({ members }: BatchView): readonly BatchMember[] {
  const rank = (one: BatchMember): number => RANK.indexOf(standsOf(one));
  return [...members].sort((one, other) => rank(one) - rank(other));
}

export function memberLine(member: BatchMember, { status }: BatchView, { threads }: BatchOptions): string {
  const name = `*${safeName(member.name)}*`;
  const who = member.run === null ? `${name} ${safeCode(member.email, 80)}` : name;
  if (status === 'awaiting_approval') return `• ${who}`;
  const stands = standsOf(member);
  return `${MARKS[stands]}  ${who}${runWords(member, stands, threads)}`;
}

function runWords({ run, outcome }: BatchMember, stands: Stands, threads: BatchOptions['threads']): string {
  if (outcome !== null) return ` · not begun: ${leftOutWords(outcome)}`;
  if (run === null) return ' · about to begin';
  const link = threads?.get(run.id);
  const code = safeText(run.code, 20);
  const named = link && /^https?:\/\/[\w.:[\]-]+\/[\w./?&=%#-]*$/.test(link) ? `<${link}|${code}>` : code;
  const words: Readonly<Record<Stands, string>> = {
    waits: 'about to begin',
    running: `${run.ended} of ${run.total} steps`,
    needs_you: `needs you: ${count(run.needYou, 'step')}`,
    held: run.status === 'held' ? 'on hold, nothing was started' : run.status.replaceAll('_', ' '),
    done: 'done',
    cancelled: 'cancelled',
    left_out: '',
  };
  return ` · ${named} · ${words[stands]}`;
}
