// Buttons that end a run from its own message.
import type { Button } from '@slack/types';
import type { RunView } from '../workflow/model/run.ts';
import { ACTIONS } from './ids.ts';
import { button } from './parts.ts';
import { cleanText } from './safe-text.ts';

export function cancelButton(run: Pick<RunView, 'id' | 'person'>): Button {
  const name = cleanText(run.person.name, 40);
  return button({
    actionId: ACTIONS.runCancel,
    label: 'Cancel remaining steps',
    value: JSON.stringify({ run: run.id }),
    accessibilityLabel: `Cancel the remaining steps for ${name}`,
    confirm: {
      title: 'Cancel the remaining steps?',
      text: `What is done stays done, and is not undone. What is left is not done: access of ${name} may stay open. A mailbox given to somebody is taken back. A call that is already under way may still arrive.`,
      yes: 'Cancel remaining steps',
      no: 'Keep going',
    },
  });
}
