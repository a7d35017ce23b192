// What operators are told of apps outside Okta in the run's thread: who is asked, why not the owner, whose word it is, and what needs them.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { namesIn, wordIn } from './amounts.ts';
import { decisionLine, lastDecision } from './decision-text.ts';
import { mention, type Names, operatorName } from './names.ts';
import { NOTE_CHARS } from './note-input.ts';
import { APP_OWNER, isOwners, saidWords } from './owner-words.ts';
import { date, type Message, message, section } from './parts.ts';
import { safeName, safeText } from './safe-text.ts';

/** Who is asked, since when, and why not the owner. */
export function ownerBullets({ step, after }: Pick<StepView, 'step' | 'after'>, names: Names = {}): readonly string[] {
  if (step !== APP_OWNER) return [];
  const asked = (namesIn(after, 'asked') ?? []).map((id) => operatorName(id, names));
  const passed = (['owner', 'backup'] as const).flatMap((whose) => {
    const why = PASSED[wordIn(after, `${whose}Passed`) ?? ''];
    return why === undefined ? [] : [`${whose === 'owner' ? 'The owner' : 'The backup owner'} ${why}`];
  });
  return [...(asked.length > 0 ? [`Asked so far: ${asked.join(', ')}`] : []), ...passed];
}

const PASSED: Readonly<Record<string, string>> = {
  not_in_slack: 'is not in Slack, or is deactivated there',
  is_leaver: 'is the person who leaves',
  silent: 'has not answered in time',
};

/** Why operators are asked, and what is known. */
export function ownerAskedOf(step: StepView, names: Names = {}): readonly string[] {
  if (!isOwners(step)) return [];
  const help = lastDecision(step, 'help');
  const stuck = wordIn(step.after, 'stuck');
  const why =
    stuck === 'help' && help
      ? [
          `${operatorName(help.by, names)} asked for help ${date(help.at, 'time')}: “${safeText(String(help.answer.words ?? ''), NOTE_CHARS)}”`,
        ]
      : [];
  return [...why, ...ownerBullets(step, names), 'An approver may sign an exception instead; the report says so'];
}

/** A person's word, and whose; never told as done. */
export function ownerAttested(step: StepView, names: Names): string {
  const given = lastDecision(step, 'attest');
  const said = given?.answer.said;
  if (given === null || (said !== 'done' && said !== 'never_had'))
    return decisionLine(given, 'Marked done by hand', 'evidence', names);
  const words = safeText(String(given.answer.evidence ?? ''), NOTE_CHARS);
  const how = said === 'never_had' || words === '' ? '.' : `: “${words}”`;
  return `${operatorName(given.by, names)} says: ${saidWords(said)} ${date(given.at, 'time')}${how}`;
}

export const ATTESTED_ONLY = '*Attested, not verified:* only a person can look into this app.';

/** For the report: who signed, and why. Null: no exception. */
export function exceptionWords(step: StepView, names: Names = {}): string | null {
  if (!isOwners(step) || step.status !== 'skipped' || step.cause !== 'by_hand') return null;
  const given = lastDecision(step, 'skip');
  return given ? decisionLine(given, 'exception signed', 'reason', names) : 'exception signed';
}

/** In the thread, once for each time that it went on to the backup because nobody answered. */
export function buildPassedOn(run: Pick<RunView, 'person'>, step: StepView, names: Names): Message {
  const app = safeText(wordIn(step.facts, 'name') ?? step.subject, 60);
  const asked = namesIn(step.after, 'asked') ?? [];
  const first = asked[0];
  const late = first === undefined ? 'Its owner' : operatorName(first, names);
  const next = wordIn(step.after, 'who');
  const now =
    wordIn(step.after, 'turn') === 'backup' && next !== null
      ? `The backup owner, ${operatorName(next, names)}, is asked now.`
      : 'Somebody else is asked, or an operator is.';
  return message(
    section(
      `:hourglass_flowing_sand:  *${app}: ${late} has not answered in time* about ${safeName(run.person.name)}\n${now} Both may still answer.`,
    ),
  );
}

/** In the thread: who was asked has a question of their own. */
export function buildOwnerHelp(
  run: Pick<RunView, 'person' | 'requestedBy'>,
  step: StepView,
  help: StepView['decisions'][number],
  names: Names,
): Message {
  const app = safeText(wordIn(step.facts, 'name') ?? step.subject, 60);
  const words = safeText(String(help.answer.words ?? ''), NOTE_CHARS);
  return message(
    section(
      `:raised_hand:  *${operatorName(help.by, names)} needs help with ${app}* for ${safeName(run.person.name)} ${mention(run.requestedBy, names)}\n“${words}”`,
    ),
  );
}

/** In the thread: the direct message is not known to have arrived. */
export function buildOwnerUntold(
  run: Pick<RunView, 'person'>,
  given: {
    readonly userId: string;
    readonly apps: readonly string[];
    readonly isTold: boolean;
    readonly isOver: boolean;
  },
  names: Names,
): Message {
  const name = operatorName(given.userId, names);
  const about = `${given.apps.map((one) => safeText(one, 60)).join(', ')} for ${safeName(run.person.name)}`;
  if (given.isTold || given.isOver)
    return message(
      section(
        `:information_source:  ${name} ${given.isTold ? 'was told by now of' : 'need not be told any more of'} ${about}.`,
      ),
    );
  return message(
    section(
      `:warning:  *Slack did not deliver a direct message to ${name}* about ${about}\nPlease ask them. An approver may mark it done by hand.`,
    ),
  );
}
