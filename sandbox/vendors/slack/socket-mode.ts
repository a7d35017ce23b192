// Slack's Socket Mode: addresses for sockets, connections that begin with hello and end, and the app's acks.
// @see https://docs.slack.dev/apis/events-api/using-socket-mode, read 2026-11
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Reply, Request, Route } from '../simulator.ts';
import { isRecord } from './block-kit-schema.ts';
import type { Connection, SocketState } from './socket-envelopes.ts';
import { acceptWebSocket, type Peer } from './web-socket.ts';
import { BOT, type Json, type Workspace } from './workspace.ts';

/** An address is good for one connection, soon. */
const TICKET_MS = 30_000;
const PING_MS = 10_000;
/** As many connections as Slack allows an app. */
const MOST_CONNECTIONS = 10;

/** `apps.connections.open` takes the app-level token, and no other. */
export function connectionsRoute(workspace: Workspace): Route {
  return {
    operation: 'slack.apps.connections.open',
    method: 'POST',
    pattern: /^\/api\/apps\.connections\.open$/,
    write: false,
    handle: (request) => openConnection(workspace, request),
  };
}

function openConnection(workspace: Workspace, request: Request): Reply {
  const refuse = (error: string): Reply => ({ status: 200, body: { ok: false, error } });
  const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) return refuse('not_authed');
  if (given === workspace.token) return refuse('not_allowed_token_type');
  if (given !== workspace.appToken) return refuse('invalid_auth');
  const ticket = randomBytes(16).toString('hex');
  workspace.socket.on = true;
  workspace.socket.tickets.set(ticket, Date.now() + TICKET_MS);
  const url = `${workspace.url.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${BOT.appId}`;
  return { status: 200, body: { ok: true, url } };
}

export function takeSocket(workspace: Workspace, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const state = workspace.socket;
  const url = new URL(request.url ?? '/', 'http://simulator');
  const ticket = url.searchParams.get('ticket') ?? '';
  const isGood = url.pathname === '/link/' && (state.tickets.get(ticket) ?? 0) > Date.now();
  state.tickets.delete(ticket);
  if (!isGood || state.connections.length >= MOST_CONNECTIONS) {
    socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const ended = Promise.withResolvers<void>();
  const peer = acceptWebSocket(request, socket, head, {
    text: (text) => takeAck(state, peer, text),
    closed() {
      clearInterval(pings);
      const at = state.connections.indexOf(connection);
      if (at >= 0) state.connections.splice(at, 1);
      ended.resolve();
    },
  });
  const pings = setInterval(() => peer.ping(), PING_MS).unref();
  const connection: Connection = { peer, closed: ended.promise };
  state.connections.push(connection);
  peer.send(
    JSON.stringify({
      type: 'hello',
      num_connections: state.connections.length,
      debug_info: { host: 'applink-simulator', build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: BOT.appId },
    }),
    () => {
      for (const tell of state.waitingForConnection.splice(0)) tell();
    },
  );
}

function takeAck(state: SocketState, peer: Peer, text: string): void {
  const message: unknown = JSON.parse(text);
  if (!isRecord(message)) return;
  if (state.breaks.beforeAck > 0) {
    state.breaks.beforeAck -= 1;
    peer.drop();
    return;
  }
  const id = String(message.envelope_id);
  state.waitingForAck.get(id)?.(isRecord(message.payload) ? message.payload : {});
}

/** Command `socket`: `{drop}` breaks every connection, `{disconnect: reason}` asks the app to come again, `{breakBehindEnvelope: n}`, `{breakBeforeAck: n}`. */
export function runSocketCommand(workspace: Workspace, given: Json): Json {
  const state = workspace.socket;
  for (const { peer } of [...state.connections]) {
    if (given.drop === true) peer.drop();
    if (typeof given.disconnect === 'string')
      peer.send(
        JSON.stringify({ type: 'disconnect', reason: given.disconnect, debug_info: { host: 'applink-simulator' } }),
      );
  }
  if (typeof given.breakBehindEnvelope === 'number') state.breaks.behindEnvelope = given.breakBehindEnvelope;
  if (typeof given.breakBeforeAck === 'number') state.breaks.beforeAck = given.breakBeforeAck;
  return { on: state.on, connections: state.connections.length };
}
