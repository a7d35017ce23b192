// How jira.js reaches Jira: one request a call, one deadline for connect, answer and body, no retry, no redirect.
import type { Client, SendRequestOptions } from 'jira.js/core';
import { ErrorCollection } from './schema.ts';

/**
 * jira.js takes anything with `sendRequest` for its client. Its own has no deadline and no way to give one: it calls the
 * global `fetch` without a signal, so a Jira that never answers would hold a call for undici's five minutes.
 */
export function createTransport(settings: {
  readonly url: string;
  readonly email: string;
  readonly apiToken: string;
  readonly deadlineMs: number;
  onHeaders?(headers: Headers): void;
}): Client {
  const root = settings.url.replace(/\/+$/, '');
  const authorization = `Basic ${Buffer.from(`${settings.email}:${settings.apiToken}`).toString('base64')}`;
  return {
    async sendRequest<T>(request: SendRequestOptions<T>): Promise<T> {
      const hasBody = request.body !== undefined && request.body !== null;
      const answer = await fetchWhole(root + request.url + queryOf(request.searchParams), {
        method: request.method ?? 'GET',
        headers: {
          accept: 'application/json',
          authorization,
          ...(hasBody && { 'content-type': 'application/json' }),
        },
        ...(hasBody && { body: JSON.stringify(request.body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(settings.deadlineMs),
      });
      settings.onHeaders?.(answer.headers);
      if (answer.status >= 400 || isStranger(answer.headers)) throw new Refused(answer);
      // Checked by our own schemas: jira.js's would print what they do not know to the console.
      return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Reads the body too: a truncated answer is no answer. */
async function fetchWhole(address: string, request: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(address, request);
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    throw new NoAnswer(error);
  }
}

/** Nothing usable came back. `sent` false: there was never a connection. */
export class NoAnswer extends Error {
  readonly sent: boolean;
  readonly reason: string;
  constructor(cause: unknown) {
    const code = codeOf(cause);
    super(`no answer: ${code}`, { cause });
    this.sent = !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(code);
    this.reason = code === 'TimeoutError' ? 'timed out' : `connection failed (${code})`;
  }
}

/** Jira said no, in its words; `isStranger`: to somebody it does not know. */
export class Refused extends Error {
  readonly status: number;
  readonly reason: string;
  readonly isStranger: boolean;
  /** Which of Jira's limits was hit. */
  readonly limit: string | null;
  readonly retryAfterMs: number | null;
  constructor({ status, headers, body }: Answer) {
    const reason = wordsOf(body) || `HTTP ${status}`;
    super(reason);
    this.status = status;
    this.reason = reason;
    this.isStranger = isStranger(headers);
    this.limit = headers.get('ratelimit-reason');
    this.retryAfterMs = retryAfterMs(status, headers);
  }
}

/**
 * Jira takes wrong credentials for no credentials: a search then answers 200 with nothing in it, and an issue 404. Only
 * this header tells; without it "there is no ticket yet" would be believed.
 */
function isStranger(headers: Headers): boolean {
  return /FAILED|DENIED/.test(headers.get('x-seraph-loginreason') ?? '');
}

/** `Retry-After` in seconds, else until the instant in `X-RateLimit-Reset`. A 429 without either: 1 s. */
function retryAfterMs(status: number, headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  if (status !== 429) return null;
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const wait = Date.parse(headers.get('x-ratelimit-reset') ?? '') - now;
  return Number.isFinite(wait) && wait > 0 ? wait : 1_000;
}

const LONGEST_REASON = 300;

function wordsOf(body: string): string {
  const parsed = ErrorCollection.safeParse(jsonOrNull(body));
  if (!parsed.success) return '';
  const { errorMessages, errors } = parsed.data;
  const fields = Object.entries(errors ?? {}).map(([field, words]) => `${field}: ${words}`);
  return [...(errorMessages ?? []), ...fields].join('; ').slice(0, LONGEST_REASON);
}

function jsonOrNull(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null; // a gateway's page, not Jira's answer
  }
}

function queryOf(parameters: Readonly<Record<string, unknown>> | undefined): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) query.append(name, String(one));
    }
  }
  return query.size === 0 ? '' : `?${query}`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'TimeoutError';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : codeOf(cause);
  return 'code' in error ? String(error.code) : error.name;
}
