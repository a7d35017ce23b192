// A step's question to people: Approve and Decline, or a button that opens a picker. What is asked has its words here.
import type { ActionsBlock } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { Question } from '../workflow/model/step.ts';
import { FETCHED_QUESTIONS } from './fetched-words.ts';
import { ACTIONS, BLOCKS, CALLBACKS, INPUTS } from './ids.ts';
import { INTEGRATION_QUESTIONS } from './integration-text.ts';
import { type Modal, modal } from './modal-parts.ts';
import { isUserId, mention, type Names, operatorName } from './names.ts';
import { OWNER_QUESTIONS } from './owner-words.ts';
import { actions, button, date, plainText, section } from './parts.ts';
import { cleanText, safeName } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { UNDO_QUESTIONS } from './undo-words.ts';

export interface QuestionWords {
  /** A whole sentence, plain. */
  readonly asks: string;
  /** On the button. */
  readonly yes: string;
  readonly no: string;
}

/** By a question's name. One without words of its own is asked in its step's. */
const WORDS: ReadonlyMap<string, QuestionWords> = new Map<string, QuestionWords>([
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
  [
    'other_transfer',
    {
      asks: 'Google is already transferring this to somebody else. Start the transfer to the receiver as well?',
      yes: 'Start it as well',
      no: 'Keep the other',
    },
  ],
  [
    'licence_kept',
    {
      asks: 'Google did not free the licence (automatic licensing gives it back). Close without it?',
      yes: 'Leave the licence',
      no: 'Try again',
    },
  ],
  [
    'replacement',
    {
      asks: 'Is the replacement of this device in use? Nothing on this one is erased before.',
      yes: 'Yes, in use',
      no: 'Not yet',
    },
  ],
  ['delegate', { asks: 'Who receives their mail, files and calendar?', yes: 'Choose a person…', no: '' }],
  [
    'lock_now',
    {
      asks: 'Lock this Mac now? It was held back so that its data can be fetched; a locked Mac takes no further command until it is unlocked.',
      yes: 'Lock it now',
      no: 'Leave unlocked',
    },
  ],
  [
    'return_devices',
    {
      asks: 'Jamf has computers under this person’s name, and nobody has said yet which of them are theirs, so this run locks and fetches none. Have you dealt with them (/return-device, reason: leaving)?',
      yes: 'Yes, I have',
      no: 'No, leave them',
    },
  ],
  [
    'mailbox_country',
    {
      asks: 'May their mailbox be handed over? Their country is on the policy’s list, or is not known.',
      yes: 'Hand it over',
      no: 'Do not',
    },
  ],
  [
    'address',
    {
      asks: 'Where is the return box sent? Only Retriever gets the address; it is not posted here.',
      yes: 'Give the address…',
      no: '',
    },
  ],
  [
    'other_order',
    {
      asks: 'Retriever has an open order for this serial number already. Use that one? Otherwise another box is ordered, and paid for.',
      yes: 'Use that one',
      no: 'Order another box',
    },
  ],
  [
    'order_again',
    {
      asks: 'No order of a box is there to be seen. Order one?',
      yes: 'Order a box',
      no: 'Look again',
    },
  ],
  [
    'order_gone',
    { asks: 'The order is not there any more. Look for it again?', yes: 'Look again', no: 'Stop following it' },
  ],
  [
    'receiver_told',
    { asks: 'Please tell whoever receives the device. Do they know?', yes: 'They know', no: 'Try again' },
  ],
  ['shipment', { asks: 'Please send a return box, and say with which carrier.', yes: 'It is sent…', no: '' }],
  [
    'slack_account',
    {
      asks: 'Slack still shows their account as active, hours after Okta’s deactivation. Deactivate it in Slack: Tools & settings, Manage members, their name, Deactivate account. Have you?',
      yes: 'Yes, deactivated',
      no: 'Leave it active',
    },
  ],
  ['courier', { asks: 'Please arrange a courier for the device.', yes: 'It is arranged…', no: '' }],
  ...FETCHED_QUESTIONS,
  ...UNDO_QUESTIONS,
  ...OWNER_QUESTIONS,
  ...INTEGRATION_QUESTIONS,
]);

export function questionWords(question: Question, step: string): QuestionWords {
  const known = WORDS.get(question.name);
  if (known) return known;
  const { todo } = stepWords(step);
  return question.kind === 'approve'
    ? { asks: `${todo}?`, yes: 'Approve', no: 'Decline' }
    : {
        asks: question.kind === 'form' ? `${todo}.` : `${todo}: for whom?`,
        yes: question.kind === 'form' ? 'Fill in…' : 'Choose a person…',
        no: '',
      };
}

export function questionLine(question: Question, step: string): string {
  return `*${questionWords(question, step).asks}* ${whoAnswers(question)}`;
}

function whoAnswers({ by, people = [] }: Question): string {
  if (by !== 'named') return WHO_ANSWERS[by];
  const named = people.filter(isUserId).slice(0, 10);
  return named.length === 0 ? WHO_ANSWERS.approver : `${named.map((one) => `<@${one}>`).join(' or ')} answers.`;
}

const WHO_ANSWERS: Readonly<Record<Exclude<Question['by'], 'named'>, string>> = {
  operator: 'Any operator answers.',
  approver: 'An approver answers.',
  second_approver: 'An approver who did not start this run answers.',
};

export function questionButtons(run: RunView, step: StepView, question: Question): ActionsBlock {
  const words = questionWords(question, step.step);
  const value = JSON.stringify({ stepRun: step.id, attempt: step.attempt });
  const name = cleanText(run.person.name, 30);
  if (question.kind !== 'approve')
    return actions(button({ actionId: ACTIONS.stepChooseOpen, label: words.yes, value, primary: true }));
  const asks = cleanText(words.asks, 90);
  return actions(
    button({
      actionId: ACTIONS.stepApprove,
      label: words.yes,
      value,
      ...(question.irreversible ? { danger: true } : { primary: true }),
      about: asks,
      confirm: {
        title: asks,
        text: question.irreversible ? `For ${name}. It cannot be undone.` : `For ${name}.`,
        yes: words.yes,
        no: 'Go back',
      },
    }),
    button({ actionId: ACTIONS.stepDecline, label: words.no, value, about: asks }),
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
  if ('fields' in given.answer) return `Told by ${by} ${when}`;
  return `${given.answer.approved === true ? 'Approved' : 'Declined'} by ${by} ${when}`;
}
