// The orders of boxes as Retriever lists them: one list for every step that asks within a minute, since a day has 500 reads.
import type { DeviceReturn, FoundReturns } from '../../connectors/retriever/client.ts';

export interface OrderReads {
  readReturns(since: Date | null): Promise<FoundReturns>;
  getReturn(id: string): Promise<DeviceReturn | null>;
}

export interface OrderBook {
  /** Read at most so long ago (a minute if absent), by business time; 0: after this call began. */
  all(now: Date, atMostMs?: number): Promise<readonly DeviceReturn[]>;
  one(id: string): Promise<DeviceReturn | null>;
}

const KEEP_MS = 60_000;
/** A label is no longer taken by then; what is older counts for no device. */
const OLDEST_MS = 365 * 24 * 60 * 60_000;

interface Read {
  readonly readAt: number;
  readonly orders: Promise<readonly DeviceReturn[]>;
}

export function createOrderBook(retriever: OrderReads): OrderBook {
  let newest: Read | null = null;
  /** Begins once the one that is under way has ended: whoever needs one that began after they asked shares it. */
  let next: Promise<Read> | null = null;

  const begin = (now: Date): Read => {
    const orders = retriever.readReturns(new Date(now.getTime() - OLDEST_MS)).then(({ returns }) => returns);
    const read: Read = { readAt: now.getTime(), orders };
    newest = read;
    // A list that could not be read is asked for again by whoever comes next.
    orders.catch(() => {
      if (newest === read) newest = null;
    });
    return read;
  };
  const beginAfter = async (running: Read | null, now: Date): Promise<Read> => {
    await running?.orders.catch(() => undefined);
    next = null;
    return begin(now);
  };

  return {
    async all(now, atMostMs = KEEP_MS) {
      const age = newest ? now.getTime() - newest.readAt : Number.POSITIVE_INFINITY;
      if (newest && age >= 0 && age < atMostMs) return newest.orders;
      if (atMostMs > 0) return begin(now).orders;
      next ??= beginAfter(newest, now);
      return (await next).orders;
    },
    one: (id) => retriever.getReturn(id),
  };
}

/** The device is back at the office, as the carrier says: nothing more comes of this order. */
export function isComplete({ shipments }: DeviceReturn): boolean {
  return shipments.length > 0 && shipments.every((one) => one.deviceBack.deliveredAt !== null);
}

/** Serial numbers are typed by people, and in the portal too. */
export function isSerial(order: DeviceReturn, serial: string | null): boolean {
  return serial !== null && order.serialNumber?.trim().toUpperCase() === serial.trim().toUpperCase();
}
