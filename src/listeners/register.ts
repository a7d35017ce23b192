// Every door from Slack, in one flat list: who may is asked first, each time.
import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { ACTIONS, CALLBACKS } from '../blocks/ids.ts';
import { stepRetry } from './actions/step-retry.ts';
import { authorizeClick, authorizeCommand, authorizeSubmission } from './authorize-operator.ts';
import { offboardCommand } from './commands/offboard.ts';
import type { DoorDeps } from './door.ts';
import { offboardConfirm } from './views/offboard-confirm.ts';

export function registerListeners(app: App, deps: DoorDeps): void {
  app.command('/offboard', authorizeCommand(deps), offboardCommand(deps));
  app.view(CALLBACKS.offboardConfirm, authorizeSubmission(deps), offboardConfirm(deps));
  app.action<BlockAction<ButtonAction>>(ACTIONS.stepRetry, authorizeClick(deps), stepRetry(deps));
  // A link button: the browser does the work, Slack only wants its ack.
  app.action(ACTIONS.openThread, async ({ ack }) => ack());
}
