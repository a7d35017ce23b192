// The rest of a mailbox's settings: the auto-reply, IMAP and POP, and the addresses it sends as.
// @see https://developers.google.com/gmail/api/reference/rest/v1/VacationSettings
import type { Reply } from '../simulator.ts';
import { entityNotFound, invalidArgument } from './errors.ts';
import type { Operation, Visit } from './operation.ts';
import { MAIL_BASIC, MAIL_READ } from './scopes.ts';

const SETTINGS = '/gmail/v1/users/{userId}/settings';
const gmail = { service: 'gmail' } as const;
const POP_WINDOWS = ['disabled', 'fromNowOn', 'allMail'];

export const MAIL_SETTINGS_OPERATIONS: readonly Operation[] = [
  {
    ...gmail,
    name: 'gmail.users.settings.getVacation',
    method: 'GET',
    path: `${SETTINGS}/vacation`,
    scopes: MAIL_READ,
    handle: ({ subject }) => ({ status: 200, body: subject.mailbox.vacation }),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.updateVacation',
    method: 'PUT',
    path: `${SETTINGS}/vacation`,
    scopes: MAIL_BASIC,
    fields: [
      'enableAutoReply',
      'endTime',
      'responseBodyHtml',
      'responseBodyPlainText',
      'responseSubject',
      'restrictToContacts',
      'restrictToDomain',
      'startTime',
    ],
    units: 5,
    handle: updateVacation,
  },
  {
    ...gmail,
    name: 'gmail.users.settings.getImap',
    method: 'GET',
    path: `${SETTINGS}/imap`,
    scopes: MAIL_READ,
    handle: ({ subject }) => ({ status: 200, body: { enabled: subject.mailbox.imapEnabled } }),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.updateImap',
    method: 'PUT',
    path: `${SETTINGS}/imap`,
    scopes: MAIL_BASIC,
    fields: ['autoExpunge', 'enabled', 'expungeBehavior', 'maxFolderSize'],
    units: 5,
    handle: ({ subject, body }) => {
      subject.mailbox.imapEnabled = body.enabled === true;
      return { status: 200, body: { enabled: subject.mailbox.imapEnabled } };
    },
  },
  {
    ...gmail,
    name: 'gmail.users.settings.getPop',
    method: 'GET',
    path: `${SETTINGS}/pop`,
    scopes: MAIL_READ,
    handle: ({ subject }) => ({ status: 200, body: { accessWindow: subject.mailbox.popWindow } }),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.updatePop',
    method: 'PUT',
    path: `${SETTINGS}/pop`,
    scopes: MAIL_BASIC,
    fields: ['accessWindow', 'disposition'],
    units: 5,
    handle: ({ subject, body }) => {
      const accessWindow = String(body.accessWindow ?? 'disabled');
      if (!POP_WINDOWS.includes(accessWindow)) return invalidArgument('Invalid accessWindow');
      subject.mailbox.popWindow = accessWindow;
      return { status: 200, body: { accessWindow } };
    },
  },
  {
    ...gmail,
    name: 'gmail.users.settings.sendAs.list',
    method: 'GET',
    path: `${SETTINGS}/sendAs`,
    scopes: MAIL_READ,
    handle: (visit) => ({ status: 200, body: { sendAs: sendAsOf(visit) } }),
  },
  {
    ...gmail,
    name: 'gmail.users.settings.sendAs.get',
    method: 'GET',
    path: `${SETTINGS}/sendAs/{sendAsEmail}`,
    scopes: MAIL_READ,
    handle: (visit) => {
      const wanted = (visit.request.params.sendAsEmail ?? '').toLowerCase();
      const found = sendAsOf(visit).find((one) => one.sendAsEmail === wanted);
      return found ? { status: 200, body: found } : entityNotFound();
    },
  },
];

/** A PUT: what is absent is off. Times are milliseconds as text, whatever they came as. */
function updateVacation({ subject, body }: Visit): Reply {
  const { enableAutoReply = false, responseSubject = '', startTime, endTime, ...rest } = body;
  if (typeof enableAutoReply !== 'boolean') return invalidArgument('Invalid enableAutoReply');
  const hasText = [responseSubject, rest.responseBodyPlainText, rest.responseBodyHtml].some((one) => Boolean(one));
  if (enableAutoReply && !hasText)
    return invalidArgument('Either the response subject or the response body must be nonempty');
  const times = { ...(startTime !== undefined && { startTime }), ...(endTime !== undefined && { endTime }) };
  if (Object.values(times).some((one) => !/^\d+$/.test(String(one)))) return invalidArgument('Invalid time');
  if (startTime !== undefined && endTime !== undefined && Number(startTime) >= Number(endTime)) {
    return invalidArgument('startTime must precede endTime');
  }
  const asText = Object.fromEntries(Object.entries(times).map(([name, one]) => [name, String(one)]));
  subject.mailbox.vacation = {
    enableAutoReply,
    ...(responseSubject !== '' && { responseSubject }),
    ...rest,
    ...asText,
  };
  return { status: 200, body: subject.mailbox.vacation };
}

function sendAsOf({ subject }: Visit): readonly { readonly sendAsEmail: string }[] {
  const displayName = `${subject.givenName} ${subject.familyName}`;
  const primary = { sendAsEmail: subject.primaryEmail, displayName, isPrimary: true, isDefault: true };
  const aliases = subject.aliases.map((sendAsEmail) => ({ sendAsEmail, displayName, treatAsAlias: true }));
  return [primary, ...aliases.map((one) => ({ ...one, verificationStatus: 'accepted' }))];
}
