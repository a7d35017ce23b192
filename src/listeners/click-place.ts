// Where a button was pressed, and the private answer there: in the thread if the button stands in one.
import type { BlockAction, ButtonAction } from '@slack/bolt';
import type { Message } from '../blocks/parts.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Slack } from '../connectors/slack/client.ts';

export interface ClickPlace {
  /** Slack's address for answers, for half an hour; '' where there is none (a window). */
  readonly responseUrl: string;
  /** Null: the button stands in the channel itself, or in a window. */
  readonly thread: { readonly channel: string; readonly user: string; readonly ts: string } | null;
}

/** A thread's first message carries its own ts as the thread's: who presses there may be reading the channel. */
export function placeOf(body: BlockAction<ButtonAction>): ClickPlace {
  const { container, message, channel, user } = body;
  const ts: unknown = container.thread_ts ?? message?.thread_ts;
  const isReply = typeof ts === 'string' && ts !== container.message_ts && channel !== undefined;
  return {
    responseUrl: body.response_url ?? '',
    thread: isReply ? { channel: channel.id, user: user.id, ts } : null,
  };
}

/** From what a delivery has kept of it. */
export function placeIn(payload: Readonly<Record<string, unknown>>): ClickPlace {
  return {
    responseUrl: String(payload.responseUrl ?? ''),
    thread: (payload.thread as ClickPlace['thread'] | undefined) ?? null,
  };
}

/**
 * Slack takes a private answer in a thread by chat.postEphemeral only: a response_url reaches a thread only for everybody to see.
 * @see https://docs.slack.dev/interactivity/handling-user-interaction#publishing_in_thread, read 2026-11
 * @throws ConnectorError
 */
export async function answerAt(
  slack: Pick<Slack, 'postEphemeral' | 'respond'>,
  { responseUrl, thread }: ClickPlace,
  message: Message,
): Promise<void> {
  if (thread) {
    try {
      return await slack.postEphemeral({ channel: thread.channel, user: thread.user, threadTs: thread.ts }, message);
    } catch (error) {
      // What may have arrived is not said twice; what Slack refused is said in the channel.
      if (!(error instanceof ConnectorError) || error.kind === 'ambiguous' || responseUrl === '') throw error;
    }
  }
  if (responseUrl !== '') await slack.respond(responseUrl, message);
}
