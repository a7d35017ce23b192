// A direct message, at most once: an answer that was lost is not looked for, since that would take the right to read people's messages.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { PostOnceDeps } from './post-once.ts';

export interface TellDeps extends PostOnceDeps {
  log: { warn(fields: object, message: string): void };
}

/** False: they could not be told. Throws what passes by itself; the caller is drawn again then. */
export async function tellDirectly(
  deps: TellDeps,
  where: { readonly reportKey: string; readonly message: string },
  user: string,
  content: Message,
): Promise<boolean> {
  try {
    const channel = await deps.slack.openDirect(user);
    const { marker } = await deps.reports.intend(where.reportKey, where.message);
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
