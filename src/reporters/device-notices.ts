// Of devices that do not come back, or that a Mac's erasure waits for: a message of its own in the thread each time, drawn again when it is
// over. Whoever still works here and has the device is told of each reminder too.
import { wordIn } from '../blocks/amounts.ts';
import { buildErasureAlarm } from '../blocks/erasure-alarm.ts';
import { isErasureLate } from '../blocks/fetched-text.ts';
import { isUserId } from '../blocks/names.ts';
import { buildDeviceReminder, buildHolderReminder, openQuestion } from '../blocks/write-off.ts';
import type { StepView } from '../workflow/model/run.ts';
import type { Notices } from './mailbox-notices.ts';
import { type TellDeps, tellDirectly } from './tell-directly.ts';

const REMINDER = 'device_reminder:';
const TOLD = 'device_told:';
const ALARM = 'erasure_late:';

export async function showDeviceNotices(deps: TellDeps, reportKey: string, notices: Notices): Promise<void> {
  const { run, known, names, show } = notices;
  for (const step of run.steps) {
    if (step.step === 'return.receive') await showReminders(deps, reportKey, notices, step);
    const alarm = `${ALARM}${step.subject}`;
    if (step.step === 'jamf.erase' && (known.has(alarm) || isErasureLate(step)))
      await show(alarm, buildErasureAlarm(run, step, names));
  }
}

async function showReminders(
  deps: TellDeps,
  reportKey: string,
  { run, known, names, approvers, show }: Notices,
  step: StepView,
): Promise<void> {
  const prefix = `${REMINDER}${step.subject}:`;
  // What an outage skipped is not told late: the newest one says all.
  const due = step.reminders > 0 && openQuestion(step) !== null ? [`${prefix}${step.reminders}`] : [];
  const posted = [...known.keys()].filter((message) => message.startsWith(prefix));
  const holder = wordIn(step.after, 'holder');
  for (const message of new Set([...posted, ...due])) {
    const told = `${TOLD}${message.slice(REMINDER.length)}`;
    const row = known.get(told);
    const isNew = !row && due.includes(message) && !known.has(message) && holder !== null && isUserId(holder);
    const isTold = isNew
      ? await tellDirectly(deps, { reportKey, message: told }, holder, buildHolderReminder(run, step))
      : typeof row?.ts === 'string';
    const nth = Number(message.slice(message.lastIndexOf(':') + 1));
    await show(
      message,
      buildDeviceReminder(run, step, nth, { approvers, names, isHolderTold: holder === null ? null : isTold }),
    );
  }
}
