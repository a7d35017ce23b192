// Who may talk to the page's server: this page alone. Another site in the same browser can neither press a button nor read an answer.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused; null: it is ours. `port` is the one we listen on, `token` the one that stands in the page. */
export function refusalOf(request: IncomingMessage, port: number, token: string): string | null {
  const { host = '', origin } = request.headers;
  // A name that somebody has pointed at 127.0.0.1 arrives with that name (DNS rebinding).
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return 'the sandbox answers on loopback only';
  if (origin !== undefined && origin !== `http://${host}`) return 'another page may not use the sandbox';
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  if (!isSame(String(request.headers['x-sandbox-token'] ?? ''), token)) return 'the token of the page is missing';
  return null;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
