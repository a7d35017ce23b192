// The plan: what read-only calls saw of one person, what would follow, and why it may not. Pure types.

import type { PlannedApp } from './app-plan.ts';
import type { DeviceFate, DevicesView, ReturnWay } from './device.ts';
import type { Contradiction, HrisRecord, OktaAccount } from './identity.ts';
import type { IntegrationsView } from './integration.ts';
import type { ProtectedBecause } from './policy.ts';
import type { PlannedStep } from './ports.ts';
import type { OperatorId, Person, PinnedIds, RunKind, RunStatus } from './run.ts';
import type { ZoneView } from './start.ts';
import type { UndoView } from './undone.ts';

export type PlanWarning =
  | { readonly kind: 'protected'; readonly because: readonly ProtectedBecause[]; readonly containsFirst: boolean } // a second approver and a typed address are needed; `containsFirst`: containment does not wait for them
  | { readonly kind: 'sits_in_channel' } // the leaver is a member of the private IT channel and will see the thread
  | { readonly kind: 'is_operator' } // the leaver is on Sendoff's own allow-list
  | { readonly kind: 'holds_admin_role'; readonly roles: readonly string[] }
  | { readonly kind: 'not_checked'; readonly what: 'channel' | 'roles'; readonly why: string }
  | { readonly kind: 'many'; readonly begun: number; readonly most: number }; // so many began within the last hour: one more at once needs another approver

/** What the HR system says of the person. */
export type HrisView =
  | { readonly is: 'not_read'; readonly why: string; readonly isRefusal: boolean } // it did not answer, or refused our key
  | { readonly is: 'no_record' }
  | {
      readonly is: 'same_person';
      readonly record: HrisRecord;
      readonly managersDiffer: boolean;
      readonly oktaManager: string | null;
    }
  /** A human says which record is this person's, or that none is. */
  | {
      readonly is: 'undecided';
      readonly because: readonly Contradiction[];
      readonly account: OktaAccount;
      readonly records: readonly HrisRecord[];
    };

/** Whose mailbox, files and calendar these will be. `none`: a person has to be asked. */
export type GoogleManager =
  | { readonly is: 'account'; readonly id: string; readonly address: string; readonly name: string | null }
  | { readonly is: 'none'; readonly why: 'not_known' | 'no_account' | 'inactive' | 'same_person' };

/** Why the account that Google has for the address may be somebody else's. */
export type GoogleDoubt = 'only_an_alias' | 'other_name';

/** What Google Workspace says of the person. `id` is what every step acts on; the address is for people's eyes. */
export type GoogleView =
  | { readonly is: 'not_read'; readonly why: string; readonly isRefusal: boolean } // it did not answer, or refused our key
  | { readonly is: 'no_account' }
  | {
      readonly is: 'account';
      readonly id: string;
      readonly address: string;
      readonly name: string | null;
      readonly state: 'active' | 'suspended' | 'archived';
      readonly doubts: readonly GoogleDoubt[];
      /** What Okta's Google app does to it when the person is deactivated there. */
      readonly oktaApp: 'suspends' | 'leaves' | 'not_known' | 'none';
      readonly isLastSuperAdmin: boolean;
      readonly manager: GoogleManager;
    };

/** What a run keeps of it: ids only. Null where Google has no such account; absent where it could not be read. */
export function pinnedGoogle(view: GoogleView | null): PinnedIds {
  if (view?.is === 'no_account') return { google: null, 'google.manager': null };
  if (view?.is !== 'account') return {};
  return { google: view.id, 'google.manager': view.manager.is === 'account' ? view.manager.id : null };
}

/** The operator's word on whose record it is: a record's id, or that none of them is this person's. */
export const NO_RECORD = 'none';

export interface PlanView {
  readonly person: Person;
  /** Okta's status of the person (`ACTIVE`, …). */
  readonly status: string;
  readonly steps: readonly PlannedStep[];
  readonly warnings: readonly PlanWarning[];
  /** Absent: no HR system is set up. */
  readonly hris?: HrisView;
  /** Absent: no Google Workspace is set up. */
  readonly google?: GoogleView;
  /** Whose clock dates and times are meant by. */
  readonly zone?: ZoneView;
  /** A run of this person that has done nothing yet: confirming begins it, or gives it another moment. */
  readonly waiting?: { readonly code: string; readonly status: RunStatus };
  /** Absent: no Jamf is set up. */
  readonly devices?: DevicesView;
  /** How devices come back by default, from the policy and the country, and what becomes of their data. */
  readonly returnWay?: ReturnWay;
  readonly deviceFate?: DeviceFate;
  /** Of an undo: which run it takes back, and what of it stays lost. */
  readonly undo?: UndoView;
  /** Apps outside Okta whose owners are asked; absent: the policy has none that concern the person. */
  readonly apps?: readonly PlannedApp[];
  /** What in Okta hangs on the person; absent: nothing, and nothing was hidden. */
  readonly integrations?: IntegrationsView;
  readonly checkedAt: Date;
  readonly channelId: string;
  /** Over decisions only (ids, status class, devices, irreversible acts), never counts. */
  readonly hash: string;
}

/** A plan comes back from JSON with its dates as text. */
export function revivePlan(json: unknown): PlanView {
  const plan = json as PlanView;
  const checkedAt = new Date(plan.checkedAt);
  if (plan.devices?.is !== 'read') return { ...plan, checkedAt };
  const devices = plan.devices.devices.map((one) => ({
    ...one,
    lastSeenAt: one.lastSeenAt && new Date(one.lastSeenAt),
  }));
  return { ...plan, checkedAt, devices: { is: 'read', devices } };
}

/** Null: nobody protects this person. */
export function protectionOf(plan: PlanView): readonly ProtectedBecause[] | null {
  const warning = plan.warnings.find((one) => one.kind === 'protected');
  return warning?.kind === 'protected' ? warning.because : null;
}

export function containsFirst(plan: PlanView): boolean {
  return manyOf(plan) === null && plan.warnings.some((one) => one.kind === 'protected' && one.containsFirst);
}

/** Null: one more may begin on one operator's word. */
export function manyOf(plan: PlanView): Extract<PlanWarning, { kind: 'many' }> | null {
  return plan.warnings.find((one) => one.kind === 'many') ?? null;
}

/** Of a protected person the whole address must have been typed, case aside; of others nothing. */
export function isTypedRight(plan: PlanView, typed: string | null): boolean {
  return protectionOf(plan) === null || typed?.trim().toLowerCase() === plan.person.email.toLowerCase();
}

/** True where nothing is to be decided, or what was chosen was on offer. */
export function isIdentityDecided({ hris }: PlanView, chosen: string | null): boolean {
  return hris?.is !== 'undecided' || chosen === NO_RECORD || hris.records.some((record) => record.id === chosen);
}

/** What a run keeps of the record that is this person's: flat, so that a step reads it beside the ids. */
export function pinnedRecord({ hris }: Pick<PlanView, 'hris'>, chosen: string | null): PinnedIds {
  if (hris?.is === 'same_person') return factsOf(hris.record);
  if (hris?.is !== 'undecided') return {};
  const record = hris.records.find((one) => one.id === chosen);
  return {
    ...(record ? factsOf(record) : {}),
    'hris.decided': chosen,
    'hris.offered': hris.records.map((one) => one.id),
    'hris.because': hris.because,
  };
}

function factsOf(record: HrisRecord): PinnedIds {
  return {
    bamboohr: record.id,
    'hris.status': record.status,
    'hris.employeeNumber': record.employeeNumber,
    'hris.managerId': record.managerId,
    'hris.managerName': record.managerName,
    'hris.managerEmail': record.managerEmail,
    'hris.country': record.country,
    'hris.department': record.department,
    'hris.hireDate': record.hireDate,
    'hris.terminationDate': record.terminationDate,
    'hris.hidden': record.hidden,
  };
}

/** Why an offboarding is not taken back, or does not begin beside its own undo. */
export type UndoRefusal =
  | { readonly why: 'nothing_to_undo'; readonly person: Person | null } // it has changed nothing, or is no offboarding
  | { readonly why: 'undo_newer'; readonly person: Person; readonly code: string } // a later offboarding of the same person is the one to take back
  | { readonly why: 'account_gone'; readonly person: Person } // erased in Okta
  | { readonly why: 'address_reused'; readonly vendor: 'okta' | 'google'; readonly person: Person } // somebody else has the address by now
  | { readonly why: 'being_undone'; readonly person: Person; readonly code: string }; // the undo is under way: nothing begins in the other direction

/** Why an offboarding does not start, or did not. Each one is a sentence that says what was and was not done. */
export type Refusal =
  | { readonly why: 'not_operator'; readonly contacts: readonly OperatorId[] }
  | { readonly why: 'self' }
  | { readonly why: 'last_super_admin'; readonly person: Person }
  | { readonly why: 'last_google_super_admin'; readonly person: Person }
  | { readonly why: 'own_credentials'; readonly vendor: 'okta' | 'google'; readonly person: Person } // the account Sendoff's own credentials belong to
  | { readonly why: 'devices_undecided'; readonly person: Person } // several computers, or somebody else's, and nobody has said which
  | { readonly why: 'identity_undecided'; readonly person: Person } // HR and Okta may mean different people, and nobody has said which
  | { readonly why: 'past_date'; readonly person: Person } // the moment that was chosen has gone by
  | { readonly why: 'nobody_found'; readonly email: string }
  | {
      readonly why: 'several_found';
      readonly email: string;
      readonly people: readonly { readonly name: string; readonly login: string; readonly status: string }[];
    }
  | {
      readonly why: 'already_running';
      readonly runId: string;
      readonly kind?: RunKind; // absent: an offboarding
      readonly person: Person;
      readonly code: string;
      readonly requestedBy: string;
      readonly requestedAt: Date;
      readonly done: number;
      readonly total: number;
      readonly awaitsApproval: boolean;
      readonly threadUrl: string | null;
      /** What a second look at its containment found: names of steps. */
      readonly again?: { readonly reopened: readonly string[]; readonly unseen: readonly string[] };
    }
  /** It would leave access open on one operator's word. */
  | {
      readonly why: 'needs_approver';
      readonly act:
        | 'skip'
        | 'attest'
        | 'cancel'
        | 'approve'
        | 'answer'
        | 'extend'
        | 'hold'
        | 'reveal'
        | 'write_off'
        | 'let_begin';
      readonly contacts: readonly OperatorId[];
    }
  | { readonly why: 'own_request'; readonly contacts: readonly OperatorId[] } // who asks for something never also allows it
  | { readonly why: 'is_leaver' } // nobody decides about their own run
  | { readonly why: 'leaver_chosen' } // the leaver receives nothing of their own
  | { readonly why: 'not_named' } // the policy names who answers, and it is somebody else
  | { readonly why: 'bad_date' } // not later than the end that stands, or later than the policy allows
  | { readonly why: 'changed'; readonly before: PlanView | null; readonly now: PlanView } // a decision fact changed between plan and submit
  | { readonly why: 'vendor_unreachable'; readonly vendor: string; readonly reason: string; readonly reference: string }
  | { readonly why: 'vendor_refused_us'; readonly vendor: string; readonly reason: string; readonly reference: string } // credentials or scopes
  | { readonly why: 'safeguard_not_checked'; readonly what: string; readonly reference: string } // e.g. super admins could not be read: no start
  /** Of a device return: nothing was ticked or typed that can be fetched. */
  | { readonly why: 'nothing_to_return'; readonly person: Person }
  /** Another run has these on their way, or (`isLive` false) its box for one is still out: one order a device. */
  | {
      readonly why: 'fetched_elsewhere';
      readonly devices: readonly { readonly name: string; readonly code: string; readonly isLive: boolean }[];
    }
  | UndoRefusal
  | { readonly why: 'self_lock' } // nobody has their own computer locked
  | { readonly why: 'protected_lock'; readonly person: Person } // a protected person's computer is locked by an offboarding only, which a second person allows
  | { readonly why: 'database_down'; readonly reference: string }
  | { readonly why: 'unexpected'; readonly reference: string };
