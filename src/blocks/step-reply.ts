// One reply in the run's thread for one step, edited in place: done with its evidence, passed over, waiting, or stopped and why.
import type { KnownBlock } from '@slack/types';
import { type RunView, type StepView, standingHold } from '../workflow/model/run.ts';
import { decisionLine, lastDecision, vendorsWord } from './decision-text.ts';
import { factBullets, readBackWords, tookWords } from './fact-text.ts';
import { failureText, isFailure } from './failure-text.ts';
import { fetchedAskedOf } from './fetched-text.ts';
import { googleAskedOf } from './google-text.ts';
import { KEPT_BY_HOLD } from './hold-text.ts';
import { noReceiverWords } from './mailbox-text.ts';
import { mention, type Names, operatorName } from './names.ts';
import { openAccess } from './open-access.ts';
import { actions, context, date, type Message, message, section } from './parts.ts';
import { answerLine, questionButtons, questionLine } from './question.ts';
import { troubleOf } from './return-notices.ts';
import { returnAskedOf } from './return-text.ts';
import { lockOf, revealButton, revealLine } from './reveal.ts';
import { clipMarkup, safeName } from './safe-text.ts';
import { decideButtons, isTriedAgain, needWords, nextLook, retryButton, stepEmoji, stepTitle } from './step-line.ts';
import { evidenceWords, passWords, waitWords } from './wording.ts';
import { writeOffButton, writtenOffWords } from './write-off.ts';

export interface ReplyOptions {
  readonly names?: Names;
  /** Given, short work and short waits stay silent; absent, working steps have no reply and waiting ones do. */
  readonly now?: Date;
}

/** Below this nobody needs to read that a step is working or waiting. */
const A_FEW_SECONDS_MS = 5_000;
const MOST_RETRIES_TOLD = 5;

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
      return isFailure(step.need) ? stopped(run, step, options) : deciding(run, step, options);
    case 'done':
      return done(run, step, options);
    case 'skipped':
      return ended(
        run,
        step,
        step.cause === 'by_hand'
          ? decisionLine(lastDecision(step, 'skip'), 'Skipped', 'reason', options.names ?? {})
          : (writtenOffWords(step, options.names) ?? `Passed over: ${passWords(step.cause)}.`),
      );
    case 'cancelled':
      return step.startedAt === null ? null : ended(run, step, 'Not done: the run was cancelled.');
    default:
      return step.status satisfies never;
  }
}

function done(run: RunView, step: StepView, options: ReplyOptions): Message {
  if (step.evidence === 'attested') return attested(run, step, options);
  const bullets = factBullets(step).map((fact) => `• ${fact}`);
  const evidence = `${evidenceWords(step.evidence, step.step)}${step.evidence === 'read_back' ? readBackWords(step) : ''}`;
  const times = [...(step.endedAt ? [date(step.endedAt, 'time')] : []), ...nonEmpty(tookWords(step)), evidence].join(
    ' · ',
  );
  return message(
    section([head(run, step), ...bullets].join('\n')),
    ...revealBlocks(run, step),
    context(times, ...nonEmpty(history(step, options)), ...nonEmpty(revealLine(step, options.names))),
  );
}

/** A person's word, and the vendor's beside it: never told as done. */
function attested(run: RunView, step: StepView, options: ReplyOptions): Message {
  const told = decisionLine(lastDecision(step, 'attest'), 'Marked done by hand', 'evidence', options.names ?? {});
  const open = openLine(run, step);
  const times = step.endedAt ? [date(step.endedAt, 'time')] : [];
  return message(
    section([head(run, step), told, attestedWords(step)].join('\n')),
    ...(open === '' ? [] : [section(open)]),
    context([...times, evidenceWords(step.evidence, step.step)].join(' · ')),
  );
}

function attestedWords(step: StepView): string {
  return step.cause === 'attested_against' ? `*Attested ${vendorsWord(step)}.*` : `Attested; ${vendorsWord(step)}.`;
}

function openLine(run: RunView, step: StepView): string {
  return openAccess(run).some((one) => one.id === step.id && one.step === step.step)
    ? ':warning:  *Access may still be open.* Nothing has shown yet that the account is deactivated.'
    : '';
}

/** "Worked on try 4 · retried by Lin at 09:04". */
function history(step: StepView, options: ReplyOptions): string {
  const tries = step.attempt > 1 && isTriedAgain(step) ? [`Worked on try ${step.attempt}`] : [];
  return [...tries, ...nonEmpty(answerLine(step, options.names)), ...retriesTold(step, options)].join(' · ');
}

function retriesTold(step: StepView, { names }: ReplyOptions): string[] {
  const told = step.retries
    .slice(-MOST_RETRIES_TOLD)
    .map((retry) => `retried by ${operatorName(retry.by, names)} ${date(retry.at, 'time')}`);
  const older = step.retries.length - told.length;
  return older > 0 ? [`${older} earlier retries`, ...told] : told;
}

function working(run: RunView, step: StepView, options: ReplyOptions): Message {
  const again = whyAgain(step, options);
  const told = retriesTold(step, options).join(' · ');
  return message(section(`${head(run, step)}\n${again}`), ...(told === '' ? [] : [context(told)]));
}

function whyAgain(step: StepView, options: ReplyOptions): string {
  const newest = step.decisions.at(-1);
  if (newest?.kind === 'reopen')
    return `*It was found open again* ${date(newest.at, 'time')}. It is done once more, starting now.`;
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
  const sentence = `Waiting: ${words}${nextLook(step, options.now ?? null)}. ${toDoWords(step)}`;
  const told = retriesTold(step, options).join(' · ');
  const below = [told, revealLine(step, options.names)].filter((line) => line !== '');
  return message(
    section(`${head(run, step)}\n${sentence}`),
    ...revealBlocks(run, step),
    ...(below.length === 0 ? [] : [context(...below)]),
  );
}

function toDoWords(step: StepView): string {
  if (troubleOf(step) !== null) return 'Somebody has to look after a parcel: see below.';
  return needsHands(step) ? 'The device needs somebody’s hands.' : 'Nobody needs to do anything.';
}

function stopped(run: RunView, step: StepView, options: ReplyOptions): Message {
  if (!isFailure(step.need)) return deciding(run, step, options);
  const text = failureText(step.need, step, run);
  const retry = retryButton(step, { personName: run.person.name, named: false });
  const told = [...(step.endedAt ? [date(step.endedAt, 'time')] : []), ...retriesTold(step, options)].join(' · ');
  const rest: KnownBlock[] = [
    section(`*Try this*\n${text.tryThis}`),
    ...(retry ? [actions(retry, ...decideButtons(step, { personName: run.person.name }))] : []),
    ...(told === '' ? [] : [context(told)]),
  ];
  const title = `${stepEmoji(step)}  *${text.title}* for ${safeName(run.person.name)} ${mention(run.requestedBy, options.names)}`;
  return message(section([title, ...text.lines].join('\n')), ...rest);
}

function deciding(run: RunView, step: StepView, options: ReplyOptions): Message {
  if (step.need?.kind !== 'question')
    return message(section(`${head(run, step)}\nNeeds you: ${needWords(step.need)}.`));
  const { question } = step.need;
  const facts = step.step.startsWith('google.')
    ? googleAskedOf(step)
    : [...returnAskedOf(step), ...fetchedAskedOf(step, run, options.names)];
  const about = facts.map((fact) => `\n• ${fact}`);
  const writeOff = writeOffButton(step, run);
  const why = noReceiverWords(step.after);
  const because = why === '' || question.kind !== 'choose_person' ? '' : `\nAsked because ${why}.`;
  // Nobody is asked for what a legal hold keeps, and a yes given now would count once it is lifted.
  const isHeld = standingHold(run) !== null && KEPT_BY_HOLD.has(step.step);
  if (isHeld)
    return message(
      section(`${head(run, step)}\nA legal hold stands: this is asked again once it is lifted.`),
      actions(...decideButtons(step, { personName: run.person.name })),
    );
  return message(
    section(
      `${head(run, step)} ${mention(run.requestedBy)}\n${questionLine(question, step.step)}${because}${about.join('')}`,
    ),
    questionButtons(run, step, question),
    actions(...(writeOff ? [writeOff] : []), ...decideButtons(step, { personName: run.person.name })),
  );
}

function ended(run: RunView, step: StepView, sentence: string): Message {
  const times = step.endedAt ? [context(date(step.endedAt, 'time'))] : [];
  const open = openLine(run, step);
  return message(section(`${head(run, step)}\n${sentence}`), ...(open === '' ? [] : [section(open)]), ...times);
}

/** The person is named in every reply: a notification shows the reply without its thread. */
function head(run: RunView, step: StepView): string {
  return clipMarkup(`${stepEmoji(step)}  *${stepTitle(step)}* for ${safeName(run.person.name)}`, 1_000);
}

/** A message with a Retry button stands in the thread: it must not stay. */
function wasStopped(step: StepView): boolean {
  return step.decisions.length > 0 || step.retries.length > 0;
}

/** It waits for a Mac that somebody has to unlock or switch on: "nobody needs to" would be wrong. */
function needsHands({ step, cause }: StepView): boolean {
  return step === 'jamf.erase' && cause === 'vendor';
}

function revealBlocks(run: RunView, step: StepView): KnownBlock[] {
  const reveal = revealButton(lockOf(step, run), run);
  const late = step.status === 'waiting' ? decideButtons(step, { personName: run.person.name }) : [];
  const buttons = [...(reveal ? [reveal] : []), ...late];
  return buttons.length > 0 ? [actions(...buttons)] : [];
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

function nonEmpty(text: string): string[] {
  return text === '' ? [] : [text];
}
