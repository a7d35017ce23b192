// The HTTP server in front of Bolt's receiver: checks what Bolt does not, and answers for the process's health.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HTTPReceiver } from '@slack/bolt';

/** Slack's own tolerance. Bolt refuses only what is older (verify-request.js), not what claims to come from the future. */
const MAX_SKEW_SECONDS = 300;
/** Slack's largest payloads are views of some 250 kB. */
export const MAX_BODY_BYTES = 1024 * 1024;
const STOP_GRACE_MS = 3_000;

export interface HttpServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function serveHttp(options: {
  port: number;
  receiver: HTTPReceiver;
  isReady(): Promise<boolean>;
}): Promise<HttpServer> {
  const server = http.createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/slack/events') return fromSlack(options.receiver, request, response);
    if (path === '/healthz' && request.method === 'GET') return answer(response, 200, 'ok');
    if (path === '/readyz' && request.method === 'GET') {
      options.isReady().then(
        (ready) => answer(response, ready ? 200 : 503, ready ? 'ready' : 'not ready'),
        () => answer(response, 503, 'not ready'),
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

function fromSlack(receiver: HTTPReceiver, request: http.IncomingMessage, response: http.ServerResponse): void {
  const timestamps = request.headersDistinct['x-slack-request-timestamp'] ?? [];
  const signatures = request.headersDistinct['x-slack-signature'] ?? [];
  const ahead = Number(timestamps[0]) - Date.now() / 1000;
  // A second header of the same name would let one be signed and another be believed.
  const isDoubtful = timestamps.length !== 1 || signatures.length !== 1 || !(ahead <= MAX_SKEW_SECONDS);
  if (isDoubtful) {
    answer(response, 401, '');
    return;
  }
  receiver.requestListener(request, response);
}

function answer(response: http.ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}
