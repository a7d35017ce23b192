// What must be true at Google after an offboarding: closed and kept, with a password nobody knows, and no phone wiped.
import { isDeepStrictEqual } from 'node:util';
import type { Evidence, GoogleUser } from './evidence.ts';
import type { Check, Finding } from './judge.ts';

const PATCH = 'google.directory.users.patch';
const PHONE = 'google.directory.mobiledevices.action';

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
  { id: 'google_kept_active', sentence: 'The Google account is active for the handover.', find: keptActive },
  {
    id: 'phones_not_wiped',
    sentence: 'The work account was taken off each phone, and no phone was wiped.',
    find: phonesNotWiped,
  },
  { id: 'google_nobody_else', sentence: 'Nobody else’s Google account was changed.', find: nobodyElse },
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

function keptActive(evidence: Evidence): Finding {
  const user = userIn(evidence, 'after');
  if (!user) return { holds: false, evidence: 'the person is not there' };
  const { suspended, archived } = user;
  return { holds: !suspended && !archived, evidence: `suspended ${suspended}, archived ${archived}` };
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
    holds: theirs.length > 0 && wrong.length === 0 && others.length === 0,
    evidence: `${theirs.length - wrong.length} of ${theirs.length} phones, ${others.length} other actions`,
  };
}

function nobodyElse(evidence: Evidence): Finding {
  const { googleId } = evidence.person;
  const others = evidence.before.google.users.filter((user) => user.id !== googleId);
  const changed = others.filter(
    (user) =>
      !isDeepStrictEqual(
        user,
        evidence.after.google.users.find((one) => one.id === user.id),
      ),
  );
  return { holds: changed.length === 0, evidence: `${others.length} compared, ${changed.length} changed` };
}

function userIn(evidence: Evidence, when: 'before' | 'after'): GoogleUser | undefined {
  return evidence[when].google.users.find((user) => user.id === evidence.person.googleId);
}
