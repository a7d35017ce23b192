// What the intake does with a committed click on Skip…, Mark done by hand… or Choose a person…: opens the window, or says privately why there is none.
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildFormModal } from '../blocks/forms.ts';
import { buildExtendModal } from '../blocks/mailbox-reminder.ts';
import { buildDecisionModal } from '../blocks/modal-decision.ts';
import type { Modal } from '../blocks/modal-parts.ts';
import type { Message } from '../blocks/parts.ts';
import { buildChoosePersonModal } from '../blocks/question.ts';
import { buildStaleClick } from '../blocks/stale-click.ts';
import { buildWriteOffModal } from '../blocks/write-off.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound } from '../store/inbound.ts';
import type { OperatorId, RunView, StepView } from '../workflow/model/run.ts';
import type { Workflow } from '../workflow/workflow.ts';

export interface DecisionWindowDeps {
  readonly workflow: Pick<Workflow, 'mayDecide'>;
  readonly slack: Pick<Slack, 'openView'>;
  answer(message: Message): Promise<void>;
  /** The channel hears of refused attempts. */
  announce(why: string): Promise<void>;
}

const KINDS = ['skip', 'attest', 'answer', 'extend', 'write_off'] as const;

/** Answers with what became of it. */
export async function openDecisionWindow(
  deps: DecisionWindowDeps,
  operator: OperatorId,
  payload: Inbound['payload'],
): Promise<string> {
  const kind = KINDS.find((one) => one === payload.decision) ?? 'skip';
  const step = { stepRun: String(payload.stepRun), attempt: Number(payload.attempt) };
  const asked = await deps.workflow.mayDecide(operator, step, kind);
  switch (asked.verdict) {
    case 'may':
      await deps.slack.openView(String(payload.triggerId), windowFor(kind, asked.run, asked.step));
      return 'shown';
    case 'refused':
      await deps.announce(asked.refusal.why);
      await deps.answer(buildRefusalMessage(asked.refusal));
      return asked.refusal.why;
    case 'stale':
    case 'unknown':
      await deps.answer(buildStaleClick(asked));
      return asked.verdict;
    default:
      return asked satisfies never;
  }
}

function windowFor(kind: (typeof KINDS)[number], run: RunView, step: StepView): Modal {
  if (kind === 'extend') return buildExtendModal(run, step);
  if (kind === 'write_off') return buildWriteOffModal(run, step);
  if (kind !== 'answer') return buildDecisionModal(kind, run, step);
  if (step.need?.kind !== 'question' || step.need.question.kind === 'approve')
    throw new Error(`${step.step} asks for nothing that has a window`);
  if (step.need.question.kind === 'form') return buildFormModal(run, step, step.need.question.name);
  return buildChoosePersonModal(run, step, step.need.question);
}
