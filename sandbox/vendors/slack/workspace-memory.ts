// What the simulated Slack team remembers. Its messages are most of it, and stand in pieces of their own.
import { type Memory, memoryOf } from '../memory.ts';
import { OldMessage, Pack, type PackedMessage } from './old-message.ts';
import type { Channel, Message, Workspace } from './workspace.ts';

const MESSAGES_A_PIECE = 200;

interface SomeMessages {
  readonly channel: string;
  readonly messages: readonly (Message | PackedMessage)[];
  /** Those that stand in none of the pieces before. */
  readonly packs: readonly Pick<Pack, 'id' | 'text'>[];
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
      const packs = new Map<string, Pack>();
      for (const { channel, messages, packs: more } of pieces as SomeMessages[]) {
        for (const one of more) packs.set(one.id, Pack.from(one));
        workspace.channels.get(channel)?.messages.push(...messages.map((one) => messageFrom(one, packs)));
      }
    },
  };
}

function messageFrom(one: Message | PackedMessage, packs: ReadonlyMap<string, Pack>): Message {
  if (!('pack' in one) || one instanceof OldMessage) return one as Message;
  const pack = packs.get(one.pack);
  if (!pack) throw new Error(`the pack of message ${one.ts} is not there`);
  return new OldMessage(one, pack, one.at);
}

function piecesOf({ id, messages }: Channel): SomeMessages[] {
  const count = Math.ceil(messages.length / MESSAGES_A_PIECE);
  const written = new Set<Pack>();
  return Array.from({ length: count }, (_, at) => {
    const some = messages.slice(at * MESSAGES_A_PIECE, (at + 1) * MESSAGES_A_PIECE);
    const packs = new Set(some.flatMap((one) => (one instanceof OldMessage ? [one.pack] : [])));
    const unwritten = [...packs].filter((pack) => !written.has(pack));
    for (const pack of unwritten) written.add(pack);
    return { channel: id, messages: some, packs: unwritten };
  });
}
