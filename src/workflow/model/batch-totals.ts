// What a batch does in all that cannot be undone or that costs: accounts, computers, boxes. Pure.
import type { BatchTotals } from './batch.ts';
import { confirmedDevices, isDeviceLockable, suggestedDevices } from './device.ts';
import type { PlanView } from './plan.ts';

/** Computers as a run without an operator's choice takes them: the only one that is theirs. `asked`: people of whose computers somebody is asked. */
export function totalsOf(plans: readonly PlanView[]): BatchTotals {
  const computers = plans.flatMap((plan) => {
    const choice = { fate: plan.deviceFate ?? 'collect', way: plan.returnWay ?? 'none' } as const;
    return confirmedDevices(plan.devices, { ...choice, ids: suggestedDevices(plan.devices) });
  });
  return {
    people: plans.length,
    accounts: plans.filter(({ status }) => status !== 'DEPROVISIONED').length,
    computers: computers.filter(isDeviceLockable).length,
    boxes: computers.filter(({ way }) => way === 'ship').length,
    asked: plans.filter(isAsked).length,
  };
}

function isAsked({ devices }: PlanView): boolean {
  if (devices?.is === 'not_read') return true;
  return devices?.is === 'read' && devices.devices.length > 0 && suggestedDevices(devices).length === 0;
}
