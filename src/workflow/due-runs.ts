// The moment of a scheduled run: everything is read again. It begins as it was agreed, or is held and says what changed; never in silence.
import { type BeginDeps, heldBecauseOf, idsOf, lookFor, manyBegan, newRun, TryAgain } from './begin.ts';
import { endOf, haltRun, lookAtRecord } from './hris-door.ts';
import { LET_BY, TooManyRuns } from './model/breaker.ts';
import { FetchedElsewhere } from './model/device.ts';
import type { PlanView } from './model/plan.ts';
import { changedSince, hasOtherComputers, isNewlyProtected, type Start } from './model/start.ts';
import type { StartRow } from './model/start-ports.ts';
import { rowsOf } from './rows-of-start.ts';

/** So long it is tried to read again before a human is asked. */
const GIVE_UP_AFTER_MS = 15 * 60_000;
const AGAIN_MS = [5_000, 15_000, 30_000, 60_000] as const;

/** Answers how it ended, in a word. Safe to repeat: what has begun meanwhile is left alone. */
export async function startDueRun(deps: BeginDeps, runId: string): Promise<string> {
  const row = await deps.starts.read(runId);
  if (row?.status !== 'scheduled' || !row.start?.at || row.start.at > deps.clock.now()) return 'not_due';
  try {
    return await startUnlessTaken(deps, row, row.start);
  } catch (error) {
    const vendor = error instanceof TryAgain ? error.vendor : 'unexpected';
    deps.log.warn({ err: error, run: row.code }, 'a scheduled run could not be looked at');
    const lateMs = deps.clock.now().getTime() - row.start.at.getTime();
    if (lateMs > GIVE_UP_AFTER_MS && row.tries >= AGAIN_MS.length)
      return (await haltRun(deps, row, { why: 'not_read', vendor }, null)) ? 'held' : 'not_due';
    await deps.starts.putOff(runId, vendor, AGAIN_MS[Math.min(row.tries, AGAIN_MS.length - 1)] ?? 60_000);
    deps.changed();
    return 'put_off';
  }
}

/** A device return that was opened since the look has taken a computer: looked at once more, that is seen. */
async function startUnlessTaken(deps: BeginDeps, row: StartRow, start: Start): Promise<string> {
  try {
    return await lookAndStart(deps, row, start);
  } catch (error) {
    if (error instanceof FetchedElsewhere) return lookAndStart(deps, row, start);
    throw error;
  }
}

async function lookAndStart(deps: BeginDeps, row: StartRow, start: Start): Promise<string> {
  if (row.trigger === 'hris') {
    const moved = await stillLeaves(deps, row);
    if (moved) return moved;
  }
  const seen = await lookFor(deps, { email: row.person.email, oktaId: row.personId });
  if (seen.kind === 'refused') {
    const because = { why: 'refused', refusal: seen.refusal.why } as const;
    return (await haltRun(deps, row, because, null)) ? 'held' : 'not_due';
  }
  const { plan } = seen;
  if (row.trigger === 'hris' && (plan.hris?.is === 'not_read' || plan.hris?.is === 'no_record'))
    throw new TryAgain('hris_not_read', 'bamboohr');
  // Whose record it is was decided by a human already, or is asked now.
  const isDecided = row.ids['hris.decided'] !== undefined;
  const what = start.plan === null ? [] : [...changedSince(start.plan, plan), ...otherComputers(start, plan)];
  const because = isDecided ? null : heldBecauseOf(plan);
  const halted =
    because ??
    (isNewlyProtected(start.plan, plan) ? ({ why: 'protected' } as const) : null) ??
    (what.length > 0 ? ({ why: 'changed', what } as const) : null);
  if (halted) return (await haltRun(deps, row, halted, seen)) ? 'held' : 'not_due';

  const { trigger, requestedBy, requestedAt, reason } = row;
  const kept = Object.fromEntries(
    Object.entries(row.ids).filter(([key]) =>
      ['hris.decided', 'hris.offered', 'hris.because', 'hris.begunFor', LET_BY].includes(key),
    ),
  );
  const ids = { ...(isDecided ? row.ids : idsOf(deps, seen, null)), ...kept, ...seen.ids };
  const begun: Start = { ...start, status: 'open', remindAt: null, held: null };
  const now = deps.clock.now();
  const { rows, devices } = rowsOf(deps, asConfirmed(start, plan), start.devices);
  const run = newRun(deps, seen, {
    trigger,
    requestedBy,
    requestedAt,
    reason,
    start: begun,
    ids,
    devices,
    needsApproval: false,
  });
  const beginning = deps.starts.restart(row.id, start, run, rows, 'runner', deps.runner.room(), now);
  const opened = await beginning.catch((error: unknown) => {
    if (error instanceof TooManyRuns) return null;
    throw error;
  });
  if (opened === null) return (await haltRun(deps, row, manyBegan(deps), seen)) ? 'held_many' : 'not_due';
  if (opened.verdict === 'stale') return 'not_due';
  deps.runner.begin(opened.mine);
  deps.changed();
  return 'started';
}

/** Only where somebody has ticked computers: otherwise whose they are is decided, or asked, by what there is now. */
function otherComputers({ plan: before, devices }: Start, now: PlanView): readonly 'devices'[] {
  return devices && before && hasOtherComputers(before, now) ? ['devices'] : [];
}

/** Jamf does not answer just now: what was ticked is locked and fetched all the same. */
function asConfirmed({ plan: before, devices }: Start, now: PlanView): PlanView {
  const isKnown = devices !== null && devices.ids.length > 0 && before?.devices?.is === 'read';
  return isKnown && now.devices?.is === 'not_read' ? { ...now, devices: before.devices } : now;
}

/** HR's word is read again before it is acted on. Null: it still stands for now. */
async function stillLeaves(deps: BeginDeps, row: StartRow): Promise<string | null> {
  const { bamboohr: record } = row.ids;
  if (!deps.bamboohr || typeof record !== 'string') return null;
  const employee = await deps.bamboohr.getEmployee(record);
  if (employee) {
    const end = endOf(employee, deps.clock.now());
    if (end.is === 'unknown') throw new TryAgain('status_hidden', 'bamboohr');
    if (end.is === 'left') return null;
    const { terminationDate: day } = employee;
    if (day !== null && day === row.start?.employmentEndsOn) return null;
  }
  // Taken back, moved, or gone: what a knock would do now.
  const outcome = await lookAtRecord(deps, { subject: record, knockedAt: deps.clock.now() });
  return outcome === 'as_scheduled' ? null : outcome;
}
