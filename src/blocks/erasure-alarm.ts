// The alarm on a Mac whose erasure waits for it for over a day; once it does not, the message says so.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { factIn } from './amounts.ts';
import { isErasureLate } from './fetched-text.ts';
import { mention, type Names } from './names.ts';
import { context, type Message, message, section } from './parts.ts';
import { safeName } from './safe-text.ts';
import { subjectWords } from './subject-text.ts';

export function buildErasureAlarm(run: RunView, step: StepView, names: Names): Message {
  const what = `the Mac${subjectWords(step)} of ${safeName(run.person.name)}`;
  if (!isErasureLate(step))
    return message(
      context(
        step.status === 'done'
          ? `An alarm stood here: ${what} was erased by now.`
          : `An alarm stood here: the erasure of ${what} no longer waits for it.`,
      ),
    );
  const isLocked = factIn(step.after, 'locked') === true;
  const why = isLocked
    ? 'It is still locked. Show its passcode below, unlock it and connect it; then an approver is asked.'
    : 'The erasure was sent, and the Mac has not confirmed it. Switch it on and connect it.';
  return message(
    section(
      `:rotating_light:  *The erasure waits for ${what} for over a day* ${mention(run.requestedBy, names)}\n${why} If it is broken, skip the step with a reason, or erase it by hand and mark it done.`,
    ),
  );
}
