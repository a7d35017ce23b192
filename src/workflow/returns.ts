// Device returns: the plan for one, and its run. No identity and no data step; one live return a person, and one run a device.
import { runningAlready, searchRuns } from './live-run.ts';
import { deviceKey, FetchedElsewhere, isDeviceLockable, type RunDevice } from './model/device.ts';
import { faultOf, pinnedReturn, type ReturnChoice, type ReturnPlan, returnedDevices } from './model/device-return.ts';
import type { Refusal } from './model/plan.ts';
import { policyFacts } from './model/policy.ts';
import type { EngineStore, LiveRuns } from './model/ports.ts';
import { type OperatorId, operatorKey } from './model/run.ts';
import type { PreviewDeps } from './preview.ts';
import { hashConfirmedReturn, hasLeft, lookAtReturn, type ReturnPreview } from './return-preview.ts';
import type { Runner } from './runner.ts';
import { planStepRuns } from './steps/plan-rows.ts';
import { stepsOfReturn } from './steps/steps-of-run.ts';

export interface ReturnDeps extends PreviewDeps {
  readonly store: Pick<EngineStore, 'openRun'>;
  readonly runs: LiveRuns;
  readonly runner: Pick<Runner, 'begin' | 'room'>;
  /** Null: on the list. */
  refusalOf(operator: OperatorId): Promise<Refusal | null>;
  changed(): void;
}

/** What an operator saw and chose. */
export interface ConfirmedReturn {
  readonly personId: string;
  readonly plan: ReturnPlan;
  readonly choice: ReturnChoice;
}

export type OpenedReturn =
  | { readonly kind: 'started'; readonly runId: string; readonly code: string; readonly plan: ReturnPlan }
  | { readonly kind: 'changed'; readonly personId: string; readonly plan: ReturnPlan }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Returns {
  /** Reads only. */
  previewReturn(operator: OperatorId, email: string): Promise<ReturnPreview>;
  /** Reads the decision facts again; starts only what was confirmed. Safe to repeat: the same request finds its own run. */
  openReturn(
    operator: OperatorId,
    confirmed: ConfirmedReturn,
    request: { at: Date; reason: string | null; trigger: string },
  ): Promise<OpenedReturn>;
}

const KIND = 'device_return';

export function createReturns(deps: ReturnDeps): Returns {
  const look = (operator: OperatorId, plan: ReturnPlan, personId: string): Promise<ReturnPreview> =>
    lookAtReturn(deps, operator, { email: plan.person.email, oktaId: personId });

  /** Null: nothing speaks against it. */
  const refusalOfChoice = async (
    plan: ReturnPlan,
    personId: string,
    choice: ReturnChoice,
    devices: readonly RunDevice[],
  ): Promise<Refusal | null> => {
    if (faultOf(plan.devices, choice) !== null) return { why: 'nothing_to_return', person: plan.person };
    const locks = choice.reason === 'offboarding' && devices.some(isDeviceLockable);
    if (locks && plan.isOwn) return { why: 'self_lock' };
    if (locks && plan.isProtected && !hasLeft(plan.status)) return { why: 'protected_lock', person: plan.person };
    const elsewhere = await deps.deviceRuns.fetching(devices.map(deviceKey), { kind: KIND, personId });
    const taken = devices.flatMap((device) => {
      const run = elsewhere.get(deviceKey(device));
      if (!run || (!run.isLive && device.way !== 'ship')) return [];
      return [{ name: [device.name, device.serial].filter(Boolean).join(' '), ...run }];
    });
    return taken.length === 0 ? null : { why: 'fetched_elsewhere', devices: taken };
  };

  return {
    async previewReturn(operator, email) {
      const refusal = await deps.refusalOf(operator);
      if (refusal) return { kind: 'refused', refusal };
      const seen = await lookAtReturn(deps, operator, { email });
      if (seen.kind === 'refused') return seen;
      const live = await deps.runs.live(KIND, seen.personId);
      return live ? { kind: 'refused', refusal: runningAlready(KIND, seen.plan, live) } : seen;
    },

    async openReturn(operator, { personId, plan, choice }, request) {
      const search = searchRuns(deps.runs, { kind: KIND, personId, operator, at: request.at });
      const [refusal, ours, live] = await Promise.all([deps.refusalOf(operator), search.ours(), search.live()]);
      if (refusal) return { kind: 'refused', refusal };
      if (ours) return { kind: 'started', runId: ours.id, code: ours.code, plan };
      if (live) return { kind: 'refused', refusal: runningAlready(KIND, plan, live) };
      const seen = await look(operator, plan, personId);
      if (seen.kind === 'refused') return seen;
      if (seen.plan.hash !== plan.hash) return { kind: 'changed', personId, plan: seen.plan };
      const devices = returnedDevices(seen.plan.devices, choice);
      // The list is asked once more right before the only write: the reads above took time.
      const refused = (await refusalOfChoice(seen.plan, personId, choice, devices)) ?? (await deps.refusalOf(operator));
      if (refused) return { kind: 'refused', refusal: refused };
      const steps = planStepRuns(stepsOfReturn(deps.steps, choice.reason), { devices });
      if (steps.length === 0) throw new Error('a return without a step would never end');
      const opened = await deps.store
        .openRun(
          {
            kind: KIND,
            personId,
            person: seen.plan.person,
            ids: { ...seen.ids, ...pinnedReturn(choice) },
            trigger: request.trigger,
            requestedBy: operatorKey(operator),
            reason: request.reason,
            planHash: hashConfirmedReturn(seen.plan, choice.reason, devices),
            policyHash: deps.policy.hash,
            policy: policyFacts(deps.policy.policy),
            requestedAt: request.at,
            approval: null,
          },
          steps,
          deps.runner.room(),
          deps.clock.now(),
        )
        .catch((error: unknown) => {
          if (error instanceof FetchedElsewhere) return null;
          throw error;
        });
      if (opened === null) {
        // Another run was opened since the look above: what it fetches can be named now.
        const taken = await refusalOfChoice(seen.plan, personId, choice, devices);
        return { kind: 'refused', refusal: taken ?? { why: 'unexpected', reference: deps.reference() } };
      }
      deps.runner.begin(opened.mine);
      deps.changed();
      const begun = { kind: 'started', runId: opened.runId, code: opened.code, plan: seen.plan } as const;
      const other = opened.joined ? await search.faster() : null;
      return other ? { kind: 'refused', refusal: runningAlready(KIND, seen.plan, other) } : begun;
    },
  };
}
