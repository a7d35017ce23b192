// The fields of Retriever's answers that we use, checked at the border. It also sends the person's address back: that is not read.
import { z } from 'zod';

const Id = z.union([z.string().min(1), z.number()]).transform(String);
const Text = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null);
const Moment = z.iso
  .datetime({ offset: true })
  .nullish()
  .transform((text) => (text ? new Date(text) : null));

const Shipment = z
  .object({
    status: Text,
    outbound_tracking: Text,
    outbound_carrier: Text,
    return_tracking: Text,
    return_carrier: Text,
    box_shipped_at: Moment,
    box_delivered_at: Moment,
    device_shipped_at: Moment,
    device_delivered_at: Moment,
  })
  .transform((one) => ({
    /** Retriever's own word. Its values are not published: facts are the four moments below. */
    status: one.status,
    boxOut: {
      tracking: one.outbound_tracking,
      carrier: one.outbound_carrier,
      shippedAt: one.box_shipped_at,
      deliveredAt: one.box_delivered_at,
    },
    deviceBack: {
      tracking: one.return_tracking,
      carrier: one.return_carrier,
      shippedAt: one.device_shipped_at,
      deliveredAt: one.device_delivered_at,
    },
  }));

export const DeviceReturn = z
  .object({
    id: Id,
    ticket_id: Text,
    serial_number: Text,
    device: Text,
    created_at: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    legal_hold: z.boolean().nullish(),
    shipments: z.array(Shipment),
  })
  .transform((one) => ({
    id: one.id,
    ticketId: one.ticket_id,
    serialNumber: one.serial_number,
    device: one.device,
    createdAt: one.created_at,
    legalHold: one.legal_hold ?? null,
    shipments: one.shipments,
  }));
export type DeviceReturn = Readonly<z.output<typeof DeviceReturn>>;

/** `next` is an address; only its cursor is used, so that an answer cannot send our key elsewhere. */
export const Page = z
  .object({ next: z.string().nullable(), results: z.array(DeviceReturn) })
  .transform(({ next, results }, context) => {
    const cursor = next === null ? null : cursorOf(next);
    if (next !== null && cursor === null) {
      context.addIssue({ code: 'custom', message: 'next has no cursor', path: ['next'] });
      return z.NEVER;
    }
    return { returns: results, next: cursor };
  });

function cursorOf(next: string): string | null {
  return URL.canParse(next) ? new URL(next).searchParams.get('cursor') : null;
}
