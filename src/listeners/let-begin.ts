// What the intake does with a committed click on "Let all begin": lets the verb decide, and tells privately what came of it.
import { buildLetBegun, buildStaleLet } from '../blocks/breaker-text.ts';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import type { Message } from '../blocks/parts.ts';
import type { Inbound } from '../store/inbound.ts';
import { type OperatorId, operatorKey } from '../workflow/model/run.ts';
import type { Workflow } from '../workflow/workflow.ts';

export interface LetBeginDeps {
  readonly workflow: Pick<Workflow, 'letBegin'>;
  answer(message: Message): Promise<void>;
  /** The channel hears of refused attempts. */
  announce(why: string): Promise<void>;
}

/** Answers with what became of it. Safe to repeat. */
export async function letAskedBegin(
  deps: LetBeginDeps,
  operator: OperatorId,
  { payload, attempt }: Pick<Inbound, 'payload' | 'attempt'>,
): Promise<string> {
  const asked = { stop: Number(payload.stop), upTo: Number(payload.upTo) };
  const answer = await deps.workflow.letBegin(operator, asked);
  switch (answer.verdict) {
    case 'let':
      await deps.answer(buildLetBegun(answer));
      return 'let';
    case 'stale':
      if (attempt > 1 && answer.by === operatorKey(operator)) return 'let';
      await deps.answer(buildStaleLet(answer));
      return 'stale';
    case 'unknown':
      await deps.answer(buildStaleLet(answer));
      return 'unknown';
    case 'refused':
      if (['not_operator', 'needs_approver', 'own_request'].includes(answer.refusal.why))
        await deps.announce(answer.refusal.why);
      await deps.answer(buildRefusalMessage(answer.refusal));
      return answer.refusal.why;
    default:
      return answer satisfies never;
  }
}
