// The orders of one Retriever account, and what happens to their boxes; knows no HTTP.
import { nowOf, type Timed } from '../clock.ts';

export interface Leg {
  tracking: string | null;
  carrier: string | null;
}

export interface Order {
  readonly id: string;
  readonly createdAt: Date;
  /** As it was sent, checked. */
  readonly sent: Sent;
  /** False: somebody ordered it in the portal. */
  readonly viaApi: boolean;
  isCancelled: boolean;
  isLost: boolean;
  outbound: Leg;
  back: Leg;
  boxShippedAt: Date | null;
  boxDeliveredAt: Date | null;
  deviceShippedAt: Date | null;
  deviceDeliveredAt: Date | null;
}

export interface Sent {
  readonly device: string;
  readonly serial_number: string | null;
  readonly ticket_id: string | null;
  readonly note_1: string | null;
  readonly note_2: string | null;
  readonly request_charger: boolean;
  readonly request_cell_phone: boolean;
  readonly employee_info: Readonly<Record<string, string>>;
  readonly company_info: Readonly<Record<string, string>>;
}

export interface Orders extends Timed {
  readonly all: Order[];
}

/** After that an order is final, and paid for. */
export const CANCEL_WITHIN_MS = 30 * 60_000;

export function createOrders(): Orders {
  return { all: [], movedMs: 0 };
}

/** Each is a new one, whatever is there already: Retriever knows no idempotency key. */
export function placeOrder(orders: Orders, sent: Sent, viaApi: boolean): Order {
  const none = (): Leg => ({ tracking: null, carrier: null });
  const order: Order = {
    id: String(48_101 + orders.all.length),
    createdAt: nowOf(orders),
    sent,
    viaApi,
    isCancelled: false,
    isLost: false,
    outbound: none(),
    back: none(),
    boxShippedAt: null,
    boxDeliveredAt: null,
    deviceShippedAt: null,
    deviceDeliveredAt: null,
  };
  orders.all.push(order);
  return order;
}

/** As the portal's button does it: there is none in the API. */
export function cancelOrder(orders: Orders, order: Order): void {
  if (nowOf(orders).getTime() - order.createdAt.getTime() > CANCEL_WITHIN_MS)
    throw new Error(`order ${order.id} is older than 30 minutes`);
  order.isCancelled = true;
}

/** The label back lies in the box, so that both numbers are known from then on. */
export function shipBox(orders: Orders, order: Order): void {
  if (order.isCancelled) throw new Error(`order ${order.id} is cancelled`);
  order.boxShippedAt = nowOf(orders);
  order.outbound = { tracking: `1Z999AA1${order.id}0001`, carrier: 'UPS' };
  order.back = { tracking: `1Z999AA1${order.id}0002`, carrier: 'UPS' };
}

export const MOVES = {
  deliver_box: ['boxShippedAt', 'boxDeliveredAt'],
  scan_return: ['boxDeliveredAt', 'deviceShippedAt'],
  deliver_back: ['deviceShippedAt', 'deviceDeliveredAt'],
} as const;

export function move(orders: Orders, order: Order, name: keyof typeof MOVES): void {
  const [before, field] = MOVES[name];
  if (order[before] === null) throw new Error(`order ${order.id}: ${before} is not there yet`);
  order[field] = nowOf(orders);
}

/** Only `return_complete` is a word seen at Retriever; the others are made up, and nobody may build on them. */
export function statusOf(order: Order): string {
  if (order.isCancelled) return 'simulated_cancelled';
  if (order.isLost) return 'simulated_lost';
  if (order.deviceDeliveredAt) return 'return_complete';
  if (order.deviceShippedAt) return 'simulated_on_its_way_back';
  if (order.boxDeliveredAt) return 'simulated_box_delivered';
  return order.boxShippedAt ? 'simulated_box_shipped' : 'simulated_ordered';
}
