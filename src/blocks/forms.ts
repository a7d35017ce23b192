// Windows with inputs that a step's question opens: laid out here by the question's name, read by one listener for all.
import type { InputBlock } from '@slack/types';
import type { RunView, StepView } from '../workflow/model/run.ts';
import { FETCHED_FORMS } from './fetched-words.ts';
import { CALLBACKS, INPUTS } from './ids.ts';
import { type Modal, modal } from './modal-parts.ts';
import { plainText, section } from './parts.ts';
import { safeName } from './safe-text.ts';
import { subjectWords } from './subject-text.ts';
import { stepWords } from './wording.ts';

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
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([...FETCHED_FORMS]);

/** Throws for a question that has no form: a fault of ours. */
export function formOf(question: string): Form {
  const form = FORMS.get(question);
  if (!form) throw new Error(`no form for the question ${question}`);
  return form;
}

const BLOCK_PREFIX = 'form_';

export function buildFormModal(run: Pick<RunView, 'person'>, step: StepView, question: string): Modal {
  const form = formOf(question);
  return modal({
    callbackId: CALLBACKS.stepForm,
    title: form.title,
    submit: form.submit,
    close: 'Cancel',
    privateMetadata: JSON.stringify({ stepRun: step.id, attempt: step.attempt, form: question }),
    blocks: [
      section(`*${stepWords(step.step).todo}*${subjectWords(step)} for ${safeName(run.person.name, 60)}`),
      ...form.fields.map(inputOf),
    ],
  });
}

function inputOf(field: FormField): InputBlock {
  const options = field.choices?.map(({ value, label }) => ({ text: plainText(label, 75), value }));
  return {
    type: 'input',
    block_id: `${BLOCK_PREFIX}${field.key}`,
    label: plainText(field.label, 150),
    optional: field.isOptional === true,
    ...(field.hint !== undefined && { hint: plainText(field.hint, 150) }),
    element: options
      ? { type: 'radio_buttons', action_id: INPUTS.formField, options }
      : {
          type: 'plain_text_input',
          action_id: INPUTS.formField,
          multiline: field.isLong === true,
          max_length: field.most,
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
