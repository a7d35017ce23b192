// What must be true at Google after an offboarding and its sixty days: closed with a password nobody knows, no phone wiped, the work
// handed over once, the mailbox taken back, and the account shut last.
import { isDeepStrictEqual } from 'node:util';
import type { Evidence, GoogleUser } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

const PATCH = 'google.directory.users.patch';
const PHONE = 'google.directory.mobiledevices.action';
const GIVE = 'google.gmail.users.settings.delegates.create';
const TAKE_BACK = 'google.gmail.users.settings.delegates.delete';
const START_TRANSFER = 'google.datatransfer.transfers.insert';

export const GOOGLE_CHECKS: readonly Check[] = [
  {
    id: 'google_closed',
    sentence: 'At Google no session, app, app password, backup code or recovery data is left.',
    find: closed,
  },
  {
    id: 'google_password_set',
    sentence: 'The Google password was replaced, without forcing a change of it.',
    find: passwordSet,
  },
  { id: 'mailbox_given_once', sentence: 'The mailbox was given to one person, once.', find: mailboxGiven },
  {
    id: 'mailbox_taken_back',
    sentence: 'The mailbox was taken back, and nobody else can read it.',
    find: mailboxTakenBack,
  },
  {
    id: 'transferred_once',
    sentence: 'Files and calendar went to one person, in one transfer each, to their end.',
    find: transferredOnce,
  },
  {
    id: 'google_shut_last',
    sentence: 'The Google account was suspended only after the mailbox was taken back.',
    find: shutLast,
  },
  {
    id: 'phones_not_wiped',
    sentence: 'The work account was taken off each phone, and no phone was wiped.',
    find: phonesNotWiped,
  },
  {
    id: 'google_nobody_else',
    sentence: 'Nobody else’s Google account was changed, but for what the receiver received.',
    find: nobodyElse,
  },
];

function closed(evidence: Evidence): Finding {
  const user = userIn(evidence, 'after');
  if (!user) return { holds: false, evidence: 'the person is not there' };
  const recovery = [user.recoveryEmail, user.recoveryPhone].filter((one) => one !== null).length;
  const left = [user.sessions, user.tokens.length, user.appPasswords.length, user.backupCodes, recovery];
  return {
    holds: left.every((n) => n === 0),
    evidence: `${left.join(', ')} left`,
  };
}

function passwordSet(evidence: Evidence): Finding {
  const { googleId } = evidence.person;
  const sent = evidence.journals.google
    .filter((call) => call.operation === PATCH && call.applied && call.detail.subject === googleId)
    .map((call) => (call.detail.sent ?? {}) as Record<string, unknown>)
    .filter((body) => body.password !== undefined);
  const forced = sent.filter((body) => body.changePasswordAtNextLogin === true).length;
  return { holds: sent.length > 0 && forced === 0, evidence: `set ${sent.length} times, forced ${forced} times` };
}

/** Applied calls of the leaver's mailbox. */
function delegations(evidence: Evidence, operation: string): Evidence['journals']['google'] {
  const address = userIn(evidence, 'after')?.primaryEmail;
  return evidence.journals.google.filter(
    (call) => call.operation === operation && call.applied && call.detail.subject === address,
  );
}

function receiverOf(call: { readonly detail: Readonly<Record<string, unknown>> }): string {
  return String((call.detail.sent as { delegateEmail?: unknown } | undefined)?.delegateEmail);
}

function mailboxGiven(evidence: Evidence): Finding {
  const given = delegations(evidence, GIVE);
  return { holds: given.length === 1, evidence: `given ${given.length} times` };
}

function mailboxTakenBack(evidence: Evidence): Finding {
  const given = delegations(evidence, GIVE);
  const back = given.filter((grant) =>
    delegations(evidence, TAKE_BACK).some(
      (call) => call.seq > grant.seq && call.detail.delegateEmail === receiverOf(grant),
    ),
  );
  const left = userIn(evidence, 'after')?.mailbox.delegates.length ?? Number.NaN;
  return {
    holds: given.length > 0 && back.length === given.length && left === 0,
    evidence: `${back.length} of ${given.length} taken back, ${left} delegates left`,
  };
}

function transferredOnce(evidence: Evidence): Finding {
  const address = userIn(evidence, 'after')?.primaryEmail;
  const ours = evidence.after.google.transfers.filter((one) => one.oldOwner === address);
  const applications = ours.flatMap((one) => one.applications.map(({ applicationId }) => applicationId));
  const asked = evidence.journals.google.filter((call) => call.operation === START_TRANSFER && call.applied).length;
  const receivers = new Set(ours.map((one) => one.newOwner)).size;
  const done = ours.filter((one) => one.status === 'completed').length;
  return {
    holds:
      applications.length === 2 &&
      new Set(applications).size === 2 &&
      asked === 2 &&
      receivers === 1 &&
      done === ours.length,
    evidence: `${asked} asked for, ${done} of ${ours.length} completed, ${receivers} receiver`,
  };
}

function shutLast(evidence: Evidence): Finding {
  const { googleId } = evidence.person;
  const shut = evidence.journals.google.find(
    (call) =>
      call.operation === PATCH &&
      call.applied &&
      call.detail.subject === googleId &&
      (call.detail.sent as { suspended?: unknown } | undefined)?.suspended === true,
  );
  const back = delegations(evidence, TAKE_BACK).at(-1);
  const isSuspended = userIn(evidence, 'after')?.suspended === true;
  return {
    holds: isSuspended && shut !== undefined && (back === undefined || back.seq < shut.seq),
    evidence: `suspended ${isSuspended}, mailbox taken back in call ${back?.seq}, suspended in call ${shut?.seq}`,
  };
}

function phonesNotWiped(evidence: Evidence): Finding {
  const address = userIn(evidence, 'after')?.primaryEmail;
  const theirs = evidence.after.google.devices.filter((device) => device.user === address);
  const wrong = theirs.filter((device) => !isDeepStrictEqual(device.actions, ['admin_account_wipe']));
  const others = evidence.journals.google.filter(
    (call) =>
      call.operation === PHONE &&
      (call.detail.sent as { action?: string } | undefined)?.action !== 'admin_account_wipe',
  );
  return {
    holds: wrong.length === 0 && others.length === 0,
    evidence: `${theirs.length - wrong.length} of ${theirs.length} phones, ${others.length} other actions`,
  };
}

function nobodyElse(evidence: Evidence): Finding {
  const { googleId } = evidence.person;
  const others = evidence.before.google.users.filter((user) => user.id !== googleId);
  const receivers = new Set(evidence.after.google.transfers.map((one) => one.newOwner));
  const seenOf = (user: GoogleUser | undefined): unknown =>
    user && receivers.has(user.primaryEmail) ? { ...user, files: null, events: null } : user;
  const changed = others.filter(
    (user) => !isDeepStrictEqual(seenOf(user), seenOf(evidence.after.google.users.find((one) => one.id === user.id))),
  );
  return { holds: changed.length === 0, evidence: `${others.length} compared, ${changed.length} changed` };
}

function userIn(evidence: Evidence, when: 'before' | 'after'): GoogleUser | undefined {
  return evidence[when].google.users.find((user) => user.id === evidence.person.googleId);
}
