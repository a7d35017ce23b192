// The fields of Snipe-IT's answers that we use, checked at the border. Texts come HTML-encoded, and leave here decoded.
import { z } from 'zod';

/** Numbers, and in older versions texts. */
const Id = z.coerce.number().int().positive();
const Text = z
  .string()
  .nullish()
  .transform((text) => (text ? decoded(text).trim() : '') || null);
const Place = z
  .object({ id: Id, name: Text })
  .nullish()
  .transform((place) => place ?? null);

/** Absent for nothing: `null`, or an empty text. */
const Holder = z.preprocess(
  (value) => value || null,
  z.object({ id: Id, name: Text, type: Text, username: Text, email: Text }).nullable(),
);

export const Asset = z.object({
  id: Id,
  asset_tag: Text,
  serial: Text,
  name: Text,
  model: z.object({ name: Text }).nullish(),
  notes: Text,
  status_label: z.object({ id: Id, name: Text, status_type: Text, status_meta: Text }).nullish(),
  assigned_to: Holder,
  location: Place,
  rtd_location: Place,
  available_actions: z.object({ checkin: z.boolean().nullish(), update: z.boolean().nullish() }).nullish(),
});
export type Asset = z.infer<typeof Asset>;

export const AssetPage = z.object({ total: z.number(), rows: z.array(Asset) });
export const LabelPage = z.object({ total: z.number(), rows: z.array(z.object({ id: Id, name: Text, type: Text })) });
export const LocationPage = z.object({ total: z.number(), rows: z.array(z.object({ id: Id, name: Text })) });

/** HTTP 200 with a refusal in it. `messages` is a text, or texts by field. */
export const Refusal = z.object({
  status: z.literal('error'),
  messages: z.unknown().optional(),
  payload: z.unknown().optional(),
});
export type Refusal = z.infer<typeof Refusal>;
/** A write's answer. A check-in's refusal has the asset's model in its payload only where it is checked in already. */
export const Written = z.object({ status: z.literal('success') });

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What PHP's `e()` makes of a text, undone once: `&amp;lt;` is `&lt;`. */
export function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
