// Messages in channels: who may see a channel, how a message is kept, and how Slack shows it to the app.
import { requireScope } from './api.ts';
import { OldMessage, wholeOf } from './old-message.ts';
import { Refusal } from './refusal.ts';
import {
  BOT,
  type Channel,
  directChannel,
  type Json,
  type Message,
  nextTs,
  TEAM,
  type Workspace,
} from './workspace.ts';

/** The channel if the bot can know of it; `channel_not_found` also for a private one without the bot. */
export function reachChannel(workspace: Workspace, id: string): Channel {
  const channel = workspace.channels.get(id);
  if (!channel || (channel.kind !== 'public' && !channel.members.includes(BOT.userId)))
    throw new Refusal('channel_not_found');
  return channel;
}

/** A channel the bot may post to. A user's id stands for the direct channel with that user. */
export function writableChannel(workspace: Workspace, id: string): Channel {
  const direct = workspace.users.get(id);
  const channel = direct && !direct.isBot ? directChannel(workspace, id) : reachChannel(workspace, id);
  if (!channel.members.includes(BOT.userId)) throw new Refusal('not_in_channel');
  if (channel.archived) throw new Refusal('is_archived');
  return channel;
}

const SCOPE_PREFIX = { public: 'channels', private: 'groups', im: 'im' } as const;

/** Throws `missing_scope` unless the bot has this right for this kind of conversation. */
export function requireChannelScope(workspace: Workspace, channel: Channel, right: 'read' | 'history'): void {
  requireScope(workspace, `${SCOPE_PREFIX[channel.kind]}:${right}`);
}

type NewMessage = Pick<Message, 'text' | 'blocks'> &
  Partial<Pick<Message, 'threadTs' | 'metadata' | 'unfurlLinks' | 'unfurlMedia' | 'broadcast' | 'user'>>;

export function addMessage(workspace: Workspace, channel: Channel, given: NewMessage): Message {
  const message: Message = {
    user: BOT.userId,
    broadcast: false,
    ...given,
    ts: nextTs(workspace),
    original: { text: given.text, blocks: given.blocks, at: workspace.clock.now() },
    edits: [],
  };
  channel.messages.push(message);
  workspace.changes.tell({ what: 'message', channel: channel.id, ts: message.ts });
  return message;
}

export function findMessage(channel: Channel, ts: string): Message | undefined {
  return channel.messages.find((message) => message.ts === ts);
}

/** To be edited: an old one stands whole in its place again. */
export function takeMessage({ messages }: Channel, ts: string): Message | undefined {
  const at = messages.findIndex((message) => message.ts === ts);
  const found = messages[at];
  if (!(found instanceof OldMessage)) return found;
  const whole = found.whole();
  messages[at] = whole;
  return whole;
}

/** A message in the Web API's words. Metadata only if asked for, as in conversations.history. */
export function showMessage(channel: Channel, message: Message, want: { readonly metadata: boolean }): Json {
  const replies = channel.messages.filter((one) => one.threadTs === message.ts);
  const last = message.edits.at(-1);
  const { text, blocks, metadata } = wholeOf(message);
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    ...(message.user === BOT.userId ? { bot_id: BOT.botId, app_id: BOT.appId } : {}),
    team: TEAM.id,
    ts: message.ts,
    text,
    blocks,
    ...(last ? { edited: { user: BOT.botId, ts: `${Math.floor(last.at / 1000)}.000000` } } : {}),
    ...(want.metadata && metadata ? { metadata } : {}),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs, parent_user_id: BOT.userId }),
    ...(replies.length === 0
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((one) => one.user)).size,
          reply_users: [...new Set(replies.map((one) => one.user))],
          latest_reply: replies.at(-1)?.ts,
        }),
  };
}
