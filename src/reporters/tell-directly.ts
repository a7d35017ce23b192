// A direct message, at most once: an answer that was lost is not looked for, since that would take the right to read people's messages.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { PostOnceDeps } from './post-once.ts';

export interface TellDeps extends PostOnceDeps {
  log: { warn(fields: object, message: string): void };
}

/** `user`: a Slack user id, or how to find it. False: they could not be told. Throws what passes by itself; the caller is drawn again then. */
export async function tellDirectly(
  deps: TellDeps,
  where: { readonly reportKey: string; readonly message: string },
  user: string | (() => Promise<string | null>),
  content: Message,
): Promise<boolean> {
  try {
    const found = typeof user === 'string' ? user : await user();
    if (found === null) return false;
    const channel = await deps.slack.openDirect(found);
    const intent = await deps.reports.intendOver(where.reportKey, where.message, null);
    // Somebody else, who draws the same picture, tells them.
    if (intent === null) return true;
    const { marker } = intent;
    try {
      const ts = await deps.slack.post({ channel, marker }, content);
      await deps.reports.posted(where.reportKey, where.message, ts, 'told');
      return true;
    } catch (error) {
      if (error instanceof ConnectorError && error.kind !== 'ambiguous')
        await deps.reports.withdraw(where.reportKey, where.message);
      throw error;
    }
  } catch (error) {
    // The thread must not wait for it: its message says that they were not told.
    if (!(error instanceof ConnectorError) || error.kind === 'rate_limited' || error.kind === 'transient') throw error;
    deps.log.warn({ err: error }, 'somebody could not be told in a direct message');
    return false;
  }
}
