// What is told about a mailbox's end: in the run's thread before it and where it is late, and to who reads it. Each once, drawn from state.
import {
  buildMailboxAlarm,
  buildMailboxReminder,
  buildReceiverReminder,
  delegationOf,
  isLate,
} from '../blocks/mailbox-reminder.ts';
import type { Names } from '../blocks/names.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { DeliveryRow } from '../store/reports.ts';
import type { OperatorId, RunView } from '../workflow/model/run.ts';
import type { PostOnceDeps } from './post-once.ts';

const REMINDER = 'mailbox_reminder:';
const TOLD = 'mailbox_told:';
const ALARM = 'mailbox_late';

export interface MailboxNoticeDeps extends PostOnceDeps {
  /** Slack user id of a Google user id; null: nobody in Slack, or no Google. */
  slackUserOf(googleId: string): Promise<string | null>;
  log: { warn(fields: object, message: string): void };
}

export interface Notices {
  readonly run: RunView;
  readonly known: ReadonlyMap<string, DeliveryRow>;
  readonly names: Names;
  readonly approvers: readonly OperatorId[];
  readonly now: Date;
  show(message: string, content: Message): Promise<unknown>;
}

export async function showMailboxNotices(deps: MailboxNoticeDeps, reportKey: string, notices: Notices): Promise<void> {
  const { run, known, names, approvers, now, show } = notices;
  const stands = delegationOf(run);
  const posted = [...known.keys()].filter((message) => message.startsWith(REMINDER));
  const due = stands?.step.status === 'waiting' ? stands.step.after?.reminder : null;
  const newest = stands && typeof due === 'number' ? [`${REMINDER}${due}:${stands.endsAt.toISOString()}`] : [];
  for (const message of new Set([...posted, ...newest])) {
    const about = new Date(message.slice(message.indexOf(':', REMINDER.length) + 1));
    const isTold = await tellReceivers(
      deps,
      reportKey,
      notices,
      message.slice(REMINDER.length),
      newest.includes(message),
    );
    await show(message, buildMailboxReminder(run, about, { names, isTold }));
  }
  if (known.has(ALARM) || (stands && isLate(stands.step, now)))
    await show(ALARM, buildMailboxAlarm(run, { approvers, now }));
}

/**
 * At most once to each: an answer that was lost is not looked for, since that would take the right to read people's direct
 * messages. The channel's reminder then says that they could not be told. True: everybody was.
 */
async function tellReceivers(
  deps: MailboxNoticeDeps,
  reportKey: string,
  { run, known }: Notices,
  about: string,
  isNew: boolean,
): Promise<boolean> {
  const stands = delegationOf(run);
  const receivers = stands?.step.after?.delegates;
  if (!stands || !Array.isArray(receivers)) return false;
  let everybody = receivers.length > 0;
  for (const googleId of receivers as readonly string[]) {
    const message = `${TOLD}${about}:${googleId}`;
    const row = known.get(message);
    if (!row && isNew && (await tell(deps, reportKey, message, googleId, buildReceiverReminder(run, stands.endsAt))))
      continue;
    everybody = everybody && row !== undefined && row.ts !== null;
  }
  return everybody;
}

async function tell(
  deps: MailboxNoticeDeps,
  reportKey: string,
  message: string,
  googleId: string,
  content: Message,
): Promise<boolean> {
  try {
    const user = await deps.slackUserOf(googleId);
    if (user === null) return false;
    const channel = await deps.slack.openDirect(user);
    const { marker } = await deps.reports.intend(reportKey, message);
    try {
      const ts = await deps.slack.post({ channel, marker }, content);
      await deps.reports.posted(reportKey, message, ts, 'told');
      return true;
    } catch (error) {
      if (error instanceof ConnectorError && error.kind !== 'ambiguous')
        await deps.reports.withdraw(reportKey, message);
      throw error;
    }
  } catch (error) {
    // The thread must not wait for it: its reminder says that they were not told.
    if (!(error instanceof ConnectorError) || error.kind === 'rate_limited' || error.kind === 'transient') throw error;
    deps.log.warn({ err: error }, 'who reads a mailbox could not be told of its end');
    return false;
  }
}
