// What the steps of a device's way back need, of the vendors that are set up: one list of orders for all of them, and our own rows.
import { ConnectorError } from '../connectors/connector-error.ts';
import type { Slack } from '../connectors/slack/client.ts';
import type { Database } from '../store/client.ts';
import { createReturnRows, type ReturnRows } from '../store/returns.ts';
import type { ReturnDeps } from '../workflow/steps/catalogue.ts';
import { createOrderBook } from '../workflow/steps/return-orders.ts';
import type { connectVendors } from './connect.ts';

type Vendors = ReturnType<typeof connectVendors>;

export function returnDeps(
  db: Database,
  slack: Pick<Slack, 'getUser'>,
  { retriever, easypost, bamboohr }: Pick<Vendors, 'retriever' | 'easypost' | 'bamboohr'>,
): ReturnDeps & { readonly rows: ReturnRows } {
  return {
    retriever,
    easypost,
    bamboohr,
    orders: retriever && createOrderBook(retriever),
    rows: createReturnRows(db),
    zoneOf: async (user) => {
      try {
        return (await slack.getUser(user))?.tz ?? null;
      } catch (error) {
        // A due day is a day off at most; the task must not wait for it.
        if (error instanceof ConnectorError) return null;
        throw error;
      }
    },
  };
}
