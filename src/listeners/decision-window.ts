// What the intake does with a committed click on Skip…, Mark done by hand… or Choose a person…: opens the window, or says privately why there is none.
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { ADDRESS_FORM, buildFormModal } from '../blocks/forms.ts';
import { buildExtendModal } from '../blocks/mailbox-reminder.ts';
import { buildDecisionModal } from '../blocks/modal-decision.ts';
import type { Modal } from '../blocks/modal-parts.ts';
import type { Message } from '../blocks/parts.ts';
import { buildChoosePersonModal } from '../blocks/question.ts';
import { buildStaleClick } from '../blocks/stale-click.ts';
import { buildWriteOffModal } from '../blocks/write-off.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound } from '../store/inbound.ts';
import type { BoxAddresses } from '../workflow/box-address.ts';
import { countryCode } from '../workflow/model/countries.ts';
import type { GivenAddress } from '../workflow/model/return-address.ts';
import type { OperatorId, RunView, StepView } from '../workflow/model/run.ts';
import type { Workflow } from '../workflow/workflow.ts';

export interface DecisionWindowDeps {
  readonly workflow: Pick<Workflow, 'mayDecide'>;
  readonly slack: Pick<Slack, 'openView'>;
  readonly boxAddresses: Pick<BoxAddresses, 'knownAddress'>;
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
      await deps.slack.openView(String(payload.triggerId), await windowFor(deps, kind, asked.run, asked.step));
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

async function windowFor(
  deps: DecisionWindowDeps,
  kind: (typeof KINDS)[number],
  run: RunView,
  step: StepView,
): Promise<Modal> {
  if (kind === 'extend') return buildExtendModal(run, step);
  if (kind === 'write_off') return buildWriteOffModal(run, step);
  if (kind !== 'answer') return buildDecisionModal(kind, run, step);
  if (step.need?.kind !== 'question' || step.need.question.kind === 'approve')
    throw new Error(`${step.step} asks for nothing that has a window`);
  if (step.need.question.kind === 'form') {
    const { name } = step.need.question;
    // The only place where an operator sees the address: a window of theirs.
    const known = name === ADDRESS_FORM ? await deps.boxAddresses.knownAddress(run, step) : null;
    return buildFormModal(run, step, name, knownFields(known));
  }
  return buildChoosePersonModal(run, step, step.need.question);
}

/** A country that no box goes to is none of the choices. */
function knownFields(known: GivenAddress | null): Readonly<Record<string, string | null>> {
  if (known === null) return {};
  const { line1, line2, city, state, zip, email } = known;
  return { line1, line2, city, state, zip, email, country: countryCode(known.country ?? '') };
}
