// What the watch and the look at the Slack account are called.
import type { StepView } from '../workflow/model/run.ts';
import { wordIn } from './amounts.ts';
import { date } from './parts.ts';
import type { StepWords } from './step-words.ts';

export const WATCH_STEPS: Readonly<Record<string, StepWords>> = {
  'slack.account': {
    short: 'Slack account',
    todo: 'See the Slack account closed',
    doing: 'Looking whether the Slack account is closed',
    done: 'Slack account is closed',
    moot: 'Slack account no longer exists',
    failed: 'Not known whether the Slack account is closed',
    ask: 'show the Slack account',
    notDone: 'seeing that the person’s own Slack account is closed.',
  },
  watch: {
    short: 'watch',
    todo: 'Look again at every closed door',
    doing: 'Looking again at every closed door',
    done: 'Closed doors looked at again',
    moot: 'Closed doors looked at again',
    failed: 'Closed doors not looked at again',
    ask: 'look at the closed doors',
    notDone: 'looking again at what was closed.',
  },
};

export const WATCH_PASSES: Readonly<Record<string, string>> = {
  not_in_slack: 'Slack has no active account with this address',
  left_in_slack: 'a person decided to leave the Slack account active',
  newer_run: 'a newer run of this person looks at the same doors',
};

/** Beside the question, where it was answered before and is not so. */
export function slackAskedOf({ step, after }: Pick<StepView, 'step' | 'after'>): readonly string[] {
  const said = step === 'slack.account' ? wordIn(after, 'saidDone') : null;
  return said === null ? [] : [`Somebody said so ${date(new Date(said))}; Slack still shows it as active`];
}
