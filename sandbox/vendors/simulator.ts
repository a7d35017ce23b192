// The frame every vendor simulator stands in: an HTTP server, a journal of calls, and a control address for faults.
// Knows no vendor and nothing of src/.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { readAll, serveControl } from './control.ts';
import { FaultPlan } from './faults.ts';
import { type Call, Journal } from './journal.ts';

/** One request as a vendor's routes see it. `body` is parsed JSON or form fields, `raw` the bytes as text. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly raw: string;
  readonly body: unknown;
  /** Named groups of the route's pattern, URL-decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined sends no body. A string is sent as it is. */
  readonly body?: unknown;
}

/** `operation` is the vendor's own name of the call (`okta.suspendUser`, `slack.chat.postMessage`): faults and journal use it. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly pattern: RegExp;
  /** A write changes the vendor's state: the fault `hold_before` stops ahead of it, `hold_answer` and `drop_after` behind it. */
  readonly write: boolean;
  handle(request: Request): Reply | Promise<Reply>;
}

/** What a vendor gives to the frame. */
export interface Vendor {
  readonly name: string;
  readonly routes: readonly Route[];
  /** Answer to a path that no route takes. It is journalled as `<vendor>.unknown`, which fails the test run. */
  unknown(request: Request): Reply;
  /** The vendor's own 429 and error bodies, for faults. */
  error(status: number, retryAfterSeconds?: number): Reply;
  /** A JSON picture of the vendor's state, for tests and for the independent checker. */
  state(): unknown;
  /** Vendor-specific changes made from outside (a person re-activated by an admin, a click in Slack); `undefined` if unknown. */
  command?(name: string, argument: unknown): unknown | Promise<unknown>;
  /** Takes a connection that asks to become a WebSocket; absent: refused. */
  upgrade?(request: http.IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Details of a call worth keeping in the journal (never a credential). */
  note?(route: Route, request: Request, reply: Reply): Record<string, unknown>;
}

export interface Running {
  readonly url: string;
  readonly controlUrl: string;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  close(): Promise<void>;
}

/** Starts the vendor's server and its control server on loopback; port 0 takes a free one. */
export async function startSimulator(
  vendor: Vendor,
  ports: { port?: number; controlPort?: number } = {},
): Promise<Running> {
  const journal = new Journal();
  const faults = new FaultPlan();
  const server = http.createServer((request, response) => {
    void serve({ vendor, journal, faults }, request, response).catch((error: unknown) =>
      response.destroy(error as Error),
    );
  });
  const control = http.createServer((request, response) => {
    void serveControl({ vendor, journal, faults }, request, response).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ error: String(error) }));
    });
  });
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    if (vendor.upgrade) vendor.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
  const url = await listen(server, ports.port ?? 0);
  const controlUrl = await listen(control, ports.controlPort ?? 0);
  const close = async (): Promise<void> => {
    faults.releaseAll();
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
    control.closeAllConnections();
    await Promise.all([server, control].map((one) => new Promise((done) => one.close(done))));
  };
  return { url, controlUrl, journal, faults, close };
}

export interface Frame {
  readonly vendor: Vendor;
  readonly journal: Journal;
  readonly faults: FaultPlan;
}

async function serve(frame: Frame, incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const raw = await readAll(incoming);
  const url = new URL(incoming.url ?? '/', 'http://simulator');
  const route = frame.vendor.routes.find((one) => one.method === incoming.method && one.pattern.test(url.pathname));
  const request: Request = {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    raw,
    body: parseBody(raw, incoming.headers['content-type'] ?? ''),
    params: decodeParams(route?.pattern.exec(url.pathname)?.groups ?? {}),
  };
  const call = frame.journal.open({
    operation: route?.operation ?? `${frame.vendor.name}.unknown`,
    method: request.method,
    path: url.pathname + url.search,
    write: route?.write ?? false,
  });
  const fault = frame.faults.take(call.operation, call.path, call.write);
  if (fault?.kind === 'reset') return reset(frame, call, response);
  if (fault?.kind === 'delay') await new Promise((done) => setTimeout(done, fault.delayMs ?? 0));
  if (fault?.kind === 'hold_before' && (await frame.faults.hold(call, frame.journal, 'before')) === 'discarded') {
    return reset(frame, call, response);
  }
  if (fault?.kind === 'status' || fault?.kind === 'rate_limit') {
    const status = fault.kind === 'rate_limit' ? 429 : (fault.status ?? 503);
    const reply =
      fault.body === undefined ? frame.vendor.error(status, fault.retryAfterSeconds) : { status, body: fault.body };
    frame.journal.answer(call, reply.status, false, {});
    return send(response, reply);
  }
  const reply = route ? await handled(route, request, call) : frame.vendor.unknown(request);
  const applied = (route?.write ?? false) && reply.status < 400 && !isRefusal(reply.body);
  frame.journal.apply(call, applied, route ? (frame.vendor.note?.(route, request, reply) ?? {}) : {});
  if (fault?.kind === 'hold_answer' && (await frame.faults.hold(call, frame.journal, 'answer')) === 'discarded') {
    return reset(frame, call, response);
  }
  if (fault?.kind === 'drop_after') return reset(frame, call, response);
  frame.journal.answer(call, reply.status, applied, {});
  if (fault?.kind === 'truncate') return truncate(response, reply);
  send(response, reply);
}

/** A simulator's own bug must not look like a network failure. */
async function handled(route: Route, request: Request, call: Call): Promise<Reply> {
  try {
    return await route.handle(request);
  } catch (error) {
    call.detail.crashed = String(error);
    process.stderr.write(`simulator: ${route.operation} crashed: ${String(error)}\n`);
    return { status: 500, body: { crashed: String(error) } };
  }
}

function send(response: http.ServerResponse, reply: Reply): void {
  const text = typeof reply.body === 'string' || reply.body === undefined ? reply.body : JSON.stringify(reply.body);
  const type = typeof reply.body === 'string' || text === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(reply.status, { ...type, ...reply.headers }).end(text);
}

/** Sends the head and half of the body, then breaks the connection. */
function truncate(response: http.ServerResponse, reply: Reply): void {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text) + 8),
    ...reply.headers,
  });
  response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.destroy());
}

function reset(frame: Frame, call: Call, response: http.ServerResponse): void {
  frame.journal.answer(call, null, call.applied, {});
  response.socket?.resetAndDestroy();
}

/** Slack says no with HTTP 200 and `ok: false`, Snipe-IT with HTTP 200 and `status: "error"`. */
function isRefusal(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  const { ok, status } = body as { ok?: unknown; status?: unknown };
  return ok === false || status === 'error';
}

function parseBody(raw: string, type: string): unknown {
  if (raw === '') return undefined;
  if (type.includes('json')) {
    try {
      return JSON.parse(raw);
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(new URLSearchParams(raw));
}

function decodeParams(groups: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([key, value]) => [key, decoded(value ?? '')]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % stays what it is
  }
}

async function listen(server: http.Server, port: number): Promise<string> {
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
