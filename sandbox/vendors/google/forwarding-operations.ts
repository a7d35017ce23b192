// The ways mail leaves a mailbox by itself: forwarding addresses, auto-forwarding, filters that forward.
// @see https://developers.google.com/gmail/api/reference/rest/v1/users.settings
import type { Reply } from '../simulator.ts';
import { alreadyExists, entityNotFound, failedPrecondition, invalidArgument } from './errors.ts';
import { NO_CONTENT, type Operation, type Visit } from './operation.ts';
import { MAIL_BASIC, MAIL_READ, MAIL_SHARING } from './scopes.ts';
import { DOMAIN, type Filter, type ForwardingAddress, nextNumber } from './tenant.ts';

const SETTINGS = '/gmail/v1/users/{userId}/settings';
const ADDRESSES = `${SETTINGS}/forwardingAddresses`;
const DISPOSITIONS = ['leaveInInbox', 'archive', 'trash', 'markRead'];
const gmail = { service: 'gmail' } as const;

export const FORWARDING_OPERATIONS: readonly Operation[] = [
  {
    ...gmail,
    name: 'gmail.users.settings.getAutoForwarding',
    method: 'GET',
    path: `${SETTINGS}/autoForwarding`,
    scopes: MAIL_READ,
    handle: ({ subject }) => ({ status: 200, body: subject.mailbox.autoForwarding }),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.updateAutoForwarding',
    method: 'PUT',
    path: `${SETTINGS}/autoForwarding`,
    scopes: MAIL_SHARING,
    fields: ['enabled', 'emailAddress', 'disposition'],
    units: 5,
    handle: updateAutoForwarding,
  },
  {
    ...gmail,
    name: 'gmail.users.settings.forwardingAddresses.list',
    method: 'GET',
    path: ADDRESSES,
    scopes: MAIL_READ,
    handle: ({ subject }) => {
      const forwardingAddresses = subject.mailbox.forwardingAddresses.map(renderAddress);
      return { status: 200, body: forwardingAddresses.length > 0 ? { forwardingAddresses } : {} };
    },
  },
  {
    ...gmail,
    name: 'gmail.users.settings.forwardingAddresses.get',
    method: 'GET',
    path: `${ADDRESSES}/{forwardingEmail}`,
    scopes: MAIL_READ,
    handle: (visit) => withAddress(visit, (found) => ({ status: 200, body: renderAddress(found) })),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.forwardingAddresses.create',
    method: 'POST',
    path: ADDRESSES,
    scopes: MAIL_SHARING,
    fields: ['forwardingEmail', 'verificationStatus'],
    units: 100,
    handle: createAddress,
  },
  {
    ...gmail,
    name: 'gmail.users.settings.forwardingAddresses.delete',
    method: 'DELETE',
    path: `${ADDRESSES}/{forwardingEmail}`,
    scopes: MAIL_SHARING,
    units: 5,
    handle: (visit) =>
      withAddress(visit, (found) => {
        const { mailbox } = visit.subject;
        mailbox.forwardingAddresses = mailbox.forwardingAddresses.filter((one) => one !== found);
        // "Deletes the specified forwarding address and revokes any verification": what forwarded there stops.
        if (mailbox.autoForwarding.emailAddress === found.email) mailbox.autoForwarding = { enabled: false };
        return NO_CONTENT;
      }),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.filters.list',
    method: 'GET',
    path: `${SETTINGS}/filters`,
    scopes: MAIL_READ,
    handle: ({ subject }) => {
      const { filters } = subject.mailbox;
      return { status: 200, body: filters.length > 0 ? { filter: filters } : {} };
    },
  },
  {
    ...gmail,
    name: 'gmail.users.settings.filters.get',
    method: 'GET',
    path: `${SETTINGS}/filters/{id}`,
    scopes: MAIL_READ,
    handle: (visit) => withFilter(visit, (found) => ({ status: 200, body: found })),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.filters.create',
    method: 'POST',
    path: `${SETTINGS}/filters`,
    scopes: MAIL_BASIC,
    fields: ['action', 'criteria', 'id'],
    units: 5,
    handle: createFilter,
  },
  {
    ...gmail,
    name: 'gmail.users.settings.filters.delete',
    method: 'DELETE',
    path: `${SETTINGS}/filters/{id}`,
    scopes: MAIL_BASIC,
    units: 5,
    handle: (visit) =>
      withFilter(visit, (found) => {
        const { mailbox } = visit.subject;
        mailbox.filters = mailbox.filters.filter((one) => one !== found);
        return NO_CONTENT;
      }),
  },
];

function updateAutoForwarding({ subject, body }: Visit): Reply {
  const { enabled = false, emailAddress, disposition } = body;
  const { mailbox } = subject;
  if (typeof enabled !== 'boolean') return invalidArgument('Invalid enabled');
  if (!enabled) {
    mailbox.autoForwarding = { enabled: false };
    return { status: 200, body: mailbox.autoForwarding };
  }
  const address = mailbox.forwardingAddresses.find((one) => one.email === String(emailAddress).toLowerCase());
  if (!address) return invalidArgument('Unrecognized forwarding address');
  if (address.status !== 'accepted') return failedPrecondition();
  if (!DISPOSITIONS.includes(String(disposition))) return invalidArgument('Invalid disposition');
  mailbox.autoForwarding = { enabled: true, emailAddress: address.email, disposition: String(disposition) };
  return { status: 200, body: mailbox.autoForwarding };
}

/** Inside the company it is accepted at once; outside, its owner is asked by mail. */
function createAddress({ subject, body }: Visit): Reply {
  const email = String(body.forwardingEmail ?? '').toLowerCase();
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) return invalidArgument('Invalid forwarding address');
  const { mailbox } = subject;
  if (mailbox.forwardingAddresses.some((one) => one.email === email)) return alreadyExists();
  const status = email.endsWith(`@${DOMAIN}`) ? 'accepted' : 'pending';
  if (status === 'pending') mailbox.verificationMails += 1;
  const added: ForwardingAddress = { email, status };
  mailbox.forwardingAddresses = [...mailbox.forwardingAddresses, added];
  return { status: 200, body: renderAddress(added) };
}

function createFilter({ tenant, subject, body }: Visit): Reply {
  const { action, criteria } = body as { action?: Filter['action']; criteria?: Filter['criteria'] };
  if (!action || !criteria) return invalidArgument('Missing action or criteria');
  const { mailbox } = subject;
  const target = mailbox.forwardingAddresses.find((one) => one.email === action.forward);
  if (action.forward !== undefined && target?.status !== 'accepted') {
    return invalidArgument('Unrecognized forwarding address');
  }
  const added: Filter = { id: `ANe1Bmj${nextNumber(tenant)}`, criteria, action };
  mailbox.filters = [...mailbox.filters, added];
  return { status: 200, body: added };
}

function withAddress({ subject, request }: Visit, use: (found: ForwardingAddress) => Reply): Reply {
  const wanted = (request.params.forwardingEmail ?? '').toLowerCase();
  const found = subject.mailbox.forwardingAddresses.find((one) => one.email === wanted);
  return found ? use(found) : entityNotFound();
}

function withFilter({ subject, request }: Visit, use: (found: Filter) => Reply): Reply {
  const found = subject.mailbox.filters.find((one) => one.id === request.params.id);
  return found ? use(found) : entityNotFound();
}

function renderAddress({ email, status }: ForwardingAddress): Record<string, unknown> {
  return { forwardingEmail: email, verificationStatus: status };
}
