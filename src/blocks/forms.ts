// Windows with inputs that a step's question opens: laid out here by the question's name, read by one listener for all.
import type { InputBlock } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { FETCHED_FORMS } from './fetched-words.ts';
import { CALLBACKS, INPUTS } from './ids.ts';
import { INTEGRATION_FORMS } from './integration-text.ts';
import { type Modal, modal } from './modal-parts.ts';
import { plainText, section } from './parts.ts';
import { safeName } from './safe-text.ts';
import { stepWords } from './step-words.ts';
import { subjectWords } from './subject-text.ts';

export interface FormField {
  /** Stored for ever, under the answer's `fields`. */
  readonly key: string;
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: true;
  readonly isLong?: true;
  /** Characters. */
  readonly most: number;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

export interface Form {
  readonly title: string;
  readonly submit: string;
  readonly fields: readonly FormField[];
}

/** By a question's name. */
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  [
    'address',
    {
      title: 'Where to send the box',
      submit: 'Use this address',
      fields: [
        { key: 'line1', label: 'Street and number', hint: 'No PO box', most: 200 },
        { key: 'line2', label: 'Second line', isOptional: true, most: 200 },
        { key: 'city', label: 'City', most: 100 },
        { key: 'state', label: 'State or province', hint: 'Two letters, such as OR', most: 2 },
        { key: 'zip', label: 'Zip or postal code', most: 10 },
        {
          key: 'country',
          label: 'Country',
          hint: 'Elsewhere Retriever sends no boxes',
          most: 2,
          choices: [
            { value: 'US', label: 'United States' },
            { value: 'CA', label: 'Canada' },
          ],
        },
        {
          key: 'email',
          label: 'Their private email address',
          hint: 'Retriever writes to it; the work one is closed',
          most: 200,
        },
      ],
    },
  ],
  [
    'shipment',
    {
      title: 'The return box',
      submit: 'It is sent',
      fields: [
        { key: 'carrier', label: 'Carrier', most: 60 },
        { key: 'boxNumber', label: 'Tracking number of the box out', isOptional: true, most: 60 },
        { key: 'returnNumber', label: 'Tracking number of the label back', isOptional: true, most: 60 },
      ],
    },
  ],
  [
    'courier',
    {
      title: 'The courier',
      submit: 'It is arranged',
      fields: [
        { key: 'courier', label: 'Courier', most: 60 },
        { key: 'number', label: 'Tracking number', isOptional: true, most: 60 },
        { key: 'pickedUpOn', label: 'When it is picked up', hint: 'Such as 2026-03-09', most: 40 },
      ],
    },
  ],
  ...FETCHED_FORMS,
  ...INTEGRATION_FORMS,
]);

/** Throws for a question that has no form: a fault of ours. */
export function formOf(question: string): Form {
  const form = FORMS.get(question);
  if (!form) throw new Error(`no form for the question ${question}`);
  return form;
}

const BLOCK_PREFIX = 'form_';

/** Its answer is sealed, and has a door of its own. */
export const ADDRESS_FORM = 'address';

/** At the inputs; nothing has been kept. */
export function addressWrong(
  problems: readonly { readonly field: string; readonly why: string }[],
): Readonly<Record<string, string>> {
  const words: Readonly<Record<string, string>> = {
    missing: 'Please fill this in.',
    po_box: 'A PO box: no box is delivered there.',
    not_served: 'Retriever sends no boxes there.',
    malformed: 'This is not what Retriever takes.',
    too_long: 'This is longer than a label.',
  };
  return Object.fromEntries(
    problems.map(({ field, why }) => [`${BLOCK_PREFIX}${field}`, `${words[why] ?? ''} Nothing was changed.`.trim()]),
  );
}

/** `known`: what the inputs are filled with, for the eyes of whoever opens it. */
export function buildFormModal(
  run: Pick<RunView, 'person'>,
  step: StepView,
  question: string,
  known: Readonly<Record<string, string | null>> = {},
): Modal {
  const form = formOf(question);
  return modal({
    callbackId: question === ADDRESS_FORM ? CALLBACKS.boxAddress : CALLBACKS.stepForm,
    title: form.title,
    submit: form.submit,
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt, form: question }),
    blocks: [
      section(`*${stepWords(step.step).todo}*${subjectWords(step)} for ${safeName(run.person.name, 60)}`),
      ...form.fields.map((field) => inputOf(field, known[field.key] ?? null)),
    ],
  });
}

function inputOf(field: FormField, known: string | null): InputBlock {
  const options = field.choices?.map(({ value, label }) => ({ text: plainText(label, 75), value }));
  const initial = options?.find((option) => option.value === known);
  const chosen = initial ? { initial_option: initial } : {};
  return {
    type: 'input',
    block_id: `${BLOCK_PREFIX}${field.key}`,
    label: plainText(field.label, 150),
    optional: field.isOptional === true,
    ...(field.hint !== undefined && { hint: plainText(field.hint, 150) }),
    element: options
      ? { type: 'radio_buttons', action_id: INPUTS.formField, options, ...chosen }
      : {
          type: 'plain_text_input',
          action_id: INPUTS.formField,
          multiline: field.isLong === true,
          max_length: field.most,
          ...(known !== null && known !== '' && { initial_value: known.slice(0, field.most) }),
        },
  };
}

/** What of a window's state belongs to which field; anything else is none of the form's. */
export function fieldsOf(
  question: string,
  read: (blockId: string) => string | null,
): { readonly fields: Readonly<Record<string, string>> } | { readonly errors: Record<string, string> } {
  const { fields } = formOf(question);
  const given = fields.map(
    (field) => [field, (read(`${BLOCK_PREFIX}${field.key}`) ?? '').slice(0, field.most).trim()] as const,
  );
  const missing = given.filter(([field, value]) => value === '' && !field.isOptional);
  if (missing.length > 0)
    return {
      errors: Object.fromEntries(
        missing.map(([field]) => [`${BLOCK_PREFIX}${field.key}`, 'Please fill this in. Nothing was changed.']),
      ),
    };
  return {
    fields: Object.fromEntries(given.filter(([, value]) => value !== '').map(([field, value]) => [field.key, value])),
  };
}
