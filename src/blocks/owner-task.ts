// The direct message to whoever looks after apps outside Okta: only their own apps of one run, with what they may answer. Drawn from rows, like all others.
import type { KnownBlock } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { wallClock } from '../workflow/model/time-zone.ts';
import { hasEnded } from '../workflow/model/transitions.ts';
import { count, list, namesIn, wordIn } from './amounts.ts';
import { lastDecision } from './decision-text.ts';
import { ACTIONS } from './ids.ts';
import { type Names, operatorName } from './names.ts';
import { isOwners } from './owner-words.ts';
import { actions, button, context, date, type Message, message, section } from './parts.ts';
import { cleanText, safeCode, safeName, safeText } from './safe-text.ts';

/** With buttons each: more would not fit into one message. The others follow as these are answered. */
const MOST_OPEN = 8;
const MOST_ANSWERED = 15;

/** The apps that this person was asked about. */
export function appsOf(run: Pick<RunView, 'steps'>, userId: string): readonly StepView[] {
  return run.steps.filter((step) => isOwners(step) && (namesIn(step.after, 'asked') ?? []).includes(userId));
}

export function isOpen(step: StepView): boolean {
  return !hasEnded(step.status) && lastDecision(step, 'attest') === null;
}

export function buildOwnerTask(
  run: Pick<RunView, 'person' | 'code' | 'steps' | 'start' | 'requestedAt'>,
  userId: string,
  names: Names = {},
): Message {
  const mine = appsOf(run, userId);
  const [open, answered] = [mine.filter(isOpen), mine.filter((step) => !isOpen(step))];
  const shown = open.slice(0, MOST_OPEN);
  const name = safeName(run.person.name, 60);
  const head =
    open.length === 0
      ? `:white_check_mark:  *Nothing is left to do for ${name}* ${safeCode(run.person.email, 100)}\n${lastDayWords(run)}. Thank you.`
      : `:wave:  *${name}* ${safeCode(run.person.email, 100)} *leaves: please remove their access* · ${count(open.length, 'app')}\n${lastDayWords(run)}. You are asked because the IT policy names you for these apps, which Okta does not close.`;
  const more = open.length - shown.length;
  return message(
    section(head),
    ...shown.flatMap((step) => openBlocks(run, step, userId, names)),
    ...(more > 0 ? [context(`${count(more, 'more app')}: shown here as you answer these.`)] : []),
    ...answeredBlocks(answered, userId, names),
    context(`Your answer is kept as your word, with the time. ${safeText(run.code, 40)}`),
  );
}

function openBlocks(run: Pick<RunView, 'person'>, step: StepView, userId: string, names: Names): KnownBlock[] {
  const app = safeText(appName(step), 60);
  const dueAt = new Date(wordIn(step.after, 'dueAt') ?? Number.NaN);
  const isMyTurn = wordIn(step.after, 'who') === userId;
  const help = lastDecision(step, 'help');
  const told = [
    ...(isMyTurn && step.status !== 'needs_human' ? [`please answer by ${date(dueAt)}`] : []),
    ...(isMyTurn || step.status === 'needs_human' ? [] : ['somebody else is asked as well; you can still answer']),
    ...(help && step.status === 'needs_human' ? [`${whoOf(help.by, userId, names)} asked for help; IT was told`] : []),
  ];
  const value = JSON.stringify({ stepRun: step.id });
  const about = `${cleanText(appName(step), 20)} for ${cleanText(run.person.name, 20)}`;
  return [
    section([`*${app}*`, ...told].join(' · ')),
    actions(
      button({
        actionId: ACTIONS.ownerDoneOpen,
        label: 'Access removed…',
        value,
        primary: true,
        about,
      }),
      button({
        actionId: ACTIONS.ownerNeverHad,
        label: 'Never had access',
        value,
        about,
        confirm: {
          title: cleanText(`${appName(step)}: no account?`, 90),
          text: `You looked, and ${cleanText(run.person.name, 60)} never had an account there. It is kept as your word.`,
          yes: 'Never had one',
          no: 'Go back',
        },
      }),
      button({
        actionId: ACTIONS.ownerHelpOpen,
        label: 'I need help…',
        value,
        about,
      }),
    ),
  ];
}

function answeredBlocks(answered: readonly StepView[], userId: string, names: Names): KnownBlock[] {
  if (answered.length === 0) return [];
  const lines = answered
    .slice(0, MOST_ANSWERED)
    .map((step) => `*${safeText(appName(step), 60)}* · ${endWords(step, userId, names)}`);
  const more = answered.length - lines.length;
  return [section([...lines, ...(more > 0 ? [`and ${count(more, 'more app')}`] : [])].join('\n'))];
}

function endWords(step: StepView, userId: string, names: Names): string {
  const given = lastDecision(step, 'attest');
  if (given) {
    const said = given.answer.said === 'never_had' ? 'never had access' : 'access removed';
    return `${whoOf(given.by, userId, names)} said: ${said} ${date(given.at, 'time')}`;
  }
  if (step.status === 'cancelled') return 'nothing to do any more: it was cancelled';
  return 'IT goes on without an answer: nothing to do any more';
}

function whoOf(by: string, userId: string, names: Names): string {
  return by.endsWith(`/${userId}`) ? 'you' : operatorName(by, names);
}

/** HR's day, else the day on which access ends where they are; nothing else about them is an app owner's to know. */
function lastDayWords({ start, requestedAt }: Pick<RunView, 'start' | 'requestedAt'>): string {
  const day = start?.employmentEndsOn ?? (start?.at ? wallClock(start.at, start.zone ?? 'Etc/UTC').day : null);
  return day === null ? `Last day: today, ${date(requestedAt)}` : `Last day: ${safeText(day, 10)}`;
}

/** A message of its own, since an edit calls nobody. `about`: `U1|half|<when>`. Once nothing is open it says so. */
export function buildOwnerNudge(run: Pick<RunView, 'person' | 'steps'>, about: string, link: string | null): Message {
  const [userId = '', kind = ''] = about.split('|');
  const open = appsOf(run, userId).filter(
    (step) => isOpen(step) && (namesIn(step.after, 'nudges') ?? []).includes(about),
  );
  if (open.length === 0) return message(context('A reminder stood here. Nothing of it is open any more.'));
  const where = link === null ? 'the message above' : `<${link}|the message about it>`;
  const due = wordIn(open[0]?.after ?? null, 'dueAt');
  const told =
    (kind === 'half' || kind === 'new') && due !== null
      ? `Please answer in ${where} by ${date(new Date(due))}.`
      : `Your time is over, so somebody else is asked as well. You can still answer in ${where}.`;
  return message(
    section(
      `:bell:  *${kind === 'new' ? 'Asked about as well, for' : 'Still open for'} ${safeName(run.person.name, 60)}:* ${list(open.map(appName), 10)}\n${told}`,
    ),
  );
}

export function appName(step: Pick<StepView, 'facts' | 'subject'>): string {
  return wordIn(step.facts, 'name') ?? step.subject;
}
