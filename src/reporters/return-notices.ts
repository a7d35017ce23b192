// What is told about devices on their way back: whoever receives one is asked, and a parcel in trouble is called out. Each once, drawn from rows.
import {
  buildParcelTrouble,
  buildReceiverCall,
  buildReceiverTask,
  receiverOf,
  troubleOf,
} from '../blocks/return-notices.ts';
import { ConnectorError } from '../connectors/connector-error.ts';
import { ASKED_RECEIVER, TOLD_RECEIVER } from '../store/returns.ts';
import type { RunView, StepView } from '../workflow/model/run.ts';
import type { MailboxNoticeDeps, Notices } from './mailbox-notices.ts';

const TROUBLE = 'parcel_trouble:';

export async function showReturnNotices(deps: MailboxNoticeDeps, reportKey: string, notices: Notices): Promise<void> {
  const { run, known, show } = notices;
  for (const step of run.steps) {
    if (receiverOf(step) !== null || known.has(`${ASKED_RECEIVER}${step.subject}`)) {
      if (step.step !== 'return.in_person') continue;
      const isTold = await tellReceiver(deps, reportKey, notices, step);
      await show(`${ASKED_RECEIVER}${step.subject}`, buildReceiverCall(run, step, isTold));
    }
    if (step.step === 'return.track') await showTroubles(notices, step);
  }
}

/** Posted for each trouble of its own; one that has passed says so. */
async function showTroubles({ run, known, show }: Notices, step: StepView): Promise<void> {
  const prefix = `${TROUBLE}${step.subject}|`;
  const posted = [...known.keys()].filter((message) => message.startsWith(prefix));
  const stands = troubleOf(step);
  const newest = stands ? [`${prefix}${stands.what}|${stands.since.toISOString()}`] : [];
  for (const message of new Set([...posted, ...newest])) {
    const about = message.slice(prefix.length).split('|')[0] ?? '';
    await show(message, buildParcelTrouble(run, step, newest.includes(message) ? about : `${about}|over`));
  }
}

/** At most once where the answer was lost: then the thread says that they could not be told. */
async function tellReceiver(
  deps: MailboxNoticeDeps,
  reportKey: string,
  { run, known }: Notices,
  step: StepView,
): Promise<boolean> {
  const message = `${TOLD_RECEIVER}${step.subject}`;
  const row = known.get(message);
  if (row) return row.ts !== null;
  const receiver = receiverOf(step);
  return receiver === null ? false : tell(deps, reportKey, message, receiver, run, step);
}

async function tell(
  deps: MailboxNoticeDeps,
  reportKey: string,
  message: string,
  receiver: string,
  run: RunView,
  step: StepView,
): Promise<boolean> {
  try {
    const channel = await deps.slack.openDirect(receiver);
    const { marker } = await deps.reports.intend(reportKey, message);
    try {
      const ts = await deps.slack.post({ channel, marker }, buildReceiverTask(run, step));
      await deps.reports.posted(reportKey, message, ts, 'told');
      return true;
    } catch (error) {
      if (error instanceof ConnectorError && error.kind !== 'ambiguous')
        await deps.reports.withdraw(reportKey, message);
      throw error;
    }
  } catch (error) {
    // The thread must not wait for it: it says that they were not told.
    if (!(error instanceof ConnectorError) || error.kind === 'rate_limited' || error.kind === 'transient') throw error;
    deps.log.warn({ err: error }, 'who receives a device could not be told');
    return false;
  }
}
