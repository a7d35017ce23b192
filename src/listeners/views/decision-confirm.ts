// The submit of Skip, Mark done by hand or a chosen person: one statement decides, once; the window closes, or says who was faster or who may.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { fieldsOf } from '../../blocks/forms.ts';
import { BLOCKS, INPUTS } from '../../blocks/ids.ts';
import { buildDecisionRefusedModal, buildNotDecidedModal, LEAST_NOTE_CHARS } from '../../blocks/modal-decision.ts';
import { isUserId } from '../../blocks/names.ts';
import { cleanText } from '../../blocks/safe-text.ts';
import { staleWords } from '../../blocks/stale-click.ts';
import type { StepDecision } from '../../workflow/model/ports.ts';
import { operatorOf } from '../authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { readStepReference } from '../references.ts';

const MOST_NOTE_CHARS = 500;
const FormReference = z.object({ form: z.string().max(60) });

type Values = SlackViewMiddlewareArgs['view']['state']['values'];
/** What was typed, or what is told at the input. */
type Read = (values: Values, metadata: string) => StepDecision | { readonly errors: Record<string, string> };

export function readNote(kind: 'skip' | 'attest' | 'write_off'): Read {
  return (values) => {
    const note = cleanText(values[BLOCKS.note]?.[INPUTS.note]?.value ?? '', MOST_NOTE_CHARS);
    if (note.length < LEAST_NOTE_CHARS) return { errors: { [BLOCKS.note]: 'Please say it in a few words.' } };
    return kind === 'attest' ? { kind, evidence: note } : { kind, reason: note };
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
  const cleaned = Object.entries(read.fields).map(([key, value]) => [key, cleanText(value, MOST_NOTE_CHARS)] as const);
  return { kind: 'answer', fields: Object.fromEntries(cleaned) };
}

/** The day begins at midnight UTC, as its window says. */
export function readExtension(values: Values): ReturnType<Read> {
  const day = values[BLOCKS.endDate]?.[INPUTS.endDate]?.selected_date ?? '';
  const until = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(until.getTime()))
    return { errors: { [BLOCKS.endDate]: 'Please choose a day.' } };
  const reason = cleanText(values[BLOCKS.note]?.[INPUTS.note]?.value ?? '', MOST_NOTE_CHARS);
  if (reason.length < LEAST_NOTE_CHARS) return { errors: { [BLOCKS.note]: 'Please say it in a few words.' } };
  return { kind: 'extend', until: until.toISOString(), reason };
}

export function decisionConfirm(deps: DoorDeps, read: Read) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const show = (modal: ReturnType<typeof buildNotDecidedModal>) =>
      ack({ response_action: 'update', view: modal } as never);
    const decision = read(view.state.values, view.private_metadata);
    if ('errors' in decision) return ack({ response_action: 'errors', errors: decision.errors });
    const step = readStepReference(view.private_metadata);
    if (step === null) {
      deps.log.warn({ view: view.callback_id }, 'a window carried a value we never drew');
      return show(buildDecisionRefusedModal({ why: 'unexpected', reference: deps.reference() }));
    }
    try {
      const decided = await beforeSlackGivesUp(deps.workflow.decide(operator, step, decision));
      switch (decided.verdict) {
        case 'decided':
          return ack();
        case 'refused':
          await announceRefusal(deps, {
            operator,
            door: view.callback_id,
            why: decided.refusal.why,
            key: `${body.view.id}:${body.view.hash}`,
          });
          return show(buildDecisionRefusedModal(decided.refusal));
        case 'stale':
        case 'unknown':
          return show(buildNotDecidedModal(staleWords(decided)));
        default:
          return decided satisfies never;
      }
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a decision could not be committed');
      await show(buildDecisionRefusedModal({ why: 'database_down', reference }));
    }
  };
}
