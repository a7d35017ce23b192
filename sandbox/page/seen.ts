// What one person sees of the simulated Slack: their channels, what only they see, their windows.
import type { Block, ChannelInfo, Person, SeenMessage, SeenView } from '../client/shapes.ts';
import { blocksOf } from '../vendors/slack/view-store.ts';
import type { Channel, Ephemeral, Json, Message, View, Workspace } from '../vendors/slack/workspace.ts';

/** Of a channel at once. */
const PAGE = 60;
/** Slack forgets them at a reload; here the newest stay. */
const KEPT_EPHEMERALS = 20;

export function channelsOf(workspace: Workspace, user: string): Channel[] {
  return [...workspace.channels.values()].filter((one) => !one.archived && one.members.includes(user));
}

export function seenChannels(workspace: Workspace, user: string): ChannelInfo[] {
  return channelsOf(workspace, user).map(({ id, name, kind, members }) => ({ id, name, kind, members }));
}

export function seenPeople(workspace: Workspace): Person[] {
  return [...workspace.users.values()].map((one) => ({
    id: one.id,
    name: one.realName,
    handle: one.name,
    title: one.title,
    timezone: one.timezone,
    isBot: one.isBot,
    deleted: one.deleted,
  }));
}

/** The newest that are no replies, oldest first; `before`: only those from before that ts. */
export function seenRoots(channel: Channel, before?: string): { messages: SeenMessage[]; more: boolean } {
  const roots = channel.messages.filter(
    (one) => (one.threadTs === undefined || one.broadcast) && (before === undefined || one.ts < before),
  );
  const page = roots.slice(-PAGE);
  return { messages: withReplies(channel, page), more: roots.length > page.length };
}

/** The root first. */
export function seenThread(channel: Channel, ts: string): SeenMessage[] {
  const root = channel.messages.find((one) => one.ts === ts);
  const replies = channel.messages.filter((one) => one.threadTs === ts);
  return [...(root ? withReplies(channel, [root]) : []), ...replies.map((one) => seenMessage(channel, one, []))];
}

export function seenOne(channel: Channel, ts: string): SeenMessage | null {
  const message = channel.messages.find((one) => one.ts === ts);
  return message ? (withReplies(channel, [message])[0] ?? null) : null;
}

export function seenEphemerals(workspace: Workspace, user: string): SeenMessage[] {
  return workspace.ephemerals
    .filter((one) => one.recipient === user && !one.deleted)
    .slice(-KEPT_EPHEMERALS)
    .map(seenEphemeral);
}

export function seenEphemeral(one: Ephemeral): SeenMessage {
  return { ...seenMessage({ id: one.channel }, one, []), ephemeral: true };
}

export function seenViews(workspace: Workspace, user: string): SeenView[] {
  return (workspace.stacks.get(user) ?? []).flatMap((id) => {
    const view = workspace.views.get(id);
    return view ? [seenView(view)] : [];
  });
}

export function seenHome(workspace: Workspace, user: string): SeenView | null {
  const view = workspace.views.get(workspace.homes.get(user) ?? '');
  return view ? seenView(view) : null;
}

/** The simulated Slack takes no other. */
function isBlock(given: Json): given is Block {
  return typeof given.type === 'string';
}

function seenView(view: View): SeenView {
  const text = (field: unknown): string | null => (field as { text?: string } | undefined)?.text ?? null;
  return {
    id: view.id,
    title: text(view.content.title) ?? '',
    submit: text(view.content.submit),
    close: text(view.content.close),
    blocks: blocksOf(view.content).filter(isBlock),
    errors: view.errors,
    values: view.values as SeenView['values'],
    hash: view.hash,
  };
}

function withReplies(channel: Channel, messages: readonly Message[]): SeenMessage[] {
  const wanted = new Set(messages.map((one) => one.ts));
  const replies = new Map<string, Message[]>();
  for (const one of channel.messages) {
    if (one.threadTs === undefined || !wanted.has(one.threadTs)) continue;
    const known = replies.get(one.threadTs);
    if (known) known.push(one);
    else replies.set(one.threadTs, [one]);
  }
  return messages.map((one) => seenMessage(channel, one, replies.get(one.ts) ?? []));
}

function seenMessage(channel: { readonly id: string }, one: Message, replies: readonly Message[]): SeenMessage {
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    channel: channel.id,
    ts: one.ts,
    user: one.user,
    text: one.text,
    blocks: one.blocks.filter(isBlock),
    threadTs: one.threadTs ?? null,
    edited: one.edits.length > 0,
    ephemeral: false,
    replies: replies.length === 0 ? null : { count: replies.length, users, latest: replies.at(-1)?.ts ?? one.ts },
  };
}
