// What is told about a mailbox's end: in the run's thread before it and where it is late, and to who reads it. Each once, drawn from state.
import {
  buildMailboxAlarm,
  buildMailboxReminder,
  buildReceiverReminder,
  delegationOf,
  isLate,
} from '../blocks/mailbox-reminder.ts';
import type { Names } from '../blocks/names.ts';
import type { Message } from '../connectors/slack/client.ts';
import type { DeliveryRow } from '../store/reports.ts';
import type { OperatorId, RunView } from '../workflow/model/run.ts';
import { type TellDeps, tellDirectly } from './tell-directly.ts';

const REMINDER = 'mailbox_reminder:';
const TOLD = 'mailbox_told:';
const ALARM = 'mailbox_late';

export interface MailboxNoticeDeps extends TellDeps {
  /** Slack user id of a Google user id; null: nobody in Slack, or no Google. */
  slackUserOf(googleId: string): Promise<string | null>;
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
    const find = () => deps.slackUserOf(googleId);
    const reminder = buildReceiverReminder(run, stands.endsAt);
    if (!row && isNew && (await tellDirectly(deps, { reportKey, message }, find, reminder))) continue;
    everybody = everybody && row !== undefined && row.ts !== null;
  }
  return everybody;
}
