// Fills the search for a person while an operator types; whoever is none, or whom Okta does not answer in time, sees nobody.
import type { AllMiddlewareArgs, SlackOptionsMiddlewareArgs } from '@slack/bolt';
import { buildPersonOptions } from '../../blocks/modal-find-person.ts';
import { beforeSlackGivesUp, type DoorDeps } from '../door.ts';

export function personSearch(deps: DoorDeps) {
  return async ({
    body,
    payload,
    ack,
  }: SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs): Promise<void> => {
    const operator = { teamId: body.team?.id ?? '', userId: body.user.id };
    const find = operator.teamId === deps.teamId ? deps.findPeople(operator, payload.value) : Promise.resolve([]);
    const people = await beforeSlackGivesUp(find).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'a search for a person was not answered');
      return [];
    });
    await ack({ options: buildPersonOptions(people) });
  };
}
