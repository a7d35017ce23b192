// What the intake does with an app owner's committed click: opens the window for their words, or says privately why there is none.
import { buildOwnerNotCounted, buildOwnerWindow } from '../blocks/owner-answer.ts';
import type { Message } from '../blocks/parts.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound } from '../store/inbound.ts';
import type { OperatorId } from '../workflow/model/run.ts';
import type { Workflow } from '../workflow/workflow.ts';

export interface OwnerWindowDeps {
  readonly workflow: Pick<Workflow, 'mayAnswerForApp'>;
  readonly slack: Pick<Slack, 'openView'>;
  answer(message: Message): Promise<void>;
  /** The channel hears of refused attempts. */
  announce(why: string): Promise<void>;
}

/** Answers with what became of it. */
export async function openOwnerWindow(
  deps: OwnerWindowDeps,
  who: OperatorId,
  payload: Inbound['payload'],
): Promise<string> {
  const asked = await deps.workflow.mayAnswerForApp(who, String(payload.stepRun));
  if (asked.verdict === 'may') {
    const said = payload.said === 'help' ? 'help' : 'done';
    await deps.slack.openView(String(payload.triggerId), buildOwnerWindow(said, asked.run, asked.step));
    return 'shown';
  }
  if (asked.verdict === 'not_asked') await deps.announce(asked.verdict);
  await deps.answer(buildOwnerNotCounted(asked));
  return asked.verdict;
}
