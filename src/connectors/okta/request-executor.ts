// How the SDK reaches Okta: one request an attempt, one deadline for connect, answer and body, no retry of any kind.
import okta from '@okta/okta-sdk-nodejs';
import { ConnectorError } from '../connector-error.ts';

export const TOKEN_PATH = '/oauth2/v1/token';

/** What the SDK hands to an executor (its `RequestOptions` plus what it adds in http.js). */
interface SdkRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/**
 * The SDK's own executor waits for the rate limit's reset and sends again (default-request-executor.js), and has no deadline.
 * This one answers or throws: `NoAnswer` when nothing usable came back.
 */
export function createRequestExecutor(deadlineMs: number): okta.RequestExecutor {
  const executor = new okta.RequestExecutor();
  const send = async (request: SdkRequest): Promise<Response> => {
    const answer = await fetchWhole(request, deadlineMs);
    // The SDK's OAuth client would keep a refusal as if it were a token (oauth.js: its error filter is undefined).
    if (request.url.endsWith(TOKEN_PATH) && !answer.ok && !(await isNonceDemand(answer))) await refuseToken(answer);
    // With OAuth the SDK answers a 401 by sending the call again, writes too (http.js); what is not a 401 to it, is not.
    if (answer.status === 401 && request.headers?.Authorization?.startsWith('SSWS ') === false)
      throw await refusal(answer);
    return answer;
  };
  return Object.assign(executor, { fetch: send as unknown as okta.RequestExecutor['fetch'] });
}

/** Reads the body too: a truncated answer is no answer. */
async function fetchWhole(request: SdkRequest, deadlineMs: number): Promise<Response> {
  try {
    const response = await fetch(request.url, {
      method: (request.method ?? 'GET').toUpperCase(),
      headers: request.headers ?? {},
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    const body = await response.arrayBuffer();
    const whole = new Response(hasNoBody(response.status) ? null : body, {
      status: response.status,
      headers: response.headers,
    });
    Object.defineProperty(whole, 'url', { value: request.url });
    return whole;
  } catch (error) {
    throw new NoAnswer(error, request.url.endsWith(TOKEN_PATH));
  }
}

/** Nothing usable came back. `sent` false: nothing was asked of the API, as the connection, or the token for it, was never there. */
export class NoAnswer extends Error {
  readonly sent: boolean;
  readonly reason: string;
  constructor(cause: unknown, isTokenRequest: boolean) {
    const code = codeOf(cause);
    super(`no answer: ${code}`, { cause });
    this.sent =
      !isTokenRequest && !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(code);
    this.reason = code === 'TimeoutError' ? 'timed out' : `connection failed (${code})`;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'TimeoutError';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : codeOf(cause);
  return 'code' in error ? String(error.code) : error.name;
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** An API call that was refused for our credentials. */
export class Refused extends Error {
  readonly code: string;
  readonly summary: string;
  constructor(code: string, summary: string) {
    super(summary);
    this.code = code;
    this.summary = summary;
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const body = (await answer.json().catch(() => ({}))) as { errorCode?: string; errorSummary?: string };
  return new Refused(body.errorCode ?? '', body.errorSummary ?? 'unauthorized');
}

async function isNonceDemand(answer: Response): Promise<boolean> {
  const text = await answer.clone().text();
  return answer.status === 400 && text.includes('use_dpop_nonce');
}

async function refuseToken(answer: Response): Promise<never> {
  const text = await answer.text();
  const reason = /"error"\s*:\s*"([a-z_]+)"/.exec(text)?.[1] ?? 'no token';
  const facts = { vendor: 'okta', operation: 'getToken', status: answer.status, reason, vendorCode: reason };
  if (answer.status === 429)
    throw new ConnectorError({ ...facts, kind: 'rate_limited', retryAfterMs: retryAfterMs(answer.headers) });
  throw new ConnectorError({ ...facts, kind: answer.status >= 500 ? 'transient' : 'unauthorized' });
}

/** `Retry-After` in seconds, else until `X-Rate-Limit-Reset` (epoch seconds) by the answer's own Date. 1 s where neither is usable. */
export function retryAfterMs(headers: { get(name: string): string | null }): number {
  const after = Number(headers.get('retry-after'));
  if (Number.isFinite(after) && after > 0) return after * 1000;
  const reset = Number(headers.get('x-rate-limit-reset'));
  const date = Date.parse(headers.get('date') ?? '');
  const wait = reset * 1000 - date;
  return Number.isFinite(wait) && wait > 0 ? wait : 1_000;
}
