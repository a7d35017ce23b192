// The private IT channel as people see it: lines about commands, one root a run, replies below it.
import type { SlackSimulator } from '../../sandbox/vendors/slack/server.ts';
import type { Message } from '../../sandbox/vendors/slack/workspace.ts';
import { wordsOf } from './words.ts';

export interface Channel {
  /** Everything that stands there, oldest first. */
  messages(): readonly Message[];
  /** One line about a command or a refused attempt each. */
  notices(): readonly string[];
  roots(): readonly Message[];
  /** Words of the only root; '' if there is none yet. */
  root(): string;
  replies(): readonly Message[];
  /** Words of the replies, oldest first. */
  thread(): readonly string[];
}

export function channelOf(slack: SlackSimulator, id: string): Channel {
  const all = (): readonly Message[] => slack.workspace.channels.get(id)?.messages ?? [];
  const top = (): readonly Message[] => all().filter((one) => one.threadTs === undefined);
  const isNotice = (one: Message): boolean => one.blocks.length === 1 && one.blocks[0]?.type === 'context';
  const roots = (): readonly Message[] => top().filter((one) => !isNotice(one));
  const replies = (): readonly Message[] => all().filter((one) => one.threadTs !== undefined);
  return {
    messages: all,
    roots,
    replies,
    notices: () =>
      top()
        .filter(isNotice)
        .map((one) => wordsOf(one.blocks)),
    root() {
      const found = roots();
      if (found.length > 1) throw new Error(`${found.length} roots`);
      return wordsOf(found[0]?.blocks ?? []);
    },
    thread: () => replies().map((one) => wordsOf(one.blocks)),
  };
}
