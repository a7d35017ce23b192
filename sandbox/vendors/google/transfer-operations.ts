// Data Transfer: what can be transferred, the transfers, and a new one. How they go on is in settle.ts.
// @see https://developers.google.com/admin-sdk/data-transfer/v1/parameters
import type { Reply } from '../simulator.ts';
import { invalid, notAuthorized, notFound } from './errors.ts';
import { etag, etagged, type Operation, pageOf, type Visit, withCustomer } from './operation.ts';
import { TRANSFER_READ, TRANSFER_WRITE } from './scopes.ts';
import { CALENDAR_ID, DRIVE_ID } from './settle.ts';
import { isUsable, nextNumber, type Transfer } from './tenant.ts';

const ROOT = '/admin/datatransfer/v1';
const datatransfer = { service: 'datatransfer' } as const;

interface Application {
  readonly id: string;
  readonly name: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
}

const APPLICATIONS: readonly Application[] = [
  { id: DRIVE_ID, name: 'Drive and Docs', params: { PRIVACY_LEVEL: ['PRIVATE', 'SHARED'] } },
  { id: CALENDAR_ID, name: 'Calendar', params: { RELEASE_RESOURCES: ['TRUE', 'FALSE'] } },
  { id: '810260081642', name: 'Looker Studio', params: {} },
];

export const TRANSFER_OPERATIONS: readonly Operation[] = [
  {
    ...datatransfer,
    name: 'datatransfer.applications.list',
    method: 'GET',
    path: `${ROOT}/applications`,
    scopes: TRANSFER_READ,
    query: ['customerId', 'maxResults', 'pageToken'],
    handle: (visit) =>
      ofCustomer(visit, () =>
        etagged('admin#datatransfer#applicationsList', { applications: APPLICATIONS.map(render) }),
      ),
  },
  {
    ...datatransfer,
    name: 'datatransfer.applications.get',
    method: 'GET',
    path: `${ROOT}/applications/{applicationId}`,
    scopes: TRANSFER_READ,
    handle: ({ request }) => {
      const found = APPLICATIONS.find((one) => one.id === request.params.applicationId);
      return found ? { status: 200, body: render(found) } : notFound('applicationId');
    },
  },
  {
    ...datatransfer,
    name: 'datatransfer.transfers.list',
    method: 'GET',
    path: `${ROOT}/transfers`,
    scopes: TRANSFER_READ,
    query: ['customerId', 'maxResults', 'newOwnerUserId', 'oldOwnerUserId', 'pageToken', 'status'],
    handle: (visit) => ofCustomer(visit, () => listTransfers(visit)),
  },
  {
    ...datatransfer,
    name: 'datatransfer.transfers.get',
    method: 'GET',
    path: `${ROOT}/transfers/{dataTransferId}`,
    scopes: TRANSFER_READ,
    handle: ({ tenant, request }) => {
      const found = tenant.transfers.find((one) => one.id === request.params.dataTransferId);
      return found ? { status: 200, body: renderTransfer(found) } : notFound('dataTransferId');
    },
  },
  {
    ...datatransfer,
    name: 'datatransfer.transfers.insert',
    method: 'POST',
    path: `${ROOT}/transfers`,
    scopes: TRANSFER_WRITE,
    fields: [
      'applicationDataTransfers',
      'etag',
      'id',
      'kind',
      'newOwnerUserId',
      'oldOwnerUserId',
      'overallTransferStatusCode',
      'requestTime',
    ],
    handle: insertTransfer,
  },
];

function ofCustomer(visit: Visit, use: () => Reply): Reply {
  return withCustomer(visit.request.query.get('customerId') ?? 'my_customer', use);
}

function listTransfers(visit: Visit): Reply {
  const { google, tenant, request, now } = visit;
  const wanted = (name: string, value: string): boolean => [null, value].includes(request.query.get(name));
  const chosen = tenant.transfers.filter(
    (one) =>
      one.requestedAt + google.delays.transferListMs <= now &&
      wanted('oldOwnerUserId', one.oldOwnerId) &&
      wanted('newOwnerUserId', one.newOwnerId) &&
      wanted('status', one.status),
  );
  const page = pageOf(visit, chosen.toReversed(), { fallback: 100, most: 500 });
  if ('refusal' in page) return page.refusal;
  const { found, ...rest } = page;
  const dataTransfers = found.map(renderTransfer);
  const body = { ...(dataTransfers.length > 0 && { dataTransfers }), ...rest };
  return etagged('admin#datatransfer#dataTransfersList', body);
}

/** The same request twice makes two transfers: Google takes no key. */
function insertTransfer(visit: Visit): Reply {
  const { google, tenant, body, now } = visit;
  const { oldOwnerUserId, newOwnerUserId } = body;
  const [from, to] = [oldOwnerUserId, newOwnerUserId].map((id) => tenant.users.get(String(id)));
  // Ids only: an address is no user here.
  if (!from || from.deleted) return notFound('oldOwnerUserId');
  if (!to || to.deleted) return notFound('newOwnerUserId');
  if (from.id === to.id) return invalid('newOwnerUserId');
  const applications = applicationsOf(body.applicationDataTransfers);
  if (typeof applications === 'string') return invalid(applications);
  if (!isUsable(to, now)) return notAuthorized();
  const { transferStartMs, transferRunMs } = google.delays;
  const transfer: Transfer = {
    id: `AKrEtIb${nextNumber(tenant)}transfer`,
    oldOwnerId: from.id,
    newOwnerId: to.id,
    requestedAt: now,
    applications,
    status: 'new',
    startsAt: now + transferStartMs,
    endsAt: now + transferStartMs + transferRunMs,
    plan: google.transferPlans.shift() ?? { outcome: 'completed' },
  };
  tenant.transfers.push(transfer);
  return { status: 200, body: renderTransfer(transfer) };
}

/** What is wrong, as Google names it, or the applications to transfer. */
function applicationsOf(asked: unknown): Transfer['applications'] | string {
  if (!Array.isArray(asked) || asked.length === 0) return 'applicationDataTransfers';
  const found: Transfer['applications'] = [];
  for (const one of asked as { applicationId?: unknown; applicationTransferParams?: unknown }[]) {
    const application = APPLICATIONS.find(({ id }) => id === String(one.applicationId));
    if (!application) return 'applicationId';
    const params = (one.applicationTransferParams ?? []) as { key: string; value: string[] }[];
    const isKnown = params.every(
      ({ key, value }) => Array.isArray(value) && value.every((text) => application.params[key]?.includes(text)),
    );
    if (!isKnown) return 'applicationTransferParams';
    found.push({ applicationId: application.id, params, status: 'pending' });
  }
  return found;
}

function render({ id, name, params }: Application): Record<string, unknown> {
  const transferParams = Object.entries(params).map(([key, value]) => ({ key, value }));
  const kind = 'admin#datatransfer#ApplicationResource';
  return { kind, id, etag: etag(id), name, ...(transferParams.length > 0 && { transferParams }) };
}

function renderTransfer(transfer: Transfer): Record<string, unknown> {
  return {
    kind: 'admin#datatransfer#DataTransfer',
    etag: etag([transfer.id, transfer.status]),
    id: transfer.id,
    oldOwnerUserId: transfer.oldOwnerId,
    newOwnerUserId: transfer.newOwnerId,
    applicationDataTransfers: transfer.applications.map(({ applicationId, params, status }) => ({
      applicationId,
      ...(params.length > 0 && { applicationTransferParams: params }),
      applicationTransferStatus: status,
    })),
    overallTransferStatusCode: transfer.status,
    requestTime: new Date(transfer.requestedAt).toISOString(),
  };
}
