// What is told of a Mac's lock: sent and confirmed apart, whose lock it is, and the alarm where a Mac has not confirmed it for a day.
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { Facts } from '../workflow/model/step.ts';
import { factIn, wordIn } from './amounts.ts';
import { mention, type Names } from './names.ts';
import { date, type Message, message, section } from './parts.ts';
import { safeName } from './safe-text.ts';
import type { StepWords } from './step-words.ts';
import { subjectWords } from './subject-text.ts';

export const LOCK_STEPS: Readonly<Record<string, StepWords>> = {
  'jamf.lock': {
    short: 'Mac lock',
    todo: 'Lock the Mac',
    doing: 'Locking the Mac',
    done: 'Mac locked',
    moot: 'The Mac is not in Jamf any more',
    failed: 'Mac not locked',
    ask: 'lock the Mac',
    notDone: 'locking the Mac.',
  },
  'jamf.look': {
    short: 'search for computers',
    todo: 'Look for their computers in Jamf',
    doing: 'Looking for their computers in Jamf',
    done: 'Computers looked for in Jamf',
    moot: 'Computers looked for in Jamf',
    failed: 'Computers not looked for',
    ask: 'list their computers',
    notDone: 'looking for their computers. None of them is locked by this run.',
  },
};

export const LOCK_PASSES: Readonly<Record<string, string>> = {
  not_managed: 'Jamf does not manage this computer, so it takes no lock',
  not_in_jamf: 'Jamf has no such computer any more',
  left_unlocked: 'a person decided to leave it unlocked',
  jamf_not_set_up: 'Jamf is not set up any more',
};

export function lockBullets({ after }: Pick<StepView, 'after'>): readonly string[] {
  const confirmed = wordIn(after, 'confirmedAt');
  return [
    factIn(after, 'adopted') === true
      ? 'It was locked by somebody else before; Jamf has that passcode'
      : 'The passcode is kept sealed. Who may see it is asked each time, and each look is logged',
    ...(confirmed === null ? [] : [`Confirmed by the Mac ${date(new Date(confirmed))}`]),
  ];
}

export function lockInShort(after: Facts | null): string {
  return factIn(after, 'adopted') === true ? 'was locked already' : 'confirmed by the Mac';
}

/** Null: it waits for something else. */
export function lockWait(after: Facts | null): string | null {
  const sent = wordIn(after, 'sentAt');
  if (sent === null) return null;
  const late = factIn(after, 'late') === true ? ', *which is over a day ago*' : '';
  return `the lock was sent ${date(new Date(sent))}${late}; the Mac has not confirmed it yet. It is not locked before it wakes and does`;
}

/** Locks that no Mac has confirmed within a day. */
export function lateLocks(run: Pick<RunView, 'steps'>): readonly StepView[] {
  return run.steps.filter((step) => step.step === 'jamf.lock' && factIn(step.after, 'late') === true);
}

/** One message a Mac; once it has confirmed, the message says so. */
export function buildLockAlarm(run: RunView, step: StepView, names: Names): Message {
  const name = safeName(run.person.name);
  const which = subjectWords(step);
  if (step.status === 'done')
    return message(section(`:white_check_mark:  The Mac${which} of ${name} has confirmed its lock by now.`));
  return message(
    section(
      `:rotating_light:  *The Mac${which} of ${name} has not confirmed its lock for a day* ${mention(run.requestedBy, names)}\nIt sleeps, is off or has no network: whoever has it can still open it. Sendoff looks every hour. Ask where it is; if it is found, have it opened and connected.`,
    ),
  );
}
