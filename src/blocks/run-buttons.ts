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
    about: name,
    confirm: {
      title: 'Cancel the remaining steps?',
      text: whatCancelLeaves(run.kind, name),
      yes: 'Cancel remaining steps',
      no: 'Keep going',
    },
  });
}

function whatCancelLeaves(kind: RunView['kind'], name: string): string {
  const late = 'A call that is already under way may still arrive.';
  switch (kind) {
    case 'rehire':
      return `What came back stays, and nothing more is brought back. ${name} may be able to sign in already. ${late}`;
    case 'device_return':
      return `What is done stays done, and is not undone: a box that was ordered still arrives, and nobody is reminded to send a device of ${name} back. ${late}`;
    case 'offboarding':
      return `What is done stays done, and is not undone. What is left is not done: access of ${name} may stay open. A mailbox given to somebody is taken back. ${late}`;
    default:
      return kind satisfies never;
  }
}

/** Null: it has changed nothing that could be taken back. Opens a window; nothing is begun before another approver agreed. */
export function undoButton(run: Pick<RunView, 'id' | 'kind' | 'person' | 'status' | 'steps'>): Button | null {
  const hasBegun = run.steps.some((one) => one.stage === 'contain' && one.attempt > 0);
  const isUndoable = run.status === 'open' || run.status === 'closed' || run.status === 'cancelled';
  if (run.kind !== 'offboarding' || !hasBegun || !isUndoable) return null;
  return button({
    actionId: ACTIONS.undoOpen,
    label: 'Undo…',
    value: JSON.stringify({ run: run.id }),
    about: `offboarding of ${cleanText(run.person.name, 40)}`,
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
    about: name,
  });
}
