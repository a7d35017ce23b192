// Directory's users and their aliases: reading, changing, deleting, admin rights. What lets a user in is in security-operations.ts.
import type { Reply } from '../simulator.ts';
import { duplicate, invalid, notFound, refuse } from './errors.ts';
import { etagged, NO_CONTENT, type Operation, pageOf, type Visit, withCustomer, withUser } from './operation.ts';
import { renderUser } from './render-directory.ts';
import { ALIAS_READ, ALIAS_WRITE, CUSTOMER_READ, USER_READ, USER_WRITE } from './scopes.ts';
import { CUSTOMER_ID, DOMAIN, findUser, suspend, type User } from './tenant.ts';
import { changeUser, seen, updateUser } from './user-changes.ts';

const USER = '/admin/directory/v1/users/{userKey}';
/** Of the User resource; those that only Google writes are taken and ignored, as Google does. */
const FIELDS =
  'addresses agreedToTerms aliases archived changePasswordAtNextLogin creationTime customSchemas customerId deletionTime emails etag externalIds gender hashFunction id ims includeInGlobalAddressList ipWhitelisted isAdmin isDelegatedAdmin isEnforcedIn2Sv isEnrolledIn2Sv isMailboxSetup keywords kind languages lastLoginTime locations name nonEditableAliases notes orgUnitPath organizations password phones posixAccounts primaryEmail recoveryEmail recoveryPhone relations sshPublicKeys suspended suspensionReason thumbnailPhotoEtag thumbnailPhotoUrl websites'.split(
    ' ',
  );
const directory = { service: 'directory' } as const;

export const USER_OPERATIONS: readonly Operation[] = [
  {
    ...directory,
    name: 'directory.users.list',
    method: 'GET',
    path: '/admin/directory/v1/users',
    scopes: USER_READ,
    query: [
      'customer',
      'domain',
      'maxResults',
      'orderBy',
      'pageToken',
      'projection',
      'query',
      'showDeleted',
      'sortOrder',
      'viewType',
    ],
    handle: listUsers,
  },
  {
    ...directory,
    name: 'directory.users.get',
    method: 'GET',
    path: USER,
    scopes: USER_READ,
    query: ['projection', 'viewType', 'customFieldMask'],
    handle: (visit) => withUser(visit, (user) => answer(visit, user)),
  },
  ...(['PATCH', 'PUT'] as const).map(
    (method): Operation => ({
      ...directory,
      name: method === 'PATCH' ? 'directory.users.patch' : 'directory.users.update',
      method,
      path: USER,
      scopes: USER_WRITE,
      fields: FIELDS,
      handle: (visit) => withUser(visit, (user) => updateUser(visit, user) ?? answer(visit, user, user)),
    }),
  ),
  {
    ...directory,
    name: 'directory.users.delete',
    method: 'DELETE',
    path: USER,
    scopes: USER_WRITE,
    handle: (visit) =>
      withUser(visit, (user) => {
        suspend(user, 'ADMIN');
        user.deleted = true;
        return NO_CONTENT;
      }),
  },
  {
    ...directory,
    name: 'directory.users.makeAdmin',
    method: 'POST',
    path: `${USER}/makeAdmin`,
    scopes: USER_WRITE,
    fields: ['status'],
    handle: makeAdmin,
  },
  {
    ...directory,
    name: 'directory.users.aliases.list',
    method: 'GET',
    path: `${USER}/aliases`,
    scopes: ALIAS_READ,
    query: ['event'],
    handle: (visit) =>
      withUser(visit, (user) => {
        const aliases = user.aliases.map((alias) => renderAlias(user, alias));
        return etagged('admin#directory#aliases', aliases.length > 0 ? { aliases } : {});
      }),
  },
  {
    ...directory,
    name: 'directory.users.aliases.insert',
    method: 'POST',
    path: `${USER}/aliases`,
    scopes: ALIAS_WRITE,
    fields: ['alias', 'etag', 'id', 'kind', 'primaryEmail'],
    handle: insertAlias,
  },
  {
    ...directory,
    name: 'directory.users.aliases.delete',
    method: 'DELETE',
    path: `${USER}/aliases/{alias}`,
    scopes: ALIAS_WRITE,
    handle: (visit) =>
      withUser(visit, (user) => {
        const alias = (visit.request.params.alias ?? '').toLowerCase();
        if (!user.aliases.includes(alias)) return notFound('alias');
        changeUser(visit.google, user, () => {
          user.aliases = user.aliases.filter((one) => one !== alias);
        });
        return NO_CONTENT;
      }),
  },
  {
    ...directory,
    name: 'directory.customers.get',
    method: 'GET',
    path: '/admin/directory/v1/customers/{customerKey}',
    scopes: CUSTOMER_READ,
    handle: (visit) =>
      withCustomer(visit.request.params.customerKey, () =>
        etagged('admin#directory#customer', {
          id: CUSTOMER_ID,
          customerDomain: DOMAIN,
          customerCreationTime: '2024-02-01T09:00:00.000Z',
          language: 'en',
        }),
      ),
  },
];

function answer(visit: Visit, user: User, record = seen(visit.google, user)): Reply {
  return { status: 200, body: renderUser(record) };
}

/** `query` takes the forms `email:x`, `email=x`, `isSuspended=true`, `orgUnitPath='/x'`, joined by blanks. */
function listUsers(visit: Visit): Reply {
  const { query } = visit.request;
  const [customer, domain] = [query.get('customer'), query.get('domain')];
  if (customer === null && domain === null)
    return refuse({ status: 400, reason: 'badRequest', message: 'Bad Request' });
  const list = (): Reply => {
    const predicate = parseQuery(query.get('query') ?? '');
    if (!predicate) return invalid('query');
    const chosen = [...visit.tenant.users.values()]
      .filter((one) => one.deleted === (query.get('showDeleted') === 'true'))
      .map((one) => seen(visit.google, one))
      .filter(predicate)
      .toSorted((a, b) => a.primaryEmail.localeCompare(b.primaryEmail));
    const page = pageOf(visit, chosen, { fallback: 100, most: 500 });
    if ('refusal' in page) return page.refusal;
    const { found, ...rest } = page;
    const users = found.map((one) => renderUser(one));
    return etagged('admin#directory#users', { ...(users.length > 0 && { users }), ...rest });
  };
  if (customer !== null) return withCustomer(customer, list);
  return domain === DOMAIN ? list() : notFound('domain');
}

function parseQuery(text: string): ((user: User) => boolean) | null {
  const terms = [...text.matchAll(/(\w+)(=|:)('[^']*'|\S+)/g)];
  if (text.replaceAll(/(\w+)(=|:)('[^']*'|\S+)/g, '').trim() !== '') return null;
  if (terms.some(([, field = '']) => !QUERIED[field])) return null;
  return (user) =>
    terms.every(([, field = '', operator, raw = '']) => {
      const value = raw.replaceAll("'", '').toLowerCase();
      const values = QUERIED[field]?.(user).map((one) => one.toLowerCase()) ?? [];
      return values.some((one) => (operator === '=' ? one === value : one.startsWith(value.replace(/\*$/, ''))));
    });
}

const QUERIED: Readonly<Record<string, (user: User) => readonly string[]>> = {
  email: (user) => [user.primaryEmail, ...user.aliases],
  name: (user) => [`${user.givenName} ${user.familyName}`, user.givenName, user.familyName],
  givenName: (user) => [user.givenName],
  familyName: (user) => [user.familyName],
  isSuspended: (user) => [String(user.suspended)],
  isArchived: (user) => [String(user.archived)],
  isAdmin: (user) => [String(user.isAdmin)],
  orgUnitPath: (user) => [user.orgUnitPath],
};

function makeAdmin(visit: Visit): Reply {
  return withUser(visit, (user) => {
    const { status } = visit.body;
    if (typeof status !== 'boolean') return invalid('status');
    if (user.suspended) return invalid('Suspended user cannot be made an administrator');
    const admins = [...visit.tenant.users.values()].filter((one) => one.isAdmin && !one.deleted && !one.suspended);
    if (!status && user.isAdmin && admins.length === 1) {
      return refuse({
        status: 412,
        reason: 'conditionNotMet',
        message: 'The last super administrator cannot be removed',
      });
    }
    changeUser(visit.google, user, () => {
      user.isAdmin = status;
    });
    return NO_CONTENT;
  });
}

function insertAlias(visit: Visit): Reply {
  return withUser(visit, (user) => {
    const alias = String(visit.body.alias ?? '').toLowerCase();
    if (!alias.endsWith(`@${DOMAIN}`)) return invalid('alias');
    const isTaken = findUser(visit.tenant, alias) !== null || visit.tenant.groups.some((one) => one.email === alias);
    if (isTaken) return duplicate();
    changeUser(visit.google, user, () => {
      user.aliases = [...user.aliases, alias];
    });
    return { status: 200, body: renderAlias(user, alias) };
  });
}

function renderAlias(user: User, alias: string): Record<string, unknown> {
  return { kind: 'admin#directory#alias', id: user.id, primaryEmail: user.primaryEmail, alias };
}
