// A refusal in a few words, for the channel’s one line about it and for lists.
import type { Refusal } from '../workflow/model/plan.ts';

/** In the channel's one line about it: "was refused: not an operator". */
export const REFUSED_BECAUSE: Readonly<
  Record<Refusal['why'] | 'another_workspace' | 'not_admin' | 'not_asked', string>
> = {
  not_operator: 'not an operator',
  another_workspace: 'from another workspace',
  not_admin: 'only admins do that',
  not_asked: 'they were not asked',
  self: 'nobody offboards themselves',
  last_super_admin: 'it is the last Okta super admin',
  last_google_super_admin: 'it is the last Google super admin',
  own_credentials: 'Sendoff’s own credentials belong to that account',
  devices_undecided: 'nobody said which computers are meant',
  identity_undecided: 'nobody said whose HR record it is',
  own_request: 'who asks for something does not approve it',
  is_leaver: 'it is about their own account',
  leaver_chosen: 'the leaver was chosen',
  not_named: 'the policy names somebody else',
  past_date: 'the moment has gone by',
  bad_date: 'the day is outside what the policy allows',
  nothing_to_undo: 'there is nothing to take back',
  undo_newer: 'a later offboarding of the same person stands',
  account_gone: 'Okta has erased the account',
  address_reused: 'somebody else has the address by now',
  being_undone: 'their offboarding is being taken back',
  nothing_to_return: 'nobody said which devices come back',
  fetched_elsewhere: 'another run has a device on its way',
  self_lock: 'nobody has their own computer locked',
  protected_lock: 'a protected person’s computer is locked by an offboarding only',
  nobody_found: 'no one has that address',
  several_found: 'several people have that address',
  already_running: 'it is already running',
  needs_approver: 'it needs an approver',
  changed: 'the plan changed before it started',
  vendor_unreachable: 'a system could not be reached',
  vendor_refused_us: 'a system did not accept Sendoff’s credentials',
  safeguard_not_checked: 'a safeguard could not be checked',
  database_down: 'the database did not answer',
  unexpected: 'something went wrong in Sendoff',
};
