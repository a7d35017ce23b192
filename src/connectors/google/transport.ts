// How googleapis reaches Google: one request a call, one deadline for connect, answer and body, no retry, no redirect.
import type { JWT } from './apis.ts';

type Send = InstanceType<JWT>['transporter']['request'];

/** What googleapis-common and google-auth-library hand to a transporter (apirequest.js, getToken.js). */
interface SdkRequest {
  readonly url?: string | URL;
  readonly method?: string;
  readonly headers?: Headers;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly paramsSerializer?: (params: Readonly<Record<string, unknown>>) => string;
  readonly data?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * In the place of gaxios, which sends a token request three times more whatever `retry` says (retry.js: a `retryConfig`
 * outweighs it, and getToken.js gives one), follows redirects with our credential, and puts the body of a failed call,
 * passwords too, on its error.
 */
export function createSend(settings: { readonly tokenUrl: string; readonly deadlineMs: number }): Send {
  const send = async (request: SdkRequest): Promise<unknown> => {
    // google-auth-library sends forms to its own constant address and nothing else; the APIs take JSON.
    const form = request.data instanceof URLSearchParams ? request.data : null;
    const body = form ?? (request.data === undefined ? undefined : JSON.stringify(request.data));
    const headers = new Headers(request.headers);
    headers.set('accept', 'application/json');
    if (body !== undefined && !form) headers.set('content-type', 'application/json');
    const answer = await fetchWhole(form ? settings.tokenUrl : addressOf(request), form !== null, {
      method: request.method ?? 'GET',
      headers,
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: request.signal ?? AbortSignal.timeout(settings.deadlineMs),
    });
    const { status, text } = answer;
    const data = parsed(text);
    const isFine = status >= 200 && status < 300;
    if (!isFine) throw new Refused({ ...answer, data, isToken: form !== null });
    if (data === undefined || (form && !isToken(data))) throw new NoAnswer('answer is not what was promised', !form);
    return { status, headers: answer.headers, data, config: { url: String(request.url) } };
  };
  return send as unknown as Send;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Reads the body too: a truncated answer is no answer. */
async function fetchWhole(address: string, isToken: boolean, request: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(address, request);
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    const code = codeOf(error);
    const reason = code === 'TimeoutError' ? 'timed out' : `connection failed (${code})`;
    throw new NoAnswer(reason, !isToken && !NEVER_SENT.has(code));
  }
}

/** The connection was never there, so not even a write is in doubt. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Nothing usable came back. `sent` false: nothing was asked of the API, as the connection, or the token for it, was never there. */
export class NoAnswer extends Error {
  readonly sent: boolean;
  constructor(reason: string, sent: boolean) {
    super(reason);
    this.sent = sent;
  }
}

/** Google said no: the API, or (`isToken`) its token address. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined: none. */
  readonly data: unknown;
  readonly isToken: boolean;
  constructor(answer: { status: number; headers: Headers; data: unknown; isToken: boolean }) {
    super(`HTTP ${answer.status}`);
    this.status = answer.status;
    this.headers = answer.headers;
    this.data = answer.data;
    this.isToken = answer.isToken;
  }
}

function addressOf({ url, params, paramsSerializer }: SdkRequest): string {
  const query = params && paramsSerializer ? paramsSerializer(params) : '';
  return query === '' ? String(url) : `${url}?${query}`;
}

/** Empty is what a write without an answer's body gives. */
function parsed(text: string): unknown {
  if (text.trim() === '') return '';
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** google-auth-library would keep anything, and send `Bearer undefined`. */
function isToken(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('access_token' in data) || !('expires_in' in data)) return false;
  return typeof data.access_token === 'string' && data.access_token !== '' && Number(data.expires_in) > 0;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'TimeoutError';
  if (error.cause instanceof Error) return codeOf(error.cause);
  return 'code' in error ? String(error.code) : error.name;
}
