// What the intake does with a committed click on Show passcode…: opens the window, or says privately why there is none.
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import type { Message } from '../blocks/parts.ts';
import { buildRevealModal } from '../blocks/reveal.ts';
import { buildStaleClick } from '../blocks/stale-click.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound } from '../store/inbound.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import type { Workflow } from '../workflow/workflow.ts';

interface RevealWindowDeps {
  readonly workflow: Pick<Workflow, 'mayReveal'>;
  readonly slack: Pick<Slack, 'openView'>;
  answer(message: Message): Promise<void>;
  /** The channel hears of refused attempts. */
  announce(why: string): Promise<void>;
}

/** Within the trigger's 3 s. Answers with what became of it. */
export async function openRevealWindow(
  deps: RevealWindowDeps,
  operator: OperatorId,
  payload: Inbound['payload'],
): Promise<string> {
  const asked = await deps.workflow.mayReveal(operator, String(payload.stepRun));
  switch (asked.verdict) {
    case 'may':
      await deps.slack.openView(String(payload.triggerId), buildRevealModal(asked.run, asked.step));
      return 'shown';
    case 'refused':
      await deps.announce(asked.refusal.why);
      await deps.answer(buildRefusalMessage(asked.refusal));
      return asked.refusal.why;
    case 'unknown':
      await deps.answer(buildStaleClick(asked));
      return asked.verdict;
    default:
      return asked satisfies never;
  }
}
