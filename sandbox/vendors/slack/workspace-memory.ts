// What the simulated Slack team remembers. Its messages are most of it, and stand in pieces of their own.
import { type Memory, memoryOf } from '../memory.ts';
import type { Channel, Message, Workspace } from './workspace.ts';

const MESSAGES_A_PIECE = 200;

interface SomeMessages {
  readonly channel: string;
  readonly messages: readonly Message[];
}

export function workspaceMemory(workspace: Workspace): Memory {
  const fields = memoryOf(workspace, ['users', 'ephemerals', 'views', 'stacks', 'homes', 'counter', 'lastTs']);
  return {
    take() {
      const all = [...workspace.channels.values()];
      const channels: Channel[] = all.map((one) => ({ ...one, messages: [] }));
      return [...fields.take(), channels, ...all.flatMap(piecesOf)];
    },
    give([known, channels, ...pieces]) {
      fields.give([known]);
      workspace.channels.clear();
      for (const one of channels as Channel[]) workspace.channels.set(one.id, one);
      for (const { channel, messages } of pieces as SomeMessages[])
        workspace.channels.get(channel)?.messages.push(...messages);
    },
  };
}

function piecesOf({ id, messages }: Channel): SomeMessages[] {
  const count = Math.ceil(messages.length / MESSAGES_A_PIECE);
  return Array.from({ length: count }, (_, at) => ({
    channel: id,
    messages: messages.slice(at * MESSAGES_A_PIECE, (at + 1) * MESSAGES_A_PIECE),
  }));
}
