// BambooHR's door: checks the signature on the raw body, commits that records may have changed, answers. They are read again afterwards.
import { createHash } from 'node:crypto';
import type http from 'node:http';
import { verifyBambooHr } from '../connectors/bamboohr/webhook.ts';
import type { Inbound, InboundStore } from '../store/inbound.ts';
import type { Clock } from '../workflow/model/ports.ts';
import type { KnockStore } from '../workflow/model/start-ports.ts';
import { readBody } from './raw-body.ts';

/** The kind of these deliveries: the intake's `others` has their handler. */
export const HRIS_CHANGED = 'hris_changed';

export type BambooHrEnd = 'taken' | 'repeated' | 'unreadable' | 'forged' | 'too_large' | 'aborted' | 'failed';

export interface BambooHrDoorDeps {
  /** The webhook's private key, which BambooHR shows once. */
  readonly key: string;
  readonly inbound: Pick<InboundStore, 'receive'>;
  readonly clock: Clock;
  begin(inbound: Inbound): void;
  onEnd(end: BambooHrEnd): void;
  /** The machine's own clock, ms since the epoch: signatures are of real time. */
  nowMs?(): number;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** A repeat is refused: what was genuine once is on file already. */
const STATUS: Readonly<Record<BambooHrEnd, number>> = {
  taken: 200,
  unreadable: 400,
  repeated: 409,
  forged: 401,
  too_large: 413,
  aborted: 400,
  failed: 503,
};

export function createBambooHrDoor(deps: BambooHrDoorDeps) {
  return async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const end = await take(deps, request).catch((error: unknown): BambooHrEnd => {
      deps.log.error(
        { err: error },
        'a webhook of BambooHR could not be taken; BambooHR sends it again, and the poll sees it',
      );
      return 'failed';
    });
    deps.onEnd(end);
    const close = end === 'too_large' ? { connection: 'close' } : {};
    response.writeHead(STATUS[end], { 'content-type': 'text/plain', ...close }).end();
  };
}

async function take(deps: BambooHrDoorDeps, request: http.IncomingMessage): Promise<BambooHrEnd> {
  const body = await readBody(request);
  if (typeof body === 'string') return body;
  const nowMs = deps.nowMs?.() ?? Date.now();
  const word = verifyBambooHr(body, request.headersDistinct, { key: deps.key, nowMs });
  if (word.is === 'unreadable') deps.log.warn({}, 'a signed webhook of BambooHR is not what is published');
  if (word.is !== 'event') return word.is;
  const taken = await deps.inbound.receive(
    {
      source: 'bamboohr',
      // Kept longer than a signature counts (its five minutes either way).
      key: createHash('sha256').update(word.signature).digest('hex'),
      kind: HRIS_CHANGED,
      actor: 'bamboohr',
      payload: { employees: word.employeeIds },
      announce: false,
      handled: false,
    },
    deps.clock.now(),
  );
  if (!taken) return 'repeated';
  deps.begin(taken);
  return 'taken';
}

/** Handles a committed delivery; harmless when it is done twice. */
export async function handleHrisChanged(
  inbound: Inbound,
  deps: { knocks: KnockStore; clock: Clock; wake(): void },
): Promise<string> {
  const { employees } = inbound.payload;
  if (!Array.isArray(employees)) return 'unreadable';
  await deps.knocks.knock('bamboohr', employees.map(String), deps.clock.now());
  deps.wake();
  return 'knocked';
}
