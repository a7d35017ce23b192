// The orders of boxes as Retriever lists them: one list for every step that asks within a minute, since a day has 500 reads.
import type { DeviceReturn, FoundReturns } from '../../connectors/retriever/client.ts';

export interface OrderReads {
  readReturns(since: Date | null): Promise<FoundReturns>;
  getReturn(id: string): Promise<DeviceReturn | null>;
}

export interface OrderBook {
  /** `fresh`: read after this call began. */
  all(now: Date, fresh?: boolean): Promise<readonly DeviceReturn[]>;
  one(id: string): Promise<DeviceReturn | null>;
}

const KEEP_MS = 60_000;
/** A label is no longer taken by then; what is older counts for no device. */
const OLDEST_MS = 365 * 24 * 60 * 60_000;

export function createOrderBook(retriever: OrderReads): OrderBook {
  let newest: { readonly readAt: number; readonly orders: Promise<readonly DeviceReturn[]> } | null = null;
  return {
    all(now, fresh = false) {
      const age = newest ? now.getTime() - newest.readAt : Number.POSITIVE_INFINITY;
      if (newest && !fresh && age >= 0 && age < KEEP_MS) return newest.orders;
      const orders = retriever.readReturns(new Date(now.getTime() - OLDEST_MS)).then(({ returns }) => returns);
      const read = { readAt: now.getTime(), orders };
      newest = read;
      // A list that could not be read is asked for again by whoever comes next.
      orders.catch(() => {
        if (newest === read) newest = null;
      });
      return orders;
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
