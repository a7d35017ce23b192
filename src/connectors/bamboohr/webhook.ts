// BambooHR's webhooks: whether one is genuine, and which records it is about. What changed is read again: both payloads may be old.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** As for Slack: BambooHR publishes none. */
const MOST_SKEW_MS = 5 * 60_000;
const MOST_RECORDS = 10_000;

const Id = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[1-9]\d{0,18}$/));
/** `employee.created`, `employee.updated`, `employee.deleted`: no values, only the id. */
const Event = z.object({ type: z.string(), data: z.object({ employeeId: Id }) });
/** `employee_with_fields.*`, the older ones: values too, which are not looked at. */
const EventWithFields = z.object({ employees: z.array(z.object({ id: Id })).max(MOST_RECORDS) });

export type BambooHrWord =
  | { readonly is: 'forged' } // also: late, twice the same header, no header
  | { readonly is: 'unreadable' }
  | { readonly is: 'event'; readonly signature: string; readonly employeeIds: readonly string[] };

type Headers = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The signature is the hex HMAC-SHA256 of the raw body followed by the timestamp's text, without a separator.
 * @see https://documentation.bamboohr.com/docs/webhooks, read 2026-11 (the PHP sample)
 */
export function verifyBambooHr(body: Buffer, headers: Headers, given: { key: string; nowMs: number }): BambooHrWord {
  const timestamp = only(headers['x-bamboohr-timestamp']);
  const signature = only(headers['x-bamboohr-signature']);
  if (timestamp === null || signature === null || !/^[0-9a-f]{64}$/.test(signature)) return { is: 'forged' };
  const at = instantMs(timestamp);
  const expected = createHmac('sha256', given.key).update(body).update(timestamp).digest();
  const isSigned = timingSafeEqual(expected, Buffer.from(signature, 'hex'));
  if (!isSigned || at === null || Math.abs(at - given.nowMs) > MOST_SKEW_MS) return { is: 'forged' };
  const employeeIds = idsIn(body);
  return employeeIds === null ? { is: 'unreadable' } : { is: 'event', signature, employeeIds };
}

/** Seconds since the epoch, or ISO 8601: both are seen. */
function instantMs(text: string): number | null {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

function idsIn(body: Buffer): readonly string[] | null {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  const one = Event.safeParse(json);
  if (one.success) return [one.data.data.employeeId];
  const many = EventWithFields.safeParse(json);
  return many.success ? [...new Set(many.data.employees.map(({ id }) => id))] : null;
}

/** A second header of the same name would let one be signed and another be believed. */
function only(values: readonly string[] | undefined): string | null {
  return values?.length === 1 ? (values[0] ?? null) : null;
}
