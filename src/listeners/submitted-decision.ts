// The submit of a window in which somebody decides: it counts once and in time for Slack; the window closes, or says who was faster or who may.
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { BLOCKS, INPUTS } from '../blocks/ids.ts';
import { buildDecisionRefusedModal } from '../blocks/modal-decision.ts';
import type { Modal } from '../blocks/modal-parts.ts';
import { LEAST_NOTE_CHARS, NOTE_CHARS } from '../blocks/note-input.ts';
import { cleanText } from '../blocks/safe-text.ts';
import type { Refusal } from '../workflow/model/plan.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import { operatorOf } from './authorize-operator.ts';
import { announceRefusal, beforeSlackGivesUp, type DoorDeps } from './door.ts';

export type Values = SlackViewMiddlewareArgs['view']['state']['values'];
/** Told at the inputs, by block id. */
export type Errors = { readonly errors: Record<string, string> };
/** `view` null: the window closes. */
export type DecidedWindow =
  | Errors
  | { readonly view: Modal | null }
  | { readonly verdict: 'refused'; readonly refusal: Refusal };

export function submittedDecision<Typed extends object, Asked>(
  deps: DoorDeps,
  given: {
    read(values: Values, metadata: string): Typed | Errors;
    /** What the window is about; null: one we never drew. */
    asked(metadata: string): Asked | null;
    decide(operator: OperatorId, asked: Asked, typed: Typed): Promise<DecidedWindow>;
    /** For the log. */
    readonly failed: string;
  },
) {
  return async ({ body, view, ack, context }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const operator = operatorOf(context);
    const show = (modal: Modal) => ack({ response_action: 'update', view: modal } as never);
    const typed = given.read(view.state.values, view.private_metadata);
    if ('errors' in typed) return ack({ response_action: 'errors', errors: typed.errors });
    const asked = given.asked(view.private_metadata);
    if (asked === null) {
      deps.log.warn({ view: view.callback_id }, 'a window carried a value we never drew');
      return show(buildDecisionRefusedModal({ why: 'unexpected', reference: deps.reference() }));
    }
    try {
      const decided = await beforeSlackGivesUp(given.decide(operator, asked, typed));
      if ('errors' in decided) return await ack({ response_action: 'errors', errors: decided.errors });
      if ('view' in decided) return await (decided.view === null ? ack() : show(decided.view));
      const { refusal } = decided;
      const key = `${body.view.id}:${body.view.hash}`;
      await announceRefusal(deps, { operator, door: view.callback_id, why: refusal.why, key });
      return await show(buildDecisionRefusedModal(refusal));
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, given.failed);
      await show(buildDecisionRefusedModal({ why: 'database_down', reference }));
    }
  };
}

/** The note that such a window asks for. */
export function readReason(values: Values): { readonly reason: string } | Errors {
  const reason = cleanText(values[BLOCKS.note]?.[INPUTS.note]?.value ?? '', NOTE_CHARS);
  return reason.length < LEAST_NOTE_CHARS ? { errors: { [BLOCKS.note]: 'Please say it in a few words.' } } : { reason };
}
