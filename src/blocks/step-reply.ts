// One reply in the run’s thread for one step, edited in place as the step goes on. Says what is under way; the rest stands beside it.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { passWords, waitWords } from './cause-words.ts';
import { decisionLine, lastDecision } from './decision-text.ts';
import { doneReply, endedReply } from './ended-reply.ts';
import { exceptionWords, ownerAttested, ownerBullets } from './owner-text.ts';
import { isOwners } from './owner-words.ts';
import { context, date, type Message, message, section } from './parts.ts';
import { answerLine } from './question.ts';
import { type ReplyOptions, replyHead, retriesTold, revealBlocks } from './reply-parts.ts';
import { troubleOf } from './return-notices.ts';
import { revealLine } from './reveal.ts';
import { isTriedAgain, nextLook } from './step-line.ts';
import { stoppedReply } from './stopped-reply.ts';
import { writtenOffWords } from './write-off.ts';

/** Below this nobody needs to read that a step is working or waiting. */
const A_FEW_SECONDS_MS = 5_000;

/** Null: nothing worth a message. What was posted before then stays as it is. */
export function buildStepReply(run: RunView, step: StepView, options: ReplyOptions = {}): Message | null {
  switch (step.status) {
    case 'blocked':
      return null;
    case 'ready':
    case 'running':
      return wasStopped(step) || isSlow(step, options) ? working(run, step, options) : null;
    case 'waiting':
      return wasStopped(step) || isLongWait(step, options) ? waiting(run, step, options) : null;
    case 'needs_human':
      return stoppedReply(run, step, options);
    case 'done':
      return doneReply(run, step, options);
    case 'skipped':
      return endedReply(
        run,
        step,
        sentence(exceptionWords(step, options.names)) ??
          (step.cause === 'by_hand'
            ? decisionLine(lastDecision(step, 'skip'), 'Skipped', 'reason', options.names ?? {})
            : (writtenOffWords(step, options.names) ?? `Passed over: ${passWords(step.cause)}.`)),
      );
    case 'cancelled':
      return step.startedAt === null ? null : endedReply(run, step, 'Not done: the run was cancelled.');
    default:
      return step.status satisfies never;
  }
}

/** With a capital letter. */
function sentence(words: string | null): string | null {
  return words === null ? null : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function working(run: RunView, step: StepView, options: ReplyOptions): Message {
  const again = whyAgain(step, options);
  const told = retriesTold(step, options).join(' · ');
  return message(section(`${replyHead(run, step)}\n${again}`), ...(told === '' ? [] : [context(told)]));
}

function whyAgain(step: StepView, options: ReplyOptions): string {
  const newest = step.decisions.at(-1);
  if (newest?.kind === 'reopen')
    return `*It was found open again* ${date(newest.at, 'time')}. It is done once more, starting now.`;
  if (newest?.kind === 'attest' && isOwners(step)) return ownerAttested(step, options.names ?? {});
  if (newest?.kind === 'help') return 'Help was asked for.';
  if (newest?.kind === 'attest')
    return `${decisionLine(newest, 'Marked done by hand', 'evidence', options.names ?? {})}\nSendoff looks at it first; it writes nothing.`;
  if (newest?.kind === 'write_off') return `${writtenOffWords(step, options.names) ?? ''}. It ends here.`;
  if (newest?.kind === 'answer') return `${answerLine(step, options.names)}. It goes on.`;
  return isTriedAgain(step)
    ? 'It is tried again. Sendoff looks first, then writes only what is missing.'
    : 'Still working on it.';
}

function waiting(run: RunView, step: StepView, options: ReplyOptions): Message {
  const words = waitWords(step);
  const bullets = ownerBullets(step, options.names).map((fact) => `• ${fact}`);
  const told = `Waiting: ${words}${nextLook(step, options.now ?? null)}. ${toDoWords(step)}`;
  const retried = retriesTold(step, options).join(' · ');
  const below = [retried, revealLine(step, options.names)].filter((line) => line !== '');
  return message(
    section([`${replyHead(run, step)}\n${told}`, ...bullets].join('\n')),
    ...revealBlocks(run, step),
    ...(below.length === 0 ? [] : [context(...below)]),
  );
}

function toDoWords(step: StepView): string {
  if (troubleOf(step) !== null) return 'Somebody has to look after a parcel: see below.';
  return needsHands(step) ? 'The device needs somebody’s hands.' : 'Nobody needs to do anything.';
}

/** A message with a Retry button stands in the thread: it must not stay. */
function wasStopped(step: StepView): boolean {
  return step.decisions.length > 0 || step.retries.length > 0;
}

/** It waits for a Mac that somebody has to unlock or switch on: "nobody needs to" would be wrong. */
function needsHands({ step, cause }: StepView): boolean {
  return step === 'jamf.erase' && cause === 'vendor';
}

function isSlow(step: StepView, { now }: ReplyOptions): boolean {
  return (
    step.status === 'running' &&
    now !== undefined &&
    step.startedAt !== null &&
    now.getTime() - step.startedAt.getTime() >= A_FEW_SECONDS_MS
  );
}

function isLongWait(step: StepView, { now }: ReplyOptions): boolean {
  if (now === undefined || step.dueAt === null) return true;
  const since = step.startedAt === null ? 0 : now.getTime() - step.startedAt.getTime();
  return step.dueAt.getTime() - now.getTime() >= A_FEW_SECONDS_MS || since >= A_FEW_SECONDS_MS;
}
