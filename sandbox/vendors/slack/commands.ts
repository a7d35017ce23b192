// The control address's commands for Slack: each is one act of a person, or one change by an admin. Checks only that names are there.
import { isRecord } from './block-kit-schema.ts';
import { type EventOf, home, sendEvent } from './events.ts';
import { type Click, click, type Slash, shortcut, slash } from './interactions.ts';
import { addMessage } from './messages.ts';
import { closeView, type Submit, submit, suggest } from './modals.ts';
import { seedUsers } from './seed.ts';
import { runSocketCommand } from './socket-mode.ts';
import { type Json, userOf, type Workspace } from './workspace.ts';

interface Command {
  readonly needs: readonly string[];
  readonly run: (workspace: Workspace, argument: Json) => unknown;
}

/** A person's act: that what it needs is there is checked by `runCommand`, and the rest by the act itself. */
function act<Given extends object>(
  needs: readonly (keyof Given & string)[],
  run: (workspace: Workspace, given: Given) => unknown,
): Command {
  return { needs, run: (workspace, given: object) => run(workspace, given as Given) };
}

const COMMANDS: Readonly<Record<string, Command>> = {
  slash: act<Slash>(['user', 'command'], slash),
  shortcut: act<Parameters<typeof shortcut>[1]>(['user', 'callbackId'], shortcut),
  click: act<Click>(['user', 'actionId'], click),
  submit: act<Submit>(['user', 'viewId'], submit),
  close_view: act<Parameters<typeof closeView>[1]>(['user', 'viewId'], closeView),
  suggest: act<Parameters<typeof suggest>[1]>(['user', 'viewId', 'actionId', 'query'], suggest),
  home: act<Parameters<typeof home>[1]>(['user'], home),
  event: act<EventOf>(['user', 'event'], sendEvent),
  advance: { needs: ['ms'], run: advance },
  connect: { needs: ['eventsUrl'], run: connect },
  socket: { needs: [], run: runSocketCommand },
  scopes: { needs: [], run: setScopes },
  rate_limit: { needs: ['on'], run: setRateLimit },
  person: { needs: ['user'], run: changePerson },
  deprovision: { needs: ['email'], run: deprovision },
  reset_people: { needs: [], run: resetPeople },
  channel: { needs: ['channel'], run: changeChannel },
  say: { needs: ['user', 'channel', 'text'], run: say },
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

/**
 * `{ms}`: forward only. What is dated follows: `ts` stays unique and in order, since it is never below the last one. What a client
 * holds for moments goes by the real time: triggers, response addresses, sockets and the signature's timestamp, which the app compares
 * with its machine's clock.
 */
function advance({ clock }: Workspace, { ms }: Json): Json {
  clock.advance(Number(ms));
  return { now: new Date(clock.now()).toISOString() };
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
  workspace.changes.tell({ what: 'people' });
  return { ...user };
}

/** What Okta's Slack app does to whoever was deactivated there; null: nobody here has this address. */
function deprovision(workspace: Workspace, given: Json): Json {
  const email = String(given.email).toLowerCase();
  const user = [...workspace.users.values()].find((one) => !one.isBot && one.email.toLowerCase() === email);
  if (user) user.deleted = true;
  return { deleted: user?.id ?? null };
}

/** Who is deactivated is again who was at the start. */
function resetPeople(workspace: Workspace): Json {
  const seeded = seedUsers();
  for (const [id, user] of workspace.users) user.deleted = seeded.get(id)?.deleted ?? user.deleted;
  return { people: workspace.users.size };
}

/** A person's own message: the app hears nothing of it. */
function say(workspace: Workspace, given: Json): Json {
  const [user, text] = [userOf(workspace, String(given.user)), String(given.text)];
  const channel = workspace.channels.get(String(given.channel));
  if (!channel?.members.includes(user.id)) throw new Error(`${user.id} is not in ${String(given.channel)}`);
  const thread = typeof given.threadTs === 'string' ? { threadTs: given.threadTs } : {};
  return { ts: addMessage(workspace, channel, { text, blocks: [], user: user.id, ...thread }).ts };
}

/** Somebody who may deletes a message by hand; replies stay where they are. */
function deleteMessage(workspace: Workspace, given: Json): Json {
  for (const { id, messages } of workspace.channels.values()) {
    const at = messages.findIndex((one) => one.ts === String(given.ts));
    const [deleted] = at < 0 ? [] : messages.splice(at, 1);
    if (!deleted) continue;
    workspace.changes.tell({ what: 'message', channel: id, ts: deleted.ts });
    return { deleted: deleted.ts };
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
  workspace.changes.tell({ what: 'people' });
  return { id: channel.id, members: channel.members, archived: channel.archived };
}
