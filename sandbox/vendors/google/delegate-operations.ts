// Who else may read and send from a mailbox. A service account's delegates need no verification, and are seen only after a while.
// @see https://developers.google.com/gmail/api/reference/rest/v1/users.settings.delegates
import type { Reply } from '../simulator.ts';
import { alreadyExists, entityNotFound, failedPrecondition, invalidArgument } from './errors.ts';
import { NO_CONTENT, type Operation, type Visit } from './operation.ts';
import { MAIL_READ, MAIL_SHARING } from './scopes.ts';
import { type Delegate, findByPrimary, isUsable } from './tenant.ts';

const DELEGATES = '/gmail/v1/users/{userId}/settings/delegates';
const MOST = 25;
const gmail = { service: 'gmail' } as const;

export const DELEGATE_OPERATIONS: readonly Operation[] = [
  {
    ...gmail,
    name: 'gmail.users.settings.delegates.list',
    method: 'GET',
    path: DELEGATES,
    scopes: MAIL_READ,
    handle: (visit) => {
      const delegates = shown(visit).map(render);
      return { status: 200, body: delegates.length > 0 ? { delegates } : {} };
    },
  },
  {
    ...gmail,
    name: 'gmail.users.settings.delegates.get',
    method: 'GET',
    path: `${DELEGATES}/{delegateEmail}`,
    scopes: MAIL_READ,
    handle: (visit) => {
      const wanted = emailOf(visit);
      const found = shown(visit).find((one) => one.email === wanted);
      return found ? { status: 200, body: render(found) } : entityNotFound();
    },
  },
  {
    ...gmail,
    name: 'gmail.users.settings.delegates.create',
    method: 'POST',
    path: DELEGATES,
    scopes: MAIL_SHARING,
    fields: ['delegateEmail', 'verificationStatus'],
    units: 100,
    handle: create,
  },
  {
    ...gmail,
    name: 'gmail.users.settings.delegates.delete',
    method: 'DELETE',
    path: `${DELEGATES}/{delegateEmail}`,
    scopes: MAIL_SHARING,
    units: 5,
    handle: (visit) => {
      const wanted = emailOf(visit);
      const found = present(visit).find((one) => one.email === wanted);
      if (!found) return entityNotFound();
      found.hiddenFrom = visit.now + visit.google.delays.delegateMs;
      return NO_CONTENT;
    },
  },
];

/**
 * Suspension of either, a forced change of password of either, and an organizational unit where it is switched off all answer
 * the same (GAM issues 215 and 727). That the last one, and a 26th delegate, answer so too is not published.
 */
function create(visit: Visit): Reply {
  const { google, tenant, subject, body, now } = visit;
  const email = String(body.delegateEmail ?? '').toLowerCase();
  const delegate = findByPrimary(tenant, email);
  // An alias, a group and somebody of another company are all not delegates.
  if (!delegate || delegate.id === subject.id) return invalidArgument('Invalid delegate');
  const hasToChangePassword = subject.changePasswordAtNextLogin || delegate.changePasswordAtNextLogin;
  if (hasToChangePassword || !isUsable(delegate, now) || google.withoutDelegation.has(subject.orgUnitPath)) {
    return failedPrecondition();
  }
  const others = present(visit);
  if (others.some((one) => one.email === email)) return alreadyExists();
  if (others.length >= MOST) return failedPrecondition();
  const added: Delegate = { email, status: 'accepted', shownFrom: now + google.delays.delegateMs, hiddenFrom: null };
  const { mailbox } = subject;
  mailbox.delegates = [...mailbox.delegates.filter((one) => one.email !== email), added];
  return { status: 200, body: render(added) };
}

/** What there is, seen or not. */
function present({ subject }: Visit): readonly Delegate[] {
  return subject.mailbox.delegates.filter((one) => one.hiddenFrom === null);
}

function shown({ subject, now }: Visit): readonly Delegate[] {
  return subject.mailbox.delegates.filter(
    (one) => one.shownFrom <= now && (one.hiddenFrom === null || one.hiddenFrom > now),
  );
}

function emailOf({ request }: Visit): string {
  return (request.params.delegateEmail ?? '').toLowerCase();
}

function render({ email, status }: Delegate): Record<string, unknown> {
  return { delegateEmail: email, verificationStatus: status };
}
