// What the intake does with a committed click on Legal hold…: opens the window, or says privately why there is none.
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildStaleHold } from '../blocks/hold-text.ts';
import { buildHoldModal } from '../blocks/modal-hold.ts';
import type { Message } from '../blocks/parts.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound } from '../store/inbound.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import type { Workflow } from '../workflow/workflow.ts';

interface HoldWindowDeps {
  readonly workflow: Pick<Workflow, 'mayHold'>;
  readonly slack: Pick<Slack, 'openView'>;
  answer(message: Message): Promise<void>;
  /** The channel hears of refused attempts. */
  announce(why: string): Promise<void>;
}

/** Within the trigger's 3 s. Answers with what became of it. */
export async function openHoldWindow(
  deps: HoldWindowDeps,
  operator: OperatorId,
  payload: Inbound['payload'],
): Promise<string> {
  const asked = await deps.workflow.mayHold(operator, { run: String(payload.run), number: Number(payload.number) });
  switch (asked.verdict) {
    case 'may':
      await deps.slack.openView(String(payload.triggerId), buildHoldModal(asked.run));
      return 'shown';
    case 'refused':
      await deps.announce(asked.refusal.why);
      await deps.answer(buildRefusalMessage(asked.refusal));
      return asked.refusal.why;
    case 'stale':
    case 'unknown':
      await deps.answer(buildStaleHold(asked));
      return asked.verdict;
    default:
      return asked satisfies never;
  }
}
