// What in Okta hangs on the person besides their own account, as a plan found it. Pure types.

export type IntegrationKind = 'api_token' | 'event_hook' | 'api_service';

export interface PlannedIntegration {
  readonly kind: IntegrationKind;
  /** Subject of its step, stored for ever. */
  readonly id: string;
  readonly name: string;
}

export interface IntegrationsView {
  readonly found: readonly PlannedIntegration[];
  /** What could not be read, with the Okta scope that it needs. */
  readonly gaps: readonly { readonly kind: IntegrationKind; readonly scope: string; readonly why: string }[];
  /** The account is deactivated already: its API tokens have ended, and Okta lists them no more. */
  readonly haveTokensEnded: boolean;
}
