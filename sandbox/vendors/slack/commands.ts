// The control address's commands for Slack: each is one act of a person, or one change by an admin. Checks only that names are there.
import { isRecord } from './block-kit-schema.ts';
import { type EventOf, home, sendEvent } from './events.ts';
import { type Click, click, type Slash, shortcut, slash } from './interactions.ts';
import { closeView, type Submit, submit, suggest } from './modals.ts';
import { runSocketCommand } from './socket-mode.ts';
import { type Json, userOf, type Workspace } from './workspace.ts';

type Command = (workspace: Workspace, argument: Json) => unknown;

const COMMANDS: Readonly<Record<string, { readonly needs: readonly string[]; readonly run: Command }>> = {
  slash: { needs: ['user', 'command'], run: (workspace, given) => slash(workspace, given as unknown as Slash) },
  shortcut: {
    needs: ['user', 'callbackId'],
    run: (workspace, given) => shortcut(workspace, given as unknown as Parameters<typeof shortcut>[1]),
  },
  click: { needs: ['user', 'actionId'], run: (workspace, given) => click(workspace, given as unknown as Click) },
  submit: { needs: ['user', 'viewId'], run: (workspace, given) => submit(workspace, given as unknown as Submit) },
  close_view: {
    needs: ['user', 'viewId'],
    run: (workspace, given) => closeView(workspace, given as unknown as Parameters<typeof closeView>[1]),
  },
  suggest: {
    needs: ['user', 'viewId', 'actionId', 'query'],
    run: (workspace, given) => suggest(workspace, given as unknown as Parameters<typeof suggest>[1]),
  },
  home: { needs: ['user'], run: (workspace, given) => home(workspace, given as unknown as Parameters<typeof home>[1]) },
  event: { needs: ['user', 'event'], run: (workspace, given) => sendEvent(workspace, given as unknown as EventOf) },
  connect: { needs: ['eventsUrl'], run: connect },
  socket: { needs: [], run: runSocketCommand },
  scopes: { needs: [], run: setScopes },
  rate_limit: { needs: ['on'], run: setRateLimit },
  person: { needs: ['user'], run: changePerson },
  channel: { needs: ['channel'], run: changeChannel },
  delete_message: { needs: ['ts'], run: deleteMessage },
};

/** undefined for a name it does not know; throws if an argument is missing or the act is impossible. */
export async function runCommand(workspace: Workspace, name: string, argument: unknown): Promise<unknown> {
  const command = COMMANDS[name];
  if (!command) return undefined;
  const given = isRecord(argument) ? argument : {};
  for (const field of command.needs) {
    if (given[field] === undefined) throw new Error(`${name} needs ${field}`);
  }
  return (await command.run(workspace, given)) ?? null;
}

function connect(workspace: Workspace, given: Json): Json {
  workspace.eventsUrl = String(given.eventsUrl);
  return { eventsUrl: workspace.eventsUrl };
}

/** `{only: [...]}` or `{without: [...]}` narrows what the token may do; `{}` gives the manifest's scopes back. */
function setScopes(workspace: Workspace, given: Json): Json {
  const only = Array.isArray(given.only) ? given.only.map(String) : workspace.manifest.botScopes;
  const without = Array.isArray(given.without) ? given.without.map(String) : [];
  workspace.scopes = only.filter((scope) => !without.includes(scope));
  return { scopes: workspace.scopes };
}

function setRateLimit(workspace: Workspace, given: Json): Json {
  workspace.rateLimit.on = given.on === true;
  return { on: workspace.rateLimit.on };
}

/** An admin changes an account: deactivates it (as Okta's deprovisioning does), or its address, timezone or locale. */
function changePerson(workspace: Workspace, given: Json): Json {
  const user = userOf(workspace, String(given.user));
  if (typeof given.deleted === 'boolean') user.deleted = given.deleted;
  if (typeof given.email === 'string') user.email = given.email;
  if (typeof given.timezone === 'string') user.timezone = given.timezone;
  if (typeof given.locale === 'string') user.locale = given.locale;
  return { ...user };
}

/** Somebody who may deletes a message by hand; replies stay where they are. */
function deleteMessage(workspace: Workspace, given: Json): Json {
  for (const { messages } of workspace.channels.values()) {
    const at = messages.findIndex((one) => one.ts === String(given.ts));
    if (at >= 0) return { deleted: messages.splice(at, 1)[0]?.ts };
  }
  throw new Error(`no message ${String(given.ts)}`);
}

/** Someone joins (`add`) or leaves (`remove`) a channel, or it is archived. */
function changeChannel(workspace: Workspace, given: Json): Json {
  const channel = workspace.channels.get(String(given.channel));
  if (!channel) throw new Error(`no channel ${String(given.channel)}`);
  if (typeof given.add === 'string' && !channel.members.includes(given.add)) channel.members.push(given.add);
  if (typeof given.remove === 'string' && channel.members.includes(given.remove))
    channel.members.splice(channel.members.indexOf(given.remove), 1);
  if (typeof given.archived === 'boolean') channel.archived = given.archived;
  return { id: channel.id, members: channel.members, archived: channel.archived };
}
