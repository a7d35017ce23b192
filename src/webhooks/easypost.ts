// EasyPost's door: checks the signature on the raw body, commits that something may have changed, answers. What has changed is read again.
import type http from 'node:http';
import { verifyWebhook } from '../connectors/easypost/webhook.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { Clock } from '../workflow/model/ports.ts';
import { readBody } from './raw-body.ts';

/** The kind of these deliveries: the intake's `others` has their handler. */
export const PARCEL_NEWS = 'parcel_news';

/** How a request ended; none of them says anything about a parcel. */
export type WebhookEnd =
  | 'taken'
  | 'repeated'
  | 'not_a_parcel'
  | 'unreadable'
  | 'forged'
  | 'too_large'
  | 'aborted'
  | 'failed';

export interface EasyPostDoorDeps {
  readonly secret: string;
  readonly inbound: Pick<InboundStore, 'receive'>;
  readonly clock: Clock;
  begin(inbound: Inbound): void;
  onEnd(end: WebhookEnd): void;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** EasyPost sends again what is not answered with a 2xx; what is genuine and known, or of no use to us, is answered 200. */
const STATUS: Readonly<Record<WebhookEnd, number>> = {
  taken: 200,
  repeated: 200,
  not_a_parcel: 200,
  unreadable: 200,
  forged: 401,
  too_large: 413,
  aborted: 400,
  failed: 503,
};

export function createEasyPostDoor(deps: EasyPostDoorDeps) {
  return async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const end = await take(deps, request).catch((error: unknown): WebhookEnd => {
      deps.log.error({ err: error }, 'an event of EasyPost could not be taken; EasyPost will send it again');
      return 'failed';
    });
    deps.onEnd(end);
    // What was not read to its end cannot be followed by another request.
    const close = end === 'too_large' ? { connection: 'close' } : {};
    response.writeHead(STATUS[end], { 'content-type': 'text/plain', ...close }).end();
  };
}

async function take(deps: EasyPostDoorDeps, request: http.IncomingMessage): Promise<WebhookEnd> {
  const body = await readBody(request);
  if (typeof body === 'string') return body;
  const word = await verifyWebhook(body, request.headersDistinct['x-hmac-signature'] ?? [], deps.secret);
  if (word.is === 'unreadable') deps.log.warn({}, 'a signed event of EasyPost is not what is published');
  if (word.is !== 'event') return word.is;
  if (word.tracker === null) return 'not_a_parcel';
  const { id: trackerId, code } = word.tracker;
  const taken = await deps.inbound.receive(
    {
      source: 'easypost',
      key: word.eventId,
      kind: PARCEL_NEWS,
      actor: 'easypost',
      payload: { trackerId, code },
      announce: false,
      handled: false,
    },
    deps.clock.now(),
  );
  if (!taken) return 'repeated';
  deps.begin(taken);
  return 'taken';
}

/** Which parcel may have news. Not what news: that is read at EasyPost, so that order, age and repeats of events do not matter. */
export interface ParcelNews {
  readonly trackerId: string;
  readonly code: string;
}

/**
 * Handles a committed delivery; answers its outcome. `onParcelNews` wakes whoever follows the parcel, and says whether somebody does;
 * it must do no harm when it is called twice, since a handler that dies is replaced.
 */
export async function handleParcelNews(
  inbound: Inbound,
  onParcelNews: (news: ParcelNews) => Promise<'woken' | 'unknown_parcel'>,
): Promise<string> {
  const { trackerId, code } = inbound.payload;
  if (typeof trackerId !== 'string' || typeof code !== 'string') return 'unreadable';
  return onParcelNews({ trackerId, code });
}
