// Every step of an undo, in the order people read them. They take back what an offboarding did, as far as that goes.
import type { Google } from '../../connectors/google/client.ts';
import type { Okta } from '../../connectors/okta/client.ts';
import type { Slack } from '../../connectors/slack/client.ts';
import type { Step } from '../model/step.ts';
import type { UndoneReads } from '../model/undone.ts';
import { googleBack } from './google-back.ts';
import { googleMailboxBack } from './google-mailbox-back.ts';
import type { HandoverReads } from './google-mailbox-end.ts';
import { jamfUnlock, type UnlockDeps } from './jamf-unlock.ts';
import { oktaActivate } from './okta-activate.ts';
import { oktaGroupsBack } from './okta-groups-back.ts';
import { slackBack } from './slack-back.ts';
import { oktaAppsBack, oktaRolesBack, returnCancelBox } from './undo-by-hand.ts';

export interface UndoConnectors {
  readonly okta: Okta;
  readonly slack: Pick<Slack, 'getUser'>;
  /** Null: not set up. */
  readonly google: Google | null;
  readonly jamf: UnlockDeps['jamf'] | null;
  readonly handover: HandoverReads;
  readonly undone: UndoneReads;
}

export function undoSteps({ okta, slack, google, jamf, handover, undone }: UndoConnectors): readonly Step[] {
  return [
    oktaActivate({ okta, undone }),
    oktaGroupsBack({ okta, undone }),
    oktaAppsBack({ okta, undone }),
    oktaRolesBack({ okta, undone }),
    ...(google ? [googleBack({ google, undone }), googleMailboxBack({ google, undone, handover })] : []),
    slackBack({ slack, undone }),
    ...(jamf ? [jamfUnlock({ jamf, undone })] : []),
    returnCancelBox({ undone }),
  ];
}
