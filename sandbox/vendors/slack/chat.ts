// chat.*: the bot's messages, their edits, ephemerals and permalinks.
// @see https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours, read 2026-11
import type { ApiMethod } from './api.ts';
import type { Args } from './args.ts';
import { isTooLong, lintBlocks } from './block-kit-lint.ts';
import { isRecord } from './block-kit-schema.ts';
import { withIds } from './elements.ts';
import { addMessage, findMessage, reachChannel, showMessage, takeMessage, writableChannel } from './messages.ts';
import { Refusal, refuseProblems } from './refusal.ts';
import { BOT, type Channel, type Ephemeral, type Json, nextTs, TEAM, type Workspace } from './workspace.ts';

const MOST_TEXT = 40_000;
const MOST_MARKDOWN_TEXT = 12_000;
/** Slack says "too large" without a number; 8 kB is the size its guide on metadata names. */
const MOST_METADATA_BYTES = 8_000;

const CONTENT = ['channel', 'text', 'blocks', 'markdown_text', 'metadata', 'link_names', 'parse', 'attachments'];

export const chatMethods: readonly ApiMethod[] = [
  {
    name: 'chat.postMessage',
    scope: 'chat:write',
    write: true,
    args: [...CONTENT, 'thread_ts', 'reply_broadcast', 'unfurl_links', 'unfurl_media', 'mrkdwn'],
    handle: postMessage,
  },
  {
    name: 'chat.update',
    scope: 'chat:write',
    write: true,
    args: [...CONTENT, 'ts', 'reply_broadcast'],
    handle: update,
  },
  {
    name: 'chat.postEphemeral',
    scope: 'chat:write',
    write: true,
    args: [...CONTENT, 'user', 'thread_ts'],
    handle: postEphemeral,
  },
  { name: 'chat.getPermalink', scope: null, write: false, args: ['channel', 'message_ts'], handle: getPermalink },
];

/** Text and blocks as Slack would take them, block ids filled in. Throws what Slack answers otherwise. */
export function readContent(
  workspace: Workspace,
  given: { text?: unknown; blocks?: unknown },
): { text: string; blocks: Json[] } {
  const text = typeof given.text === 'string' ? given.text : '';
  if (text.length > MOST_TEXT) throw new Refusal('msg_too_long');
  if (given.blocks === undefined || given.blocks === null) return { text, blocks: [] };
  if (!Array.isArray(given.blocks)) throw new Refusal('invalid_blocks_format');
  refuseProblems('invalid_blocks', lintBlocks(given.blocks, 'message'));
  if (isTooLong(given.blocks)) throw new Refusal('msg_blocks_too_long');
  return { text, blocks: withIds(workspace, given.blocks.filter(isRecord)) };
}

function postMessage(workspace: Workspace, args: Args): Json {
  const channel = writableChannel(workspace, args.need('channel'));
  const content = readArgContent(workspace, args);
  if (content.text === '' && content.blocks.length === 0) throw new Refusal('no_text');
  const metadata = readMetadata(args);
  const threadTs = args.text('thread_ts');
  const parent = threadTs === undefined ? undefined : findMessage(channel, threadTs);
  // A reply's own ts is no thread: Slack's guide forbids it, and a stray reply is a bug worth failing on.
  if (threadTs !== undefined && (!parent || parent.threadTs !== undefined)) throw new Refusal('thread_not_found');
  holdRate(workspace, channel);
  const message = addMessage(workspace, channel, {
    ...content,
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(args.has('unfurl_links') ? { unfurlLinks: args.flag('unfurl_links') } : {}),
    ...(args.has('unfurl_media') ? { unfurlMedia: args.flag('unfurl_media') } : {}),
    broadcast: threadTs !== undefined && args.flag('reply_broadcast'),
  });
  return { channel: channel.id, ts: message.ts, message: showMessage(channel, message, { metadata: true }) };
}

function update(workspace: Workspace, args: Args): Json {
  const channel = writableChannel(workspace, args.need('channel'));
  const message = takeMessage(channel, args.need('ts'));
  if (!message) throw new Refusal('message_not_found');
  if (message.user !== BOT.userId) throw new Refusal('cant_update_message');
  if (!args.has('text') && !args.has('blocks') && !args.has('markdown_text')) throw new Refusal('no_text');
  const content = readArgContent(workspace, args);
  const metadata = readMetadata(args);
  message.text = args.has('text') || args.has('markdown_text') ? content.text : message.text;
  message.blocks = args.has('blocks') ? content.blocks : message.blocks;
  if (metadata !== undefined && Object.keys(metadata).length === 0) delete message.metadata;
  else if (metadata !== undefined) message.metadata = metadata;
  message.edits.push({ text: message.text, blocks: message.blocks, at: workspace.clock.now() });
  workspace.changes.tell({ what: 'message', channel: channel.id, ts: message.ts });
  return {
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: showMessage(channel, message, { metadata: true }),
  };
}

function postEphemeral(workspace: Workspace, args: Args): Json {
  const channel = writableChannel(workspace, args.need('channel'));
  const recipient = args.need('user');
  const content = readArgContent(workspace, args);
  if (content.text === '' && content.blocks.length === 0) throw new Refusal('no_text');
  if (!channel.members.includes(recipient)) throw new Refusal('user_not_in_channel');
  const threadTs = args.text('thread_ts');
  // Of a reply's own ts Slack only says "avoid"; a stray one is a bug worth failing on.
  if (threadTs !== undefined && findMessage(channel, threadTs)?.threadTs !== undefined)
    throw new Refusal('thread_not_found');
  const ephemeral = addEphemeral(workspace, {
    ...content,
    channel: channel.id,
    recipient,
    via: 'chat.postEphemeral',
    ...(threadTs === undefined ? {} : { threadTs }),
  });
  return { message_ts: ephemeral.ts };
}

export function addEphemeral(
  workspace: Workspace,
  given: Pick<Ephemeral, 'text' | 'blocks' | 'channel' | 'recipient' | 'via'> & { readonly threadTs?: string },
): Ephemeral {
  const original = { text: given.text, blocks: given.blocks, at: workspace.clock.now() };
  const made: Ephemeral = {
    ...given,
    ts: nextTs(workspace),
    user: BOT.userId,
    broadcast: false,
    original,
    edits: [],
    deleted: false,
  };
  workspace.ephemerals.push(made);
  workspace.changes.tell({ what: 'ephemeral', user: made.recipient, ts: made.ts });
  return made;
}

function getPermalink(workspace: Workspace, args: Args): Json {
  const channel = reachChannel(workspace, args.need('channel'));
  const message = findMessage(channel, args.need('message_ts'));
  if (!message) throw new Refusal('message_not_found');
  const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  return {
    channel: channel.id,
    permalink: `${TEAM.url}archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`,
  };
}

function readArgContent(workspace: Workspace, args: Args): { text: string; blocks: Json[] } {
  const markdown = args.text('markdown_text');
  if (markdown === undefined)
    return readContent(workspace, { text: args.text('text'), blocks: args.json('blocks', 'invalid_blocks_format') });
  if (args.has('text') || args.has('blocks')) throw new Refusal('markdown_text_conflict');
  if (markdown.length > MOST_MARKDOWN_TEXT) throw new Refusal('msg_too_long');
  return { text: markdown, blocks: [] };
}

function readMetadata(args: Args): Json | undefined {
  const given = args.json('metadata', 'invalid_metadata_format');
  if (given === undefined || given === null) return undefined;
  if (!isRecord(given)) throw new Refusal('invalid_metadata_format');
  if (Object.keys(given).length === 0) return given;
  if (typeof given.event_type !== 'string' || !isRecord(given.event_payload))
    throw new Refusal('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_METADATA_BYTES) throw new Refusal('metadata_too_large');
  return given;
}

function holdRate(workspace: Workspace, channel: Channel): void {
  const last = workspace.rateLimit.lastPostAt.get(channel.id) ?? 0;
  if (workspace.rateLimit.on && Date.now() - last < 1000) {
    throw new Refusal('ratelimited', {}, { status: 429, headers: { 'retry-after': '1' } });
  }
  workspace.rateLimit.lastPostAt.set(channel.id, Date.now());
}
