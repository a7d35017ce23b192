// One request to EasyPost through its SDK: our deadline, no retry, no redirect, and every failure classified.
import { z } from 'zod';
import { ConnectorError, type ConnectorErrorKind } from '../connector-error.ts';
import { type OnCall, watchCall } from '../watch-call.ts';
import { type EasyPostClient, loadSdk } from './sdk.ts';

export interface EasyPostSettings {
  /** `https://api.easypost.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** One deadline for connect, answer and body together, in ms. */
  readonly deadlineMs: number;
  /** Waits before each read; writes are paced by whoever sends. */
  pace(bucket: 'easypost.reads'): Promise<void>;
  /** Told of each call. */
  readonly onCall?: OnCall;
  /** Told of each answer's headers: its Date says EasyPost's time. */
  onHeaders?(headers: Headers): void;
}

export interface EasyPostCall {
  readonly operation: string;
  /** EasyPost's id of what it is about. */
  readonly subject?: string;
  readonly kind: 'read' | 'write';
}

/** What superagent tells of an answer, of the parts we use. */
interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}
interface SuperagentRequest {
  timeout(options: { deadline: number }): SuperagentRequest;
  redirects(most: number): SuperagentRequest;
  retry(times: number): SuperagentRequest;
  on(event: 'response', listener: (answer: Answered) => void): SuperagentRequest;
}

export async function callEasyPost<T>(
  settings: EasyPostSettings,
  call: EasyPostCall,
  send: (client: EasyPostClient) => Promise<unknown>,
  schema: z.ZodType<T>,
): Promise<T> {
  if (call.kind === 'read') await settings.pace('easypost.reads');
  const Sdk = await loadSdk();
  return watchCall(settings.onCall, { vendor: 'easypost', operation: call.operation, kind: call.kind }, async () => {
    let answer: Answered | null = null;
    // A client for each call: its errors do not say to which answer they belong, and lose status and Retry-After of some.
    const client = new Sdk(settings.apiKey, {
      baseUrl: `${settings.url.replace(/\/+$/, '')}/v2/`,
      // Its own `timeout` is kept and never used (easypost.js 8.9), so that a call could wait for ever.
      requestMiddleware: (request: SuperagentRequest) =>
        request
          .timeout({ deadline: settings.deadlineMs })
          .redirects(0)
          .retry(0)
          .on('response', (seen) => {
            answer = seen;
          }),
    });
    try {
      return schema.parse(await send(client));
    } catch (error) {
      throw asConnectorError(call, error, answer);
    } finally {
      if (answer) settings.onHeaders?.(headersOf(answer));
    }
  });
}

function asConnectorError(call: EasyPostCall, error: unknown, answer: Answered | null): ConnectorError {
  const facts = { vendor: 'easypost', operation: call.operation, ...(call.subject ? { subject: call.subject } : {}) };
  const lost: ConnectorErrorKind = call.kind === 'write' ? 'ambiguous' : 'transient';
  const cause = { cause: causeOf(error) };
  if (answer === null) {
    const code = codeOf(error);
    const kind = NEVER_SENT.has(code) ? 'transient' : lost;
    const unread = error instanceof SyntaxError ? 'unreadable answer' : `connection failed (${code})`;
    const reason = code === 'ECONNABORTED' ? 'timed out' : unread;
    return new ConnectorError({ ...facts, ...cause, kind, reason });
  }
  const { status } = answer;
  if (status < 300) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const reason = issue ? `unexpected answer: ${issue.path.join('.')} ${issue.message}` : 'unreadable answer';
    return new ConnectorError({ ...facts, ...cause, kind: lost, status, reason });
  }
  const said = Refusal.safeParse(answer.body).data?.error;
  return new ConnectorError({
    ...facts,
    ...cause,
    kind: kindOf(status, lost),
    status,
    vendorCode: said?.code ?? null,
    reason: said ? said.message.replaceAll(/\s+/g, ' ').slice(0, LONGEST_REASON) : `HTTP ${status}`,
    retryAfterMs: status === 429 ? retryAfterMs(answer) : null,
  });
}

const LONGEST_REASON = 200;
const Refusal = z.object({ error: z.object({ code: z.string().nullish(), message: z.string() }) });

/** The connection was never there, so not even a write is in doubt. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function kindOf(status: number, lost: ConnectorErrorKind): ConnectorErrorKind {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  if (status === 408 || status >= 500) return lost;
  return 'rejected';
}

/** 1 s where EasyPost says nothing usable. */
function retryAfterMs({ headers }: Answered): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1_000;
}

function headersOf({ headers }: Answered): Headers {
  const known = Object.entries(headers).filter((one): one is [string, string] => typeof one[1] === 'string');
  return new Headers(known);
}

/** Only what kind of error: superagent hangs the answer on it, and words of a parser quote it. A tracker holds places, and this may be logged. */
function causeOf(error: unknown): Error {
  return new Error(`${error instanceof Error ? error.name : 'unknown'} (${codeOf(error)})`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
