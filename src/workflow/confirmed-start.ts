// What an operator confirmed about the moment: at once, or later by the person's own clock; of a new run, or of one that has not begun yet.
import { policyUntil } from './begin.ts';
import { isDoors } from './breaker.ts';
import { LET_BY } from './model/breaker.ts';
import type { DeviceChoice } from './model/device.ts';
import type { NewRun, OpenedRun, PlannedStepRun } from './model/new-run.ts';
import type { PlanView } from './model/plan.ts';
import type { Policy } from './model/policy.ts';
import type { Clock, EngineStore, LiveRun } from './model/ports.ts';
import { momentOf, remindBefore, type Start, type When } from './model/start.ts';
import type { StartStore } from './model/start-ports.ts';
import { noComputers } from './rows-of-start.ts';

export interface ConfirmedStartDeps {
  readonly store: Pick<EngineStore, 'openRun'>;
  readonly starts: Pick<StartStore, 'read' | 'restart'>;
  readonly policy: { readonly policy: Policy; readonly hash: string };
  readonly clock: Clock;
}

/** It has done nothing: whoever confirms a plan of that person decides when it begins. */
export function hasNotBegun(live: Pick<LiveRun, 'status'>): boolean {
  return live.status === 'scheduled' || live.status === 'held';
}

/** Null: at once. `past`: that moment has gone by. */
export function confirmedStart(
  deps: ConfirmedStartDeps,
  plan: PlanView,
  { when = null, devices }: { readonly when?: When | null; readonly devices: DeviceChoice | null },
): Start | null | 'past' {
  if (when === null) return null;
  const zone = plan.zone?.name ?? deps.policy.policy.schedule.timeZone;
  const at = momentOf(when, zone);
  const now = deps.clock.now();
  if (at <= now) return 'past';
  return {
    status: 'scheduled',
    at,
    zone,
    lastWorkingAt: at,
    employmentEndsOn: plan.hris?.is === 'same_person' ? plan.hris.record.terminationDate : null,
    remindAt: remindBefore(deps.policy.policy, at, now),
    plan,
    devices: devices ?? noComputers(deps, plan),
    held: null,
  };
}

/** The run as it was confirmed; where one has not begun yet, that one. Joined: somebody was faster. */
export async function openConfirmed(
  deps: ConfirmedStartDeps,
  waiting: LiveRun | null,
  given: { run: Omit<NewRun, 'start'>; start: Start | null; steps: readonly PlannedStepRun[] },
  take: { vendors: readonly string[]; limit: number },
): Promise<OpenedRun> {
  const { start, steps } = given;
  const run: NewRun = start ? { ...given.run, policy: policyUntil(deps, start), start } : given.run;
  if (!waiting) return deps.store.openRun(run, steps, take, deps.clock.now());
  const joined = { joined: true, runId: waiting.id, code: waiting.code, mine: [], left: false };
  const row = await deps.starts.read(waiting.id);
  if (!row?.start) return joined;
  const { begun, team } = { begun: row.ids['hris.begunFor'], team: row.ids['slack.team'] };
  const kept = {
    ...(begun === undefined ? {} : { 'hris.begunFor': begun }),
    ...(team === undefined ? {} : { 'slack.team': team }),
    // A door asked, and an operator has looked: they are two.
    ...(isDoors(row) ? { [LET_BY]: run.requestedBy } : {}),
  };
  const again = { ...run, ids: { ...run.ids, ...kept } };
  const now = deps.clock.now();
  const opened = await deps.starts.restart(waiting.id, row.start, again, steps, run.requestedBy, take, now);
  return opened.verdict === 'stale' ? joined : { joined: false, ...opened };
}
