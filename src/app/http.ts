// The HTTP server in front of Bolt's receiver: checks what Bolt does not, and answers for the process's health.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HTTPReceiver } from '@slack/bolt';
import type { Metrics } from './metrics.ts';

/** Slack's own tolerance. Bolt refuses only what is older (verify-request.js), not what claims to come from the future. */
const MAX_SKEW_SECONDS = 300;
/** Slack's largest payloads are views of some 250 kB. */
export const MAX_BODY_BYTES = 1024 * 1024;
const STOP_GRACE_MS = 3_000;
/** Who asks for readiness asks often: an answer that takes longer is a no. */
const READY_WITHIN_MS = 2_000;

/** Why a request that claims to be Slack's was answered 401. */
export type RefusedBecause = 'headers' | 'future' | 'stale' | 'signature';

export interface Webhook {
  readonly methods: readonly string[];
  handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void>;
}

export interface HttpServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function serveHttp(options: {
  port: number;
  /** Null in Socket Mode: Slack does not come this way. */
  receiver: HTTPReceiver | null;
  /** Doors of vendors by path, those that are set up. Each answers always, and never throws. */
  webhooks?: Readonly<Record<string, Webhook>>;
  metrics: Pick<Metrics, 'text' | 'contentType' | 'onRefused'>;
  isReady(): Promise<boolean>;
}): Promise<HttpServer> {
  const { receiver, metrics, webhooks = {} } = options;
  const server = http.createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/slack/events' && receiver) return fromSlack(receiver, metrics, request, response);
    const webhook = path !== undefined && Object.hasOwn(webhooks, path) ? webhooks[path] : undefined;
    if (webhook) {
      const isTaken = webhook.methods.includes(request.method ?? '');
      return isTaken ? void webhook.handle(request, response) : answer(response, 405, webhook.methods.join(', '));
    }
    if (path === '/healthz' && request.method === 'GET') return answer(response, 200, 'ok');
    if (path === '/readyz' && request.method === 'GET') {
      within(READY_WITHIN_MS, options.isReady()).then(
        (ready) => answer(response, ready ? 200 : 503, ready ? 'ready' : 'not ready'),
        () => answer(response, 503, 'not ready'),
      );
      return;
    }
    if (path === '/metrics' && request.method === 'GET') {
      metrics.text().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        () => answer(response, 500, 'no figures'),
      );
      return;
    }
    answer(response, 404, 'not found');
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((done, fail) => server.once('error', fail).listen(options.port, done));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      const grace = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
      await closed;
      clearTimeout(grace);
    },
  };
}

function fromSlack(
  receiver: HTTPReceiver,
  metrics: Pick<Metrics, 'onRefused'>,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const timestamps = request.headersDistinct['x-slack-request-timestamp'] ?? [];
  const signatures = request.headersDistinct['x-slack-signature'] ?? [];
  const ahead = Number(timestamps[0]) - Date.now() / 1000;
  // A second header of the same name would let one be signed and another be believed.
  const isWhole = timestamps.length === 1 && signatures.length === 1 && !Number.isNaN(ahead);
  response.once('finish', () => {
    if (response.statusCode === 401) metrics.onRefused(isWhole ? whyRefused(ahead) : 'headers');
  });
  if (!isWhole || ahead > MAX_SKEW_SECONDS) {
    answer(response, 401, '');
    return;
  }
  receiver.requestListener(request, response);
}

function whyRefused(ahead: number): RefusedBecause {
  if (ahead > MAX_SKEW_SECONDS) return 'future';
  return ahead < -MAX_SKEW_SECONDS ? 'stale' : 'signature';
}

async function within(ms: number, asked: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ms);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

function answer(response: http.ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}
