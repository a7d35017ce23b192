// What the question to an app's owner is called on operators' screens, what it waits for, and what was answered.
import type { RunView, StepView } from '../workflow/model/run.ts';
import { namesIn, wordIn } from './amounts.ts';
import { isUserId } from './names.ts';
import { date } from './parts.ts';
import type { QuestionWords } from './question.ts';
import type { StepWords } from './step-words.ts';

export const APP_OWNER = 'app.owner';

export const OWNER_STEPS: Readonly<Record<string, StepWords>> = {
  [APP_OWNER]: {
    short: 'access to an app outside Okta',
    todo: 'Have access removed by the app’s owner',
    doing: 'Looking who is asked about the app',
    done: 'Access removed by the app’s owner',
    moot: 'No app to ask about',
    failed: 'The app’s owner could not be asked',
    ask: 'find who is asked',
    notDone: 'the owner’s word that no account of theirs is left in this app.',
  },
};

export const OWNER_VENDORS: Readonly<Record<string, string>> = { app: 'Slack', people: 'Slack' };

export const OWNER_QUESTIONS: readonly (readonly [string, QuestionWords])[] = [
  ['app_owner', { asks: 'Who is asked about this app instead?', yes: 'Choose a person…', no: '' }],
];

export function isOwners({ step }: Pick<StepView, 'step'>): boolean {
  return step === APP_OWNER;
}

/** Slack user ids of everybody that the run has asked or asks next. */
export function ownersOf(run: Pick<RunView, 'steps'>): readonly string[] {
  const ids = run.steps
    .filter(isOwners)
    .flatMap(({ after }) => [...(namesIn(after, 'asked') ?? []), wordIn(after, 'who') ?? '']);
  return [...new Set(ids)].filter(isUserId);
}

const TURNS: Readonly<Record<string, string>> = {
  owner: 'its owner',
  backup: 'its backup owner',
  chosen: 'whoever was chosen',
};

/** Null: it waits for something else. */
export function ownerWait({ step, after }: Pick<StepView, 'step' | 'after'>): string | null {
  const who = wordIn(after, 'who');
  if (step !== APP_OWNER || who === null) return null;
  const whose = TURNS[wordIn(after, 'turn') ?? ''] ?? 'somebody';
  const [askAt, dueAt] = ['askAt', 'dueAt'].map((key) => date(new Date(wordIn(after, key) ?? Number.NaN)));
  if (!(namesIn(after, 'asked') ?? []).includes(who)) return `${whose} is asked in their working hours, ${askAt}`;
  return `${whose} was asked, and has until ${dueAt}`;
}

/** "attested: access removed"; '' for another step, and where nobody has said anything. */
export function ownerSaid(step: Pick<StepView, 'step' | 'decisions'>): string {
  if (step.step !== APP_OWNER) return '';
  const given = step.decisions.findLast((one) => one.kind === 'attest');
  return given ? saidWords(given.answer.said) : '';
}

export function saidWords(said: unknown): string {
  if (said === 'done') return 'access removed';
  return said === 'never_had' ? 'never had an account' : 'marked done by hand';
}
