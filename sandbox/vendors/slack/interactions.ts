// What a person does outside modals: types a command, picks a shortcut, presses a button. Slack then tells the app.
// @see https://docs.slack.dev/reference/interaction-payloads, read 2026-11
import { isRecord } from './block-kit-schema.ts';
import { type Delivered, deliver, deliverPayload, FORM, type Forgery, noteBadAnswer, payloadBase } from './deliver.ts';
import { chosenValue, findElement, keepsValue } from './elements.ts';
import { findMessage, showMessage } from './messages.ts';
import { Refusal } from './refusal.ts';
import { applyResponse, makeResponseUrl } from './response-url.ts';
import { blocksOf, makeTrigger, showView, typeInto } from './view-store.ts';
import {
  BOT,
  type Channel,
  type Ephemeral,
  type Json,
  type Message,
  nextTs,
  TEAM,
  userOf,
  type View,
  type Workspace,
} from './workspace.ts';

export interface Slash extends Forgery {
  readonly user: string;
  readonly command: string;
  readonly text?: string;
  /** The IT channel if the user is in it, else #general. */
  readonly channel?: string;
}

export interface Click extends Forgery {
  readonly user: string;
  readonly messageTs?: string;
  readonly viewId?: string;
  readonly actionId: string;
  readonly blockId?: string;
  /** For a menu: the option's value. For a button: sent instead of its real value (tampering). */
  readonly value?: unknown;
  /** What else stands in the view's inputs by now, by block id as in `Submit`. */
  readonly values?: Readonly<Record<string, unknown>>;
}

export async function slash(workspace: Workspace, act: Slash): Promise<Delivered> {
  const known = workspace.manifest.commands.find((one) => one.command === act.command);
  if (!act.force && (!known || !workspace.scopes.includes('commands')))
    throw new Error(`Slack knows no command ${act.command}`);
  const channel = channelOf(workspace, act.user, act.channel ?? usualChannel(workspace, act.user), act);
  const team = act.teamId ?? TEAM.id;
  const raw = new URLSearchParams({
    token: 'simulator-verification-token',
    team_id: team,
    team_domain: TEAM.domain,
    channel_id: channel.id,
    channel_name: { public: channel.name, private: 'privategroup', im: 'directmessage' }[channel.kind],
    user_id: act.user,
    user_name: userOf(workspace, act.user).name,
    command: act.command,
    text: known?.shouldEscape ? escapeMentions(workspace, act.text ?? '') : (act.text ?? ''),
    api_app_id: BOT.appId,
    is_enterprise_install: 'false',
    response_url: makeResponseUrl(workspace, { user: act.user, channel: channel.id, sourceTs: null }),
    trigger_id: makeTrigger(workspace, act.user),
  }).toString();
  const delivered = await deliver(workspace, {
    kind: 'slash_command',
    user: act.user,
    contentType: FORM,
    raw,
    forgery: act,
  });
  return showSlashAnswer(workspace, act.user, channel, delivered);
}

export async function shortcut(
  workspace: Workspace,
  act: Forgery & { readonly user: string; readonly callbackId: string },
): Promise<Delivered> {
  const known = workspace.manifest.shortcuts.some((one) => one.callbackId === act.callbackId);
  if (!known && !act.force) throw new Error(`Slack knows no shortcut ${act.callbackId}`);
  const base = payloadBase(workspace, act.user, act);
  const payload = {
    ...base,
    type: 'shortcut',
    action_ts: nextTs(workspace),
    callback_id: act.callbackId,
    trigger_id: makeTrigger(workspace, act.user),
  };
  return deliverPayload(workspace, act.user, payload, act);
}

/** Presses or changes the element as it stands now: on a message, an ephemeral, a modal or the Home tab. */
export async function click(workspace: Workspace, act: Click): Promise<Delivered> {
  const place = act.viewId === undefined ? onMessage(workspace, act) : onView(workspace, act, act.viewId);
  const { block, element } = findElement(place.blocks, act.actionId, act.blockId);
  const chosen = chosenValue(element, act.value, act.force ?? false);
  place.keep?.(String(block.block_id), act.actionId, element, chosen);
  const { options: _options, option_groups: _groups, confirm: _confirm, url: _url, ...visible } = element;
  const tampered = element.type === 'button' && act.value !== undefined ? { value: act.value } : {};
  const action = { ...visible, ...chosen, ...tampered, block_id: block.block_id, action_ts: nextTs(workspace) };
  const base = payloadBase(workspace, act.user, act);
  const payload = {
    ...base,
    type: 'block_actions',
    trigger_id: makeTrigger(workspace, act.user),
    ...place.fields(),
    actions: [action],
  };
  return deliverPayload(workspace, act.user, payload, act);
}

interface Place {
  readonly blocks: readonly Json[];
  /** Read after `keep`, so that the payload shows the new value. */
  fields(): Json;
  keep?(blockId: string, actionId: string, element: Json, chosen: Json): void;
}

function onMessage(workspace: Workspace, act: Click): Place {
  const [channel, message] = locate(workspace, act);
  const isEphemeral = 'recipient' in message;
  return {
    blocks: message.blocks,
    fields: () => ({
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: isEphemeral,
        ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
      },
      channel: { id: channel.id, name: channel.kind === 'private' ? 'privategroup' : channel.name },
      // Slack leaves the message out when only one person can see it.
      ...(isEphemeral ? {} : { message: showMessage(channel, message, { metadata: false }) }),
      state: { values: {} },
      response_url: makeResponseUrl(workspace, { user: act.user, channel: channel.id, sourceTs: message.ts }),
    }),
  };
}

function locate(workspace: Workspace, act: Click): readonly [Channel, Message | Ephemeral] {
  const ts = act.messageTs ?? '';
  const ephemeral = workspace.ephemerals.find((one) => one.ts === ts && !one.deleted);
  if (ephemeral && ephemeral.recipient !== act.user && !act.force)
    throw new Error(`${act.user} does not see the ephemeral ${ts}`);
  const channel = ephemeral
    ? workspace.channels.get(ephemeral.channel)
    : [...workspace.channels.values()].find((one) => findMessage(one, ts) !== undefined);
  const message = ephemeral ?? (channel ? findMessage(channel, ts) : undefined);
  if (!channel || !message) throw new Error(`no message ${ts}`);
  return [channelOf(workspace, act.user, channel.id, act), message];
}

function onView(workspace: Workspace, act: Click, viewId: string): Place {
  const view = openView(workspace, act, viewId);
  for (const [blockId, given] of Object.entries(act.values ?? {})) typeInto(view, blockId, given, act.force ?? false);
  return {
    blocks: blocksOf(view.content),
    keep: (blockId, actionId, element, chosen) => {
      if (keepsValue(element)) view.values[blockId] = { ...view.values[blockId], [actionId]: chosen };
    },
    fields: () => ({ container: { type: 'view', view_id: view.id }, view: showView(view) }),
  };
}

/** A view the user has open; throws if it is someone else's or gone. */
export function openView(workspace: Workspace, act: { readonly user: string } & Forgery, viewId: string): View {
  const view = workspace.views.get(viewId);
  if (!view?.open && !(view && act.force)) throw new Error(`no open view ${viewId}`);
  if (view.user !== act.user && !act.force) throw new Error(`${act.user} does not see the view ${viewId}`);
  return view;
}

function channelOf(workspace: Workspace, user: string, id: string, forgery: Forgery): Channel {
  const channel = workspace.channels.get(id);
  if (!channel) throw new Error(`no channel ${id}`);
  if (!channel.members.includes(user) && !forgery.force) throw new Error(`${user} is not in ${id}`);
  return channel;
}

function usualChannel(workspace: Workspace, user: string): string {
  return workspace.channels.get('C0ITOPS')?.members.includes(user) ? 'C0ITOPS' : 'C0PUBLIC';
}

/** With should_escape, `@lin` arrives as `<@U0LIN|lin>`. A name inside an address (`lin@acme.test`) is left alone. */
function escapeMentions(workspace: Workspace, text: string): string {
  return text.replace(/(?<![\w<])@([\w.]+)/g, (whole, name: string) => {
    const user = [...workspace.users.values()].find((one) => one.name === name);
    return user ? `<@${user.id}|${user.name}>` : whole;
  });
}

/** The body of a command's acknowledgement: nothing, plain text, or a message. */
function showSlashAnswer(workspace: Workspace, user: string, channel: Channel, delivered: Delivered): Delivered {
  if (delivered.problem || delivered.status !== 200 || delivered.body === '') return delivered;
  try {
    const answer: unknown = delivered.body.startsWith('{') ? JSON.parse(delivered.body) : { text: delivered.body };
    if (isRecord(answer)) applyResponse(workspace, { user, channel: channel.id, sourceTs: null }, answer, 'ack');
    return delivered;
  } catch (thrown) {
    const why = thrown instanceof Refusal ? `${thrown.code} ${JSON.stringify(thrown.extra)}` : String(thrown);
    return noteBadAnswer(workspace, { kind: 'slash_command', user }, delivered, why);
  }
}
