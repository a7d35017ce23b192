// What the intake does with a committed click on Approve or Decline…: lets the verb decide, or opens the window, and tells privately what came of it.
import { buildApprovalChanged, buildStaleApproval } from '../blocks/approval-text.ts';
import { buildRefusalMessage } from '../blocks/ephemeral-refusal.ts';
import { buildDeclineModal } from '../blocks/modal-decline.ts';
import type { Message } from '../blocks/parts.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Inbound } from '../store/inbound.ts';
import type { Refusal } from '../workflow/model/plan.ts';
import { type OperatorId, operatorKey } from '../workflow/model/run.ts';
import type { StaleRun } from '../workflow/model/verdicts.ts';
import type { Workflow } from '../workflow/workflow.ts';

export interface ApprovalClickDeps {
  readonly workflow: Pick<Workflow, 'approve' | 'mayDecline'>;
  readonly slack: Pick<Slack, 'openView'>;
  answer(message: Message): Promise<void>;
  /** The channel hears of refused attempts. */
  announce(why: string): Promise<void>;
}

/** Answers with what became of it. Safe to repeat: a yes that was given before its process died is found, and told to nobody twice. */
export async function approveAsked(
  deps: ApprovalClickDeps,
  operator: OperatorId,
  { payload, attempt }: Pick<Inbound, 'payload' | 'attempt'>,
): Promise<string> {
  const approved = await deps.workflow.approve(operator, referenceIn(payload));
  switch (approved.verdict) {
    case 'approved':
      return 'approved';
    case 'changed':
      await deps.answer(buildApprovalChanged(approved));
      return 'changed';
    case 'stale':
      if (attempt > 1 && approved.what === 'approve' && approved.by === operatorKey(operator)) return 'approved';
      return tellLate(deps, approved);
    case 'unknown':
      return tellLate(deps, approved);
    case 'refused':
      return tellRefused(deps, approved.refusal);
    default:
      return approved satisfies never;
  }
}

/** Within the trigger's 3 s. */
export async function openDeclineWindow(
  deps: ApprovalClickDeps,
  operator: OperatorId,
  payload: Inbound['payload'],
): Promise<string> {
  const asked = await deps.workflow.mayDecline(operator, referenceIn(payload));
  switch (asked.verdict) {
    case 'may':
      await deps.slack.openView(String(payload.triggerId), buildDeclineModal(asked.run));
      return 'shown';
    case 'stale':
    case 'unknown':
      return tellLate(deps, asked);
    case 'refused':
      return tellRefused(deps, asked.refusal);
    default:
      return asked satisfies never;
  }
}

function referenceIn(payload: Inbound['payload']): { run: string; version: number } {
  return { run: String(payload.run), version: Number(payload.version) };
}

async function tellLate(deps: ApprovalClickDeps, late: StaleRun | { readonly verdict: 'unknown' }): Promise<string> {
  await deps.answer(buildStaleApproval(late));
  return late.verdict;
}

/** Only who may not is announced: a system that could not be read is nobody's attempt. */
async function tellRefused(deps: ApprovalClickDeps, refusal: Refusal): Promise<string> {
  if (['not_operator', 'needs_approver', 'own_request', 'is_leaver'].includes(refusal.why))
    await deps.announce(refusal.why);
  await deps.answer(buildRefusalMessage(refusal));
  return refusal.why;
}
