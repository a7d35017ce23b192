// The fields of EasyPost's answers that we use, checked at the border. Places, who signed and the carrier's sentences are not read.
import { z } from 'zod';

/** Of the parcel, in the words of all carriers and tracking services. */
export const TRACKING_STATUSES = [
  'unknown',
  'label_created',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivery_attempt_failed',
  'delivered',
  'returned_to_sender',
  'exception',
  'expired',
  'cancelled',
] as const;
export type TrackingStatus = (typeof TRACKING_STATUSES)[number];

/** @see https://docs.easypost.com/docs/trackers#tracker-object */
const STATUSES: Readonly<Record<string, TrackingStatus>> = {
  unknown: 'unknown',
  pre_transit: 'label_created',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  available_for_pickup: 'available_for_pickup',
  delivered: 'delivered',
  return_to_sender: 'returned_to_sender',
  failure: 'exception',
  cancelled: 'cancelled',
  // EasyPost could not ask the carrier: it says nothing of the parcel.
  error: 'unknown',
};

/** What a parcel on its way meets; the enum of the details has more, which change nothing here. */
const ON_ITS_WAY: readonly TrackingStatus[] = ['in_transit', 'out_for_delivery', 'exception'];
const DETAILS: Readonly<Record<string, TrackingStatus>> = {
  delivery_exception: 'delivery_attempt_failed',
  refused: 'delivery_attempt_failed',
  lost: 'exception',
  damaged: 'exception',
  expired: 'expired',
};

/** A word that EasyPost adds later is not known to mean anything. */
function statusOf(status: string, detail: string | null): TrackingStatus {
  const plain = Object.hasOwn(STATUSES, status) ? (STATUSES[status] ?? 'unknown') : 'unknown';
  if (detail === null || !ON_ITS_WAY.includes(plain) || !Object.hasOwn(DETAILS, detail)) return plain;
  return DETAILS[detail] ?? plain;
}

const Text = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Moment = z
  .union([instant, z.literal(''), z.null()])
  .optional()
  .transform((at) => at || null);
/** Carriers' words are one of a fixed few; anything else is not kept. */
const Detail = Text.transform((word) => (word !== null && /^[a-z_]{1,40}$/.test(word) ? word : null));

const Scan = z.object({ status: z.string(), status_detail: Detail, datetime: Moment }).transform((one) => ({
  status: statusOf(one.status, one.status_detail),
  detail: one.status_detail,
  at: one.datetime,
}));
type TrackingScan = Readonly<z.output<typeof Scan>>;

const dated = (scans: readonly TrackingScan[]) => scans.filter((one) => one.at !== null);
const newest = (scans: readonly TrackingScan[]): TrackingScan | null =>
  dated(scans).reduce<TrackingScan | null>((a, b) => (a?.at && b.at && a.at > b.at ? a : b), null);

export const Tracker = z
  .object({
    id: z.string().regex(/^trk_\w+$/),
    tracking_code: z.string().min(1),
    carrier: Text,
    mode: z.string().nullish(),
    status: z.string(),
    status_detail: Detail,
    updated_at: instant,
    est_delivery_date: Moment,
    tracking_details: z.array(Scan).nullish(),
  })
  .transform((one) => {
    const scans = one.tracking_details ?? [];
    return {
      id: one.id,
      code: one.tracking_code,
      carrier: one.carrier,
      isTest: one.mode === 'test',
      status: statusOf(one.status, one.status_detail),
      detail: one.status_detail,
      updatedAt: one.updated_at,
      estimatedDeliveryAt: one.est_delivery_date,
      /** By the carrier's time. */
      lastScan: newest(scans),
      /** When the carrier delivered it; the newest where it did so more than once. */
      deliveredAt: newest(scans.filter((scan) => scan.status === 'delivered'))?.at ?? null,
    };
  });
export type Tracker = Readonly<z.output<typeof Tracker>>;

export const TrackerList = z.object({ trackers: z.array(Tracker), has_more: z.boolean() });

export const WebhookList = z
  .object({ webhooks: z.array(z.object({ url: z.string(), disabled_at: z.string().nullish() })) })
  .transform(({ webhooks }) => webhooks.map((one) => ({ url: one.url, isEnabled: !one.disabled_at })));

/** @see https://docs.easypost.com/docs/events#event-object */
export const Event = z.object({
  id: z.string().regex(/^evt_[\w-]{1,100}$/),
  description: z.string().max(100),
  result: z.unknown(),
});

/** What an event tells of a tracker: which one. What became of it is read again. */
export const EventTracker = z.object({
  object: z.literal('Tracker'),
  id: z.string().regex(/^trk_\w{1,100}$/),
  tracking_code: z.string().min(1).max(100),
});
