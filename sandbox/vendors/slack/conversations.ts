// conversations.*: what the bot may know and read of channels, and direct channels.
// @see https://docs.slack.dev/reference/methods/conversations.history and its neighbours, read 2026-11
import type { ApiMethod } from './api.ts';
import type { Args } from './args.ts';
import { findMessage, reachChannel, requireChannelScope, showMessage } from './messages.ts';
import { page } from './paging.ts';
import { Refusal } from './refusal.ts';
import { BOT, type Channel, directChannel, type Json, type Message, type Workspace } from './workspace.ts';

const READING = ['channel', 'cursor', 'include_all_metadata', 'inclusive', 'latest', 'limit', 'oldest'];

export const conversationMethods: readonly ApiMethod[] = [
  {
    name: 'conversations.info',
    scope: null,
    write: false,
    args: ['channel', 'include_locale', 'include_num_members'],
    handle: info,
  },
  { name: 'conversations.members', scope: null, write: false, args: ['channel', 'cursor', 'limit'], handle: members },
  { name: 'conversations.history', scope: null, write: false, args: READING, handle: history },
  { name: 'conversations.replies', scope: null, write: false, args: [...READING, 'ts'], handle: replies },
  {
    name: 'conversations.open',
    scope: 'im:write',
    write: true,
    args: ['channel', 'users', 'return_im', 'prevent_creation'],
    handle: open,
  },
];

function info(workspace: Workspace, args: Args): Json {
  const channel = reachChannel(workspace, args.need('channel'));
  requireChannelScope(workspace, channel, 'read');
  return { channel: showChannel(channel, args.flag('include_num_members')) };
}

function members(workspace: Workspace, args: Args): Json {
  const channel = reachChannel(workspace, args.need('channel'));
  requireChannelScope(workspace, channel, 'read');
  const { items, next } = page(channel.members, args, { most: 1000, otherwise: 100 });
  return { members: items, response_metadata: { next_cursor: next } };
}

/** Newest first; replies in threads only if they were broadcast. */
function history(workspace: Workspace, args: Args): Json {
  const channel = readableChannel(workspace, args);
  const shown = channel.messages
    .filter((message) => message.threadTs === undefined || message.broadcast)
    .filter(between(args));
  return readPage(channel, shown.reverse(), args, { most: 999, otherwise: 100 });
}

/** The parent, then its replies, oldest first. For a reply's ts, that reply alone. */
function replies(workspace: Workspace, args: Args): Json {
  const channel = readableChannel(workspace, args);
  const asked = findMessage(channel, args.need('ts'));
  if (!asked) throw new Refusal('thread_not_found');
  const thread = channel.messages.filter((message) => message.threadTs === asked.ts).filter(between(args));
  return readPage(channel, [asked, ...thread], args, { most: 1000, otherwise: 1000 });
}

function open(workspace: Workspace, args: Args): Json {
  const given = args.text('users');
  if (given === undefined) throw new Refusal('users_list_not_supplied');
  const ids = given.split(',').map((id) => id.trim());
  if (ids.length > 1)
    throw new Refusal('missing_scope', { needed: 'mpim:write', provided: workspace.scopes.join(',') });
  const user = workspace.users.get(ids[0] ?? '');
  if (!user || user.isBot) throw new Refusal('user_not_found');
  if (user.deleted) throw new Refusal('user_disabled');
  const existed = [...workspace.channels.values()].some(
    (channel) => channel.kind === 'im' && channel.members.includes(user.id),
  );
  const channel = directChannel(workspace, user.id);
  const known = existed ? { no_op: true, already_open: true } : {};
  return { ...known, channel: args.flag('return_im') ? showChannel(channel, false) : { id: channel.id } };
}

function readableChannel(workspace: Workspace, args: Args): Channel {
  const channel = reachChannel(workspace, args.need('channel'));
  requireChannelScope(workspace, channel, 'history');
  if (!channel.members.includes(BOT.userId)) throw new Refusal('not_in_channel');
  return channel;
}

function readPage(
  channel: Channel,
  messages: readonly Message[],
  args: Args,
  limits: { most: number; otherwise: number },
): Json {
  const { items, next } = page(messages, args, limits);
  return {
    messages: items.map((message) => showMessage(channel, message, { metadata: args.flag('include_all_metadata') })),
    has_more: next !== '',
    ...(next === '' ? {} : { response_metadata: { next_cursor: next } }),
  };
}

/** `oldest` and `latest` are left out of the range themselves unless `inclusive`. */
function between(args: Args): (message: Message) => boolean {
  const oldest = readTs(args.text('oldest') ?? '0', 'invalid_ts_oldest');
  const latest = args.has('latest') ? readTs(args.need('latest'), 'invalid_ts_latest') : Number.POSITIVE_INFINITY;
  const inclusive = args.flag('inclusive');
  return ({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

function readTs(text: string, code: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Refusal(code);
  return Number(text);
}

function showChannel(channel: Channel, withCount: boolean): Json {
  if (channel.kind === 'im')
    return { id: channel.id, is_im: true, user: channel.members.find((id) => id !== BOT.userId), is_open: true };
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    // Slack calls a private channel a channel too since 2021, and not a group.
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_archived: channel.archived,
    is_general: channel.name === 'general',
    is_member: channel.members.includes(BOT.userId),
    is_shared: false,
    is_ext_shared: false,
    is_org_shared: false,
    ...(withCount ? { num_members: channel.members.length } : {}),
  };
}
