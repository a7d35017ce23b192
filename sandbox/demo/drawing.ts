// Pictures of Slack as lines, and what changed between two of them.
import { drawBlocks } from '../terminal/blocks.ts';
import type { Reader } from '../terminal/mrkdwn.ts';
import { type Line, paint } from '../terminal/spans.ts';
import type { ShownMessage, SlackPicture } from './control.ts';

export const MOST_COLUMNS = 100;

export function readerOf(picture: SlackPicture): Reader {
  return {
    users: Object.fromEntries(picture.users.map((user) => [user.id, user.realName])),
    channels: Object.fromEntries(picture.channels.map((channel) => [channel.id, channel.name])),
    now: new Date(),
  };
}

export function drawMessage(message: ShownMessage, picture: SlackPicture, width: number): Line[] {
  return drawBlocks(message.blocks, readerOf(picture), width);
}

export interface Change {
  readonly kind: 'posted' | 'edited';
  readonly message: ShownMessage;
  /** Plain text, without colours. */
  readonly lines: readonly string[];
  /** Those that were not there before. */
  readonly fresh: readonly string[];
  /** Those that are not there any more. */
  readonly gone: readonly string[];
}

/** Remembers what it was shown, and answers each change once. */
export function createChanges(width: number): (messages: readonly ShownMessage[], picture: SlackPicture) => Change[] {
  const seen = new Map<string, readonly string[]>();
  return (messages, picture) =>
    messages.flatMap((message): Change[] => {
      const lines = drawMessage(message, picture, width).map((line) => paint(line, false).trimEnd());
      const before = seen.get(message.ts);
      if (before?.join('\n') === lines.join('\n')) return [];
      seen.set(message.ts, lines);
      const fresh = lines.filter((line) => !before?.includes(line));
      const gone = (before ?? []).filter((line) => !lines.includes(line));
      return [{ kind: before ? 'edited' : 'posted', message, lines, fresh, gone }];
    });
}

export function nameOf(user: string, picture: SlackPicture): string {
  return picture.users.find((one) => one.id === user)?.realName ?? user;
}
