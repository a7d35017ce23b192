// What Google does by itself as time goes by: late suspensions, transfers that start and end, phones that are wiped.
import { suspend, type Tenant, type Transfer } from './tenant.ts';

export const DRIVE_ID = '55656082996';
export const CALENDAR_ID = '435070579839';

/** Brings the tenant up to `now`; called before anything is read or changed. */
export function settle(tenant: Tenant, now: number): void {
  const due = tenant.scheduled.filter((one) => one.at <= now);
  tenant.scheduled = tenant.scheduled.filter((one) => one.at > now);
  for (const { userId, reason } of due) {
    const user = tenant.users.get(userId);
    if (user && !user.deleted) suspend(user, reason);
  }
  for (const device of tenant.devices) {
    if (!device.next || device.next.at > now) continue;
    device.status = device.next.status;
    device.next = null;
  }
  for (const transfer of tenant.transfers) progress(tenant, transfer, now);
}

function progress(tenant: Tenant, transfer: Transfer, now: number): void {
  if (['completed', 'failed'].includes(transfer.status) || now < transfer.startsAt) return;
  const isOwnerGone = [transfer.oldOwnerId, transfer.newOwnerId].some((id) => tenant.users.get(id)?.deleted !== false);
  const meanwhile = transfer.plan.statusMeanwhile ?? 'inProgress';
  const hasEnded = isOwnerGone || now >= transfer.endsAt;
  const outcome = isOwnerGone ? 'failed' : transfer.plan.outcome;
  transfer.status = hasEnded ? outcome : meanwhile;
  for (const application of transfer.applications) {
    application.status = transfer.status;
    if (transfer.status === 'completed') move(tenant, transfer, application);
  }
}

function move(tenant: Tenant, transfer: Transfer, application: Transfer['applications'][number]): void {
  if (application.applicationId === DRIVE_ID) {
    // SHARED alone is the default: private files stay behind unless they are asked for.
    const levels = valuesOf(application, 'PRIVACY_LEVEL') ?? ['SHARED'];
    for (const file of tenant.files) {
      const isWanted = levels.includes(file.shared ? 'SHARED' : 'PRIVATE');
      if (file.ownerId === transfer.oldOwnerId && isWanted) file.ownerId = transfer.newOwnerId;
    }
  }
  if (application.applicationId === CALENDAR_ID) {
    const releases = valuesOf(application, 'RELEASE_RESOURCES')?.includes('TRUE') ?? false;
    for (const event of tenant.events) {
      const isMoved =
        event.organizerId === transfer.oldOwnerId &&
        event.startsAt > transfer.endsAt &&
        !event.isPrivate &&
        event.guests.length + event.resources.length > 0;
      if (!isMoved) continue;
      event.organizerId = transfer.newOwnerId;
      if (releases) event.resources = [];
    }
  }
}

function valuesOf(application: Transfer['applications'][number], key: string): readonly string[] | undefined {
  return application.params.find((one) => one.key === key)?.value;
}
