// auth.test and users.*: who the bot is, and what it may know of the team's people.
// @see https://docs.slack.dev/reference/methods/users.info and its neighbours, read 2026-11
import type { ApiMethod } from './api.ts';
import type { Args } from './args.ts';
import { page } from './paging.ts';
import { Refusal } from './refusal.ts';
import { BOT, type Json, type SlackUser, TEAM, type Workspace } from './workspace.ts';

export const userMethods: readonly ApiMethod[] = [
  { name: 'auth.test', scope: null, write: false, args: [], handle: authTest },
  { name: 'users.info', scope: 'users:read', write: false, args: ['user', 'include_locale'], handle: info },
  { name: 'users.list', scope: 'users:read', write: false, args: ['cursor', 'limit', 'include_locale'], handle: list },
  { name: 'users.lookupByEmail', scope: 'users:read.email', write: false, args: ['email'], handle: lookupByEmail },
];

function authTest(): Json {
  return {
    url: TEAM.url,
    team: TEAM.name,
    user: BOT.name,
    team_id: TEAM.id,
    user_id: BOT.userId,
    bot_id: BOT.botId,
    is_enterprise_install: false,
  };
}

function info(workspace: Workspace, args: Args): Json {
  const user = workspace.users.get(args.need('user'));
  if (!user) throw new Refusal('user_not_found');
  return { user: showUser(workspace, user, args.flag('include_locale')) };
}

function list(workspace: Workspace, args: Args): Json {
  const users = [...workspace.users.values()].map((user) => showUser(workspace, user, args.flag('include_locale')));
  const { items, next } = page(users, args, { most: 1000, otherwise: 1000 });
  return { members: items, cache_ts: Math.floor(Date.now() / 1000), response_metadata: { next_cursor: next } };
}

/** A deactivated person is not found, as in Slack. */
function lookupByEmail(workspace: Workspace, args: Args): Json {
  const email = args.need('email').toLowerCase();
  const user = [...workspace.users.values()].find(
    (one) => !one.deleted && !one.isBot && one.email.toLowerCase() === email,
  );
  if (!user) throw new Refusal('users_not_found');
  return { user: showUser(workspace, user, false) };
}

function showUser(workspace: Workspace, user: SlackUser, withLocale: boolean): Json {
  const profile = {
    real_name: user.realName,
    display_name: user.name,
    title: user.title,
    team: TEAM.id,
    ...(workspace.scopes.includes('users:read.email') && user.email !== '' ? { email: user.email } : {}),
    ...(user.isBot ? { bot_id: BOT.botId, api_app_id: BOT.appId } : {}),
  };
  const base = {
    id: user.id,
    team_id: TEAM.id,
    name: user.name,
    deleted: user.deleted,
    profile,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 0,
  };
  // Slack leaves these out for a deactivated account.
  if (user.deleted) return base;
  return {
    ...base,
    real_name: user.realName,
    tz: user.timezone,
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    ...(withLocale ? { locale: user.locale } : {}),
  };
}
