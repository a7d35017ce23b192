// What tests do to Retriever from outside: its clock, its boxes, its portal, a lost key; and its picture for checkers.
import { nowOf, pass } from '../clock.ts';
import type { Retriever } from './operation.ts';
import { readOrder } from './order-form.ts';
import { cancelOrder, createOrders, MOVES, move, type Order, placeOrder, shipBox, statusOf } from './orders.ts';

type Argument = Readonly<Record<string, unknown>>;

const PUBLISHED = { perMinute: 60, perDay: 500 } as const;

/** Where an account starts, and what `reset` goes back to. */
export const fresh = () => ({
  orders: createOrders(),
  isKeyRevoked: false,
  isOldestFirst: false,
  limits: { ...PUBLISHED },
  reads: [] as number[],
});

/** Each answers with what it changed. An `order` is its id, its `ticket_id` or its serial number; the newest of several. */
const COMMANDS: Readonly<Record<string, (retriever: Retriever, argument: Argument) => unknown>> = {
  /** `{ms}`: forward only; dates, the cancelling window and read limits follow. */
  advance: ({ orders }, { ms }) => pass(orders, ms),

  ship_box: ({ orders }, argument) => changed(orders, argument, (order) => shipBox(orders, order)),
  ...Object.fromEntries(
    (Object.keys(MOVES) as (keyof typeof MOVES)[]).map((name) => [
      name,
      ({ orders }: Retriever, argument: Argument) => changed(orders, argument, (order) => move(orders, order, name)),
    ]),
  ),
  /** `{order}`: what is on its way arrives nowhere. */
  lose: ({ orders }, argument) =>
    changed(orders, argument, (order) => {
      order.isLost = true;
    }),
  /** `{order}`: in the portal, within 30 minutes. */
  cancel_in_portal: ({ orders }, argument) => changed(orders, argument, (order) => cancelOrder(orders, order)),
  /** The body of an order, placed by somebody in the portal. */
  order_in_portal: ({ orders }, body) => {
    const read = readOrder(body);
    if ('errors' in read) throw new Error(JSON.stringify(read.errors));
    return pictureOf(placeOrder(orders, read.sent, false));
  },
  /** `{oldestFirst}` */
  set_list_order: (retriever, { oldestFirst }) => {
    retriever.isOldestFirst = oldestFirst === true;
    return { oldestFirst };
  },
  /** `{perMinute?, perDay?}`; those published if absent. */
  set_limits: (retriever, limits) => {
    retriever.limits = { ...PUBLISHED, ...(limits as Partial<Retriever['limits']>) };
    return retriever.limits;
  },
  revoke_key: (retriever) => {
    retriever.isKeyRevoked = true;
    return { revoked: true };
  },
  restore_key: (retriever) => {
    retriever.isKeyRevoked = false;
    return { revoked: false };
  },
  reset: (retriever) => {
    Object.assign(retriever, fresh());
    return { orders: 0 };
  },
};

export function runCommand(retriever: Retriever, name: string, argument: unknown): unknown {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(retriever, argument as Argument) : undefined;
}

/** Everything that a checker needs, without the key. `billed`: what is to be paid for. */
export function describeState({ orders }: Retriever): unknown {
  return {
    now: nowOf(orders),
    billed: orders.all.filter((one) => !one.isCancelled).length,
    orders: orders.all.map(pictureOf),
  };
}

function pictureOf(order: Order): unknown {
  return { ...order, status: statusOf(order) };
}

function changed(orders: Retriever['orders'], { order: wanted }: Argument, change: (order: Order) => void): unknown {
  const found = orders.all.findLast(({ id, sent }) =>
    [id, sent.ticket_id, sent.serial_number].includes(String(wanted)),
  );
  if (!found) throw new Error(`no order ${String(wanted)}`);
  change(found);
  return pictureOf(found);
}
