// An undo's one message while it waits for its approver: what stays lost first, then the whole plan, and who can allow it.
import type { KnownBlock } from '@slack/types';
import type { ApprovalView, RunView } from '../workflow/model/run.ts';
import { type ApprovalOptions, declineButton, referenceTo, whoCan } from './approval-root.ts';
import { ACTIONS } from './ids.ts';
import { operatorName } from './names.ts';
import { actions, button, context, date, type Message, message, mrkdwn, section, sections } from './parts.ts';
import { planLine } from './plan-text.ts';
import { cancelButton } from './run-buttons.ts';
import { cleanText, safeCode, safeName, safeText } from './safe-text.ts';
import { hrInactiveWords, lostLines } from './undo-text.ts';

const LINES_BUDGET = 6_000;

export function buildUndoApprovalRoot(run: RunView, approval: ApprovalView, options: ApprovalOptions): Message {
  const { plan } = approval;
  const name = safeName(run.person.name);
  const hr = hrInactiveWords(plan);
  const isLive = plan.undo?.isLive === true;
  const code = safeText(plan.undo?.code ?? '', 40);
  const blocks: KnownBlock[] = [
    ...(approval.version > 1
      ? [section(':warning:  *The plan has changed since it was asked for.* Nothing was started. Read it anew below.')]
      : []),
    ...sections(['*Cannot come back*', ...lostLines(plan.undo?.lost ?? []).map((line) => `• ${line}`)], LINES_BUDGET),
    ...(hr === null ? [] : [section(`:warning:  ${hr}`)]),
    ...(isLive
      ? [section(`:warning:  ${code} is under way: your yes cancels what is left of it, and ends a delegation now.`)]
      : []),
    {
      type: 'section',
      fields: [
        `*Asked by*\n${operatorName(run.requestedBy, options.names)}`,
        `*Asked*\n${date(run.requestedAt)}`,
        `*Reason*\n${safeText(run.reason ?? '', 300) || 'none given'}`,
        `*Takes back*\n${code}`,
      ].map((field) => mrkdwn(field)),
    },
    ...sections(['*What will happen after approval*', ...plan.steps.map(planLine)], LINES_BUDGET),
    actions(approveButton(run, approval), declineButton(run, approval), cancelButton(run)),
  ];
  return message(
    section(
      `:raised_hand:  *Approval needed to undo the offboarding of ${name}*\nTheir access comes back · ${safeCode(run.person.email)}`,
    ),
    ...blocks,
    context(whoCan(run, approval, options), 'Nothing has changed yet.', safeText(run.code, 40) || 'no code'),
  );
}

function approveButton(run: RunView, approval: ApprovalView): ReturnType<typeof button> {
  const name = cleanText(run.person.name, 60);
  return button({
    actionId: ACTIONS.approvalApprove,
    label: 'Approve and start',
    value: referenceTo(run, approval),
    danger: true,
    about: `undo for ${name}`,
    confirm: {
      title: `Let ${name} back in?`,
      text: `Everything is read once more first. If it is still as shown here, it starts at once, and ${name} can sign in again. If anything changed, nothing starts and you are shown what.`,
      yes: 'Start the undo',
      no: 'Go back',
    },
  });
}
