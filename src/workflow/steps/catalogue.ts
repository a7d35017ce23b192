// Every step of a run, in the order people read them; steps-of-run.ts says which a run has. A new step is one file here and one line.
import type { Google } from '../../connectors/google/client.ts';
import type { Okta } from '../../connectors/okta/client.ts';
import type { ReadFetched } from '../model/fetched.ts';
import type { Step } from '../model/step.ts';
import { type AppOwnerDeps, appOwner } from './app-owner.ts';
import { googleActive } from './google-active.ts';
import { googleClose } from './google-close.ts';
import { googleContain } from './google-contain.ts';
import { googleGone } from './google-gone.ts';
import { googleKeep, type KeepDeps } from './google-keep.ts';
import { googleMailbox } from './google-mailbox.ts';
import { googleMailboxEnd, type MailboxEndDeps } from './google-mailbox-end.ts';
import type { GoogleStepDeps } from './google-person.ts';
import { findReceiver } from './google-receiver.ts';
import { googleCalendar, googleDrive, type TransferDeps } from './google-transfer.ts';
import { type InventoryDeps, inventoryCheckin } from './inventory-checkin.ts';
import { type EraseDeps, jamfErase } from './jamf-erase.ts';
import { jamfGone } from './jamf-gone.ts';
import { jamfLock, type LockDeps } from './jamf-lock.ts';
import { jamfLook, type LookDeps } from './jamf-look.ts';
import { jiraGone } from './jira-gone.ts';
import { jiraTicket, type TicketOptions } from './jira-ticket.ts';
import { oktaBlock } from './okta-block.ts';
import { oktaDeactivate } from './okta-deactivate.ts';
import { oktaDevices } from './okta-devices.ts';
import { oktaFactors } from './okta-factors.ts';
import { oktaIntegrations } from './okta-integrations.ts';
import { oktaSnapshot } from './okta-snapshot.ts';
import { returnCourier } from './return-by-hand.ts';
import { type InPersonDeps, returnInPerson } from './return-in-person.ts';
import { returnReceive } from './return-receive.ts';
import { returnReplacement } from './return-replacement.ts';
import { returnShip, type ShipDeps } from './return-ship.ts';
import { returnTrack, type TrackDeps } from './return-track.ts';
import { type SlackAccountDeps, slackAccount } from './slack-account.ts';
import { snipeitGone } from './snipeit-gone.ts';
import { type WatchParts, watchOver } from './watch-over.ts';

export type Receivers = Omit<MailboxEndDeps, 'google'> & Pick<KeepDeps, 'handover'>;

export type ReturnDeps = ShipDeps &
  TrackDeps &
  InPersonDeps & { readonly rows: ShipDeps['rows'] & TrackDeps['rows'] & InPersonDeps['rows'] };

export interface Connectors {
  readonly okta: Okta;
  /** Absent: not set up, so nothing is handed over. */
  readonly google?: Google | null;
  /** What our own rows and Slack say of who receives; needed with Google. */
  readonly receivers?: Receivers | null;
  /** Absent: not set up, so no computer is locked. */
  readonly jamf?: (LockDeps['jamf'] & LookDeps['jamf'] & EraseDeps['jamf']) | null;
  /** How devices come back; a run without devices has none of these steps. */
  readonly returns?: ReturnDeps;
  /** Absent: not set up, so the inventory is not told. */
  readonly snipeit?: InventoryDeps['snipeit'] | null;
  /** What our own rows say of devices that are fetched; needed with Jamf. */
  readonly fetched?: ReadFetched | null;
  /** Whom we asked about apps outside Okta, and Slack; a run without such apps has none of these steps. */
  readonly appOwners?: AppOwnerDeps | null;
  /** Absent: not set up, so there is no ticket. */
  readonly ticket?: TicketOptions | null;
  /** Absent: nobody looks whether the leaver's Slack account is closed. */
  readonly slack?: SlackAccountDeps['slack'];
  /** Absent: no closed door is looked at again. */
  readonly watch?: WatchParts;
}

export function offboardingSteps({
  okta,
  google,
  receivers,
  jamf,
  snipeit,
  fetched,
  returns,
  appOwners,
  ticket,
  slack,
  watch,
}: Connectors): readonly Step[] {
  const steps = [
    oktaSnapshot(okta),
    oktaBlock(okta),
    oktaFactors(okta),
    oktaDevices(okta),
    oktaDeactivate(okta),
    oktaIntegrations(),
    ...(jamf ? [jamfLock({ jamf }), jamfLook({ jamf, okta })] : []),
    ...(appOwners ? [appOwner(appOwners)] : []),
    ...(google && receivers ? googleSteps({ google, okta }, receivers) : []),
    ...(returns ? returnSteps(returns) : []),
    returnReplacement(),
    ...(fetched ? [returnReceive()] : []),
    ...(fetched && jamf ? [jamfErase({ jamf, fetched })] : []),
    ...(fetched && snipeit ? [inventoryCheckin({ snipeit, fetched })] : []),
    ...(slack ? [slackAccount({ slack })] : []),
    ...(ticket ? [jiraTicket(ticket)] : []),
  ];
  return watch ? [...steps, watchOver(watch, steps)] : steps;
}

export function returnSteps(deps: ReturnDeps): readonly Step[] {
  return [returnShip(deps), returnInPerson(deps), returnCourier(), returnTrack(deps)];
}

/** For rows of runs that were started with settings which are gone since. Never part of a plan. */
export function leftoverSteps(has: {
  readonly jira: boolean;
  readonly google: boolean;
  readonly jamf: boolean;
  readonly snipeit: boolean;
}): readonly Step[] {
  return [
    ...(has.jira ? [] : [jiraGone()]),
    ...(has.google ? [] : googleGone()),
    ...(has.jamf ? [] : jamfGone()),
    ...(has.snipeit ? [] : [snipeitGone()]),
  ];
}

function googleSteps(deps: GoogleStepDeps, receivers: Receivers): readonly Step[] {
  const mailbox = { ...receivers, google: deps.google };
  const receiver: TransferDeps['receiver'] = (context) => findReceiver(mailbox, context);
  return [
    googleContain(deps),
    googleActive(deps),
    googleMailbox(mailbox),
    googleDrive({ ...deps, receiver }),
    googleCalendar({ ...deps, receiver }),
    googleKeep({ ...deps, handover: receivers.handover }),
    googleMailboxEnd(mailbox),
    googleClose(deps),
  ];
}
