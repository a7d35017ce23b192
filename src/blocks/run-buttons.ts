// Buttons of a whole run on its own message: end it, keep what it would remove.
import type { Button } from '@slack/types';
import { type RunView, standingHold } from '../workflow/model/run.ts';
import { ACTIONS } from './ids.ts';
import { button } from './parts.ts';
import { cleanText } from './safe-text.ts';

export function cancelButton(run: Pick<RunView, 'id' | 'person' | 'kind'>): Button {
  const name = cleanText(run.person.name, 40);
  return button({
    actionId: ACTIONS.runCancel,
    label: 'Cancel remaining steps',
    value: JSON.stringify({ run: run.id }),
    accessibilityLabel: `Cancel the remaining steps for ${name}`,
    confirm: {
      title: 'Cancel the remaining steps?',
      text:
        run.kind === 'device_return'
          ? `What is done stays done, and is not undone: a box that was ordered still arrives, and nobody is reminded to send a device of ${name} back. A call that is already under way may still arrive.`
          : `What is done stays done, and is not undone. What is left is not done: access of ${name} may stay open. A mailbox given to somebody is taken back. A call that is already under way may still arrive.`,
      yes: 'Cancel remaining steps',
      no: 'Keep going',
    },
  });
}

/** Opens a window; who may is asked then. */
export function holdButton(run: Pick<RunView, 'id' | 'person' | 'holds'>): Button {
  const isLift = standingHold(run) !== null;
  const name = cleanText(run.person.name, 40);
  return button({
    actionId: ACTIONS.holdOpen,
    label: isLift ? 'Lift legal hold…' : 'Legal hold…',
    value: JSON.stringify({ run: run.id, number: run.holds.length }),
    accessibilityLabel: isLift ? `Lift the legal hold for ${name}` : `Set a legal hold for ${name}`,
  });
}
