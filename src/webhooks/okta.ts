// Okta's door: answers its one-time challenge; takes deactivations, each event once, and answers long before Okta's three seconds.
import type http from 'node:http';
import { challengeIn, deactivationsIn, isFromOkta } from '../connectors/okta/event-hook.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { KnockStore } from '../workflow/model/start-ports.ts';
import { readBody } from './raw-body.ts';

/** The kinds of these deliveries: the intake's `others` has the first one's handler. */
export const OKTA_DEACTIVATED = 'okta_deactivated';
const OKTA_VERIFIED = 'okta_verified';

export type OktaEnd = 'taken' | 'verified' | 'repeated' | 'unreadable' | 'forged' | 'too_large' | 'aborted' | 'failed';

export interface OktaDoorDeps {
  /** What we told Okta to send as Authorization. */
  readonly secret: string;
  readonly inbound: Pick<InboundStore, 'receive'>;
  readonly clock: Clock;
  begin(inbound: Inbound): void;
  onEnd(end: OktaEnd): void;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Okta repeats once what is not answered with a 2xx. Events that are known are answered as if they were new. */
const STATUS: Readonly<Record<OktaEnd, number>> = {
  taken: 200,
  verified: 200,
  repeated: 200,
  unreadable: 400,
  forged: 401,
  too_large: 413,
  aborted: 400,
  failed: 503,
};

export function createOktaDoor(deps: OktaDoorDeps) {
  return async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const challenge = request.method === 'GET' ? challengeIn(request.headersDistinct) : null;
    const ended = request.method === 'GET' ? greet(deps, request, challenge) : take(deps, request);
    const end = await ended.catch((error: unknown): OktaEnd => {
      deps.log.error({ err: error }, 'an event of Okta could not be taken; Okta sends it again, and the poll sees it');
      return 'failed';
    });
    deps.onEnd(end);
    const close = end === 'too_large' ? { connection: 'close' } : {};
    response.writeHead(STATUS[end], { 'content-type': 'application/json', ...close });
    response.end(end === 'verified' ? JSON.stringify({ verification: challenge }) : undefined);
  };
}

/** The challenge comes once, before any event; whoever asks learns nothing but their own words. */
async function greet(deps: OktaDoorDeps, request: http.IncomingMessage, challenge: string | null): Promise<OktaEnd> {
  if (challenge === null) return 'unreadable';
  // Kept for the doctor only where it surely came from Okta.
  if (!isFromOkta(request.headersDistinct, deps.secret)) return 'verified';
  const now = deps.clock.now();
  const delivery = { source: 'okta', key: 'verified', kind: OKTA_VERIFIED, actor: 'okta', payload: {} } as const;
  await deps.inbound.receive({ ...delivery, announce: false, handled: true }, now);
  return 'verified';
}

async function take(deps: OktaDoorDeps, request: http.IncomingMessage): Promise<OktaEnd> {
  const body = await readBody(request);
  if (typeof body === 'string') return body;
  if (!isFromOkta(request.headersDistinct, deps.secret)) return 'forged';
  const events = deactivationsIn(body);
  if (events === null) {
    deps.log.warn({}, 'a request with Okta’s secret is not what Okta publishes');
    return 'unreadable';
  }
  const now = deps.clock.now();
  const taken = await Promise.all(
    events.map(({ uuid, userId }) =>
      deps.inbound.receive(
        {
          source: 'okta',
          key: uuid,
          kind: OKTA_DEACTIVATED,
          actor: 'okta',
          payload: { userId },
          announce: false,
          handled: false,
        },
        now,
      ),
    ),
  );
  const fresh = taken.filter((one) => one !== null);
  for (const one of fresh) deps.begin(one);
  return events.length > 0 && fresh.length === 0 ? 'repeated' : 'taken';
}

/** Handles a committed delivery; harmless when it is done twice. */
export async function handleOktaDeactivated(
  inbound: Inbound,
  deps: { knocks: KnockStore; clock: Clock; wake(): void },
): Promise<string> {
  const { userId } = inbound.payload;
  if (typeof userId !== 'string') return 'unreadable';
  await deps.knocks.knock('okta', [userId], deps.clock.now());
  deps.wake();
  return 'knocked';
}
