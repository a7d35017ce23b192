// A step's question to people: Approve and Decline, or a button that opens a picker. What is asked has its words here.
import type { ActionsBlock } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { Question } from '../workflow/model/step.ts';
import { ACTIONS, BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { isUserId, mention, type Names, operatorName } from './names.ts';
import { actions, button, date, plainText, section } from './parts.ts';
import { cleanText, safeName } from './safe-text.ts';
import { stepWords } from './wording.ts';

interface QuestionWords {
  /** A whole sentence, plain. */
  readonly asks: string;
  /** On the button. */
  readonly yes: string;
  readonly no: string;
}

/** By a question's name. One without words of its own is asked in its step's. */
const WORDS: ReadonlyMap<string, QuestionWords> = new Map([
  [
    'google_account',
    {
      asks: 'Is the Google account that was found theirs? It is closed only if you say so.',
      yes: 'Yes, theirs',
      no: 'No, not theirs',
    },
  ],
  [
    'google_keep_active',
    {
      asks: 'Something has suspended the Google account again, after three reactivations. Keep making it active? It is probably Okta’s Google app: turn off Deactivate Users in its provisioning first.',
      yes: 'Make it active',
      no: 'Leave suspended',
    },
  ],
  [
    'google_unarchive',
    {
      asks: 'The Google account is archived. Take it out, which needs a licence, so that mail and files can be handed over?',
      yes: 'Take it out',
      no: 'Leave archived',
    },
  ],
  ['delegate', { asks: 'Who receives their mail, files and calendar?', yes: 'Choose a person…', no: '' }],
]);

export function questionWords(question: Question, step: string): QuestionWords {
  const known = WORDS.get(question.name);
  if (known) return known;
  const { todo } = stepWords(step);
  return question.kind === 'approve'
    ? { asks: `${todo}?`, yes: 'Approve', no: 'Decline' }
    : { asks: `${todo}: for whom?`, yes: 'Choose a person…', no: '' };
}

export function questionLine(question: Question, step: string): string {
  return `*${questionWords(question, step).asks}* ${WHO_ANSWERS[question.by]}`;
}

const WHO_ANSWERS: Readonly<Record<Question['by'], string>> = {
  operator: 'Any operator answers.',
  approver: 'An approver answers.',
  second_approver: 'An approver who did not start this run answers.',
};

export function questionButtons(run: RunView, step: StepView, question: Question): ActionsBlock {
  const words = questionWords(question, step.step);
  const value = JSON.stringify({ stepRun: step.id, attempt: step.attempt });
  const name = cleanText(run.person.name, 30);
  if (question.kind === 'choose_person')
    return actions(button({ actionId: ACTIONS.stepChooseOpen, label: words.yes, value, primary: true }));
  const asks = cleanText(words.asks, 90);
  return actions(
    button({
      actionId: ACTIONS.stepApprove,
      label: words.yes,
      value,
      ...(question.irreversible ? { danger: true } : { primary: true }),
      accessibilityLabel: `${words.yes}: ${asks}`,
      confirm: {
        title: asks,
        text: question.irreversible ? `For ${name}. It cannot be undone.` : `For ${name}.`,
        yes: words.yes,
        no: 'Go back',
      },
    }),
    button({ actionId: ACTIONS.stepDecline, label: words.no, value, accessibilityLabel: `${words.no}: ${asks}` }),
  );
}

export function buildChoosePersonModal(
  run: Pick<RunView, 'person'>,
  step: StepView,
  question: Extract<Question, { kind: 'choose_person' }>,
): Modal {
  const { suggested } = question;
  return modal({
    callbackId: CALLBACKS.stepChoose,
    title: 'Choose a person',
    submit: 'Choose',
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt }),
    blocks: [
      section(`*${stepWords(step.step).todo}* for ${safeName(run.person.name, 60)}`),
      {
        type: 'input',
        block_id: BLOCKS.chosenPerson,
        label: plainText(questionWords(question, step.step).asks, 150),
        element: {
          type: 'users_select',
          action_id: INPUTS.chosenPerson,
          placeholder: plainText('Choose a person', 150),
          ...(suggested !== null && isUserId(suggested) ? { initial_user: suggested } : {}),
        },
      },
    ],
  });
}

/** "Approved by Lin at 09:05"; '' if nobody has answered. */
export function answerLine(step: StepView, names: Names = {}): string {
  const given = step.decisions.findLast((one) => one.kind === 'answer');
  if (!given) return '';
  const when = date(given.at, 'time');
  const by = operatorName(given.by, names);
  if (typeof given.answer.person === 'string') return `${by} chose ${mention(given.answer.person)} ${when}`;
  return `${given.answer.approved === true ? 'Approved' : 'Declined'} by ${by} ${when}`;
}
