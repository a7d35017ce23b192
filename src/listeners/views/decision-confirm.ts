// The submit of Skip, Mark done by hand or a chosen person: one statement decides, once.
import { z } from 'zod';
import { fieldsOf } from '../../blocks/forms.ts';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildNotDecidedModal } from '../../blocks/modal-decision.ts';
import { isUserId } from '../../blocks/names.ts';
import { NOTE_CHARS } from '../../blocks/note-input.ts';
import { cleanText } from '../../blocks/safe-text.ts';
import { staleWords } from '../../blocks/stale-click.ts';
import type { StepDecision } from '../../workflow/model/verdicts.ts';
import type { DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';
import { type Errors, readReason, submittedDecision, type Values } from '../submitted-decision.ts';

const FormReference = z.object({ form: z.string().max(60) });

/** What was typed, or what is told at the input. */
type Read = (values: Values, metadata: string) => StepDecision | Errors;

export function readNote(kind: 'skip' | 'attest' | 'write_off'): Read {
  return (values) => {
    const note = readReason(values);
    if ('errors' in note) return note;
    return kind === 'attest' ? { kind, evidence: note.reason } : { kind, ...note };
  };
}

export function readChosen(values: Values): ReturnType<Read> {
  const person = values[BLOCKS.chosenPerson]?.[INPUTS.chosenPerson]?.selected_user ?? '';
  return isUserId(person)
    ? { kind: 'answer', person }
    : { errors: { [BLOCKS.chosenPerson]: 'Please choose a person.' } };
}

/** Which form it is the window says; whether the step asks for that one, the statement that decides. */
export function readForm(values: Values, metadata: string): ReturnType<Read> {
  const { form } = FormReference.parse(JSON.parse(metadata));
  const read = fieldsOf(form, (block) => {
    const input = values[block]?.[INPUTS.formField];
    return input?.selected_option?.value ?? input?.value ?? null;
  });
  if ('errors' in read) return read;
  const cleaned = Object.entries(read.fields).map(([key, value]) => [key, cleanText(value, NOTE_CHARS)] as const);
  return { kind: 'answer', fields: Object.fromEntries(cleaned) };
}

/** The day begins at midnight UTC, as its window says. */
export function readExtension(values: Values): ReturnType<Read> {
  const day = values[BLOCKS.endDate]?.[INPUTS.endDate]?.selected_date ?? '';
  const until = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(until.getTime()))
    return { errors: { [BLOCKS.endDate]: 'Please choose a day.' } };
  const note = readReason(values);
  return 'errors' in note ? note : { kind: 'extend', until: until.toISOString(), ...note };
}

export function decisionConfirm(deps: DoorDeps, read: Read) {
  return submittedDecision(deps, {
    read,
    asked: readStepReference,
    failed: 'a decision could not be committed',
    async decide(operator, step, decision) {
      const decided = await deps.workflow.decide(operator, step, decision);
      switch (decided.verdict) {
        case 'decided':
          return { view: null };
        case 'refused':
          return decided;
        case 'stale':
        case 'unknown':
          return { view: buildNotDecidedModal(staleWords(decided)) };
        default:
          return decided satisfies never;
      }
    },
  });
}
