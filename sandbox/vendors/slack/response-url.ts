// response_urls: the address in a command or a click through which the app may answer for half an hour, five times.
// @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses, read 2026-11
import { randomBytes } from 'node:crypto';
import type { Reply, Request } from '../simulator.ts';
import { isRecord } from './block-kit-schema.ts';
import { addEphemeral, readContent } from './chat.ts';
import { addMessage, takeMessage } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { Ephemeral, Json, Message, ResponseUrl, Workspace } from './workspace.ts';

const LIFETIME_MS = 30 * 60_000;
const MOST_POSTS = 5;

export function makeResponseUrl(
  workspace: Workspace,
  given: Pick<ResponseUrl, 'user' | 'channel' | 'sourceTs'>,
): string {
  const id = randomBytes(12).toString('hex');
  workspace.responseUrls.set(id, { ...given, createdAt: Date.now(), used: 0 });
  return `${workspace.url}/response/${id}`;
}

export function answerResponseUrl(workspace: Workspace, request: Request): Reply {
  const entry = workspace.responseUrls.get(request.params.id ?? '');
  if (!entry) return no(404, 'invalid_url');
  if (Date.now() - entry.createdAt > LIFETIME_MS) return no(404, 'expired_url');
  if (entry.used >= MOST_POSTS) return no(404, 'used_url');
  if (!isRecord(request.body)) return no(400, 'invalid_payload');
  try {
    applyResponse(workspace, entry, request.body);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { status: 400, body: { ok: false, error: thrown.code, ...thrown.extra } };
  }
  entry.used += 1;
  return { status: 200, body: { ok: true } };
}

/** Also for the body of an acknowledgement, which says the same things. */
export function applyResponse(
  workspace: Workspace,
  to: Pick<ResponseUrl, 'user' | 'channel' | 'sourceTs'>,
  answer: Json,
  via: Ephemeral['via'] = 'response_url',
): void {
  const source = sourceOf(workspace, to);
  if (answer.delete_original === true && source) {
    removeOriginal(workspace, to.channel, source);
    tellOf(workspace, to.channel, source);
    return;
  }
  const content = readContent(workspace, answer);
  if (content.text === '' && content.blocks.length === 0) throw new Refusal('no_text');
  if (answer.replace_original === true && source) {
    Object.assign(source, content);
    source.edits.push({ ...content, at: workspace.clock.now() });
    tellOf(workspace, to.channel, source);
    return;
  }
  const thread = typeof answer.thread_ts === 'string' ? { threadTs: answer.thread_ts } : {};
  const channel = workspace.channels.get(to.channel);
  // In a channel this also works where the bot is no member. A thread takes it only so, for everybody to see:
  // https://docs.slack.dev/interactivity/handling-user-interaction#publishing_in_thread
  if (answer.response_type === 'in_channel' && channel) addMessage(workspace, channel, { ...content, ...thread });
  else addEphemeral(workspace, { ...content, channel: to.channel, recipient: to.user, via });
}

function sourceOf(
  workspace: Workspace,
  to: Pick<ResponseUrl, 'channel' | 'sourceTs'>,
): Message | Ephemeral | undefined {
  if (to.sourceTs === null) return undefined;
  const channel = workspace.channels.get(to.channel);
  return (
    (channel ? takeMessage(channel, to.sourceTs) : undefined) ??
    workspace.ephemerals.find((one) => one.ts === to.sourceTs)
  );
}

function tellOf(workspace: Workspace, channel: string, source: Message | Ephemeral): void {
  const { ts } = source;
  if ('recipient' in source) workspace.changes.tell({ what: 'ephemeral', user: source.recipient, ts });
  else workspace.changes.tell({ what: 'message', channel, ts });
}

function removeOriginal(workspace: Workspace, channelId: string, source: Message | Ephemeral): void {
  if ('recipient' in source) {
    source.deleted = true;
    return;
  }
  const messages = workspace.channels.get(channelId)?.messages ?? [];
  const at = messages.indexOf(source);
  if (at >= 0) messages.splice(at, 1);
}

function no(status: number, error: string): Reply {
  return { status, body: { ok: false, error } };
}
