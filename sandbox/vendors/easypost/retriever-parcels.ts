// What carriers say about the parcels of a Retriever simulator, whose control address is asked: both legs have trackers of their own.
import type { EasyPost } from './operation.ts';
import { type Status, scan, type Tracker } from './trackers.ts';

interface Parcel {
  readonly outbound: { readonly tracking: string | null };
  readonly back: { readonly tracking: string | null };
  readonly boxShippedAt: string | null;
  readonly boxDeliveredAt: string | null;
  readonly deviceShippedAt: string | null;
  readonly deviceDeliveredAt: string | null;
  readonly isLost: boolean;
}

/** Answers with the trackers that have news. */
export async function followRetriever(easypost: EasyPost): Promise<readonly Tracker[]> {
  const { retrieverControlUrl, trackers } = easypost;
  if (retrieverControlUrl === null) return [];
  const { orders } = (await (await fetch(`${retrieverControlUrl}/state`)).json()) as { orders: Parcel[] };
  const changed: Tracker[] = [];
  for (const tracker of trackers.all) {
    const news = orders.flatMap((order) => scansOf(order, tracker.code)).slice(tracker.scans.length);
    for (const one of news) scan(trackers, tracker, one);
    if (news.length > 0) changed.push(tracker);
  }
  return changed;
}

interface Seen {
  readonly status: Status;
  readonly detail?: string;
  readonly at?: Date;
}

function scansOf(order: Parcel, code: string): readonly Seen[] {
  const at = (status: Status, when: string | null): Seen[] => (when ? [{ status, at: new Date(when) }] : []);
  const lost: Seen[] = order.isLost ? [{ status: 'failure', detail: 'lost' }] : [];
  if (code === order.outbound.tracking)
    return [
      ...at('in_transit', order.boxShippedAt),
      ...at('delivered', order.boxDeliveredAt),
      ...(order.boxDeliveredAt ? [] : lost),
    ];
  if (code !== order.back.tracking) return [];
  const isOut = order.boxDeliveredAt === null;
  return [
    ...at('pre_transit', order.boxShippedAt),
    ...at('in_transit', order.deviceShippedAt),
    ...at('delivered', order.deviceDeliveredAt),
    ...(isOut || order.deviceDeliveredAt ? [] : lost),
  ];
}
