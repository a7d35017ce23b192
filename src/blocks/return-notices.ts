// What people are called for while a device is on its way back: to receive what is brought in, and to look after a parcel that is in trouble.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { wordIn } from './amounts.ts';
import { isUserId, mention } from './names.ts';
import { context, date, type Message, message, section } from './parts.ts';
import { legWords, momentIn } from './return-text.ts';
import { safeName, safeText } from './safe-text.ts';
import { subjectWords } from './subject-text.ts';

/** The step that asks for a receiver, with whom; null: nobody is asked (any more). */
export function receiverOf({ step, after, status }: StepView): string | null {
  if (step !== 'return.in_person' || status === 'cancelled' || status === 'skipped') return null;
  const receiver = wordIn(after, 'receiver');
  return receiver !== null && isUserId(receiver) ? receiver : null;
}

/** To whoever receives it, by direct message. No button: who is on the allow-list says that it came. */
export function buildReceiverTask(run: Pick<RunView, 'person' | 'code'>, step: StepView): Message {
  return message(
    section(
      `:office:  *Please receive a device from ${safeName(run.person.name)}*${subjectWords(step)}\n${dueWords(step)} Check that the serial number on it is the one above, and tell your IT team that it is there (${safeText(run.code, 20)}).`,
    ),
  );
}

/** In the thread. `isTold`: the direct message was delivered. */
export function buildReceiverCall(run: Pick<RunView, 'person'>, step: StepView, isTold: boolean): Message {
  const receiver = receiverOf(step);
  if (receiver === null) return message(context('Somebody was asked to receive a device here. Nobody is any more.'));
  const told = isTold
    ? 'They were told by direct message.'
    : 'Slack did not deliver the direct message: please tell them.';
  return message(
    section(
      `:office:  <@${receiver}> *is asked to receive the device of ${safeName(run.person.name)}*${subjectWords(step)}\n${dueWords(step)} ${told}`,
    ),
  );
}

function dueWords({ after }: StepView): string {
  const due = safeText(wordIn(after, 'dueOn') ?? '', 10);
  return due === '' ? 'It is brought in soon.' : `It is due on ${due}, by your calendar.`;
}

/** `out:stalled` and since when: it names one notice. Null: no parcel of this step is in trouble. */
export function troubleOf({ step, after, status }: StepView): { readonly what: string; readonly since: Date } | null {
  if (step !== 'return.track' || status !== 'waiting') return null;
  const what = wordIn(after, 'trouble');
  const since = momentIn(after, 'troubleSince');
  return what !== null && since !== null ? { what, since } : null;
}

const DO: Readonly<Record<string, (since: Date) => string>> = {
  'out:not_shipped': (since) =>
    `Retriever has not sent the box that was ordered ${date(since)}. Ask Retriever, with the order’s number.`,
  'out:stalled': (since) =>
    `No carrier has seen the box since ${date(since)}. Ask the carrier, or Retriever for another box.`,
  'out:exception': () =>
    'The carrier reports a problem with the box. Ask the carrier; the person may have to be reached.',
  'out:returned_to_sender': () =>
    'The box went back to Retriever: the person never got it. Check the address with them, and order another one in Retriever’s portal.',
  'out:expired': () => 'The carrier has lost sight of the box. Ask Retriever for another one.',
  'out:cancelled': () => 'The label of the box was cancelled. Ask Retriever whether the order still stands.',
  'back:stalled': (since) =>
    `No carrier has seen the device since ${date(since)}. Open a trace at the carrier; its label is Retriever’s.`,
  'back:exception': () =>
    'The carrier reports a problem with the device’s parcel. Ask the carrier at once: damaged and lost parcels have short claim times.',
  'back:returned_to_sender': () => 'The device went back to the person. Reach them, and ask Retriever for a new label.',
  'back:expired': () => 'The carrier has lost sight of the device. Open a trace at the carrier.',
  'back:cancelled': () => 'The label for the way back was cancelled. Ask Retriever for a new one.',
};

/** `about`: the trouble that it was posted for; `…|over` where it stands no more. */
export function buildParcelTrouble(run: RunView, step: StepView, about: string): Message {
  const stands = troubleOf(step);
  const leg = about.startsWith('out') ? 'out' : 'back';
  const name = leg === 'out' ? 'The return box' : 'The device on its way back';
  if (stands === null || stands.what !== about)
    return message(context(`A parcel was in trouble here. ${name}: ${legWords(step.after, leg)}.`));
  const number = [wordIn(step.after, `${leg}Carrier`), wordIn(step.after, `${leg}Number`)].flatMap((one) =>
    one === null ? [] : [safeText(one, 40)],
  );
  const what = (Object.hasOwn(DO, about) ? DO[about] : undefined)?.(stands.since) ?? 'Please ask the carrier.';
  return message(
    section(
      `:warning:  *${name} for ${safeName(run.person.name)} needs somebody* ${mention(run.requestedBy)}${subjectWords(step)}\n${what}${number.length > 0 ? `\n${number.join(' ')}` : ''}`,
    ),
    context('Sendoff goes on looking. Where the device comes by another way, it is received all the same.'),
  );
}
