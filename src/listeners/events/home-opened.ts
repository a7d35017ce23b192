// Somebody opened the App Home: their picture is due. Bolt has acked already; nothing here could be lost that the next opening does not ask for.
import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { DoorDeps } from '../door.ts';

export function homeOpened(deps: DoorDeps) {
  return async ({ event, body }: SlackEventMiddlewareArgs<'app_home_opened'> & AllMiddlewareArgs): Promise<void> => {
    if (event.tab !== 'home' || body.team_id !== deps.teamId) return;
    await deps
      .onHomeOpened({ teamId: body.team_id, userId: event.user })
      .catch((error: unknown) => deps.log.error({ err: error }, 'an App Home could not be asked for'));
  };
}
