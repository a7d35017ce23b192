// A command about one person: answers from what was typed, or commits what was asked and acks; the plan is made and shown by the intake.
import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { buildRefusalMessage } from '../../blocks/ephemeral-refusal.ts';
import { buildUnreadable } from '../../blocks/help.ts';
import { KIND_WORDS } from '../../blocks/kind-text.ts';
import type { Message } from '../../blocks/parts.ts';
import { operatorKey, type RunKind } from '../../workflow/model/run.ts';
import { operatorOf } from '../authorize-operator.ts';
import { commitInbound, type DoorDeps } from '../door.ts';
import { parsePersonCommand } from './parse-command.ts';

export interface PersonCommand<Word extends string> {
  readonly run: Exclude<RunKind, 'rehire'>;
  /** What may be typed instead of an address, and its private answer. */
  readonly words: Readonly<Record<Word, (deps: DoorDeps) => Message | Promise<Message>>>;
}

/** Of a delivery, by the run it asks for. */
export const COMMAND_KINDS: Readonly<Record<Exclude<RunKind, 'rehire'>, string>> = {
  offboarding: 'command',
  device_return: 'return_command',
};

export function personCommand<Word extends string>(deps: DoorDeps, { run, words }: PersonCommand<Word>) {
  return async ({ command, ack, context }: SlackCommandMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const say = (message: Message) =>
      ack({ response_type: 'ephemeral', text: message.text, blocks: [...message.blocks] });
    const parsed = parsePersonCommand(command.text, Object.keys(words) as Word[]);
    if (parsed.kind === 'unreadable') return say(buildUnreadable(parsed, run));
    if (parsed.kind === 'word') return say(await words[parsed.word](deps));
    try {
      const inbound = await commitInbound(deps, {
        source: 'slack',
        key: `command:${command.trigger_id}`,
        kind: COMMAND_KINDS[run],
        actor: operatorKey(operatorOf(context)),
        payload: {
          command: KIND_WORDS[run].command,
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
