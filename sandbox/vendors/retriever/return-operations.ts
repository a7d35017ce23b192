// Retriever's device returns: order one (it is billed), list them by cursor, read one.
import type { Reply, Request } from '../simulator.ts';
import { detail, errorOf, invalid } from './errors.ts';
import type { Operation, Retriever } from './operation.ts';
import { readOrder } from './order-form.ts';
import { type Order, placeOrder, statusOf } from './orders.ts';

const PAGE = 50;
const PATH = '/api/v2/device_returns/';

export const RETURN_OPERATIONS: readonly Operation[] = [
  { name: 'createDeviceReturn', method: 'POST', path: PATH, handle: create },
  { name: 'listDeviceReturns', method: 'GET', path: PATH, handle: list },
  {
    name: 'getDeviceReturn',
    method: 'GET',
    path: `${PATH}{id}/`,
    handle(retriever, request) {
      const order = retriever.orders.all.find((one) => one.id === request.params.id);
      return order ? { status: 200, body: render(order, request) } : errorOf(404);
    },
  },
];

function create(retriever: Retriever, request: Request): Reply {
  if (!(request.headers['content-type'] ?? '').includes('application/json'))
    return detail(415, 'Unsupported media type in request.');
  if (request.body === undefined) return detail(400, 'JSON parse error');
  const read = readOrder(request.body);
  if ('errors' in read) return invalid(read.errors);
  return { status: 201, body: render(placeOrder(retriever.orders, read.sent, true), request) };
}

/** The cursor is opaque to whoever asks; here it is the place of the next order in base64. */
function list(retriever: Retriever, request: Request): Reply {
  const unknown = [...request.query.keys()].filter((name) => name !== 'cursor');
  if (unknown.length > 0) return detail(400, `Unknown parameters: ${unknown.join(', ')}`);
  const cursor = request.query.get('cursor');
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64').toString().replace('at=', ''));
  if (!Number.isInteger(from) || from < 0) return detail(404, 'Invalid cursor');
  const { all } = retriever.orders;
  const sorted = retriever.isOldestFirst ? all : all.toReversed();
  const link = (at: number): string => `${origin(request)}${PATH}?cursor=${encodeURIComponent(btoa(`at=${at}`))}`;
  return {
    status: 200,
    body: {
      next: from + PAGE < sorted.length ? link(from + PAGE) : null,
      previous: from > 0 ? link(Math.max(0, from - PAGE)) : null,
      results: sorted.slice(from, from + PAGE).map((order) => render(order, request)),
    },
  };
}

function render(order: Order, request: Request): unknown {
  const { sent } = order;
  return {
    id: Number(order.id),
    url: `${origin(request)}${PATH}${order.id}/`,
    serial_number: sent.serial_number,
    ticket_id: sent.ticket_id,
    purchaser_email: 'it@acme.test',
    created_via_api: order.viaApi,
    created_at: order.createdAt.toISOString(),
    codd: null,
    note_1: sent.note_1 ?? '',
    note_2: sent.note_2 ?? '',
    employee_info: sent.employee_info,
    shipments: [
      {
        status: statusOf(order),
        outbound_tracking: order.outbound.tracking,
        outbound_carrier: order.outbound.carrier,
        return_tracking: order.back.tracking,
        return_carrier: order.back.carrier,
        box_shipped_at: order.boxShippedAt,
        box_delivered_at: order.boxDeliveredAt,
        device_shipped_at: order.deviceShippedAt,
        device_delivered_at: order.deviceDeliveredAt,
      },
    ],
    legal_hold: false,
    request_charger: sent.request_charger,
    request_cell_phone: sent.request_cell_phone,
    device: sent.device,
  };
}

function origin(request: Request): string {
  return `http://${request.headers.host}`;
}
