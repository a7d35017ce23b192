// The reply of a step that has ended: done with its evidence, attested by a person, passed over.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { decisionLine, lastDecision, vendorsWord } from './decision-text.ts';
import { factBullets, readBackWords, tookWords } from './fact-text.ts';
import { evidenceWords } from './outcome-words.ts';
import { ATTESTED_ONLY, ownerAttested } from './owner-text.ts';
import { isOwners } from './owner-words.ts';
import { context, date, type Message, message, section } from './parts.ts';
import { answerLine } from './question.ts';
import { nonEmpty, openLine, type ReplyOptions, replyHead, retriesTold, revealBlocks } from './reply-parts.ts';
import { revealLine } from './reveal.ts';
import { isTriedAgain } from './step-line.ts';

export function doneReply(run: RunView, step: StepView, options: ReplyOptions): Message {
  if (step.evidence === 'attested') return attested(run, step, options);
  const bullets = factBullets(step).map((fact) => `• ${fact}`);
  const evidence = `${evidenceWords(step.evidence, step.step)}${step.evidence === 'read_back' ? readBackWords(step) : ''}`;
  const times = [...(step.endedAt ? [date(step.endedAt, 'time')] : []), ...nonEmpty(tookWords(step)), evidence].join(
    ' · ',
  );
  return message(
    section([replyHead(run, step), ...bullets].join('\n')),
    ...revealBlocks(run, step),
    context(times, ...nonEmpty(history(step, options)), ...nonEmpty(revealLine(step, options.names))),
  );
}

/** A person's word, and the vendor's beside it: never told as done. */
function attested(run: RunView, step: StepView, options: ReplyOptions): Message {
  if (isOwners(step)) return attestedByOwner(run, step, options);
  const told = decisionLine(lastDecision(step, 'attest'), 'Marked done by hand', 'evidence', options.names ?? {});
  const open = openLine(run, step);
  const times = step.endedAt ? [date(step.endedAt, 'time')] : [];
  return message(
    section([replyHead(run, step), told, attestedWords(step)].join('\n')),
    ...(open === '' ? [] : [section(open)]),
    context([...times, evidenceWords(step.evidence, step.step)].join(' · ')),
  );
}

function attestedByOwner(run: RunView, step: StepView, { names = {} }: ReplyOptions): Message {
  const times = step.endedAt ? [date(step.endedAt, 'time')] : [];
  return message(
    section([replyHead(run, step), ownerAttested(step, names), ATTESTED_ONLY].join('\n')),
    context([...times, evidenceWords(step.evidence, step.step)].join(' · ')),
  );
}

function attestedWords(step: StepView): string {
  return step.cause === 'attested_against' ? `*Attested ${vendorsWord(step)}.*` : `Attested; ${vendorsWord(step)}.`;
}

/** "Worked on try 4 · retried by Lin at 09:04". */
function history(step: StepView, options: ReplyOptions): string {
  const tries = step.attempt > 1 && isTriedAgain(step) ? [`Worked on try ${step.attempt}`] : [];
  return [...tries, ...nonEmpty(answerLine(step, options.names)), ...retriesTold(step, options)].join(' · ');
}

export function endedReply(run: RunView, step: StepView, sentence: string): Message {
  const times = step.endedAt ? [context(date(step.endedAt, 'time'))] : [];
  const open = openLine(run, step);
  return message(section(`${replyHead(run, step)}\n${sentence}`), ...(open === '' ? [] : [section(open)]), ...times);
}
