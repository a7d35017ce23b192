// The page's server on loopback: the page itself, its stream of changes, and what is done on it.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SandboxState } from '../client/shapes.ts';
import { doAct, isAct } from './acts.ts';
import { adminsView } from './admins-view.ts';
import { readAudit } from './audit.ts';
import { type Bundle, buildBundle } from './bundle.ts';
import { newestCalls } from './calls.ts';
import { readRoles } from './cast.ts';
import { sendDocument } from './document.ts';
import { refusalOf } from './guard.ts';
import { LiveStream } from './live.ts';
import { breakVendor, faultsOf, isVendor, mendVendors, useHands } from './outside.ts';
import { SCENARIOS } from './scenarios/all.ts';
import { Stage } from './scenarios/stage.ts';
import { channelsOf, seenRoots, seenThread } from './seen.ts';
import type { World } from './world.ts';

export interface PageServer {
  readonly url: string;
  /** Without it nothing can be done. */
  readonly token: string;
  readonly gzippedBytes: number;
  close(): Promise<void>;
}

/** Tried in turn, then any that is free. */
const PORTS = [4300, 4301, 4302, 4303, 4304, 0];
const MOST_BYTES = 1_000_000;

interface Desk {
  readonly world: World;
  readonly live: LiveStream;
  readonly stage: Stage;
  readonly bundle: Bundle;
  readonly token: string;
  readonly folder: string;
  roles: Readonly<Record<string, string>>;
}

/** `port` null: the usual ones. `folder` tells one Acme from another. */
export async function servePage(
  world: World,
  { folder, port: wanted }: { readonly folder: string; readonly port: number | null },
): Promise<PageServer> {
  const bundle = await buildBundle();
  const token = randomBytes(24).toString('base64url');
  const live = new LiveStream(world.simulators.slack.workspace, () => stateOf(desk));
  const stage = new Stage(world, (isNew) => (isNew ? live.again() : live.tellSandbox()));
  const desk: Desk = { world, live, stage, bundle, token, folder, roles: {} };
  world.listen((what) => {
    if (what === 'world') void refresh(desk);
    else live.tellCalled(what);
  });
  const server = http.createServer((request, response) => {
    const refusal = refusalOf(request, (server.address() as AddressInfo).port, token);
    if (refusal !== null) answer(response, 403, { error: refusal });
    else
      void serve(desk, request, response).catch((error: unknown) =>
        answer(response, 409, { error: error instanceof Error ? error.message : String(error) }),
      );
  });
  const port = await listen(server, wanted === null ? PORTS : [wanted, ...PORTS]);
  return {
    url: `http://127.0.0.1:${port}/`,
    token,
    gzippedBytes: bundle.gzippedBytes,
    async close() {
      live.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function refresh(desk: Desk): Promise<void> {
  desk.live.tellSandbox();
  const roles = await readRoles(desk.world.databaseUrl);
  if (JSON.stringify(roles) === JSON.stringify(desk.roles)) return;
  desk.roles = roles;
  desk.live.tellSandbox();
}

function stateOf({ world, stage, roles }: Desk): SandboxState {
  return {
    app: world.app.state,
    lastWords: world.app.state === 'stopped' ? world.app.lastWords : [],
    kills: world.app.kills,
    aheadMs: world.aheadMs,
    roles,
    faults: faultsOf(world),
    scenario: stage.playing,
  };
}

async function serve(desk: Desk, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://page');
  if (request.method === 'POST') return post(desk, url.pathname, await readBody(request), response);
  if (request.method !== 'GET') return answer(response, 405, { error: 'GET or POST' });
  const { workspace } = desk.world.simulators.slack;
  const user = url.searchParams.get('as') ?? '';
  const channel = channelsOf(workspace, user).find((one) => one.id === url.searchParams.get('channel'));
  switch (url.pathname) {
    case '/':
      return sendDocument(response, desk.token);
    case '/alive':
      return answer(response, 200, { sandbox: desk.folder });
    case '/page.js':
      return sendFile(response, 'text/javascript', desk.bundle.script);
    case '/page.css':
      return sendFile(response, 'text/css', desk.bundle.style);
    case '/live':
      if (!workspace.users.has(user)) return answer(response, 404, { error: 'nobody of that id' });
      return desk.live.open(user, response);
    case '/thread':
      if (!channel) return answer(response, 404, { error: 'no such channel' });
      return answer(response, 200, seenThread(channel, url.searchParams.get('ts') ?? ''));
    case '/older':
      if (!channel) return answer(response, 404, { error: 'no such channel' });
      return answer(response, 200, seenRoots(channel, url.searchParams.get('before') ?? undefined));
    case '/scenarios':
      return answer(
        response,
        200,
        SCENARIOS.map(({ name, title, what }) => ({ name, title, what })),
      );
    case '/calls':
      return answer(response, 200, newestCalls(desk.world, url.searchParams.get('vendor')));
    case '/audit':
      return answer(response, 200, await readAudit(desk.world.databaseUrl));
    case '/vendor': {
      const name = url.searchParams.get('name');
      if (!isVendor(name)) return answer(response, 404, { error: 'no such vendor' });
      return answer(response, 200, adminsView(desk.world, name));
    }
    default:
      return answer(response, 404, { error: 'not here' });
  }
}

async function post(
  desk: Desk,
  path: string,
  body: Readonly<Record<string, unknown>>,
  response: http.ServerResponse,
): Promise<void> {
  const [, area, name = ''] = path.split('/');
  if (area === 'act' && isAct(name)) {
    const user = String(body.as);
    if (!desk.world.simulators.slack.workspace.users.has(user)) throw new Error('nobody of that id');
    answer(response, 200, await doAct(desk.world.simulators.slack, name, user, body));
    void refresh(desk);
    return;
  }
  const done = area === 'outside' ? await outside(desk, name, body) : undefined;
  if (done === undefined) return answer(response, 404, { error: 'not here' });
  answer(response, 200, done);
  desk.live.tellSandbox();
}

/** undefined: no such thing can be done. */
async function outside(desk: Desk, name: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { world } = desk;
  const vendor = isVendor(body.vendor) ? body.vendor : undefined;
  switch (name) {
    case 'advance':
      return { aheadMs: await world.advance(Number(body.ms)) };
    case 'kill':
      return { killed: world.app.kill() };
    case 'start':
      return { started: await world.app.restart() };
    case 'reset':
      await world.reset();
      desk.live.again();
      return {};
    case 'play':
      desk.stage.play(String(body.scenario));
      return {};
    case 'break':
      if (!vendor) throw new Error('no such vendor');
      return breakVendor(world, vendor, String(body.kind), body.times === null ? null : Number(body.times)) ?? {};
    case 'mend':
      return mendVendors(world, vendor) ?? {};
    case 'hands':
      if (!vendor) throw new Error('no such vendor');
      return {
        done: await useHands(world, vendor, String(body.command), (body.argument ?? {}) as Record<string, unknown>),
      };
    default:
      return undefined;
  }
}

async function readBody(request: http.IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let raw = '';
  for await (const chunk of request) {
    raw += String(chunk);
    if (raw.length > MOST_BYTES) throw new Error('that is too much');
  }
  const body: unknown = raw === '' ? {} : JSON.parse(raw);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error('a JSON object is wanted');
  return body as Readonly<Record<string, unknown>>;
}

function answer(response: http.ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return;
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

function sendFile(response: http.ServerResponse, type: string, gzipped: Buffer): void {
  response
    .writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'content-encoding': 'gzip',
      'cache-control': 'no-store',
    })
    .end(gzipped);
}

async function listen(server: http.Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    try {
      await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('no port is free');
}
