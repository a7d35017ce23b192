// What is told about devices on their way back: whoever receives one is asked, and a parcel in trouble is called out. Each once, drawn from rows.
import {
  buildParcelTrouble,
  buildReceiverCall,
  buildReceiverTask,
  receiverOf,
  troubleOf,
} from '../blocks/return-notices.ts';
import { ASKED_RECEIVER, TOLD_RECEIVER } from '../store/returns.ts';
import type { StepView } from '../workflow/model/run.ts';
import type { Notices } from './mailbox-notices.ts';
import { type TellDeps, tellDirectly } from './tell-directly.ts';

const TROUBLE = 'parcel_trouble:';

export async function showReturnNotices(deps: TellDeps, reportKey: string, notices: Notices): Promise<void> {
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
  deps: TellDeps,
  reportKey: string,
  { run, known }: Notices,
  step: StepView,
): Promise<boolean> {
  const message = `${TOLD_RECEIVER}${step.subject}`;
  const row = known.get(message);
  if (row) return row.ts !== null;
  const receiver = receiverOf(step);
  if (receiver === null) return false;
  return tellDirectly(deps, { reportKey, message }, receiver, buildReceiverTask(run, step));
}
