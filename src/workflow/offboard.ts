// From an exact address to an offboarding: shown first, read again, and begun only as it was confirmed.
import { firstReminderAt } from './approvals.ts';
import { isDoors, withMany } from './breaker.ts';
import { type ConfirmedStartDeps, confirmedStart, hasNotBegun, openConfirmed } from './confirmed-start.ts';
import { runningAlready, searchRuns } from './live-run.ts';
import { type BreakerStore, TooManyRuns } from './model/breaker.ts';
import { type DeviceChoice, FetchedElsewhere, isDevicesDecided } from './model/device.ts';
import { type NewRun, type OpenedRun, StaleLook } from './model/new-run.ts';
import { isIdentityDecided, manyOf, type PlanView, pinnedRecord, protectionOf, type Refusal } from './model/plan.ts';
import { policyFacts } from './model/policy.ts';
import type { LiveRun, LiveRuns } from './model/ports.ts';
import { type OperatorId, operatorKey } from './model/run.ts';
import type { Start, When } from './model/start.ts';
import { OtherWay } from './model/undone.ts';
import { type OpenAgainDeps, reopenWhatIsOpen } from './open-again.ts';
import { hashConfirmed } from './plan-hash.ts';
import { type Preview, type PreviewDeps, previewOffboarding } from './preview.ts';
import { noComputers, rowsOf } from './rows-of-start.ts';
import type { Runner } from './runner.ts';

const KIND = 'offboarding';

export interface OffboardDeps extends PreviewDeps, Omit<OpenAgainDeps, 'store'> {
  readonly store: ConfirmedStartDeps['store'] & OpenAgainDeps['store'];
  readonly starts: ConfirmedStartDeps['starts'];
  readonly runs: LiveRuns;
  readonly breaker: Pick<BreakerStore, 'begunSince'>;
  readonly runner: Pick<Runner, 'begin' | 'room'>;
  /** Null: on the list. */
  refusalOf(operator: OperatorId): Promise<Refusal | null>;
  changed(): void;
}

/** What an operator saw and confirmed. */
export interface Confirmed {
  readonly personId: string;
  readonly plan: PlanView;
  /** Whose HR record it is, where the plan left that to a human: a record's id or NO_RECORD. */
  readonly chosen: string | null;
  /** By the clock on the person's wall; null or absent: at once. */
  readonly when?: When | null;
  /** Which devices, what of their data and how they return; null: the plan had none. */
  readonly devices: DeviceChoice | null;
}

export type Opened =
  /** `awaiting_approval`: a second person has to be asked, and is. `scheduled`: its moment lies ahead. */
  | {
      readonly kind: 'started' | 'awaiting_approval' | 'scheduled';
      readonly runId: string;
      readonly code: string;
      readonly plan: PlanView;
    }
  | { readonly kind: 'changed'; readonly personId: string; readonly plan: PlanView; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

interface Request {
  readonly at: Date;
  readonly reason: string | null;
  readonly trigger: string;
}

export interface Offboards {
  /** Reads only; but where a run is open already, it looks at that run's containment again and reopens what is open again. */
  preview(operator: OperatorId, email: string): Promise<Preview>;
  /** Reads the decision facts again; starts only what was confirmed. Safe to repeat: the same request finds its own run. */
  open(operator: OperatorId, confirmed: Confirmed, request: Request): Promise<Opened>;
}

export function createOffboards(deps: OffboardDeps): Offboards {
  const offboards: Offboards = {
    async preview(operator, email) {
      const refusal = await deps.refusalOf(operator);
      if (refusal) return refuse(refusal);
      const seen = await previewOffboarding(deps, operator, { email });
      if (seen.kind === 'refused') return seen;
      const [live, undoing] = await Promise.all([
        deps.runs.live(KIND, seen.personId),
        deps.runs.live('rehire', seen.personId),
      ]);
      if (undoing) return refuse(beingUndone(seen.plan, undoing));
      const mayBeMany = async (): Promise<PlanView> => (live && isDoors(live) ? seen.plan : withMany(deps, seen.plan));
      if (!live) return { ...seen, plan: await mayBeMany() };
      // What has not begun is begun, moved or looked into by whoever confirms its plan.
      if (hasNotBegun(live))
        return { ...seen, plan: { ...(await mayBeMany()), waiting: { code: live.code, status: live.status } } };
      // Joining a run asks for what that run asks for: what somebody opened since is closed again.
      const again = await reopenWhatIsOpen(deps, operatorKey(operator), live.id);
      if (again.reopened.length > 0) deps.changed();
      return refuse(runningAlready(KIND, seen.plan, live, again));
    },

    async open(operator, confirmed, request) {
      const { personId, plan } = confirmed;
      // Counted before anything is looked at: a run that ends meanwhile makes the look stale.
      const endedBefore = await deps.runs.ended(KIND, personId);
      // Reads only, and the cut waits for them: begun beside our own look-ups.
      const looking = previewOffboarding(deps, operator, { email: plan.person.email, oktaId: personId });
      looking.catch(() => undefined); // where an answer below comes first, nobody waits for it
      const search = searchRuns(deps.runs, { kind: KIND, personId, operator, at: request.at });
      const [refusal, ours, live, undoing] = await Promise.all([
        deps.refusalOf(operator),
        search.ours(),
        search.live(),
        deps.runs.live('rehire', personId),
      ]);
      if (refusal) return refuse(refusal);
      if (ours) return openedAs(ours, plan);
      if (undoing) return refuse(beingUndone(plan, undoing));
      if (live && !hasNotBegun(live)) return refuse(runningAlready(KIND, plan, live));
      const seen = await looking;
      if (seen.kind === 'refused') return seen;
      if (seen.plan.hash !== plan.hash) return changedTo(confirmed, seen.plan);
      const undecided = undecidedIn(seen.plan, confirmed);
      if (undecided) return refuse(undecided);
      const start = confirmedStart(deps, seen.plan, confirmed);
      if (start === 'past') return refuse({ why: 'past_date', person: seen.plan.person });
      // Asked once more right before the only write: the reads above took time.
      const removed = await deps.refusalOf(operator);
      if (removed) return refuse(removed);
      const opened = await openAsConfirmed(deps, operator, { confirmed, request, seen, live, start, endedBefore });
      if (opened === 'other_way') {
        const other = await deps.runs.live('rehire', personId);
        return refuse({ why: 'being_undone', person: seen.plan.person, code: other?.code ?? '' });
      }
      if (opened === 'stale' || opened === 'fetched_elsewhere') {
        const now = await previewOffboarding(deps, operator, { email: seen.plan.person.email, oktaId: personId });
        if (now.kind === 'refused') return now;
        // The other run ended before it did anything: this one is as it was confirmed.
        const isAsConfirmed = opened === 'stale' && now.plan.hash === plan.hash;
        return isAsConfirmed ? offboards.open(operator, confirmed, request) : changedTo(confirmed, now.plan);
      }
      deps.runner.begin(opened.mine);
      deps.changed(); // the others must know that there is work in hand, should we die
      const begins = start ? 'scheduled' : 'open';
      const status = opened.isAsked ? 'awaiting_approval' : begins;
      const begun = openedAs({ id: opened.runId, code: opened.code, status }, opened.plan);
      if (!opened.joined) return begun;
      const again = await search.ours();
      if (again) return openedAs(again, seen.plan);
      const other = await search.live();
      return other ? refuse(runningAlready(KIND, seen.plan, other)) : begun;
    },
  };
  return offboards;
}

type Seen = Extract<Preview, { kind: 'plan' }>;

/**
 * `other_way`: an undo of this person was begun since. `fetched_elsewhere`: a device return was, and what it has on its way is
 * shown first. `stale`: an offboarding of theirs came and went.
 */
async function openAsConfirmed(
  deps: OffboardDeps,
  operator: OperatorId,
  given: {
    confirmed: Confirmed;
    request: Request;
    seen: Seen;
    live: LiveRun | null;
    start: Start | null;
    endedBefore: number;
  },
): Promise<
  (OpenedRun & { readonly plan: PlanView; readonly isAsked: boolean }) | 'other_way' | 'fetched_elsewhere' | 'stale'
> {
  const { confirmed, request, seen, live, start, endedBefore } = given;
  const chosen = seen.plan.hris?.is === 'undecided' ? confirmed.chosen : null;
  const { rows, devices } = rowsOf(deps, seen.plan, confirmed.devices ?? noComputers(deps, seen.plan));
  const openAs = async (plan: PlanView) => {
    const isMany = manyOf(plan) !== null;
    const isAsked = isMany || protectionOf(seen.plan) !== null;
    const run: Omit<NewRun, 'start'> = {
      kind: KIND,
      personId: seen.personId,
      person: seen.plan.person,
      ids: { ...seen.ids, ...pinnedRecord(seen.plan, chosen) },
      trigger: request.trigger,
      requestedBy: operatorKey(operator),
      reason: request.reason,
      planHash: hashConfirmed(seen.plan, chosen, devices),
      policyHash: deps.policy.hash,
      policy: { ...policyFacts(deps.policy.policy), ...(isMany && { 'protected.containBeforeApproval': false }) },
      requestedAt: request.at,
      approval: isAsked ? { plan, remindAt: firstReminderAt(deps) } : null,
      endedBefore,
    };
    const opened = await openConfirmed(deps, live, { run, start, steps: rows }, deps.runner.room());
    return { ...opened, plan, isAsked };
  };
  const opening = openAs(await counted(deps, given)).catch((error: unknown) => {
    if (!(error instanceof TooManyRuns)) throw error;
    // Others were faster than this count: it is asked about all the same, and nothing has begun.
    const most = deps.policy.policy.breaker.runsAnHour;
    return openAs({ ...seen.plan, warnings: [...seen.plan.warnings, { kind: 'many', begun: most, most }] });
  });
  return opening.catch((error: unknown) => {
    if (error instanceof FetchedElsewhere) return 'fetched_elsewhere';
    if (error instanceof StaleLook) return 'stale';
    if (error instanceof OtherWay) return 'other_way';
    throw error;
  });
}

/** The plan, with whether too many begin at once. At a later moment it is counted anew; what a door asked for has two who want it. */
async function counted(
  deps: OffboardDeps,
  { confirmed, seen, live, start }: { confirmed: Confirmed; seen: Seen; live: LiveRun | null; start: Start | null },
): Promise<PlanView> {
  const asked = start ? null : manyOf(confirmed.plan);
  if (asked) return { ...seen.plan, warnings: [...seen.plan.warnings, asked] };
  const isUncounted = start !== null || (live !== null && isDoors(live));
  return isUncounted ? seen.plan : withMany(deps, seen.plan);
}

function undecidedIn(plan: PlanView, { chosen, devices }: Confirmed): Refusal | null {
  if (!isIdentityDecided(plan, chosen)) return { why: 'identity_undecided', person: plan.person };
  return isDevicesDecided(plan.devices, devices) ? null : { why: 'devices_undecided', person: plan.person };
}

function refuse(refusal: Refusal) {
  return { kind: 'refused', refusal } as const;
}

function changedTo({ personId, plan }: Confirmed, now: PlanView): Opened {
  return { kind: 'changed', personId, plan: now, refusal: { why: 'changed', before: plan, now } };
}

function openedAs(run: Pick<LiveRun, 'id' | 'code' | 'status'>, plan: PlanView): Opened {
  return {
    kind: run.status === 'awaiting_approval' || run.status === 'scheduled' ? run.status : 'started',
    runId: run.id,
    code: run.code,
    plan,
  };
}

function beingUndone({ person }: PlanView, { code }: LiveRun): Refusal {
  return { why: 'being_undone', person, code };
}
