// Slack's Web API through its own SDK: messages, views, people, the channel. Knows nothing of offboarding.
import type { HomeView, KnownBlock, ModalView, View } from '@slack/types';
import { LogLevel, WebClient } from '@slack/web-api';
import { ConnectorError } from '../connector-error.ts';
import { type OnCall, watchCall } from '../watch-call.ts';
import { asConnectorError } from './errors.ts';
import { Channel, History, Members, Opened, OpenedChannel, Posted, User } from './schema.ts';

export interface SlackSettings {
  readonly botToken: string;
  /** Ends in `/api/`. */
  readonly apiUrl: string;
  /** One deadline for each call, in ms. */
  readonly deadlineMs: number;
  /** Told of each call. */
  readonly onCall?: OnCall;
}

export interface Message {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Found again by its marker. @see https://docs.slack.dev/messaging/message-metadata */
export const MARKER_EVENT = 'sendoff_message';

export type Slack = ReturnType<typeof connectSlack>;

export function connectSlack(settings: SlackSettings) {
  const client = new WebClient(settings.botToken, {
    slackApiUrl: settings.apiUrl,
    timeout: settings.deadlineMs,
    retryConfig: { retries: 0 }, // its default keeps trying for half an hour
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logLevel: LogLevel.ERROR, // it writes past our log; what failed is thrown and told there
  });
  const call = <T>(kind: 'read' | 'write', operation: string, send: () => Promise<T>): Promise<T> =>
    watchCall(settings.onCall, { vendor: 'slack', operation, kind }, async () => {
      try {
        return await send();
      } catch (error) {
        throw asConnectorError(error, { operation, kind });
      }
    });
  const read = <T>(operation: string, send: () => Promise<T>): Promise<T> => call('read', operation, send);
  const write = <T>(operation: string, send: () => Promise<T>): Promise<T> => call('write', operation, send);
  const nullWhen = async <T>(codes: readonly string[], answer: Promise<T>): Promise<T | null> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ConnectorError && codes.includes(error.vendorCode ?? '')) return null;
      throw error;
    }
  };
  const body = (message: Message) => ({ text: message.text, blocks: [...message.blocks] });

  return {
    /** Which team and bot the token belongs to. */
    whoAmI: () =>
      read('auth.test', async () => {
        const answer = await client.auth.test();
        return { teamId: answer.team_id ?? '', botUserId: answer.user_id ?? '', botId: answer.bot_id ?? '' };
      }),

    /** Null: unknown, or private and the bot is not in it. */
    getChannel: (channel: string) =>
      nullWhen(
        ['channel_not_found'],
        read('conversations.info', async () => Channel.parse((await client.conversations.info({ channel })).channel)),
      ),

    listMemberIds: (channel: string) =>
      read('conversations.members', async () => {
        const members: string[] = [];
        let cursor = '';
        do {
          const page = Members.parse(
            await client.conversations.members({ channel, limit: 200, ...(cursor ? { cursor } : {}) }),
          );
          members.push(...page.members);
          cursor = page.response_metadata?.next_cursor ?? '';
        } while (cursor);
        return members;
      }),

    /** Null: nobody, or deactivated. */
    findUserByEmail: (email: string) =>
      nullWhen(
        ['users_not_found'],
        read('users.lookupByEmail', async () => User.parse((await client.users.lookupByEmail({ email })).user)),
      ),
    getUser: (user: string) =>
      nullWhen(
        ['user_not_found', 'user_not_visible'],
        read('users.info', async () => User.parse((await client.users.info({ user })).user)),
      ),

    /** Within 3 s of the trigger, once. Answers the view's id and hash. */
    openView: (triggerId: string, view: ModalView) =>
      write('views.open', async () => Opened.parse((await client.views.open({ trigger_id: triggerId, view })).view)),
    updateView: (viewId: string, view: View) =>
      write('views.update', async () => Opened.parse((await client.views.update({ view_id: viewId, view })).view)),

    /** Replaces what the user's Home tab shows: repeating it changes nothing. */
    publishHome: (user: string, view: HomeView) =>
      write('views.publish', async () => {
        await client.views.publish({ user_id: user, view });
      }),

    /** Id of the direct channel with this user, opened where there is none; repeating it changes nothing. */
    openDirect: (user: string) =>
      write(
        'conversations.open',
        async () => OpenedChannel.parse((await client.conversations.open({ users: user })).channel).id,
      ),

    /** Not idempotent: Slack takes no key. The marker finds the message again after an answer was lost. */
    post: (to: { channel: string; threadTs?: string; marker: string }, message: Message) =>
      write(
        'chat.postMessage',
        async () =>
          Posted.parse(
            await client.chat.postMessage({
              channel: to.channel,
              ...body(message),
              ...(to.threadTs ? { thread_ts: to.threadTs } : {}),
              metadata: { event_type: MARKER_EVENT, event_payload: { marker: to.marker } },
              unfurl_links: false,
              unfurl_media: false,
            }),
          ).ts,
      ),
    update: (channel: string, ts: string, message: Message) =>
      write('chat.update', async () => {
        await client.chat.update({ channel, ts, ...body(message) });
      }),
    postEphemeral: (to: { channel: string; user: string; threadTs?: string }, message: Message) =>
      write('chat.postEphemeral', async () => {
        await client.chat.postEphemeral({
          channel: to.channel,
          user: to.user,
          ...body(message),
          ...(to.threadTs ? { thread_ts: to.threadTs } : {}),
        });
      }),

    getPermalink: (channel: string, ts: string) =>
      nullWhen(
        ['message_not_found'],
        read(
          'chat.getPermalink',
          async () => (await client.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null,
        ),
      ),

    /** `ts` of the message that carries this marker; null: not there (yet). Looks at the channel, or at one thread. */
    findMarker: (where: { channel: string; threadTs?: string; since: Date }, marker: string) =>
      read('conversations.history', async () => {
        const oldest = (where.since.getTime() / 1000).toFixed(6);
        let cursor = '';
        do {
          const options = {
            channel: where.channel,
            oldest,
            limit: 200,
            include_all_metadata: true,
            ...(cursor ? { cursor } : {}),
          };
          const page = History.parse(
            where.threadTs
              ? await client.conversations.replies({ ...options, ts: where.threadTs })
              : await client.conversations.history(options),
          );
          const found = page.messages.find(
            (message) =>
              message.metadata?.event_type === MARKER_EVENT && message.metadata.event_payload?.marker === marker,
          );
          if (found) return found.ts;
          cursor = page.response_metadata?.next_cursor ?? '';
        } while (cursor);
        return null;
      }),

    /** Answers privately where a command or click came from: five times in 30 minutes. */
    respond: (responseUrl: string, message: Message) =>
      write('response_url', async () => {
        if (!isSlacksOwn(responseUrl, settings.apiUrl)) {
          throw new ConnectorError({
            kind: 'rejected',
            vendor: 'slack',
            operation: 'response_url',
            reason: 'the address is not Slack’s',
          });
        }
        const answer = await fetch(responseUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...body(message) }),
          redirect: 'error',
          signal: AbortSignal.timeout(settings.deadlineMs),
        });
        if (!answer.ok)
          throw new ConnectorError({
            kind: 'rejected',
            vendor: 'slack',
            operation: 'response_url',
            status: answer.status,
            reason: 'refused',
          });
      }),
  };
}

/** A `response_url` must be Slack's: else a forged payload could make us send names anywhere. */
function isSlacksOwn(responseUrl: string, apiUrl: string): boolean {
  const url = URL.canParse(responseUrl) ? new URL(responseUrl) : null;
  if (url === null) return false;
  const api = new URL(apiUrl);
  return (url.protocol === 'https:' && url.hostname === 'hooks.slack.com') || url.origin === api.origin;
}
