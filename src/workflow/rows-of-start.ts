// The rows of an offboarding, with the apps outside Okta whose owners are asked, and the computers that it locks and fetches: as an operator ticked them, or where nobody did, the only one there is.
import { confirmedDevices, type DeviceChoice, type RunDevice, suggestedDevices } from './model/device.ts';
import type { PlannedStepRun } from './model/new-run.ts';
import type { PlanView } from './model/plan.ts';
import type { Policy } from './model/policy.ts';
import type { Step } from './model/step.ts';
import { planStepRuns } from './steps/plan-rows.ts';

interface RowsDeps {
  readonly steps: readonly Step[];
  readonly policy: { readonly policy: Policy };
}

/** What an operator ticked where there was nothing to tick. A computer that turns up later is not theirs to decide about. */
export function noComputers(deps: Pick<RowsDeps, 'policy'>, plan: PlanView): DeviceChoice {
  return { ids: [], fate: deps.policy.policy.returns.data, way: plan.returnWay ?? 'none' };
}

/** `chosen` null: no operator saw the plan. Of several computers, or of somebody else's, none is taken: an operator is asked in the run. */
export function rowsOf(
  deps: RowsDeps,
  plan: PlanView,
  chosen: DeviceChoice | null,
): { readonly rows: readonly PlannedStepRun[]; readonly devices: readonly RunDevice[] } {
  const { devices: view } = plan;
  const choice = chosen ?? { ...noComputers(deps, plan), ids: suggestedDevices(view) };
  const devices = confirmedDevices(view, choice);
  const isUnread =
    view?.is === 'not_read' || (view?.is === 'read' && view.devices.length > 0 && choice.ids.length === 0);
  return {
    rows: planStepRuns(deps.steps, {
      devices,
      isUnread,
      apps: plan.apps ?? [],
      integrations: plan.integrations?.found ?? [],
    }),
    devices,
  };
}
