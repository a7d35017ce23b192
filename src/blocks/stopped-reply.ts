// The reply of a step that needs somebody: what failed and what to try, or what is asked of whom.
import type { KnownBlock } from '@slack/types';
import { type RunView, type StepView, standingHold } from '../workflow/model/run.ts';
import { failureText, isFailure } from './failure-text.ts';
import { fetchedAskedOf } from './fetched-text.ts';
import { googleAskedOf } from './google-text.ts';
import { KEPT_BY_HOLD } from './hold-text.ts';
import { integrationAskedOf } from './integration-text.ts';
import { noReceiverWords } from './mailbox-text.ts';
import { mention } from './names.ts';
import { ownerAskedOf } from './owner-text.ts';
import { actions, context, date, type Message, message, section } from './parts.ts';
import { questionButtons, questionLine } from './question.ts';
import { type ReplyOptions, replyHead, retriesTold } from './reply-parts.ts';
import { returnAskedOf } from './return-text.ts';
import { safeName } from './safe-text.ts';
import { decideButtons, needWords, retryButton, stepEmoji } from './step-line.ts';
import { slackAskedOf } from './watch-words.ts';
import { writeOffButton } from './write-off.ts';

export function stoppedReply(run: RunView, step: StepView, options: ReplyOptions): Message {
  if (!isFailure(step.need)) return decidingReply(run, step, options);
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

function decidingReply(run: RunView, step: StepView, options: ReplyOptions): Message {
  if (step.need?.kind !== 'question')
    return message(section(`${replyHead(run, step)}\nNeeds you: ${needWords(step.need)}.`));
  const { question } = step.need;
  const facts = step.step.startsWith('google.')
    ? googleAskedOf(step)
    : [
        ...returnAskedOf(step),
        ...fetchedAskedOf(step, run, options.names),
        ...slackAskedOf(step),
        ...ownerAskedOf(step, options.names),
        ...integrationAskedOf(step),
      ];
  const about = facts.map((fact) => `\n• ${fact}`);
  const writeOff = writeOffButton(step, run);
  const why = noReceiverWords(step.after);
  const because = why === '' || question.kind !== 'choose_person' ? '' : `\nAsked because ${why}.`;
  // Nobody is asked for what a legal hold keeps, and a yes given now would count once it is lifted.
  const isHeld = standingHold(run) !== null && KEPT_BY_HOLD.has(step.step);
  if (isHeld)
    return message(
      section(`${replyHead(run, step)}\nA legal hold stands: this is asked again once it is lifted.`),
      actions(...decideButtons(step, { personName: run.person.name })),
    );
  return message(
    section(
      `${replyHead(run, step)} ${mention(run.requestedBy)}\n${questionLine(question, step.step)}${because}${about.join('')}`,
    ),
    questionButtons(run, step, question),
    actions(...(writeOff ? [writeOff] : []), ...decideButtons(step, { personName: run.person.name })),
  );
}
