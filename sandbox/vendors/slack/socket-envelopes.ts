// Envelopes to the app over its sockets: sent, acked, and sent once more where no ack came.
// @see https://docs.slack.dev/apis/events-api/using-socket-mode, read 2026-11
import { randomUUID } from 'node:crypto';
import type { Peer } from './web-socket.ts';

type Json = Record<string, unknown>;

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Json;
}

export interface Connection {
  readonly peer: Peer;
  readonly closed: Promise<void>;
}

export interface SocketState {
  /** True from the first `apps.connections.open`: Slack then sends nothing to an address. */
  on: boolean;
  readonly tickets: Map<string, number>;
  readonly connections: Connection[];
  readonly waitingForAck: Map<string, (payload: Json) => void>;
  /** Told when a connection is ready. */
  readonly waitingForConnection: (() => void)[];
  /** Connections that break next: right behind an envelope, or as its ack comes in. */
  readonly breaks: { behindEnvelope: number; beforeAck: number };
  /** Envelopes sent, in order; the same id twice: redelivered. */
  readonly sent: { readonly id: string; readonly type: string; readonly retry: number }[];
}

export function newSocketState(): SocketState {
  return {
    on: false,
    tickets: new Map(),
    connections: [],
    waitingForAck: new Map(),
    waitingForConnection: [],
    breaks: { behindEnvelope: 0, beforeAck: 0 },
    sent: [],
  };
}

/** The app's answer; null: none within `ackMs`, although the envelope was sent a second time. */
export async function sendEnvelope(state: SocketState, envelope: Envelope, ackMs: number): Promise<Json | null> {
  const whole = { envelope_id: randomUUID(), accepts_response_payload: envelope.type !== 'events_api', ...envelope };
  const first = await sendOnce(state, whole, 0, ackMs);
  return first ?? sendOnce(state, { ...whole, retry_attempt: 1, retry_reason: 'timeout' }, 1, ackMs);
}

async function sendOnce(
  state: SocketState,
  envelope: Json & { readonly envelope_id: string; readonly type: string },
  retry: number,
  ackMs: number,
): Promise<Json | null> {
  const end = Date.now() + ackMs;
  const connection = await connectionWithin(state, ackMs);
  if (!connection) return null;
  const { envelope_id: id, type } = envelope;
  const acked = new Promise<Json>((take) => state.waitingForAck.set(id, take));
  const breaks = state.breaks.behindEnvelope > 0;
  if (breaks) state.breaks.behindEnvelope -= 1;
  state.sent.push({ id, type, retry });
  connection.peer.send(JSON.stringify(envelope), () => breaks && connection.peer.drop());
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(() => done(null), Math.max(0, end - Date.now()));
  });
  const answer = await Promise.race([acked, late, connection.closed.then(() => null)]);
  clearTimeout(timer);
  state.waitingForAck.delete(id);
  return answer;
}

async function connectionWithin(state: SocketState, ms: number): Promise<Connection | null> {
  if (state.connections.length === 0) {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((tell) => state.waitingForConnection.push(tell)),
      new Promise<void>((done) => {
        timer = setTimeout(done, ms);
      }),
    ]);
    clearTimeout(timer);
  }
  // One that has just said hello comes last, and first the one that has waited longest.
  const next = state.connections.shift();
  if (next) state.connections.push(next);
  return next ?? null;
}
