// "Offboard someone" and "Return a device" from Slack's shortcuts: opens the window that asks who. Nothing is kept, so that nothing could be lost.
import type { AllMiddlewareArgs, GlobalShortcut, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { buildFindPersonModal } from '../../blocks/modal-find-person.ts';
import type { RunKind } from '../../workflow/model/run.ts';
import type { DoorDeps } from '../door.ts';

export function findPersonShortcut(deps: DoorDeps, run: RunKind) {
  return async ({ shortcut, ack }: SlackShortcutMiddlewareArgs<GlobalShortcut> & AllMiddlewareArgs): Promise<void> => {
    await ack();
    await deps
      .openView(shortcut.trigger_id, buildFindPersonModal(run))
      .catch((error: unknown) => deps.log.error({ err: error }, 'the window that asks who could not be opened'));
  };
}
