// `/offboard email|batch|status|help`.
import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import { buildHelp } from '../../blocks/help.ts';
import type { Message } from '../../blocks/parts.ts';
import { buildStatus } from '../../blocks/status.ts';
import { beforeSlackGivesUp, type DoorDeps } from '../door.ts';
import { isBatch, openBatchWindow } from './offboard-batch.ts';
import { personCommand } from './person-command.ts';

export function offboardCommand(deps: DoorDeps) {
  const ofOne = personCommand(deps, { run: 'offboarding', words: { help: buildHelp, status: statusOf } });
  return (given: SlackCommandMiddlewareArgs & AllMiddlewareArgs): Promise<void> =>
    isBatch(given.command.text) ? openBatchWindow(deps, given) : ofOne(given);
}

/** Within the ack: nothing but our own database is asked. */
async function statusOf(deps: DoorDeps): Promise<Message> {
  try {
    const runs = await beforeSlackGivesUp(deps.runs.running());
    return buildStatus({ runs, now: deps.clock.now(), channelId: deps.channelId });
  } catch (error) {
    const reference = deps.reference();
    deps.log.error({ err: error, reference }, 'the status could not be read');
    return buildRefusalMessage({ why: 'database_down', reference });
  }
}
