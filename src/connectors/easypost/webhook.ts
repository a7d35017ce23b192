// What comes to our door in EasyPost's name: believed only if its SDK finds the signature right, on the bytes as they came.
import { Event, EventTracker } from './schema.ts';
import { loadSdk } from './sdk.ts';

export type EasyPostWord =
  | { readonly is: 'forged' }
  /** Signed, and not what an event is published to be. */
  | { readonly is: 'unreadable' }
  | {
      readonly is: 'event';
      /** The same for each delivery of it. */
      readonly eventId: string;
      /** `tracker.updated`. */
      readonly description: string;
      /** Null: about something else. */
      readonly tracker: { readonly id: string; readonly code: string } | null;
    };

/** `signatures`: every header of that name; EasyPost sends one. The SDK is loaded by the first call. */
export async function verifyWebhook(
  rawBody: Buffer,
  signatures: readonly string[],
  secret: string,
): Promise<EasyPostWord> {
  const [signature, ...others] = signatures;
  // A second one would let one be signed and another be believed.
  if (signature === undefined || others.length > 0) return { is: 'forged' };
  const body = await validated(rawBody, signature, secret);
  if (body === undefined) return { is: 'forged' };
  const event = Event.safeParse(body);
  if (!event.success) return { is: 'unreadable' };
  const { id: eventId, description, result } = event.data;
  const { data: tracker } = EventTracker.safeParse(result);
  return {
    is: 'event',
    eventId,
    description,
    tracker: tracker ? { id: tracker.id, code: tracker.tracking_code } : null,
  };
}

/** Undefined: not signed with this secret, or no JSON. */
async function validated(rawBody: Buffer, signature: string, secret: string): Promise<unknown> {
  const utils = await loadUtils();
  try {
    return utils.validateWebhook(rawBody, { 'X-Hmac-Signature': signature }, secret);
  } catch {
    return undefined; // its only error
  }
}

/** Typed as a class with static methods; it is an object of that class. */
interface Utils {
  validateWebhook(body: Buffer, headers: object, secret: string): unknown;
}

let utils: Promise<Utils> | null = null;

function loadUtils(): Promise<Utils> {
  utils ??= loadSdk().then((Sdk) => new Sdk('no key is needed').Utils as unknown as Utils);
  return utils;
}
