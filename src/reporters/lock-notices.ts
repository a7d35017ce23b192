// The alarm on a lock that no Mac has confirmed for a day: a message of its own in the thread, once a Mac, drawn again when it has.
import { buildLockAlarm, lateLocks } from '../blocks/lock-text.ts';
import type { Notices } from './mailbox-notices.ts';

const ALARM = 'lock_late:';

export async function showLockNotices({ run, known, names, show }: Notices): Promise<void> {
  const late = new Set(lateLocks(run).map((step) => step.subject));
  for (const step of run.steps) {
    const message = `${ALARM}${step.subject}`;
    if (step.step === 'jamf.lock' && (known.has(message) || late.has(step.subject)))
      await show(message, buildLockAlarm(run, step, names));
  }
}
