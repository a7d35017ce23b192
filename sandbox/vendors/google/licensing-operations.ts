// Enterprise License Manager: who holds which licence. It knows accounts by their primary address only.
// @see https://developers.google.com/admin-sdk/licensing/v1/how-tos/products
import type { Reply } from '../simulator.ts';
import { duplicate, invalid, refuse } from './errors.ts';
import { etag, NO_CONTENT, type Operation, pageOf, type Visit } from './operation.ts';
import { LICENCE } from './scopes.ts';
import { ARCHIVED, ENTERPRISE } from './seed.ts';
import { CUSTOMER_ID, DOMAIN, findByPrimary, type Licence, type Tenant, type User } from './tenant.ts';

const PRODUCT = '/apps/licensing/v1/product/{productId}';
const SKU = `${PRODUCT}/sku/{skuId}`;
const licensing = { service: 'licensing', scopes: LICENCE } as const;
const LIST_QUERY = ['customerId', 'maxResults', 'pageToken'];
const FIELDS = ['etags', 'kind', 'productId', 'productName', 'selfLink', 'skuId', 'skuName', 'userId'];

/** Ids that Google has, bought or not: of one that is not bought nobody has a licence. */
const PRODUCTS = /^(Google-Apps|Google-Vault|Google-Drive-storage|Google-Chrome-Device-Management|1010\d\d)$/;
const NAMES: Readonly<Record<string, string>> = {
  [ENTERPRISE.skuId]: ENTERPRISE.name,
  [ARCHIVED.skuId]: ARCHIVED.name,
};

export const LICENSING_OPERATIONS: readonly Operation[] = [
  {
    ...licensing,
    name: 'licensing.licenseAssignments.listForProduct',
    method: 'GET',
    path: `${PRODUCT}/users`,
    query: LIST_QUERY,
    handle: (visit) => list(visit, (one) => one.productId === visit.request.params.productId),
  },
  {
    ...licensing,
    name: 'licensing.licenseAssignments.listForProductAndSku',
    method: 'GET',
    path: `${SKU}/users`,
    query: LIST_QUERY,
    handle: (visit) => list(visit, (one) => isAsked(visit, one)),
  },
  {
    ...licensing,
    name: 'licensing.licenseAssignments.get',
    method: 'GET',
    path: `${SKU}/user/{userId}`,
    handle: (visit) => withLicence(visit, (found) => ({ status: 200, body: render(visit.tenant, found) })),
  },
  {
    ...licensing,
    name: 'licensing.licenseAssignments.delete',
    method: 'DELETE',
    path: `${SKU}/user/{userId}`,
    handle: (visit) =>
      withLicence(visit, (found, user) => {
        visit.tenant.licences = visit.tenant.licences.filter((one) => one !== found);
        if (found.skuId === ARCHIVED.skuId) visit.tenant.archivedLicencesLeft += 1;
        // Without the licence there is no Gmail.
        if (found.productId === ENTERPRISE.productId) user.isMailboxSetup = false;
        return NO_CONTENT;
      }),
  },
  {
    ...licensing,
    name: 'licensing.licenseAssignments.insert',
    method: 'POST',
    path: `${SKU}/user`,
    fields: ['userId'],
    handle: insert,
  },
  ...(['PUT', 'PATCH'] as const).map(
    (method): Operation => ({
      ...licensing,
      name: method === 'PUT' ? 'licensing.licenseAssignments.update' : 'licensing.licenseAssignments.patch',
      method,
      path: `${SKU}/user/{userId}`,
      fields: FIELDS,
      handle: change,
    }),
  ),
];

/** The customer's id, or its primary domain. */
function list(visit: Visit, chosen: (one: Licence) => boolean): Reply {
  const { params, query } = visit.request;
  if (!PRODUCTS.test(params.productId ?? '')) return invalid('productId');
  if (![CUSTOMER_ID, DOMAIN].includes(query.get('customerId') ?? '')) return invalid('customerId');
  const page = pageOf(visit, visit.tenant.licences.filter(chosen), { fallback: 100, most: 1000 });
  if ('refusal' in page) return page.refusal;
  const { found, ...rest } = page;
  const items = found.map((one) => render(visit.tenant, one));
  const kind = 'licensing#licenseAssignmentList';
  return { status: 200, body: { kind, etag: etag(items), ...(items.length > 0 && { items }), ...rest } };
}

function insert(visit: Visit): Reply {
  const { tenant, request, body } = visit;
  const { productId = '', skuId = '' } = request.params;
  const user = findByPrimary(tenant, String(body.userId ?? ''));
  if (!user) return userNotFound();
  if (NAMES[skuId] === undefined) return invalid('skuId');
  if (tenant.licences.some((one) => one.userId === user.id && one.productId === productId)) return duplicate();
  const added: Licence = { productId, skuId, userId: user.id };
  tenant.licences = [...tenant.licences, added];
  if (productId === ENTERPRISE.productId) user.isMailboxSetup = true;
  return { status: 200, body: render(tenant, added) };
}

/** From the SKU in the address to the one in the body. */
function change(visit: Visit): Reply {
  return withLicence(visit, (found) => {
    const skuId = String(visit.body.skuId ?? found.skuId);
    if (NAMES[skuId] === undefined) return invalid('skuId');
    found.skuId = skuId;
    return { status: 200, body: render(visit.tenant, found) };
  });
}

function withLicence(visit: Visit, use: (found: Licence, user: User) => Reply): Reply {
  const user = findByPrimary(visit.tenant, visit.request.params.userId ?? '');
  if (!user) return userNotFound();
  const found = visit.tenant.licences.find((one) => one.userId === user.id && isAsked(visit, one));
  if (found) return use(found, user);
  return refuse({
    status: 404,
    reason: 'notFound',
    message: 'User does not have a license for specified sku and product',
  });
}

function isAsked({ request }: Visit, one: Licence): boolean {
  return one.productId === request.params.productId && one.skuId === request.params.skuId;
}

function userNotFound(): Reply {
  return refuse({ status: 404, reason: 'notFound', message: 'The requested user was not found.' });
}

function render(tenant: Tenant, { productId, skuId, userId }: Licence): Record<string, unknown> {
  const email = tenant.users.get(userId)?.primaryEmail ?? '';
  return {
    kind: 'licensing#licenseAssignment',
    etags: etag([productId, skuId, userId]),
    selfLink: `https://licensing.googleapis.com/apps/licensing/v1/product/${productId}/sku/${skuId}/user/${email}`,
    userId: email,
    productId,
    productName: productId === ENTERPRISE.productId ? 'Google Workspace' : 'Google Workspace Archived User',
    skuId,
    skuName: NAMES[skuId],
  };
}
