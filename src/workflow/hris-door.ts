// What BambooHR's record means, read again whoever knocked: nothing, a planned end, an end today, or an end taken back.
import {
  type BeginDeps,
  type Beginning,
  beginRun,
  endedBefore,
  idsOf,
  joinRun,
  lookFor,
  newRun,
  type SeenPlan,
  TryAgain,
} from './begin.ts';
import type { HrisReads } from './hris.ts';
import { protectionOf } from './model/plan.ts';
import { begunFor, hasOtherComputers, lastMomentOn, momentOf, remindBefore, type Start } from './model/start.ts';
import type { Knock, StartRow } from './model/start-ports.ts';
import { type Day, wallClock } from './model/time-zone.ts';
import { rowsOf } from './rows-of-start.ts';

type Employee = NonNullable<Awaited<ReturnType<HrisReads['getEmployee']>>>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Somebody whose account is closed and who left longer ago is not offboarded because HR tidied up an old record. */
const LONG_AGO_MS = 30 * DAY_MS;

/** `planned`: the last day lies ahead, or is today and still counts as employed. */
export type End =
  | { readonly is: 'none' } // employed, on leave, hired and not begun, rehired
  | { readonly is: 'unknown' } // hidden from our key
  | { readonly is: 'planned'; readonly day: Day }
  | { readonly is: 'left'; readonly day: Day | null };

/** Leave is Active, so no end. A date behind with status Active is a rehire. Whoever has yet to come is Inactive too. */
export function endOf(employee: Pick<Employee, 'status' | 'terminationDate' | 'hireDate'>, now: Date): End {
  const { status, terminationDate: day, hireDate } = employee;
  // The day that has ended nowhere on earth yet: nobody's last day is over before it is over for them.
  const anywhere = new Date(now.getTime() - DAY_MS / 2).toISOString().slice(0, 10);
  if (status === null) return { is: 'unknown' };
  if (status === 'Active') return day !== null && day >= anywhere ? { is: 'planned', day } : { is: 'none' };
  const isYetToCome = day === null && hireDate !== null && hireDate > now.toISOString().slice(0, 10);
  return isYetToCome ? { is: 'none' } : { is: 'left', day };
}

/** Answers how it ended, in a word; throws TryAgain where a look failed. */
export async function lookAtRecord(
  deps: BeginDeps,
  { subject: record, knockedAt }: Pick<Knock, 'subject' | 'knockedAt'>,
) {
  if (!deps.bamboohr) return 'not_set_up';
  if (!deps.policy.policy.hris.startsRuns) return 'switched_off';
  const employee = await deps.bamboohr.getEmployee(record);
  const [waiting] = await deps.starts.ofRecord(record);
  if (!employee) return waiting ? hold(deps, waiting) : 'record_gone';
  const end = endOf(employee, deps.clock.now());
  if (end.is === 'unknown') return 'status_hidden';
  if (end.is === 'none') return takenBack(deps, employee, waiting);
  if (employee.workEmail === null) return unmatched(deps, employee, end);
  const who = { email: employee.workEmail, ...(waiting && { oktaId: waiting.personId }) };
  const seen = await lookFor(deps, who);
  if (seen.kind === 'refused') {
    await deps.tell({
      ...noticeOf(employee, `refused:${record}:${end.day}:${seen.refusal.why}`),
      says: 'not_begun',
      why: seen.refusal.why,
    });
    return seen.refusal.why;
  }
  if (seen.plan.hris?.is === 'not_read' || seen.plan.hris?.is === 'no_record')
    throw new TryAgain('hris_not_read', 'bamboohr');
  const ended = { record: employee.id, day: end.day };
  if (waiting) return follow(deps, waiting, seen, end, ended);
  const live = await deps.runs.live('offboarding', seen.personId);
  if (live) return joinRun(deps, live, 'bamboohr');
  const before = await endedBefore(deps, seen);
  if (await deps.starts.isDoneBefore(seen.personId, ended, seen.deactivatedAt)) return 'done_before';
  const isLongAgo =
    end.is === 'left' && end.day !== null && Date.parse(end.day) < deps.clock.now().getTime() - LONG_AGO_MS;
  if (isLongAgo && seen.plan.status === 'DEPROVISIONED') return 'left_long_ago';
  const moment = momentFor(deps, seen, end);
  return beginRun(deps, seen, { door: 'bamboohr', knockedAt, end: ended, ended: before, ...moment });
}

/** A last day's agreed moment; else as soon as nobody has stopped it for the minutes that the policy gives. */
function momentFor(deps: BeginDeps, seen: SeenPlan, end: End): Pick<Beginning, 'at' | 'lastWorkingAt'> {
  const { policy } = deps.policy;
  const now = deps.clock.now();
  const soon = new Date(now.getTime() + policy.hris.stopMinutes * MINUTE_MS);
  if (end.is !== 'planned') return { at: soon, lastWorkingAt: null };
  const moment = momentOf(lastMomentOn(policy, seen.plan, end.day), zoneOf(deps, seen));
  return { at: moment > soon ? moment : soon, lastWorkingAt: moment };
}

/** A run that HR's word has made is kept as HR's word is now. */
async function follow(
  deps: BeginDeps,
  waiting: StartRow,
  seen: SeenPlan,
  end: End,
  ended: NonNullable<Beginning['end']>,
): Promise<string> {
  const isSameEnd = waiting.ids['hris.begunFor'] === begunFor(ended);
  // HR systems end a record as its last day begins; the agreed moment on that day stands.
  const isLastDay = ended.day === wallClock(deps.clock.now(), zoneOf(deps, seen)).day;
  const isEarly = end.is === 'left' && waiting.start?.lastWorkingAt !== null && !isLastDay && isAhead(deps, waiting);
  if (isSameEnd && !isEarly) return 'as_scheduled';
  if (waiting.status === 'held') return 'held';
  const now = deps.clock.now();
  const moment = momentFor(deps, seen, end);
  const start: Start = {
    status: 'scheduled',
    ...moment,
    zone: seen.plan.zone?.name ?? null,
    employmentEndsOn: ended.day,
    remindAt: moment.at && remindBefore(deps.policy.policy, moment.at, now),
    plan: seen.plan,
    devices: tickedFor(waiting, seen),
    held: null,
  };
  const ids = idsOf(deps, seen, ended);
  if (waiting.status === 'awaiting_approval') {
    const isMoved = await deps.starts.move(waiting.id, start, { 'hris.begunFor': begunFor(ended) }, 'bamboohr', now);
    if (!isMoved) throw new TryAgain('moved_meanwhile', 'bamboohr');
  } else {
    const { trigger, requestedBy, requestedAt } = waiting;
    const needsApproval = protectionOf(seen.plan) !== null && protectionOf(waiting.start?.plan ?? seen.plan) === null;
    const { rows, devices } = rowsOf(deps, seen.plan, start.devices);
    const again = newRun(deps, seen, { trigger, requestedBy, requestedAt, start, ids, devices, needsApproval });
    const expected = waiting.start ?? { status: 'scheduled', at: null };
    const room = { ...deps.runner.room(), limit: 0 };
    const { verdict } = await deps.starts.restart(waiting.id, expected, again, rows, 'bamboohr', room, now);
    if (verdict === 'stale') throw new TryAgain('moved_meanwhile', 'bamboohr');
  }
  deps.changed();
  return 'rescheduled';
}

/** What an operator ticked stands as long as these are the computers that they saw. */
function tickedFor({ start }: StartRow, { plan }: SeenPlan): Start['devices'] {
  return start?.devices && start.plan && !hasOtherComputers(start.plan, plan) ? start.devices : null;
}

function isAhead(deps: BeginDeps, { start }: StartRow): boolean {
  const soonest = deps.clock.now().getTime() + deps.policy.policy.hris.stopMinutes * MINUTE_MS;
  return start?.at !== null && start?.at !== undefined && start.at.getTime() > soonest;
}

async function takenBack(deps: BeginDeps, employee: Employee, waiting: StartRow | undefined): Promise<string> {
  if (!waiting) return 'nothing';
  // HR's date stands, and HR has not ended the record yet though the day is over: no rehire.
  const isSameDate = employee.terminationDate !== null && employee.terminationDate === waiting.start?.employmentEndsOn;
  if (isSameDate) return 'as_scheduled';
  if (await deps.starts.withdraw(waiting.id, 'bamboohr', deps.clock.now())) {
    deps.changed();
    return 'withdrawn';
  }
  await deps.tell({
    ...noticeOf(employee, `active:${waiting.id}`),
    says: 'active_again',
    code: waiting.code,
  });
  return 'begun_already';
}

/** HR deleted the record that its run is about: nobody can say any more whether they leave. */
async function hold(deps: BeginDeps, waiting: StartRow): Promise<string> {
  if (waiting.status !== 'scheduled' || !waiting.start) return 'record_gone';
  return (await haltRun(deps, waiting, { why: 'record_gone' }, null)) ? 'held' : 'record_gone';
}

/** Nothing of it has begun, and nothing begins until a human has looked. */
export async function haltRun(
  deps: BeginDeps,
  row: StartRow,
  because: NonNullable<Start['held']>['because'],
  seen: SeenPlan | null,
): Promise<boolean> {
  const { start } = row;
  if (!start?.plan) return false;
  const plan = seen?.plan ?? start.plan;
  const known: SeenPlan = { kind: 'plan', plan, personId: row.personId, ids: row.ids, deactivatedAt: null };
  const { rows, devices } = rowsOf(deps, plan, start.devices);
  const held: Start = { ...start, status: 'held', remindAt: null, held: { because, now: seen?.plan ?? null } };
  const { verdict } = await deps.starts.restart(
    row.id,
    start,
    newRun(deps, known, { ...row, start: held, devices, needsApproval: false }),
    rows,
    'runner',
    { ...deps.runner.room(), limit: 0 },
    deps.clock.now(),
  );
  deps.changed();
  return verdict === 'restarted';
}

async function unmatched(deps: BeginDeps, employee: Employee, end: Extract<End, { day: unknown }>): Promise<string> {
  await deps.tell({ ...noticeOf(employee, `no_address:${employee.id}:${end.day}`), says: 'no_address' });
  return 'no_address';
}

function noticeOf(employee: Employee, key: string) {
  const { displayName: name, workEmail: email } = employee;
  return { key, door: 'bamboohr', name, email, code: null, why: null } as const;
}

function zoneOf(deps: BeginDeps, { plan }: SeenPlan): string {
  return plan.zone?.name ?? deps.policy.policy.schedule.timeZone;
}
