// Lets the sixty days of a handover pass: to whatever is due next, or to the end in one leap where only the end is waited for.
import { pause, type Scene } from './scene.ts';

const DAY_MS = 86_400_000;
const LOOK_AGAIN_MS = 100;
/** They wait for days by design; whoever else waits is waited for. No run waits for its watch. */
export const LASTING: readonly string[] = ['google.keep', 'google.mailbox_end', 'watch'];
/** The mailbox's 60 days begin some minutes after the run's. */
const LEAP_MS = 60 * DAY_MS + 3_600_000;
/** Nobody works, nothing is due: it will not end by itself. */
const STUCK_LOOKS = 30;

interface Row {
  readonly step: string;
  readonly status: string;
  readonly cause: string | null;
  readonly dueAt: Date | null;
}

/**
 * Resolves with true once `isOver`; false after `timeoutMs` of real time, or where nothing goes on. `beforeTheLeap`: when only
 * the end is left.
 */
export async function letDaysPass(
  scene: Scene,
  isOver: () => Promise<boolean>,
  { timeoutMs = 60_000, beforeTheLeap = async (): Promise<void> => undefined } = {},
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  let idle = 0;
  while (Date.now() < deadline && idle < STUCK_LOOKS) {
    if (await isOver()) return true;
    const { rows } = await scene.db.query<Row>(
      `SELECT s.step, s.status, s.cause, s.due_at AS "dueAt" FROM step_run s WHERE s.status IN ('ready', 'running', 'waiting')`,
    );
    const waiting = rows.filter((one) => one.status === 'waiting' && one.dueAt !== null);
    idle = rows.length === 0 ? idle + 1 : 0;
    const dueInMs = Math.min(...waiting.map((one) => (one.dueAt?.getTime() ?? 0) - scene.now().getTime()));
    const isAtWork = rows.length === 0 || waiting.length < rows.length || dueInMs <= 0;
    // At work is also who waits out a takeover: that counts by the database's clock, and no other makes it shorter.
    if (isAtWork) {
      await pause(LOOK_AGAIN_MS);
      continue;
    }
    const isEndLeft = waiting.every((one) => LASTING.includes(one.step) && one.cause === 'vendor');
    if (isEndLeft) await beforeTheLeap();
    await scene.advance(isEndLeft ? LEAP_MS : dueInMs + 1);
  }
  return isOver();
}
