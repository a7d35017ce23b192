// Retriever over HTTP: orders return boxes, which are billed, and reads the orders. Knows nothing of offboarding.
import type { z } from 'zod';
import { ConnectorError } from '../connector-error.ts';
import { bearer, connectHttp } from '../http.ts';
import type { OnCall } from '../watch-call.ts';
import { explain } from './explain.ts';
import { DeviceReturn, Page } from './schema.ts';

export type { DeviceReturn } from './schema.ts';

export interface RetrieverSettings {
  /** `https://app.helloretriever.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** One deadline for each request, in ms. */
  readonly deadlineMs: number;
  /** Before each read, for the day's bucket and then the minute's. May throw `rate_limited`. */
  pace(bucket: 'retriever.day' | 'retriever.reads'): Promise<void>;
  /** Told of each call. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers: its Date says Retriever's time. */
  onHeaders?(headers: Headers): void;
}

/**
 * Published: 60 reads in a minute and 500 in a day; in any such time a bucket gives its burst and what it is refilled with.
 * For orders nothing is published. A day's bucket that is empty is not waited for: whoever asks is told when to ask again.
 */
export const RETRIEVER_PACES = {
  /** Writes; the bucket is the vendor's name. */
  retriever: { intervalMs: 1_000, burst: 10 },
  'retriever.reads': { intervalMs: 2_000, burst: 30 },
  'retriever.day': { intervalMs: 288_000, burst: 200, longestWaitMs: 2_000 },
} as const;

export type ReturnCountry = 'United States' | 'Canada';

/** Of a person: held for the call only, and in no error. */
export interface ReturnAddress {
  readonly name: string;
  readonly email: string;
  readonly line1: string;
  readonly line2?: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly country: ReturnCountry;
}

/** Where the device goes: in the United States, from Canada too. */
export interface ReturnRecipient {
  readonly name: string;
  readonly company: string;
  readonly line1: string;
  readonly line2?: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  /** As the leaver reads it. */
  readonly displayName: string;
  readonly notificationEmail: string;
}

export interface ReturnOrder {
  readonly device: 'laptop' | 'monitor' | 'cell_phone';
  readonly withCharger: boolean;
  readonly serialNumber: string;
  /** Ours: how the order is found again. */
  readonly ticketId: string;
  readonly from: ReturnAddress;
  readonly to: ReturnRecipient;
}

export interface FoundReturns {
  readonly returns: readonly DeviceReturn[];
  /** Lists read; each is one of the day's 500 reads. */
  readonly pages: number;
}

export type Retriever = ReturnType<typeof connectRetriever>;

const PATH = '/api/v2/device_returns/';
/** 5,000 orders; whoever has more gets an error, not an incomplete answer. */
const MOST_PAGES = 100;

export function connectRetriever(settings: RetrieverSettings) {
  const http = connectHttp({
    vendor: 'retriever',
    url: settings.url,
    authorization: () => bearer(settings.apiKey),
    deadlineMs: settings.deadlineMs,
    explain,
    ...(settings.onCall && { onCall: settings.onCall }),
    onHeaders: (headers) => settings.onHeaders?.(headers),
  });

  const read = async <T>(operation: string, path: string, schema: z.ZodType<T>, more: object = {}): Promise<T> => {
    await settings.pace('retriever.day');
    await settings.pace('retriever.reads');
    return http.send({ operation, kind: 'read', method: 'GET', path, ...more }, schema);
  };

  /** One page of all orders: 50 of them, newest first as far as is known. Null: the first. */
  const listReturns = (cursor: string | null = null): Promise<z.output<typeof Page>> =>
    read('listDeviceReturns', PATH, Page, cursor === null ? {} : { query: { cursor } });

  /** Every order, to the end of the list, or, where it is seen to go from new to old, to the first page that is wholly older than `since`. */
  const readReturns = async (since: Date | null): Promise<FoundReturns> => {
    const found: DeviceReturn[] = [];
    let cursor: string | null = null;
    let newestFirst = true;
    let last = Number.POSITIVE_INFINITY;
    for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
      const page: z.output<typeof Page> = await listReturns(cursor);
      for (const one of page.returns) {
        newestFirst &&= one.createdAt.getTime() <= last;
        last = one.createdAt.getTime();
        found.push(one);
      }
      const oldEnough = since?.getTime() ?? Number.NEGATIVE_INFINITY;
      const isWhollyOlder = page.returns.every(({ createdAt }) => createdAt.getTime() < oldEnough);
      // A page that tells no order of time (one entry) proves nothing about the next ones.
      if (page.next === null || (newestFirst && page.returns.length > 1 && isWhollyOlder))
        return { returns: found, pages };
      cursor = page.next;
    }
    throw refused('listDeviceReturns', `more than ${MOST_PAGES} pages of orders`);
  };

  return {
    /**
     * Orders a box, and pays for it. Retriever knows no idempotency key: a second call is a second order, so that an
     * `ambiguous` one must be searched for by `findReturns`, never sent again. Paced by whoever sends.
     */
    createReturn: (order: ReturnOrder): Promise<DeviceReturn> => {
      const isIt = (made: DeviceReturn): boolean =>
        made.ticketId === order.ticketId && made.serialNumber === order.serialNumber;
      return http.send(
        {
          operation: 'createDeviceReturn',
          subject: order.ticketId,
          kind: 'write',
          method: 'POST',
          path: PATH,
          body: bodyOf(order),
        },
        DeviceReturn.refine(isIt, 'is another order'),
      );
    },

    listReturns,

    /** Every order of the account since then: one read for 50 of them, whoever they are of. */
    readReturns,

    /** Every order with this ticket id, or for this serial number; whoever reads tells which. */
    findReturns: async (wanted: {
      readonly ticketId: string;
      readonly serialNumber?: string;
      readonly since: Date | null;
    }): Promise<FoundReturns> => {
      const { returns, pages } = await readReturns(wanted.since);
      const isWanted = (one: DeviceReturn): boolean =>
        one.ticketId === wanted.ticketId ||
        (wanted.serialNumber !== undefined && one.serialNumber === wanted.serialNumber);
      return { returns: returns.filter(isWanted), pages };
    },

    /** Null if Retriever has none with this id. */
    getReturn: async (id: string): Promise<DeviceReturn | null> => {
      if (!/^[\w-]{1,64}$/.test(id)) throw refused('getDeviceReturn', 'not the id of an order');
      const isIt = (one: DeviceReturn): boolean => one.id === id;
      try {
        const schema = DeviceReturn.refine(isIt, 'is another order');
        return await read('getDeviceReturn', `${PATH}${id}/`, schema, { subject: id });
      } catch (error) {
        if (error instanceof ConnectorError && error.kind === 'not_found') return null;
        throw error;
      }
    },
  };
}

function refused(operation: string, reason: string): ConnectorError {
  return new ConnectorError({ kind: 'rejected', vendor: 'retriever', operation, reason });
}

function bodyOf({ device, withCharger, serialNumber, ticketId, from, to }: ReturnOrder): unknown {
  return {
    device,
    request_charger: withCharger,
    request_cell_phone: device === 'cell_phone',
    request_disposal: false,
    request_for_warehouse: false,
    serial_number: serialNumber,
    ticket_id: ticketId,
    employee_info: {
      email: from.email,
      name: from.name,
      address_line_1: from.line1,
      ...(from.line2 && { address_line_2: from.line2 }),
      address_city: from.city,
      address_state: from.state,
      address_zip: from.zip,
      address_country: from.country,
    },
    company_info: {
      return_recipient_name: to.name,
      return_address_company: to.company,
      return_address_line_1: to.line1,
      ...(to.line2 && { return_address_line_2: to.line2 }),
      return_address_city: to.city,
      return_address_state: to.state,
      return_address_zip: to.zip,
      display_name: to.displayName,
      notification_email: to.notificationEmail,
    },
  };
}
