// One line for one step: an emoji, its title in this state, and a word about it. The word never leaves it to the emoji.

import type { Button } from '@slack/types';
import type { StepView } from '../workflow/model/run.ts';
import type { Need } from '../workflow/model/step.ts';
import { factIn } from './amounts.ts';
import { passWords, waitWords } from './cause-words.ts';
import { vendorsWord } from './decision-text.ts';
import { factsInShort, tookWords } from './fact-text.ts';
import { failureInShort, isFailure } from './failure-text.ts';
import { ACTIONS } from './ids.ts';
import { evidenceWords } from './outcome-words.ts';
import { exceptionWords } from './owner-text.ts';
import { isOwners, ownerSaid } from './owner-words.ts';
import { button, date } from './parts.ts';
import { cleanText, safeText } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { subjectWords } from './subject-text.ts';

const EMOJI: Readonly<Record<StepView['status'], string>> = {
  blocked: ':white_circle:',
  ready: ':white_circle:',
  running: ':arrows_counterclockwise:',
  waiting: ':hourglass_flowing_sand:',
  needs_human: ':x:',
  done: ':white_check_mark:',
  skipped: ':fast_forward:',
  cancelled: ':no_entry_sign:',
};

export function stepEmoji(step: StepView): string {
  if (step.status !== 'needs_human') return EMOJI[step.status];
  if (!isFailure(step.need)) return ':raised_hand:';
  return step.need.sent === 'in_doubt' ? ':question:' : ':x:';
}

/** `:white_check_mark:  *Second factors removed* · 2 removed`. `now` decides whether a due moment lies ahead. */
export function stepLine(step: StepView, now: Date | null): string {
  const detail = stepDetail(step, now);
  return `${stepEmoji(step)}  *${stepTitle(step)}*${detail === '' ? '' : ` · ${detail}`}`;
}

export function stepTitle(step: StepView): string {
  const words = stepWords(step.step);
  return `${titleIn(step, words)}${subjectWords(step)}`;
}

function titleIn(step: StepView, words: ReturnType<typeof stepWords>): string {
  switch (step.status) {
    case 'done':
      if (step.evidence === 'attested') return words.todo; // nobody but a person says that it is done
      return step.evidence === 'moot' ? words.moot : words.done;
    case 'running':
      return words.doing;
    case 'needs_human':
      return isFailure(step.need) && step.need.sent !== 'in_doubt' ? words.failed : words.todo;
    default:
      return words.todo;
  }
}

function stepDetail(step: StepView, now: Date | null): string {
  switch (step.status) {
    case 'blocked':
      return 'waits for the steps before it';
    case 'ready':
      return isTriedAgain(step) ? 'is tried again' : 'starts next';
    case 'running':
      return isTriedAgain(step) ? `working, try ${step.attempt}` : 'working';
    case 'waiting':
      return `waiting: ${waitWords(step)}${nextLook(step, now)}`;
    case 'needs_human':
      return isFailure(step.need) ? failureInShort(step.need, step.step) : `needs you: ${needWords(step.need)}`;
    case 'done':
      return doneDetail(step);
    case 'skipped':
      if (exceptionWords(step) !== null) return 'not done: an approver signed an exception';
      return step.cause === 'by_hand' ? 'skipped by hand' : `passed over: ${passWords(step.cause)}`;
    case 'cancelled':
      return `not done: ${passWords(step.cause ?? 'run_cancelled')}`;
    default:
      return step.status satisfies never;
  }
}

function doneDetail(step: StepView): string {
  const evidence =
    step.evidence === 'attested' || step.evidence === 'accepted' ? evidenceWords(step.evidence, step.step) : '';
  return [evidence, ownerSaid(step), vendorsWord(step), factsInShort(step), tookWords(step)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Beyond this an hour alone may be read as today's. */
const A_DAYS_WORK_MS = 8 * 3_600_000;

/** ", next look at 09:05"; '' when it is due now. */
export function nextLook(step: StepView, now: Date | null): string {
  if (step.step === 'return.track' && step.cause === 'vendor') return ''; // the parcels' own days are what matters
  if (isOwners(step)) return ''; // its words say until when
  if (step.step === 'google.mailbox_end') return ''; // its words say until when, and the next look is far away
  if (step.dueAt === null || (now !== null && step.dueAt.getTime() <= now.getTime())) return '';
  const isFarAhead = now !== null && step.dueAt.getTime() - now.getTime() > A_DAYS_WORK_MS;
  return `, next look ${date(step.dueAt, isFarAhead ? 'day' : 'time')}`;
}

/** It failed before: so it is not the first time that people read of it. */
export function isTriedAgain(step: StepView): boolean {
  return step.failures > 0 || step.retries.length > 0;
}

export function needWords(need: Need | null): string {
  if (need === null) return 'it stopped without saying why';
  switch (need.kind) {
    case 'question':
      if (need.question.name === 'receive') return 'the device and its serial number';
      if (need.question.name === 'app_owner') return 'who is asked about the app';
      return need.question.kind === 'approve' ? 'an approval' : 'a choice';
    case 'task':
      return `${safeText(need.owner, 60) || 'somebody'} has a task to do`;
    default:
      return 'a decision';
  }
}

/** Only for a failure: other needs are not cleared by trying again. Says what it retries when `named`. */
export function retryButton(step: StepView, given: { personName: string; named: boolean }): Button | null {
  if (step.status !== 'needs_human' || !isFailure(step.need)) return null;
  const { short } = stepWords(step.step);
  return button({
    actionId: ACTIONS.stepRetry,
    label: given.named ? `Retry ${short}` : 'Retry',
    value: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    primary: true,
    about: given.named ? cleanText(given.personName, 40) : `${short} for ${cleanText(given.personName, 40)}`,
  });
}

/** Windows that ask for a reason or evidence first; in the step's own reply only. */
export function decideButtons(step: StepView, given: { personName: string }): readonly Button[] {
  // A Mac that never answers would be waited for for ever.
  const isLate = step.status === 'waiting' && step.step.startsWith('jamf.') && factIn(step.after, 'late') === true;
  // Before its owner answers an approver may sign, or say it for them.
  const isAsked = step.status === 'waiting' && isOwners(step);
  if (step.status !== 'needs_human' && !isLate && !isAsked) return [];
  const { short } = stepWords(step.step);
  const value = JSON.stringify({ stepRun: step.id, attempt: step.attempt });
  const name = cleanText(given.personName, 20);
  return [
    button({
      actionId: ACTIONS.stepSkipOpen,
      label: isOwners(step) ? 'Sign an exception…' : 'Skip…',
      value,
      about: `${short} for ${name}`,
    }),
    button({
      actionId: ACTIONS.stepAttestOpen,
      label: 'Mark done by hand…',
      value,
      about: `${short} for ${name}`,
    }),
  ];
}
