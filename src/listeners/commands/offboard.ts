// `/offboard email|status|help`: answers from the database, or commits what was asked, acks; the plan is made and shown by the intake.
import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import { buildHelp, buildUnreadable } from '../../blocks/help.ts';
import type { Message } from '../../blocks/parts.ts';
import { buildStatus } from '../../blocks/status.ts';
import { operatorKey } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { beforeSlackGivesUp, commitInbound, type DoorDeps } from '../door.ts';
import { parseOffboardCommand } from './parse-command.ts';

export function offboardCommand(deps: DoorDeps) {
  return async ({ command, ack, context }: SlackCommandMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const say = (message: Message) =>
      ack({ response_type: 'ephemeral', text: message.text, blocks: [...message.blocks] });
    const parsed = parseOffboardCommand(command.text);
    if (parsed.kind === 'help') return say(buildHelp());
    if (parsed.kind === 'status') return say(await statusOf(deps));
    if (parsed.kind === 'unreadable') return say(buildUnreadable(parsed));
    try {
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `command:${command.trigger_id}`,
        kind: 'command',
        actor: operatorKey(operatorOf(context)),
        payload: {
          command: '/offboard',
          email: parsed.email,
          triggerId: command.trigger_id,
          responseUrl: command.response_url,
        },
        announce: true,
        handled: false,
      });
      await ack();
      if (inbound) deps.intake.begin(inbound);
    } catch (error) {
      const reference = deps.reference();
      deps.log.error({ err: error, reference }, 'a command could not be committed');
      await say(buildRefusalMessage({ why: 'database_down', reference }));
    }
  };
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
