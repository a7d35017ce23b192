// A run that no operator asked for: HR or Okta says that somebody leaves. Opened, scheduled, held or joined; the safeguards are the command's.
import { firstReminderAt } from './approvals.ts';
import type { HrisReads } from './hris.ts';
import { TooManyRuns } from './model/breaker.ts';
import type { RunDevice } from './model/device.ts';
import { type NewRun, StaleLook } from './model/new-run.ts';
import { type PlanView, pinnedRecord, protectionOf, type Refusal } from './model/plan.ts';
import { policyFacts } from './model/policy.ts';
import type { EngineStore, LiveRun, LiveRuns } from './model/ports.ts';
import type { PinnedIds } from './model/run.ts';
import { begunFor, type Door, type HeldBecause, remindBefore, type Start } from './model/start.ts';
import type { StartStore } from './model/start-ports.ts';
import type { Day } from './model/time-zone.ts';
import { type OpenAgainDeps, reopenWhatIsOpen } from './open-again.ts';
import { hashConfirmed } from './plan-hash.ts';
import { type Preview, type PreviewDeps, previewOffboarding } from './preview.ts';
import { rowsOf } from './rows-of-start.ts';
import type { Runner } from './runner.ts';

/** Said in the channel, once for each `key`: what began by itself, did not, or looks odd. */
export interface DoorNotice {
  readonly key: string;
  readonly door: Door;
  readonly says:
    | 'not_begun' // `why`: a refusal's
    | 'no_address'
    | 'cannot_look' // tried for some time; goes on
    | 'active_again' // HR takes it back, and the run has begun
    | 'being_undone' // their offboarding is taken back just now: nothing begins
    | 'deactivated_early'; // in Okta by hand, before the run's moment
  /** The person's name as the door knows it. */
  readonly name: string | null;
  readonly email: string | null;
  readonly code: string | null;
  readonly why: string | null;
}

export interface BeginDeps extends Omit<PreviewDeps, 'bamboohr'>, Omit<OpenAgainDeps, 'store'> {
  readonly bamboohr: HrisReads | null;
  readonly store: Pick<EngineStore, 'openRun' | 'endedContainment' | 'reopen'>;
  readonly starts: StartStore;
  readonly runs: Pick<LiveRuns, 'live' | 'ended'>;
  readonly runner: Pick<Runner, 'begin' | 'room'>;
  tell(notice: DoorNotice): Promise<void>;
  changed(): void;
}

/** It could not be looked at now: it is tried again, and nothing was begun. */
export class TryAgain extends Error {
  /** A refusal's `why`, or a vendor. */
  readonly because: string;
  readonly vendor: string;
  constructor(because: string, vendor: string) {
    super(`try again: ${because}`);
    this.because = because;
    this.vendor = vendor;
  }
}

export interface Beginning {
  readonly door: Door;
  readonly knockedAt: Date;
  /** Of the HR record, where HR says that somebody leaves. */
  readonly end: { readonly record: string; readonly day: Day | null } | null;
  /** When it acts; null: at once. */
  readonly at: Date | null;
  readonly lastWorkingAt: Date | null;
  /** As `endedBefore` answers. */
  readonly ended: number;
}

export type SeenPlan = Extract<Preview, { kind: 'plan' }>;

/** Why it was held, if a human has to say something first; null: nothing speaks against it. */
export function heldBecauseOf({ hris }: PlanView): HeldBecause | null {
  return hris?.is === 'undecided' ? { why: 'identity' } : null;
}

/** Reads everything; throws TryAgain where that may work later. */
export async function lookFor(deps: BeginDeps, who: { email: string; oktaId?: string }): Promise<Preview> {
  const seen = await previewOffboarding({ ...deps, bamboohr: deps.bamboohr }, null, who);
  if (seen.kind === 'refused') throwIfPassing(seen.refusal);
  return seen;
}

/**
 * How many offboardings of theirs have ended, none of them while we looked: that one is known by its deactivation. One that ends from
 * here on is known by the number when a run is opened. Throws TryAgain.
 */
export async function endedBefore(deps: Pick<BeginDeps, 'okta' | 'runs'>, seen: SeenPlan): Promise<number> {
  const ended = await deps.runs.ended('offboarding', seen.personId);
  if (seen.plan.status === 'DEPROVISIONED') return ended;
  const user = await deps.okta.getUser(seen.personId);
  if (user?.status === 'DEPROVISIONED') throw cutMeanwhile();
  return ended;
}

/** For a store that refuses: what was looked at is looked at again. */
export function againIfStale(error: unknown): never {
  throw error instanceof StaleLook ? cutMeanwhile() : error;
}

function cutMeanwhile(): TryAgain {
  return new TryAgain('cut_meanwhile', 'okta');
}

function throwIfPassing(refusal: Refusal): void {
  switch (refusal.why) {
    case 'vendor_unreachable':
    case 'vendor_refused_us':
      throw new TryAgain(refusal.why, refusal.vendor);
    case 'safeguard_not_checked':
    case 'unexpected':
    case 'database_down':
      throw new TryAgain(refusal.why, 'okta');
    default:
  }
}

/** Opens it, or joins the run that there is. Answers how it ended, in a word. */
export async function beginRun(deps: BeginDeps, seen: SeenPlan, beginning: Beginning): Promise<string> {
  const undoing = await deps.runs.live('rehire', seen.personId);
  if (undoing) {
    const { name, email } = seen.plan.person;
    const key = `undone:${beginning.door}:${seen.personId}:${beginning.knockedAt.toISOString()}`;
    const about = { name, email, code: undoing.code, why: null };
    await deps.tell({ key, door: beginning.door, says: 'being_undone', ...about });
    return 'being_undone';
  }
  const now = deps.clock.now();
  const held = heldBecauseOf(seen.plan);
  const isLater = beginning.at !== null && beginning.at > now;
  const startsAs = isLater ? 'scheduled' : 'open';
  const start: Start = {
    status: held ? 'held' : startsAs,
    at: beginning.at ?? now,
    zone: seen.plan.zone?.name ?? null,
    lastWorkingAt: beginning.lastWorkingAt,
    employmentEndsOn: beginning.end?.day ?? null,
    remindAt: isLater && beginning.at ? remindBefore(deps.policy.policy, beginning.at, now) : null,
    plan: seen.plan,
    devices: null,
    held: held && { because: held, now: seen.plan },
  };
  const { rows, devices } = rowsOf(deps, seen.plan, start.devices);
  const planned = newRun(deps, seen, {
    trigger: beginning.door === 'bamboohr' ? 'hris' : 'okta',
    requestedBy: beginning.door,
    requestedAt: beginning.knockedAt,
    start,
    ids: idsOf(deps, seen, beginning.end),
    devices,
    needsApproval: protectionOf(seen.plan) !== null && !held,
  });
  const run = { ...planned, endedBefore: beginning.ended };
  let isStopped = false;
  const opening = deps.store.openRun(run, rows, deps.runner.room(), now).catch((error: unknown) => {
    if (!(error instanceof TooManyRuns)) throw error;
    isStopped = true;
    return deps.store.openRun(stopped(deps, run, start), rows, deps.runner.room(), now);
  });
  const opened = await opening.catch(againIfStale);
  deps.runner.begin(opened.mine);
  deps.changed();
  if (!opened.joined && isStopped) return run.approval ? 'awaiting_approval' : 'held_many';
  if (!opened.joined) return start.status === 'open' ? 'opened' : start.status;
  const live = await deps.runs.live('offboarding', seen.personId);
  return live ? joinRun(deps, live, beginning.door, { isNoted: true }) : 'joined';
}

/** What the run asks for is looked at again, and what somebody opened since is closed again. */
export async function joinRun(
  deps: BeginDeps,
  live: LiveRun,
  door: Door,
  { isNoted = false } = {},
): Promise<'joined' | 'joined_and_reopened'> {
  if (!isNoted) await deps.starts.note(live.id, door, 'run.joined', { trigger: door });
  const again = await reopenWhatIsOpen(deps, door, live.id);
  if (again.reopened.length === 0) return 'joined';
  deps.changed();
  return 'joined_and_reopened';
}

/** One too many within the hour: somebody is asked anyway and nothing is closed before, or it is held until somebody is. */
function stopped(deps: Pick<BeginDeps, 'policy'>, run: NewRun, start: Start): NewRun {
  if (run.approval) return { ...run, policy: { ...run.policy, 'protected.containBeforeApproval': false } };
  const because = manyBegan(deps);
  return { ...run, start: { ...start, status: 'held', remindAt: null, held: { because, now: start.plan } } };
}

export function manyBegan(deps: Pick<BeginDeps, 'policy'>): HeldBecause {
  return { why: 'many', most: deps.policy.policy.breaker.runsAnHour };
}

/** What a run keeps. `slack.team`: a door has no workspace of its own. */
export function idsOf(deps: Pick<BeginDeps, 'teamId'>, seen: SeenPlan, end: Beginning['end']): PinnedIds {
  const isUndecided = seen.plan.hris?.is === 'undecided';
  return {
    ...seen.ids,
    ...(isUndecided ? {} : pinnedRecord(seen.plan, null)),
    ...(end && { bamboohr: end.record, 'hris.begunFor': begunFor(end) }),
    ...(seen.deactivatedAt && { 'okta.deactivatedAt': seen.deactivatedAt.toISOString() }),
    'slack.team': deps.teamId,
  };
}

export function newRun(
  deps: Pick<BeginDeps, 'policy' | 'clock'>,
  seen: SeenPlan,
  given: {
    trigger: string;
    requestedBy: string;
    requestedAt: Date;
    start: Start;
    ids: PinnedIds;
    devices: readonly RunDevice[];
    needsApproval: boolean;
    reason?: string | null;
  },
): NewRun {
  return {
    kind: 'offboarding',
    personId: seen.personId,
    person: seen.plan.person,
    ids: given.ids,
    trigger: given.trigger,
    requestedBy: given.requestedBy,
    reason: given.reason ?? null,
    planHash: hashConfirmed(seen.plan, null, given.devices),
    policyHash: deps.policy.hash,
    policy: policyUntil(deps, given.start),
    requestedAt: given.requestedAt,
    approval: given.needsApproval ? { plan: seen.plan, remindAt: firstReminderAt(deps) } : null,
    start: given.start,
  };
}

/** Before its moment nothing is closed, whatever the policy says of protected people; at its moment it counts again. */
export function policyUntil(deps: Pick<BeginDeps, 'policy'>, start: Start): NewRun['policy'] {
  const facts = policyFacts(deps.policy.policy);
  if (start.status === 'open') return facts;
  const { containBeforeApproval } = deps.policy.policy.protected;
  return { ...facts, 'protected.containBeforeApproval': false, 'schedule.containsFirst': containBeforeApproval };
}
