// Every door from Slack, in one flat list: who may is asked first, each time.
import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { ACTIONS, CALLBACKS, INPUTS, SHORTCUTS } from '../blocks/ids.ts';
import { committedClick } from './actions/committed-click.ts';
import { cutAgainClick } from './actions/cut-again.ts';
import { decisionOpen } from './actions/decision-open.ts';
import { homeOperators } from './actions/home-operators.ts';
import { ownerNeverHad, ownerOpen } from './actions/owner-click.ts';
import { runCancel } from './actions/run-cancel.ts';
import { startReview } from './actions/start-review.ts';
import { stepDecide } from './actions/step-decide.ts';
import { sweepBegin } from './actions/sweep-begin.ts';
import { authorizeClick, authorizeCommand, authorizeShortcut, authorizeSubmission } from './authorize-operator.ts';
import { offboardCommand } from './commands/offboard.ts';
import { returnDeviceCommand } from './commands/return-device.ts';
import { countFromHere, type DoorDeps } from './door.ts';
import { homeOpened } from './events/home-opened.ts';
import { personSearch } from './options/person-search.ts';
import {
  readApprovalReference,
  readBatchReference,
  readHoldReference,
  readRunReference,
  readStepReference,
  readStopReference,
} from './references.ts';
import { findPersonShortcut } from './shortcuts/find-person.ts';
import { approvalDecline } from './views/approval-decline.ts';
import { batchConfirm, batchFind } from './views/batch-find.ts';
import { boxAddress } from './views/box-address.ts';
import { decisionConfirm, readChosen, readExtension, readForm, readNote } from './views/decision-confirm.ts';
import { holdConfirm } from './views/hold-confirm.ts';
import { offboardConfirm } from './views/offboard-confirm.ts';
import { operatorsSave } from './views/operators-save.ts';
import { ownerSubmit } from './views/owner-submit.ts';
import { personFind } from './views/person-find.ts';
import { returnConfirm } from './views/return-confirm.ts';
import { revealShow } from './views/reveal-show.ts';
import { undoConfirm } from './views/undo-confirm.ts';

export function registerListeners(app: App, deps: DoorDeps): void {
  app.use(countFromHere);
  app.command('/offboard', authorizeCommand(deps), offboardCommand(deps));
  app.command('/return-device', authorizeCommand(deps), returnDeviceCommand(deps));
  app.shortcut(
    { callback_id: SHORTCUTS.offboard, type: 'shortcut' },
    authorizeShortcut(deps),
    findPersonShortcut(deps, 'offboarding'),
  );
  app.shortcut(
    { callback_id: SHORTCUTS.returnDevice, type: 'shortcut' },
    authorizeShortcut(deps),
    findPersonShortcut(deps, 'device_return'),
  );
  app.options({ action_id: INPUTS.personSearch, type: 'block_suggestion' }, personSearch(deps));
  app.view(CALLBACKS.offboardFind, authorizeSubmission(deps), personFind(deps, 'offboarding'));
  app.view(CALLBACKS.returnFind, authorizeSubmission(deps), personFind(deps, 'device_return'));
  app.view(CALLBACKS.returnConfirm, authorizeSubmission(deps), returnConfirm(deps));
  app.view(CALLBACKS.offboardConfirm, authorizeSubmission(deps), offboardConfirm(deps));
  app.action<BlockAction<ButtonAction>>(ACTIONS.stepRetry, authorizeClick(deps), stepDecide(deps, { kind: 'retry' }));
  app.event('app_home_opened', homeOpened(deps));
  app.action<BlockAction<ButtonAction>>(ACTIONS.homeOperators, authorizeClick(deps), homeOperators(deps));
  app.view(CALLBACKS.operatorsSave, authorizeSubmission(deps), operatorsSave(deps));
  app.action<BlockAction<ButtonAction>>(ACTIONS.stepSkipOpen, authorizeClick(deps), decisionOpen(deps, 'skip'));
  app.action<BlockAction<ButtonAction>>(ACTIONS.stepAttestOpen, authorizeClick(deps), decisionOpen(deps, 'attest'));
  app.view(CALLBACKS.stepSkip, authorizeSubmission(deps), decisionConfirm(deps, readNote('skip')));
  app.view(CALLBACKS.stepAttest, authorizeSubmission(deps), decisionConfirm(deps, readNote('attest')));
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.stepApprove,
    authorizeClick(deps),
    stepDecide(deps, { kind: 'answer', approved: true }),
  );
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.stepDecline,
    authorizeClick(deps),
    stepDecide(deps, { kind: 'answer', approved: false }),
  );
  app.action<BlockAction<ButtonAction>>(ACTIONS.stepChooseOpen, authorizeClick(deps), decisionOpen(deps, 'answer'));
  app.view(CALLBACKS.stepChoose, authorizeSubmission(deps), decisionConfirm(deps, readChosen));
  app.view(CALLBACKS.stepForm, authorizeSubmission(deps), decisionConfirm(deps, readForm));
  app.view(CALLBACKS.boxAddress, authorizeSubmission(deps), boxAddress(deps));
  app.action<BlockAction<ButtonAction>>(ACTIONS.stepExtendOpen, authorizeClick(deps), decisionOpen(deps, 'extend'));
  app.view(CALLBACKS.stepExtend, authorizeSubmission(deps), decisionConfirm(deps, readExtension));
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.approvalApprove,
    authorizeClick(deps),
    committedClick(deps, 'approve', readApprovalReference),
  );
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.approvalDecline,
    authorizeClick(deps),
    committedClick(deps, 'decline_open', readApprovalReference),
  );
  app.view(CALLBACKS.approvalDecline, authorizeSubmission(deps), approvalDecline(deps));
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.holdOpen,
    authorizeClick(deps),
    committedClick(deps, 'hold_open', readHoldReference),
  );
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.revealOpen,
    authorizeClick(deps),
    committedClick(deps, 'reveal_open', readStepReference),
  );
  app.view(CALLBACKS.revealShow, authorizeSubmission(deps), revealShow(deps));
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.undoOpen,
    authorizeClick(deps),
    committedClick(deps, 'undo_open', readRunReference),
  );
  app.view(CALLBACKS.undoConfirm, authorizeSubmission(deps), undoConfirm(deps));
  app.view(CALLBACKS.holdSet, authorizeSubmission(deps), holdConfirm(deps, 'hold'));
  app.view(CALLBACKS.holdLift, authorizeSubmission(deps), holdConfirm(deps, 'lift'));
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.stepWriteOffOpen,
    authorizeClick(deps),
    decisionOpen(deps, 'write_off'),
  );
  app.view(CALLBACKS.stepWriteOff, authorizeSubmission(deps), decisionConfirm(deps, readNote('write_off')));
  app.action<BlockAction<ButtonAction>>(ACTIONS.runCancel, authorizeClick(deps), runCancel(deps));
  app.action<BlockAction<ButtonAction>>(ACTIONS.startReview, authorizeClick(deps), startReview(deps));
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.breakerLet,
    authorizeClick(deps),
    committedClick(deps, 'let_begin', readStopReference),
  );
  app.view(CALLBACKS.batchFind, authorizeSubmission(deps), batchFind(deps));
  app.view(CALLBACKS.batchConfirm, authorizeSubmission(deps), batchConfirm(deps));
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.batchApprove,
    authorizeClick(deps),
    committedClick(deps, 'batch_approve', readBatchReference),
  );
  app.action<BlockAction<ButtonAction>>(
    ACTIONS.batchDecline,
    authorizeClick(deps),
    committedClick(deps, 'batch_decline', readBatchReference),
  );
  app.action<BlockAction<ButtonAction>>(ACTIONS.cutAgain, authorizeClick(deps), cutAgainClick(deps));
  app.action<BlockAction<ButtonAction>>(ACTIONS.sweepBegin, authorizeClick(deps), sweepBegin(deps));
  // No operators: only who was asked answers, which the verb looks at.
  app.action<BlockAction<ButtonAction>>(ACTIONS.ownerDoneOpen, ownerOpen(deps, 'done'));
  app.action<BlockAction<ButtonAction>>(ACTIONS.ownerHelpOpen, ownerOpen(deps, 'help'));
  app.action<BlockAction<ButtonAction>>(ACTIONS.ownerNeverHad, ownerNeverHad(deps));
  app.view(CALLBACKS.ownerDone, ownerSubmit(deps, 'done'));
  app.view(CALLBACKS.ownerHelp, ownerSubmit(deps, 'help'));
  // A link button: the browser does the work, Slack only wants its ack.
  app.action(ACTIONS.openThread, async ({ ack }) => ack());
}
