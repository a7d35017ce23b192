// Everything a person could see in the simulated Slack, as one JSON picture for tests, the checker and the demo's page.
import { wholeOf } from './old-message.ts';
import { showView } from './view-store.ts';
import {
  BOT,
  type Channel,
  type Ephemeral,
  type Json,
  type Message,
  TEAM,
  type View,
  type Workspace,
} from './workspace.ts';

/** Holds no token and no secret. */
export function picture(workspace: Workspace): Json {
  return {
    team: TEAM,
    bot: BOT,
    eventsUrl: workspace.eventsUrl,
    scopes: workspace.scopes,
    commands: workspace.manifest.commands,
    shortcuts: workspace.manifest.shortcuts,
    users: [...workspace.users.values()],
    channels: [...workspace.channels.values()].map(pictureChannel),
    ephemerals: groupBy(workspace.ephemerals.map(pictureEphemeral), (one) => String(one.recipient)),
    views: Object.fromEntries(
      [...workspace.stacks].map(([user, ids]) => [user, ids.flatMap((id) => pictureView(workspace.views.get(id)))]),
    ),
    homes: Object.fromEntries(
      [...workspace.homes].map(([user, id]) => [user, pictureView(workspace.views.get(id))[0] ?? null]),
    ),
    timeouts: workspace.failures,
    deliveries: workspace.deliveries,
  };
}

function pictureChannel(channel: Channel): Json {
  const { messages, ...rest } = channel;
  return { ...rest, messages: messages.map((message) => pictureMessage(message)) };
}

function pictureMessage(message: Message): Json {
  const { threadTs, unfurlLinks, unfurlMedia, ...rest } = wholeOf(message);
  return { ...rest, thread_ts: threadTs ?? null, unfurl_links: unfurlLinks ?? null, unfurl_media: unfurlMedia ?? null };
}

function pictureEphemeral(ephemeral: Ephemeral): Json {
  return pictureMessage(ephemeral);
}

function pictureView(view: View | undefined): Json[] {
  return view ? [{ ...showView(view), user: view.user, errors: view.errors, shown: view.shown }] : [];
}

function groupBy(items: readonly Json[], key: (item: Json) => string): Record<string, Json[]> {
  const groups: Record<string, Json[]> = {};
  for (const item of items) groups[key(item)] = [...(groups[key(item)] ?? []), item];
  return groups;
}
