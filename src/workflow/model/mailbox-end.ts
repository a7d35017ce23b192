// When a mailbox stops being read by somebody else, and when people hear of it before. Pure.
import { mailboxDays } from './mailbox-policy.ts';
import type { Decision, Facts } from './step.ts';

const DAY_MS = 86_400_000;
/** Manager and channel are told so many days before. */
export const REMINDER_DAYS = [14, 3] as const;

export interface MailboxEnd {
  readonly grantedAt: Date;
  readonly newestGrantAt: Date;
  /** When this end was fixed: by the grant, or by the newest extension. Reminders that lie before it are not owed. */
  readonly setAt: Date;
  readonly at: Date;
  /** No extension goes beyond this. */
  readonly latest: Date;
  /** Google user ids of whom it may have been given to. */
  readonly targets: readonly string[];
}

/**
 * Counted from the first grant that Google confirmed; of one whose answer was lost, from when it was sent: never later than
 * what was allowed. A day is 24 hours. Null: nothing was granted, as far as our own rows say.
 */
export function endOf(given: {
  readonly seenAt: Date | null;
  readonly isAttested: boolean;
  readonly granted: string | null;
  readonly grants: readonly { readonly target: string; readonly at: Date; readonly isAccepted: boolean }[];
  readonly decisions: readonly Decision[];
  readonly policy: Facts;
}): MailboxEnd | null {
  const { grants, granted, seenAt } = given;
  const targets = [...new Set([...grants.map((one) => one.target), ...(granted === null ? [] : [granted])])];
  if (targets.length === 0 && !given.isAttested) return null;
  const sure = grants.filter((one) => one.isAccepted);
  const times = (sure.length > 0 ? sure : grants).map((one) => one.at.getTime());
  // Found standing, or given by hand: since the step saw it at the latest.
  const grantedAt = new Date(times.length > 0 ? Math.min(...times) : (seenAt?.getTime() ?? 0));
  const first = grantedAt.getTime() + mailboxDays(given.policy, 'days') * DAY_MS;
  const latest = first + mailboxDays(given.policy, 'extendDaysAtMost') * DAY_MS;
  const extensions = given.decisions.filter((one) => one.kind === 'extend');
  const asked = extensions.flatMap(({ answer }) =>
    typeof answer.until === 'string' ? [Date.parse(answer.until)] : [],
  );
  const at = Math.min(latest, Math.max(first, ...asked.filter(Number.isFinite)));
  return {
    grantedAt,
    newestGrantAt: new Date(Math.max(0, ...grants.map((one) => one.at.getTime()))),
    setAt: new Date(Math.max(grantedAt.getTime(), ...extensions.map((one) => one.at.getTime()))),
    at: new Date(at),
    latest: new Date(latest),
    targets,
  };
}

/** Which reminder is due at this moment, in days before the end; null: none yet. One that an outage skipped is not sent late. */
export function reminderAt({ at, setAt }: Pick<MailboxEnd, 'at' | 'setAt'>, now: Date): number | null {
  const momentOf = (days: number): number => at.getTime() - days * DAY_MS;
  return REMINDER_DAYS.findLast((days) => momentOf(days) <= now.getTime() && momentOf(days) > setAt.getTime()) ?? null;
}

/** The next moment at which something is to be said or done; after `now`. */
export function nextLookAt({ at }: Pick<MailboxEnd, 'at'>, now: Date): Date {
  const moments = [...REMINDER_DAYS.map((days) => at.getTime() - days * DAY_MS), at.getTime()];
  return new Date(moments.find((moment) => moment > now.getTime()) ?? now.getTime());
}
