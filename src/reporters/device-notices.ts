// Of devices that do not come back, or that a Mac's erasure waits for: a message of its own in the thread each time, drawn again when it is over.

import { buildErasureAlarm } from '../blocks/erasure-alarm.ts';
import { isErasureLate } from '../blocks/fetched-text.ts';
import { buildDeviceReminder, openQuestion } from '../blocks/write-off.ts';
import type { Notices } from './mailbox-notices.ts';

const REMINDER = 'device_reminder:';
const ALARM = 'erasure_late:';

export async function showDeviceNotices({ run, known, names, approvers, show }: Notices): Promise<void> {
  for (const step of run.steps) {
    if (step.step === 'return.receive') {
      // What an outage skipped is not told late: the newest one says all.
      const due =
        step.reminders > 0 && openQuestion(step) !== null ? [`${REMINDER}${step.subject}:${step.reminders}`] : [];
      const posted = [...known.keys()].filter((message) => message.startsWith(`${REMINDER}${step.subject}:`));
      for (const message of new Set([...posted, ...due]))
        await show(message, buildDeviceReminder(run, step, nthOf(message), { approvers, names }));
    }
    const alarm = `${ALARM}${step.subject}`;
    if (step.step === 'jamf.erase' && (known.has(alarm) || isErasureLate(step)))
      await show(alarm, buildErasureAlarm(run, step, names));
  }
}

function nthOf(message: string): number {
  return Number(message.slice(message.lastIndexOf(':') + 1));
}
