// Who and what is in the simulated team at the start: the shared invented people, the bot, and three channels.
import { PEOPLE } from '../../people.ts';
import type { Channel, SlackUser } from './workspace.ts';

const BOT_ID = 'U0BOT';

export function seedUsers(): Map<string, SlackUser> {
  const users = new Map<string, SlackUser>();
  users.set(BOT_ID, {
    id: BOT_ID,
    name: 'sendoff',
    realName: 'sendoff',
    email: '',
    title: '',
    timezone: 'UTC',
    locale: 'en-US',
    deleted: false,
    isBot: true,
  });
  for (const person of PEOPLE) {
    if (person.slackUserId === undefined) continue;
    users.set(person.slackUserId, {
      id: person.slackUserId,
      name: person.key.toLowerCase(),
      realName: person.displayName ?? `${person.firstName} ${person.lastName}`,
      email: person.email,
      title: person.title ?? '',
      timezone: person.timezone,
      locale: 'en-US',
      deleted: person.okta.status === 'DEPROVISIONED',
      isBot: false,
    });
  }
  return users;
}

/** The bot is in #it-offboarding only: #general shows `not_in_channel`, #other shows `channel_not_found`. */
export function seedChannels(users: ReadonlyMap<string, SlackUser>): Map<string, Channel> {
  const everyone = [...users.values()].filter((user) => !user.isBot).map((user) => user.id);
  const channels: Channel[] = [
    {
      id: 'C0ITOPS',
      name: 'it-offboarding',
      kind: 'private',
      members: [BOT_ID, 'U0LIN', 'U0SAM'],
      archived: false,
      messages: [],
    },
    { id: 'C0PUBLIC', name: 'general', kind: 'public', members: everyone, archived: false, messages: [] },
    { id: 'C0OTHER', name: 'other', kind: 'private', members: ['U0GRACE', 'U0LIN'], archived: false, messages: [] },
  ];
  return new Map(channels.map((channel) => [channel.id, channel]));
}
